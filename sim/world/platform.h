/* The scenario's hosts, switches and cables as a SimGrid platform.
 *
 * Each cable is a pair of SimGrid links, one per direction, of the line rate times its efficiency. SimGrid's C
 * interface cannot cut a link at run time, so every cut is known beforehand: cables are given their on and off dates
 * from the time line, and a host that fails takes its cables with it. A flow with a rate of its own starts behind a
 * cable of that rate, at a host of its own ("flow:NAME").
 */
#ifndef TANDEM_SIM_WORLD_PLATFORM_H
#define TANDEM_SIM_WORLD_PLATFORM_H

#include "sim/world/world.h"

/* Loads the platform from files in memory; fills world->hosts, and numbers the cables (path.h). */
gboolean platform_load(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its date has come: cables that it cuts or repairs. SimGrid was told beforehand. */
void platform_note_action(World *world, const ActionSpec *action);

/* Whether the host's failure date has not come yet. */
gboolean platform_host_is_up(const World *world, guint host);

/* Name of the SimGrid host that a flow sends from. (transfer full) */
char *platform_flow_source(const FlowSpec *flow);

#endif
