/* Background traffic: flows that contend with migrations. */
#ifndef TANDEM_SIM_WORLD_FLOW_H
#define TANDEM_SIM_WORLD_FLOW_H

#include "sim/world/path.h"

/* Starts every flow of the scenario; they are daemons and do not keep the world from ending. */
void flow_start_all(World *world);
/* INFINITY: it lasts to the world's end. */
double flow_end_s(const FlowSpec *spec);
/* Whether a flow sends now over one of the path's cables. */
gboolean flow_may_send(World *world, const Path *path);

#endif
