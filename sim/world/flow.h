/* Background traffic: flows that contend with migrations. */
#ifndef TANDEM_SIM_WORLD_FLOW_H
#define TANDEM_SIM_WORLD_FLOW_H

#include "sim/world/world.h"

/* Starts every flow of the scenario; they are daemons and do not keep the world from ending. */
void flow_start_all(World *world);
/* The first date after now_s at which a flow begins or ends; INFINITY when there is none. */
double flow_next_change(const World *world, double now_s);

#endif
