/* The scenario's guests as domains. */
#ifndef TANDEM_SIM_WORLD_GUESTS_H
#define TANDEM_SIM_WORLD_GUESTS_H

#include "sim/world/world.h"

/* Makes every guest of the scenario; those that the time line does not create are there from now on, each on its host.
 * FALSE: a workload's file is wrong, or the process cannot hold the guests. */
gboolean guests_create(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
