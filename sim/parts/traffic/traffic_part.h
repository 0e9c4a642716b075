/* Background traffic: flows that contend with migrations. They are daemons and do not keep the world from ending. */
#ifndef TANDEM_SIM_PARTS_TRAFFIC_TRAFFIC_PART_H
#define TANDEM_SIM_PARTS_TRAFFIC_TRAFFIC_PART_H

#include "sim/world/part.h"

extern const Part traffic_part;

#endif
