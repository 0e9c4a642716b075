/* What migrations give: metrics, rounds.csv, steps.csv, lines of the summary, tracks. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_RESULTS_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_RESULTS_H

#include "sim/output/trace.h"
#include "sim/parts/migration/migration.h"

/* migrations: of Migration, all ended. */
void migration_results_collect(const GPtrArray *migrations, Result *result);
/* For each leg a track of steps, one of rounds, and counters. */
void migration_results_trace(const GPtrArray *migrations, Trace *trace);

extern const Record *const migration_records[]; /* ends with NULL */

#endif
