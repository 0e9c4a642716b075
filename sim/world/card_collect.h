/* The cards' numbers as a Result: metrics, card-stations.csv, card-sessions.csv, card-series.csv. */
#ifndef TANDEM_SIM_WORLD_CARD_COLLECT_H
#define TANDEM_SIM_WORLD_CARD_COLLECT_H

#include "sim/output/result.h"
#include "sim/world/card_world.h"

/* Before the invariants are collected: Little's law is checked here. */
void card_collect(CardWorld *cards, Result *result);

#endif
