/* Where the scenarios of the papers are. */
#ifndef TANDEM_SIM_CLAIMS_PAPER_SCENARIO_H
#define TANDEM_SIM_CLAIMS_PAPER_SCENARIO_H

/* A scenario file of a paper in the data folder. (transfer full) */
char *paper_scenario(const char *paper, const char *file);

#endif
