/* What no single key of a migration can tell. */
#include "sim/parts/migration/copier.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/migration_warn.h"
#include "sim/parts/migration/pages_check.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"

/* Keys of tunnels that there are not, and tunnels that no channel would go through. */
static gboolean
check_streams(const StreamRules *rules, guint index, GError **error)
{
    const Encryption *encryption = rules->encryption;

    if (!encryption || encryption->tunnels == 0)
        return TRUE;
    if (encryption->place != ENCRYPTION_IN_TUNNEL)
        return reject(error,
                      "/timeline/%u/hypervisor/encryption/tunnels: the place is no tunnel, expected place "
                      "\"tunnel\" or no such key",
                      index);
    if (encryption->tunnels > stream_channels(rules))
        return reject(error,
                      "/timeline/%u/hypervisor/encryption/tunnels: more than the channels that go through them, "
                      "expected at most %u",
                      index, stream_channels(rules));
    return TRUE;
}

/* Limits that contradict each other, where one of them would never have an effect. */
gboolean
migration_keys_check_hypervisor(const HypervisorSpec *spec, guint index, GError **error)
{
    if (spec->policy.downtime_step_s > 0 && !(spec->policy.downtime_most_s > spec->policy.downtime_limit_s))
        return reject(
            error,
            "/timeline/%u/hypervisor/downtime_most: is not above downtime_limit, expected more, as downtime_step "
            "is given",
            index);
    return check_streams(&spec->stream, index, error) && copier_kind(spec)->check(spec, index, error);
}

gboolean
migration_keys_check(const ScenarioSpec *scenario, const MigrateKeys *migrate, const VtpmSpec *vtpm, guint index,
                     GError **error)
{
    const GuestSpec *guest = scenario_guest(scenario, migrate->guest);
    const CopierKind *kind = copier_kind(migrate->hypervisor);

    if (kind->vtpm_is_state && migrate->method != METHOD_VM && migrate->method != METHOD_JOINT)
        return reject(error, "/timeline/%u/method: %s moves a vTPM's state with its VM's, expected vm or joint", index,
                      kind->name);
    if ((migrate->method == METHOD_JOINT || migrate->method == METHOD_CONCATENATED) && !kind->vtpm_is_state && vtpm &&
        vtpm->page_bytes != guest->page_bytes)
        return reject(error, "/timeline/%u/method: the VM's and its vTPM's pages differ in size, expected equal ones",
                      index);
    return pages_check(scenario, migrate, index, error);
}

static gboolean
check_migration(const ScenarioSpec *scenario, const Network *network, const MigrateKeys *migrate, const VtpmSpec *vtpm,
                guint index, GError **error)
{
    const GuestSpec *guest = scenario_guest(scenario, migrate->guest);

    if (!network_connects(network, guest->host, migrate->host))
        return reject(error, "/timeline/%u/to: no route from \"%s\" to \"%s\", expected links that join them", index,
                      guest->host, migrate->host);
    return migration_keys_check_hypervisor(migrate->hypervisor, index, error) &&
           migration_keys_check(scenario, migrate, vtpm, index, error);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    g_autoptr(GHashTable) vtpms = vtpm_keys_by_vm(scenario);

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (migrate &&
            !check_migration(scenario, network, migrate, g_hash_table_lookup(vtpms, migrate->guest), i, error))
            return FALSE;
    }
    return TRUE;
}

static void
note_content_readers(const ScenarioSpec *scenario, GHashTable *guests)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (migrate && copier_kind(migrate->hypervisor)->reads_content)
            g_hash_table_add(guests, migrate->guest);
    }
}

const PartKeys migration_keys = {"migration",
                                 .actions = migration_keys_actions,
                                 .action_size = sizeof(MigrateKeys),
                                 .check = check,
                                 .warn = migration_warn,
                                 .note_content_readers = note_content_readers};
