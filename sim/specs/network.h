/* Which hosts and switches of a scenario reach each other over its cables. */
#ifndef TANDEM_SIM_SPECS_NETWORK_H
#define TANDEM_SIM_SPECS_NETWORK_H

#include "sim/specs/scenario_spec.h"

Network *network_new(const ScenarioSpec *scenario);
void network_free(Network *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Network, network_free)

/* Whether a route leads from one to the other; both are names of hosts or switches. */
gboolean network_connects(const Network *network, const char *from, const char *to);

#endif
