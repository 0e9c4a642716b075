/* What a worker does: one run of a campaign, and what the campaign is to know of it. */
#ifndef TANDEM_SIM_SWEEP_WORKER_H
#define TANDEM_SIM_SWEEP_WORKER_H

#include "sim/sweep/plan.h"

#define WORKER_OUTCOME ".outcome" /* what a metric ends in that says in a word how something ended */

/* Makes the run in this process. The answer: status, message, names and cells of its metrics, a line each.
 * (transfer full) */
char *worker_answer(const Plan *plan, guint run);

#endif
