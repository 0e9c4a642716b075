/* What no single key of a consolidation can tell. */
#include "sim/parts/datacentre/datacentre_keys.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"

static const HostSpec *
host_named(const ScenarioSpec *scenario, const char *name)
{
    guint i = 0;

    while (!g_str_equal(g_array_index(scenario->hosts, HostSpec, i).name, name))
        i++;
    return &g_array_index(scenario->hosts, HostSpec, i);
}

/* The hosts that it says, or all. (transfer container) */
static GPtrArray *
hosts_of(const ScenarioSpec *scenario, const ConsolidateKeys *keys)
{
    GPtrArray *hosts = g_ptr_array_new();

    for (guint i = 0; i < keys->hosts->len; i++)
        g_ptr_array_add(hosts, (gpointer)host_named(scenario, g_array_index(keys->hosts, char *, i)));
    for (guint i = 0; keys->hosts->len == 0 && i < scenario->hosts->len; i++)
        g_ptr_array_add(hosts, &g_array_index(scenario->hosts, HostSpec, i));
    return hosts;
}

static gboolean
check_hosts(const GPtrArray *hosts, const Network *network, guint index, GError **error)
{
    if (hosts->len < 2)
        return reject(error, "/timeline/%u/hosts: is one host, expected two at least, between which VMs can move",
                      index);
    for (guint i = 0; i < hosts->len; i++) {
        const HostSpec *host = hosts->pdata[i], *first = hosts->pdata[0];

        if (host->processors != PROCESSORS_SHARED)
            return reject(error,
                          "/timeline/%u/hosts: the processors of \"%s\" are unlimited, expected \"shared\", so that it "
                          "can be overloaded",
                          index, host->name);
        for (guint k = 0; k < i; k++)
            if (hosts->pdata[k] == host)
                return reject(error, "/timeline/%u/hosts/%u: is given before as well, expected each host once", index,
                              i);
        if (i > 0 &&
            !(network_connects(network, first->name, host->name) && network_connects(network, host->name, first->name)))
            return reject(error,
                          "/timeline/%u/hosts: no route between \"%s\" and \"%s\", expected links that join them",
                          index, first->name, host->name);
    }
    return TRUE;
}

static gboolean
check_guests(const ScenarioSpec *scenario, const ConsolidateKeys *keys, guint index, GError **error)
{
    g_autoptr(GHashTable) vtpms = vtpm_keys_by_vm(scenario);

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        const VtpmSpec *vtpm = g_hash_table_lookup(vtpms, guest->name);
        const MigrateKeys migrate = {.guest = guest->name,
                                     .host = guest->host,
                                     .method = vtpm ? METHOD_JOINT : METHOD_VM,
                                     .hypervisor = keys->hypervisor};

        if (!migration_keys_check(scenario, &migrate, vtpm, index, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    guint n = 0;

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ConsolidateKeys *keys = datacentre_keys_of(scenario_action(scenario, i));

        if (!keys)
            continue;
        if (n++)
            return reject(error, "/timeline/%u: is the second \"consolidate\", expected one", i);
        g_autoptr(GPtrArray) hosts = hosts_of(scenario, keys);

        if (keys->clocks == DATACENTRE_OWN_CLOCKS && keys->decides != DATACENTRE_EACH_HOST)
            return reject(
                error, "/timeline/%u/clocks: hosts have clocks of their own, expected \"decides\": \"each-host\"", i);
        if (!check_hosts(hosts, network, i, error) ||
            !migration_keys_check_hypervisor(scenario, keys->hypervisor, NULL, i, error) ||
            !check_guests(scenario, keys, i, error))
            return FALSE;
    }
    return TRUE;
}

static void
note_content_readers(const ScenarioSpec *scenario, GHashTable *guests)
{
    for (guint i = 0; i < scenario->timeline->len; i++)
        for (guint g = 0; datacentre_keys_of(scenario_action(scenario, i)) && g < scenario->guests->len; g++)
            g_hash_table_add(guests, g_array_index(scenario->guests, GuestSpec, g).name);
}

static gboolean
moves_guests(const ScenarioSpec *scenario)
{
    for (guint i = 0; i < scenario->timeline->len; i++)
        if (datacentre_keys_of(scenario_action(scenario, i)))
            return TRUE;
    return FALSE;
}

const PartKeys datacentre_keys = {
    "datacentre",   .actions = datacentre_keys_actions, .action_size = sizeof(ConsolidateKeys),      .migrates = TRUE,
    .check = check, .moves_guests = moves_guests,       .note_content_readers = note_content_readers};
