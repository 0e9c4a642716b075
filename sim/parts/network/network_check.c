#include "sim/parts/network/network_check.h"

#include "models/network/fabric.h"
#include "sim/specs/reject.h"

#include <math.h>
#include <string.h>

#define PROBES_MAX 1e8 /* of one client until run_until; chosen: a minute of work */

/* ---- the tree ---- */

guint
network_check_nodes(const ScenarioSpec *scenario)
{
    return scenario->hosts->len + network_keys_of(scenario)->switches->len;
}

static const ClientSwitchSpec *
switch_at(const ClientNetworkSpec *spec, guint index)
{
    return &g_array_index(spec->switches, ClientSwitchSpec, index);
}

GHashTable *
network_check_numbers(const ScenarioSpec *scenario)
{
    const ClientNetworkSpec *spec = network_keys_of(scenario);
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->hosts->len; i++)
        g_hash_table_insert(numbers, g_array_index(scenario->hosts, HostSpec, i).name, GUINT_TO_POINTER(i));
    for (guint i = 0; i < spec->switches->len; i++)
        g_hash_table_insert(numbers, switch_at(spec, i)->name, GUINT_TO_POINTER(scenario->hosts->len + i));
    return numbers;
}

static gboolean
check_names(const ScenarioSpec *scenario, GError **error)
{
    const ClientNetworkSpec *spec = network_keys_of(scenario);
    g_autoptr(GHashTable) hosts = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->hosts->len; i++)
        g_hash_table_add(hosts, g_array_index(scenario->hosts, HostSpec, i).name);
    for (guint i = 0; i < spec->switches->len; i++)
        if (g_hash_table_contains(hosts, switch_at(spec, i)->name))
            return reject(error, "/client_network/switches/%u/name: \"%s\" is a host already, expected another name", i,
                          switch_at(spec, i)->name);
    return TRUE;
}

/* A host has one cable: two would be a bond, or two networks. */
static gboolean
check_attached(const ScenarioSpec *scenario, GError **error)
{
    const ClientNetworkSpec *spec = network_keys_of(scenario);
    const guint hosts = scenario->hosts->len;
    g_autoptr(GHashTable) numbers = network_check_numbers(scenario);
    g_autoptr(Fabric) fabric = fabric_new(network_check_nodes(scenario));
    g_autofree const char **switch_of = g_new0(const char *, hosts);

    for (guint i = 0; i < spec->switches->len; i++)
        for (guint k = 0; k < switch_at(spec, i)->attached->len; k++) {
            const char *name = g_array_index(switch_at(spec, i)->attached, char *, k);
            const guint node = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, name));
            if (node < hosts && switch_of[node])
                return reject(
                    error,
                    "/client_network/switches/%u/attached/%u: \"%s\" is attached to \"%s\" already, expected a "
                    "host at one switch",
                    i, k, name, switch_of[node]);
            if (!fabric_join(fabric, hosts + i, node))
                return reject(error,
                              "/client_network/switches/%u/attached/%u: \"%s\" closes a ring, expected a tree of "
                              "switches, each cable named at one of its ends",
                              i, k, name);
            if (node < hosts)
                switch_of[node] = switch_at(spec, i)->name;
        }
    for (guint i = 1; i < spec->switches->len; i++)
        if (!fabric_connects(fabric, hosts, hosts + i))
            return reject(error,
                          "/client_network/switches/%u: no way leads to \"%s\", expected switches that are joined", i,
                          switch_at(spec, 0)->name);
    for (guint i = 0; i < hosts && spec->switches->len > 0; i++)
        if (!switch_of[i])
            return reject(error,
                          "/client_network/switches: host \"%s\" is attached to none, expected it at one of them",
                          g_array_index(scenario->hosts, HostSpec, i).name);
    return TRUE;
}

/* ---- addresses ---- */

static gboolean
is_address(const char *text)
{
    for (guint i = 0; i < 17; i++)
        if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
            return FALSE;
    return text[17] == '\0';
}

static gboolean
check_addresses(const ClientNetworkSpec *spec, GError **error)
{
    g_autoptr(GHashTable) guests = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < spec->addresses->len; i++) {
        const AddressSpec *it = &g_array_index(spec->addresses, AddressSpec, i);
        g_autofree char *address = it->address ? g_ascii_strdown(it->address, -1) : NULL;
        if (!g_hash_table_add(guests, it->guest))
            return reject(error,
                          "/client_network/addresses/%u/guest: \"%s\" has an entry already, expected one for each", i,
                          it->guest);
        if (!isnan(it->speaks_every_s) && isnan(it->speaks_after_s))
            return reject(error,
                          "/client_network/addresses/%u/speaks_every: there is no \"speaks_after\", expected both", i);
        if (!address)
            continue;
        if (!is_address(address))
            return reject(error,
                          "/client_network/addresses/%u/address: is no address, expected six pairs of hexadecimal "
                          "digits, \"52:54:00:12:34:56\"",
                          i);
        const char *owner = g_hash_table_lookup(owners, address);
        if (owner)
            return reject(error,
                          "/client_network/addresses/%u/address: is that of \"%s\" already, expected an address for "
                          "each guest",
                          i, owner);
        g_hash_table_insert(owners, g_steal_pointer(&address), it->guest);
    }
    return TRUE;
}

/* ---- announcements, the controller ---- */

static gboolean
check_announce(const AnnounceSpec *announce, GError **error)
{
    if (announce->kind == ANNOUNCEMENT_QEMU && announce->max_s < announce->initial_s)
        return reject(error, "/client_network/announce/max: is less than \"initial\", expected at least that");
    for (guint i = 1; announce->kind == ANNOUNCEMENT_LIST && i < announce->at_s->len; i++)
        if (!(g_array_index(announce->at_s, double, i) > g_array_index(announce->at_s, double, i - 1)))
            return reject(error, "/client_network/announce/at/%u: is not later than the one before, expected later", i);
    return TRUE;
}

static gboolean
check_overlay(const OverlaySpec *overlay, GError **error)
{
    if (overlay && overlay->law == CONTROLLER_UNIFORM && overlay->high_s < overlay->low_s)
        return reject(error, "/client_network/overlay/to: is less than \"from\", expected at least that");
    return TRUE;
}

/* ---- clients ---- */

static gboolean
check_probe(const ScenarioSpec *scenario, const ProbeSpec *probe, guint index, GError **error)
{
    const double until_s = isnan(probe->until_s) ? scenario->run_until_s : MIN(probe->until_s, scenario->run_until_s);

    if (probe->until_s <= probe->start_s)
        return reject(error, "/client_network/probes/%u/until: is not after \"start\", expected later", index);
    if ((until_s - probe->start_s) / probe->interval_s > PROBES_MAX)
        return reject(
            error, "/client_network/probes/%u/interval: makes %.3g requests until the run ends, expected at most %.0g",
            index, (until_s - probe->start_s) / probe->interval_s, PROBES_MAX);
    if (probe->tcp && probe->tcp->rto_max_s < probe->tcp->rto_min_s)
        return reject(error, "/client_network/probes/%u/tcp/rto_max: is less than \"rto_min\", expected at least that",
                      index);
    return TRUE;
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const ClientNetworkSpec *spec = network_keys_of(scenario);

    if (!spec)
        return TRUE;
    if (!check_names(scenario, error) || !check_attached(scenario, error) || !check_addresses(spec, error) ||
        !check_announce(spec->announce, error) || !check_overlay(spec->overlay, error))
        return FALSE;
    for (guint i = 0; i < spec->probes->len; i++)
        if (!check_probe(scenario, &g_array_index(spec->probes, ProbeSpec, i), i, error))
            return FALSE;
    return TRUE;
}

const PartKeys network_keys = {"network", .fields = network_keys_fields, .size = sizeof(NetworkKeys), .check = check};
