/* What must hold in every simulated world, checked while it runs. */
#ifndef TANDEM_SIM_WORLD_INVARIANT_H
#define TANDEM_SIM_WORLD_INVARIANT_H

#include "sim/world/world.h"

void invariant_init(World *world);
void invariant_clear(World *world);
/* Counts a check; a violation is noted with its date, the first one with its text (printf-like). */
void invariant_check(World *world, guint which, gboolean holds, const char *format, ...) G_GNUC_PRINTF(4, 5);

#endif
