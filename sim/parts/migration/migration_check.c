/* What no single key of a migration can tell. */
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/pages_check.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"

#include <math.h>

/* Under QEMU a limit of no downtime at all ends pre-copy after one pass over memory, without a look at the log at whose
 * end other rules would be asked (docs/models/qemu.md, "At the edges"). */
static gboolean
check_rules_are_asked(const HypervisorSpec *spec, guint index, GError **error)
{
    const char *key = spec->policy.min_pages > 0      ? "min_pages"
                      : spec->policy.max_factor > 0   ? "max_factor"
                      : spec->policy.stall_rounds > 0 ? "stall_rounds"
                                                      : NULL;

    if (!key || spec->mechanism != MECHANISM_QEMU || spec->policy.downtime_limit_s > 0 ||
        spec->policy.downtime_step_s > 0)
        return TRUE;
    return reject(
        error,
        "/timeline/%u/hypervisor/%s: is never looked at, as a downtime_limit of 0s ends QEMU's pre-copy after "
        "one pass, expected 0 or a longer limit",
        index, key);
}

/* Limits that contradict each other, where one of them would never have an effect. */
static gboolean
check_limits(const HypervisorSpec *spec, guint index, GError **error)
{
    if (spec->policy.downtime_step_s > 0 && !(spec->policy.downtime_most_s > spec->policy.downtime_limit_s))
        return reject(
            error,
            "/timeline/%u/hypervisor/downtime_most: is not above downtime_limit, expected more, as downtime_step "
            "is given",
            index);
    if (spec->mechanism == MECHANISM_XEN && spec->policy.rate_first_Bps > spec->policy.rate_most_Bps)
        return reject(error, "/timeline/%u/hypervisor/rate_most: is below rate_first, expected at least that", index);
    if (spec->mechanism == MECHANISM_QEMU && spec->qemu.buffer_most_bytes < spec->qemu.buffer_least_bytes)
        return reject(error, "/timeline/%u/hypervisor/buffer_most: is below buffer_least, expected at least that",
                      index);
    if (spec->mechanism == MECHANISM_QEMU && spec->qemu.auto_converge &&
        spec->qemu.auto_converge->most < spec->qemu.auto_converge->first)
        return reject(error, "/timeline/%u/hypervisor/auto_converge/most: is below first, expected at least that",
                      index);
    return check_rules_are_asked(spec, index, error);
}

/* vtpm: of the VM; NULL: it has none. */
static gboolean
check_migration(const ScenarioSpec *scenario, const Network *network, const MigrateKeys *migrate, const VtpmSpec *vtpm,
                guint index, GError **error)
{
    const GuestSpec *guest = scenario_guest(scenario, migrate->guest);

    if (!network_connects(network, guest->host, migrate->host))
        return reject(error, "/timeline/%u/to: no route from \"%s\" to \"%s\", expected links that join them", index,
                      guest->host, migrate->host);
    if (migrate->hypervisor->mechanism == MECHANISM_QEMU && migrate->method != METHOD_VM &&
        migrate->method != METHOD_JOINT)
        return reject(error, "/timeline/%u/method: QEMU moves a vTPM's state with its VM's, expected vm or joint",
                      index);
    if ((migrate->method == METHOD_JOINT || migrate->method == METHOD_CONCATENATED) &&
        migrate->hypervisor->mechanism == MECHANISM_XEN && vtpm && vtpm->page_bytes != guest->page_bytes)
        return reject(error, "/timeline/%u/method: the VM's and its vTPM's pages differ in size, expected equal ones",
                      index);
    return check_limits(migrate->hypervisor, index, error);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    g_autoptr(GHashTable) vtpms = vtpm_keys_by_vm(scenario);

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (migrate &&
            !(check_migration(scenario, network, migrate, g_hash_table_lookup(vtpms, migrate->guest), i, error) &&
              pages_check(scenario, migrate, i, error)))
            return FALSE;
    }
    return TRUE;
}

/* QEMU looks at each page's content; Xen's rounds hang on no order. */
static void
note_content_readers(const ScenarioSpec *scenario, GHashTable *guests)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (migrate && migrate->hypervisor->mechanism == MECHANISM_QEMU)
            g_hash_table_add(guests, migrate->guest);
    }
}

const PartKeys migration_keys = {"migration", .actions = migration_keys_actions, .action_size = sizeof(MigrateKeys),
                                 .check = check, .note_content_readers = note_content_readers};
