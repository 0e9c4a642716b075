/* Background traffic: flows that contend with migrations. They are daemons and do not keep the world from ending. */
#ifndef TANDEM_SIM_WORLD_FLOW_H
#define TANDEM_SIM_WORLD_FLOW_H

#include "sim/world/part.h"

extern const Part flow_part;

#endif
