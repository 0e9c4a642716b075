/* What migrations give: metrics, rounds.csv, steps.csv. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_RESULTS_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_RESULTS_H

#include "sim/output/record.h"
#include "sim/parts/migration/migration.h"

/* migrations: of Migration, all ended. */
void migration_results_collect(const GPtrArray *migrations, Result *result);

extern const Record *const migration_records[]; /* ends with NULL */

#endif
