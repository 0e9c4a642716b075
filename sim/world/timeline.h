/* What the scenario says happens when: its actions, and the beginnings of guests' phases.
 *
 * Every workload that will be set is read before the run begins. An actor does the actions at their dates and keeps the
 * world going until the last one, run_until, and the end of every task.
 */
#ifndef TANDEM_SIM_WORLD_TIMELINE_H
#define TANDEM_SIM_WORLD_TIMELINE_H

#include "sim/output/trace.h"
#include "sim/world/world.h"

/* FALSE: a workload's file is wrong. */
gboolean timeline_create(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void timeline_start(World *world);
/* Nothing more will happen by it. */
gboolean timeline_is_over(const World *world);
/* Shows when hosts and links fail and links are repaired. */
void timeline_trace(const World *world, Trace *trace);
void timeline_free(World *world);

#endif
