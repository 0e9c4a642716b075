/* What no single key of a migration can tell. */
#include "sim/parts/migration/compression_keys.h"
#include "sim/parts/migration/copier.h"
#include "sim/parts/migration/migration.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/migration_warn.h"
#include "sim/parts/migration/pages_check.h"
#include "sim/parts/migration/stream_card_check.h"
#include "sim/parts/migration/stream_card_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"

#include <math.h>

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

/* What is to be done at a limit that there is not. */
static gboolean
check_time_up(const ScenarioSpec *scenario, const HypervisorSpec *spec, const char *guest, guint index, GError **error)
{
    if (spec->at_time_limit == TIME_UP_GIVE_UP || !isnan(spec->time_limit_s) || !isnan(spec->time_limit_per_GiB_s) ||
        migration_keys_may_limit(scenario, guest))
        return TRUE;
    return reject(error,
                  "/timeline/%u/hypervisor/at_time_limit: there is no such limit, expected time_limit, "
                  "time_limit_per_GiB or no such key",
                  index);
}

/* Post-copy's keys where there will be no post-copy. */
static gboolean
check_pull_key(const ScenarioSpec *scenario, const HypervisorSpec *spec, const char *guest, guint index, GError **error)
{
    const CopierKind *kind = copier_kind(spec);
    const char *key = kind->pull_key ? kind->pull_key(spec) : NULL;

    if (!key || copier_pulls(spec) || migration_keys_may_pull(scenario, guest))
        return TRUE;
    return reject(
        error,
        "/timeline/%u/hypervisor/%s: the migration has no post-copy, expected postcopy_after, postcopy_rounds, "
        "at_time_limit \"post-copy\", or no such key",
        index, key);
}

/* Limits that contradict each other, where one of them would never have an effect. */
gboolean
migration_keys_check_hypervisor(const ScenarioSpec *scenario, const HypervisorSpec *spec, const char *guest,
                                guint index, GError **error)
{
    if (spec->policy.downtime_step_s > 0 && !(spec->policy.downtime_most_s > spec->policy.downtime_limit_s))
        return reject(
            error,
            "/timeline/%u/hypervisor/downtime_most: is not above downtime_limit, expected more, as downtime_step "
            "is given",
            index);
    if (spec->costs->live_s > spec->costs->resume_s)
        return reject(error,
                      "/timeline/%u/hypervisor/costs/live: is longer than resume, whose last part it is, expected at "
                      "most %g s",
                      index, spec->costs->resume_s);
    if (spec->at_time_limit == TIME_UP_POSTCOPY && !copier_kind(spec)->can_pull)
        return reject(error,
                      "/timeline/%u/hypervisor/at_time_limit: is \"post-copy\", which %s has not, expected \"give-up\" "
                      "or \"suspend\"",
                      index, copier_kind(spec)->name);
    return check_time_up(scenario, spec, guest, index, error) && check_pull_key(scenario, spec, guest, index, error) &&
           check_streams(&spec->stream, index, error) && stream_card_keys_check(&spec->stream, index, error) &&
           compression_keys_check(&spec->stream, copier_kind(spec)->name, copier_kind(spec)->has_xbzrle, index,
                                  error) &&
           copier_kind(spec)->check(spec, index, error);
}

/* ---- methods that stop the guest ---- */

/* A key that another method has no use for. */
static gboolean
check_stray_keys(const MigrateKeys *migrate, guint index, GError **error)
{
    const struct {
        const char *key, *method;
        gboolean given, used;
    } keys[] = {
        {"shutdown", "cold", !isnan(migrate->shutdown_s), migrate->method == METHOD_COLD},
        {"boot", "cold", !isnan(migrate->boot_s), migrate->method == METHOD_COLD},
        {"through", "save-restore", migrate->through != NULL, migrate->method == METHOD_SAVE_RESTORE},
        {"storage_write_rate", "save-restore", !isnan(migrate->write_Bps), migrate->method == METHOD_SAVE_RESTORE},
        {"storage_read_rate", "save-restore", !isnan(migrate->read_Bps), migrate->method == METHOD_SAVE_RESTORE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i].given && !keys[i].used)
            return reject(error, "/timeline/%u/%s: is of the method %s, expected that method or no such key", index,
                          keys[i].key, keys[i].method);
    return TRUE;
}

/* The file is between two hosts, neither of which is its storage's. A guest that has moved before may come from any. */
static gboolean
check_storage(const Network *network, const MigrateKeys *migrate, const GuestSpec *guest, guint index, GError **error)
{
    if (migrate->method != METHOD_SAVE_RESTORE)
        return TRUE;
    if (!migrate->through)
        return reject(error, "/timeline/%u/through: is missing, expected the host whose storage the file is on", index);
    if (g_str_equal(migrate->through, guest->host) || g_str_equal(migrate->through, migrate->host))
        return reject(error, "/timeline/%u/through: is source or destination, expected a third host", index);
    if (!network_connects(network, guest->host, migrate->through))
        return reject(error, "/timeline/%u/through: no route from \"%s\" to \"%s\", expected links that join them",
                      index, guest->host, migrate->through);
    return TRUE;
}

/* ---- what is said to migrations that run ---- */

static gboolean
concerns(const OrderKeys *order, const MigrateKeys *migrate)
{
    return migrate && g_str_equal(migrate->guest, order->guest);
}

/* Whether each migration of the VM that the time line begins is of a hypervisor that cannot do it: its name; NULL: one
 * can, or there is none. */
static const char *
who_cannot(const ScenarioSpec *scenario, const OrderKeys *order, gboolean (*can)(const CopierKind *kind))
{
    const char *name = NULL;

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (!concerns(order, migrate))
            continue;
        if (can(copier_kind(migrate->hypervisor)))
            return NULL;
        name = copier_kind(migrate->hypervisor)->name;
    }
    return name;
}

static gboolean
can_pull(const CopierKind *kind)
{
    return kind->can_pull;
}

static gboolean
can_limit(const CopierKind *kind)
{
    return kind->can_limit;
}

static gboolean
check_tune(const ScenarioSpec *scenario, const OrderKeys *order, guint index, GError **error)
{
    if (isnan(order->downtime_limit_s) && isnan(order->max_bandwidth_Bps) && isnan(order->time_limit_s) &&
        order->at_time_limit == TUNE_TIME_UP_NOT)
        return reject(error,
                      "/timeline/%u: changes nothing, expected downtime_limit, max_bandwidth, time_limit or "
                      "at_time_limit",
                      index);
    if (order->max_bandwidth_Bps == 0)
        return reject(error,
                      "/timeline/%u/max_bandwidth: is 0bps, which means no limit to QEMU, expected more (for no limit, "
                      "more than the link carries)",
                      index);
    const char *name = isnan(order->max_bandwidth_Bps) ? NULL : who_cannot(scenario, order, can_limit);
    if (name)
        return reject(error,
                      "/timeline/%u/max_bandwidth: %s has no limit of the rate that can be changed, expected a "
                      "migration under QEMU",
                      index, name);
    return TRUE;
}

static gboolean
check_order(const ScenarioSpec *scenario, const OrderKeys *order, OrderKind kind, guint index, GError **error)
{
    const gboolean pulls = kind == ORDER_FINISH ? order->how == FINISH_BY_POSTCOPY
                                                : kind == ORDER_TUNE && order->at_time_limit == TUNE_TIME_UP_POSTCOPY;
    const char *name = pulls ? who_cannot(scenario, order, can_pull) : NULL;

    if (name)
        return reject(error, "/timeline/%u/%s: is \"post-copy\", which %s has not, expected \"suspend\"", index,
                      kind == ORDER_FINISH ? "how" : "at_time_limit", name);
    return kind != ORDER_TUNE || check_tune(scenario, order, index, error);
}

/* ---- migrations ---- */

gboolean
migration_keys_check(const ScenarioSpec *scenario, const MigrateKeys *migrate, const VtpmSpec *vtpm, guint index,
                     GError **error)
{
    const GuestSpec *guest = scenario_guest(scenario, migrate->guest);
    const CopierKind *kind = copier_kind(migrate->hypervisor);

    if (kind->vtpm_is_state && migrate->method != METHOD_VM && migrate->method != METHOD_JOINT &&
        !migration_method_stops(migrate->method))
        return reject(error,
                      "/timeline/%u/method: %s moves a vTPM's state with its VM's, expected vm, joint, cold or "
                      "save-restore",
                      index, kind->name);
    if ((migrate->method == METHOD_JOINT || migrate->method == METHOD_CONCATENATED ||
         migrate->method == METHOD_SAVE_RESTORE) &&
        !kind->vtpm_is_state && vtpm && vtpm->page_bytes != guest->page_bytes)
        return reject(error, "/timeline/%u/method: the VM's and its vTPM's pages differ in size, expected equal ones",
                      index);
    return compression_keys_check_pages(&migrate->hypervisor->stream, guest->page_bytes, guest->write_bytes,
                                        (guint)(guest - (const GuestSpec *)(gpointer)scenario->guests->data), index,
                                        error) &&
           pages_check(scenario, migrate, vtpm != NULL, index, error);
}

/* Who asks a card for each packet goes from host to host: no file keeps what is between. */
static gboolean
check_card(const ScenarioSpec *scenario, const MigrateKeys *migrate, guint index, GError **error)
{
    if (stream_card_of(&migrate->hypervisor->stream) && migration_method_stops(migrate->method))
        return reject(error, "/timeline/%u/method: stops the guest, beside a card with its queue, expected a live one",
                      index);
    return stream_card_check(scenario, migrate->hypervisor, scenario_guest(scenario, migrate->guest), NULL,
                             migrate->host, index, error);
}

static gboolean
check_migration(const ScenarioSpec *scenario, const Network *network, const MigrateKeys *migrate, const VtpmSpec *vtpm,
                guint index, GError **error)
{
    const GuestSpec *guest = scenario_guest(scenario, migrate->guest);

    if (!network_connects(network, guest->host, migrate->host))
        return reject(error, "/timeline/%u/to: no route from \"%s\" to \"%s\", expected links that join them", index,
                      guest->host, migrate->host);
    return check_stray_keys(migrate, index, error) && check_storage(network, migrate, guest, index, error) &&
           migration_keys_check_hypervisor(scenario, migrate->hypervisor, migrate->guest, index, error) &&
           check_card(scenario, migrate, index, error) && migration_keys_check(scenario, migrate, vtpm, index, error);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    g_autoptr(GHashTable) vtpms = vtpm_keys_by_vm(scenario);

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        const VtpmSpec *vtpm = migrate ? g_hash_table_lookup(vtpms, migrate->guest) : NULL;
        OrderKind kind;
        const OrderKeys *order = migration_keys_order(scenario_action(scenario, i), &kind);
        if (migrate && !check_migration(scenario, network, migrate, vtpm, i, error))
            return FALSE;
        if (order && !check_order(scenario, order, kind, i, error))
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
                                 .action_size = sizeof(MigrationActionKeys),
                                 .check = check,
                                 .warn = migration_warn,
                                 .note_content_readers = note_content_readers};
