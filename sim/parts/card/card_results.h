/* The cards' numbers as a Result: metrics, card-stations.csv, card-sessions.csv, card-series.csv. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_RESULTS_H
#define TANDEM_SIM_PARTS_CARD_CARD_RESULTS_H

#include "sim/output/record.h"
#include "sim/parts/card/card_world.h"

/* Before the invariants are collected: Little's law is checked here. */
extern const Record *const card_records[]; /* ends with NULL */

void card_results_collect(CardWorld *cards, Result *result);

#endif
