/* What the scenario says happens when. */
#ifndef TANDEM_SIM_WORLD_TIMELINE_H
#define TANDEM_SIM_WORLD_TIMELINE_H

#include "sim/world/world.h"

/* An empty world->events. (transfer full) */
GArray *timeline_new_events(void);
/* Every workload that an action or a guest's phases will set, read before the run begins.
 * FALSE: a file is wrong, or does not fit its guest. */
gboolean timeline_prepare(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Starts the actor that does the actions at their dates and keeps the world going until the last one and run_until. */
void timeline_start(World *world);

#endif
