/* The cards' numbers as a Result: metrics, card-stations.csv, card-sessions.csv, card-series.csv, lines of the
 * summary, tracks. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_RESULTS_H
#define TANDEM_SIM_PARTS_CARD_CARD_RESULTS_H

#include "sim/output/trace.h"
#include "sim/parts/card/card_world.h"

extern const Record *const card_records[]; /* ends with NULL */

/* Before the invariants are collected: Little's law is checked here. */
void card_results_collect(CardWorld *cards, Result *result);
/* A slice for each station that served somebody, and counters for each session. */
void card_results_trace(const CardWorld *cards, Trace *trace);

#endif
