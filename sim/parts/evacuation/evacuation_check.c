/* What no single key of an evacuation can tell. */
#include "sim/parts/evacuation/evacuation_reach.h"
#include "sim/parts/migration/copier.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/stream_card_check.h"
#include "sim/parts/migration/validity.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"

static gboolean
check_destination(const EvacuateKeys *keys, const Network *network, guint index, guint i, GError **error)
{
    const char *to = g_array_index(keys->to, char *, i);

    if (g_str_equal(to, keys->host))
        return reject(error, "/timeline/%u/to/%u: is the host that is evacuated, expected another one", index, i);
    for (guint k = 0; k < i; k++)
        if (g_str_equal(to, g_array_index(keys->to, char *, k)))
            return reject(error, "/timeline/%u/to/%u: is given before as well, expected each host once", index, i);
    return network_connects(network, keys->host, to) ||
           reject(error, "/timeline/%u/to/%u: no route from \"%s\" to \"%s\", expected links that join them", index, i,
                  keys->host, to);
}

/* Without a list: at least one other host must be reachable. */
static gboolean
check_any_route(const ScenarioSpec *scenario, const EvacuateKeys *keys, const Network *network, guint index,
                GError **error)
{
    for (guint i = 0; i < scenario->hosts->len; i++) {
        const char *to = g_array_index(scenario->hosts, HostSpec, i).name;
        if (!g_str_equal(to, keys->host) && network_connects(network, keys->host, to))
            return TRUE;
    }
    return reject(error, "/timeline/%u/host: no route from \"%s\" to any other host, expected links that join them",
                  index, keys->host);
}

static gboolean
check_destinations(const ScenarioSpec *scenario, const EvacuateKeys *keys, const Network *network, guint index,
                   GError **error)
{
    for (guint i = 0; i < keys->to->len; i++)
        if (!check_destination(keys, network, index, i, error))
            return FALSE;
    return keys->to->len > 0 || check_any_route(scenario, keys, network, index, error);
}

/* A host is emptied by one evacuation at a time. Of two with different dates the later one may find the earlier one at
 * work still: that is told as its outcome. */
static gboolean
check_alone(const ScenarioSpec *scenario, const EvacuateKeys *keys, guint index, GError **error)
{
    for (guint i = 0; i < index; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        const EvacuateKeys *other = evacuation_keys_of(action);
        if (other && g_str_equal(other->host, keys->host) && action->at_s == scenario_action(scenario, index)->at_s)
            return reject(error,
                          "/timeline/%u/host: /timeline/%u evacuates \"%s\" at the same date, expected another host",
                          index, i, keys->host);
    }
    return TRUE;
}

static guint
host_number(const ScenarioSpec *scenario, const EvacuateKeys *keys)
{
    guint i = 0;

    while (!g_str_equal(g_array_index(scenario->hosts, HostSpec, i).name, keys->host))
        i++;
    return i;
}

/* As a "migrate" of each VM that may be there would be checked. */
static gboolean
check_guests(const ScenarioSpec *scenario, const EvacuateKeys *keys, const EvacuationReach *reach, GHashTable *vtpms,
             guint index, GError **error)
{
    const guint host = host_number(scenario, keys);

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        const VtpmSpec *vtpm = g_hash_table_lookup(vtpms, guest->name);
        const MigrateKeys migrate = {.guest = guest->name,
                                     .host = keys->host,
                                     .method = evacuation_keys_method(keys, vtpm != NULL),
                                     .hypervisor = keys->hypervisor};
        if (evacuation_reach_has(reach, i, host) && !migration_keys_check(scenario, &migrate, vtpm, index, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_evacuation(const ScenarioSpec *scenario)
{
    for (guint i = 0; i < scenario->timeline->len; i++)
        if (evacuation_keys_of(scenario_action(scenario, i)))
            return TRUE;
    return FALSE;
}

static gboolean
check_one(const ScenarioSpec *scenario, const EvacuateKeys *keys, const Network *network, guint index, GError **error)
{
    return check_destinations(scenario, keys, network, index, error) && check_alone(scenario, keys, index, error) &&
           migration_keys_check_hypervisor(scenario, keys->hypervisor, NULL, index, error) &&
           stream_card_check(scenario, keys->hypervisor, NULL, keys->host, NULL, index, error);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    if (!has_evacuation(scenario))
        return TRUE;
    g_autoptr(GHashTable) vtpms = vtpm_keys_by_vm(scenario);
    g_autoptr(EvacuationReach) reach = evacuation_reach_new(scenario);

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const EvacuateKeys *keys = evacuation_keys_of(scenario_action(scenario, i));
        if (keys &&
            !(check_one(scenario, keys, network, i, error) && check_guests(scenario, keys, reach, vtpms, i, error)))
            return FALSE;
    }
    return TRUE;
}

static void
warn(const ScenarioSpec *scenario, GPtrArray *warnings)
{
    g_autoptr(Network) network = has_evacuation(scenario) ? network_new(scenario) : NULL;

    for (guint i = 0; network && i < scenario->timeline->len; i++) {
        const EvacuateKeys *keys = evacuation_keys_of(scenario_action(scenario, i));
        if (!keys)
            continue;
        g_autoptr(GArray) hosts = evacuation_reach_destinations(scenario, network, keys);
        g_autoptr(GPtrArray) to = g_ptr_array_new();
        for (guint k = 0; k < hosts->len; k++)
            g_ptr_array_add(to, g_array_index(scenario->hosts, HostSpec, g_array_index(hosts, guint, k)).name);
        validity_warn_of_host(scenario, keys->hypervisor, keys->host, to, i, warnings);
    }
}

static void
note_content_readers(const ScenarioSpec *scenario, GHashTable *guests)
{
    if (!has_evacuation(scenario))
        return;
    g_autoptr(EvacuationReach) reach = evacuation_reach_new(scenario);

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const EvacuateKeys *keys = evacuation_keys_of(scenario_action(scenario, i));
        if (!keys || !copier_kind(keys->hypervisor)->reads_content)
            continue;
        const guint host = host_number(scenario, keys);
        for (guint g = 0; g < scenario->guests->len; g++)
            if (evacuation_reach_has(reach, g, host))
                g_hash_table_add(guests, g_array_index(scenario->guests, GuestSpec, g).name);
    }
}

const PartKeys evacuation_keys = {"evacuation",
                                  .actions = evacuation_keys_actions,
                                  .action_size = sizeof(EvacuateKeys),
                                  .migrates = TRUE,
                                  .check = check,
                                  .warn = warn,
                                  .note_content_readers = note_content_readers};
