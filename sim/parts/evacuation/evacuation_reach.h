/* Which guests may come to be on which hosts, by what the scenario says: where they begin or are created, where the
 * time line sends them, and, from hosts that are evacuated, on to these evacuations' destinations. */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_REACH_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_REACH_H

#include "sim/parts/evacuation/evacuation_keys.h"
#include "sim/specs/network.h"

typedef struct EvacuationReach EvacuationReach;

EvacuationReach *evacuation_reach_new(const ScenarioSpec *scenario);
void evacuation_reach_free(EvacuationReach *reach);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvacuationReach, evacuation_reach_free)

/* guest, host: by their place in the scenario. */
gboolean evacuation_reach_has(const EvacuationReach *reach, guint guest, guint host);
/* All of the guest's: guint, ascending. (transfer full) */
GArray *evacuation_reach_hosts(const EvacuationReach *reach, guint guest);

/* The evacuation's destinations, by their places in the scenario: guint. (transfer full) */
GArray *evacuation_reach_destinations(const ScenarioSpec *scenario, const Network *network, const EvacuateKeys *keys);

#endif
