/* Whether a hypervisor profile's constants hold for a migration that the time line asks for: what they were measured or
 * derived on has a range, which the profile says (its key `valid`). */
#ifndef TANDEM_SIM_PARTS_MIGRATION_VALIDITY_H
#define TANDEM_SIM_PARTS_MIGRATION_VALIDITY_H

#include "sim/parts/migration/migration_keys.h"

/* Appends a text, beginning with a JSON Pointer, for each migration that is certainly out of its profile's range. */
void validity_warn(const ScenarioSpec *scenario, GPtrArray *warnings);

#endif
