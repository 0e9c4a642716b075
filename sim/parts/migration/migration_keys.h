/* What a scenario says about migrations: the time line's word "migrate". */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_KEYS_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_KEYS_H

#include "sim/parts/migration/hypervisor_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/scenario_spec.h"
#include "sim/world/request.h"

/* {"do": "migrate"} */
typedef struct {
    char *guest;
    char *host; /* where to */
    char *name; /* in the results; NULL: the guest's */
    MigrationMethod method;
    HypervisorSpec *hypervisor;
} MigrateKeys;

/* With the checks of migration_check.c. */
extern const PartKeys migration_keys;
extern const FieldCase migration_keys_actions[];

/* What a "migrate" of the time line says; NULL when the action is something else. */
const MigrateKeys *migration_keys_of(const ActionSpec *action);

/* For whoever else asks for migrations by an action of the time line, with keys "method" and "hypervisor": what of a
 * hypervisor contradicts itself, and of a migration of one VM cannot be. vtpm: the VM's; NULL: it has none. */
gboolean migration_keys_check_hypervisor(const HypervisorSpec *spec, guint index, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean migration_keys_check(const ScenarioSpec *scenario, const MigrateKeys *migrate, const VtpmSpec *vtpm,
                              guint index, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
