/* The world's numbers as a Result, and its time line as a trace, after a run. */
#ifndef TANDEM_SIM_WORLD_COLLECT_H
#define TANDEM_SIM_WORLD_COLLECT_H

#include "sim/output/record.h"
#include "sim/world/world.h"

void collect_results(World *world, Result *result);

/* Its time line for viewers: what the core and every part show of themselves (sim/output/trace.h). (transfer full) */
char *collect_trace(World *world);

/* Everything that a run can tell: the core's records, then those of every part, of const Record. (transfer
 * container) */
GPtrArray *collect_records(void);

#endif
