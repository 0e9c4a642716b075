/* Rules of the client network that span several keys. */
#ifndef TANDEM_SIM_PARTS_NETWORK_NETWORK_CHECK_H
#define TANDEM_SIM_PARTS_NETWORK_NETWORK_CHECK_H

#include "sim/parts/network/network_keys.h"

/* Nodes are numbered: hosts first, then switches. */
guint network_check_nodes(const ScenarioSpec *scenario);
/* The number of each name: a GHashTable of GUINT_TO_POINTER. (transfer full) */
GHashTable *network_check_numbers(const ScenarioSpec *scenario);

#endif
