/* The world's numbers as a Result, after a run. */
#ifndef TANDEM_SIM_WORLD_COLLECT_H
#define TANDEM_SIM_WORLD_COLLECT_H

#include "sim/output/record.h"
#include "sim/world/world.h"

void collect_results(World *world, Result *result);

/* Everything that a run can tell: the core's records, then those of every part, of const Record. (transfer
 * container) */
GPtrArray *collect_records(void);

#endif
