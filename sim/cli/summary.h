/* What `tandem run` prints: the essentials of a result, for people; parts of the world say theirs with result_say. */
#ifndef TANDEM_SIM_CLI_SUMMARY_H
#define TANDEM_SIM_CLI_SUMMARY_H

#include "sim/run/run.h"

/* settings: what --set put in, ended by NULL; or NULL. */
void summary_print(const Scenario *scenario, const char *const *settings, Result *result);

#endif
