/* Whether a hypervisor profile's constants hold for a migration that the time line asks for: what they were measured or
 * derived on has a range, which the profile says (its key `valid`). */
#ifndef TANDEM_SIM_PARTS_MIGRATION_VALIDITY_H
#define TANDEM_SIM_PARTS_MIGRATION_VALIDITY_H

#include "sim/parts/migration/migration_keys.h"

/* Appends a text, beginning with a JSON Pointer, for each migration that is certainly out of its profile's range. */
void validity_warn(const ScenarioSpec *scenario, GPtrArray *warnings);

/* The same of an action that moves the guests of a host to others (to: of their names); it has a text for the cables,
 * and one for the largest guest that begins there. */
void validity_warn_of_host(const ScenarioSpec *scenario, const HypervisorSpec *hypervisor, const char *from,
                           const GPtrArray *to, guint index, GPtrArray *warnings);

#endif
