/* One whole run of a scenario's world. */
#ifndef TANDEM_SIM_WORLD_SIMULATE_H
#define TANDEM_SIM_WORLD_SIMULATE_H

#include "sim/world/world.h"

/* Runs the scenario from 0 to its end. seed takes the place of the scenario's. NULL: an input file that the scenario
 * names is wrong; what fails inside the simulated world is in the results. Call once per process. (transfer full) */
World *simulate_scenario(const ScenarioSpec *scenario, const char *folder, guint64 seed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void simulate_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, simulate_free)

#endif
