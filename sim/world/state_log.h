/* What became of the instances of every domain, and when: states.csv, and a track for each instance in a trace.
 *
 * What a domain begins as has no row in the table, which tells of changes.
 */
#ifndef TANDEM_SIM_WORLD_STATE_LOG_H
#define TANDEM_SIM_WORLD_STATE_LOG_H

#include "sim/output/trace.h"
#include "sim/world/world.h"

/* Rows of states.csv. */
extern const Record state_log_record;

void state_log_init(World *world);
/* The domain is as it is from now on. told: with rows in the table. */
void state_log_note(const Domain *domain, gboolean told);
void state_log_collect(const World *world, Result *result);
void state_log_trace(const World *world, Trace *trace);

const char *state_log_word(InstanceState state);

#endif
