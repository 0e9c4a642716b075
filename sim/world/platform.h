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

/* Loads the platform from files in memory; fills world->hosts. */
gboolean platform_load(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What one transfer alone gets between two hosts, bytes per second: the goodput of the narrowest cable, or the TCP
 * window over the round-trip time when that is less. The hosts are connected (scenario_check). */
double platform_path_rate(const World *world, guint from, guint to);
/* How long a transfer waits before its first byte moves. */
double platform_path_latency(const World *world, guint from, guint to);

/* Whether the host's failure date has not come yet. */
gboolean platform_host_is_up(const World *world, guint host);

/* Name of the SimGrid host that a flow sends from. (transfer full) */
char *platform_flow_source(const FlowSpec *flow);

/* The path from one host to another has one more migration that may send over it, or one less. */
void platform_join_path(World *world, guint from, guint to);
void platform_leave_path(World *world, guint from, guint to);
/* Nobody but one migration sends over any cable of the path before the time line's next change. */
gboolean platform_path_is_quiet(const World *world, guint from, guint to);

#endif
