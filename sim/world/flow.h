/* Background traffic: flows that contend with migrations. */
#ifndef TANDEM_SIM_WORLD_FLOW_H
#define TANDEM_SIM_WORLD_FLOW_H

#include "sim/world/world.h"

/* Starts every flow of the scenario; they are daemons and do not keep the world from ending. */
void flow_start_all(World *world);
/* For world->flows, after the run. */
void flow_free(gpointer flow);

#endif
