/* The part of the world that makes guests want more or less of their processors, as traces say.
 *
 * One actor goes through all guests' steps by date: a day costs as many events as there are changes. What a guest gets
 * of what it wants is processors.h's to say.
 */
#ifndef TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_PART_H
#define TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_PART_H

#include "sim/world/part.h"

extern const Part cpu_demand_part;

#endif
