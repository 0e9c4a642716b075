/* tandem: the program. Dispatches to a verb; each verb is a file beside this one. */
#ifndef TANDEM_SIM_CLI_TANDEM_H
#define TANDEM_SIM_CLI_TANDEM_H

/* The arguments of a process, and its exit status. Once in a process. */
int tandem_main(int argc, char **argv);

#endif
