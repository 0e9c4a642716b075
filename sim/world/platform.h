/* The scenario's hosts, switches and cables as a SimGrid platform.
 *
 * Each cable is a pair of SimGrid links, one per direction, of the line rate times its efficiency. Several side by side
 * are one such pair of their sum, and before it a link that shares nothing (FATPIPE) and lets no transfer have more
 * than one of them. SimGrid's C interface cannot cut a link at run time, so every cut is known beforehand: cables are
 * given their on and off dates from the time line, and a host that fails takes its cables with it. Traffic with a rate
 * of its own starts behind a cable of that rate, at a host of its own: SimGrid's C interface has no rates of transfers
 * either.
 */
#ifndef TANDEM_SIM_WORLD_PLATFORM_H
#define TANDEM_SIM_WORLD_PLATFORM_H

#include "sim/world/world.h"

/* Before the platform is loaded: a SimGrid host of that name, from which all goes through a cable of that rate to the
 * host that it stands behind. A name with a colon is no host's of the scenario. */
void platform_add_source(World *world, const char *name, const char *behind, double rate_Bps);
void platform_forget_sources(World *world);

/* Loads the platform from files in memory; fills world->hosts, and numbers the cables (path.h). */
gboolean platform_load(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its date has come: cables that it cuts or repairs. SimGrid was told beforehand. */
void platform_note_action(World *world, const ActionSpec *action);

/* Whether the host's failure date has not come yet. */
gboolean platform_host_is_up(const World *world, guint host);

#endif
