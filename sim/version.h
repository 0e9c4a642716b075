#ifndef TANDEM_SIM_VERSION_H
#define TANDEM_SIM_VERSION_H

/* "0.1.0": the project's version, as `tandem --version` prints it. */
const char *tandem_version(void);
/* "3.32": of the SimGrid it was built with. */
const char *tandem_simgrid_version(void);

#endif
