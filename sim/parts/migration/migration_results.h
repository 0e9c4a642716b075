/* What migrations give: metrics, rounds.csv, steps.csv. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_RESULTS_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_RESULTS_H

#include "sim/output/result.h"
#include "sim/parts/migration/migration.h"

/* migrations: of Migration, all ended. */
void migration_results_collect(const World *world, const GPtrArray *migrations, Result *result);

#endif
