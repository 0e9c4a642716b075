/* The world's numbers as a Result, after a run. */
#ifndef TANDEM_SIM_WORLD_COLLECT_H
#define TANDEM_SIM_WORLD_COLLECT_H

#include "sim/output/result.h"
#include "sim/world/part.h"

extern const Part host_part;

void collect_results(World *world, Result *result);

#endif
