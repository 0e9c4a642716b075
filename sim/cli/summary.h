/* What `tandem run` prints: the essentials of a result, for people; parts of the world say theirs with result_say. */
#ifndef TANDEM_SIM_CLI_SUMMARY_H
#define TANDEM_SIM_CLI_SUMMARY_H

#include "sim/run/run.h"

void summary_print(const Scenario *scenario, const Result *result);

#endif
