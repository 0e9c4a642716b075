/* Migrations of the time line that cannot complete whatever the run is like, found before it. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_WARN_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_WARN_H

#include "sim/specs/scenario_spec.h"

/* Appends a text for each, which begins with its JSON Pointer: only what is certain is said. The time line need not be
 * sorted. */
void migration_warn(const ScenarioSpec *scenario, GPtrArray *warnings);

#endif
