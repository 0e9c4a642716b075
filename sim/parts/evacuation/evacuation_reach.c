#include "sim/parts/evacuation/evacuation_reach.h"

#include "models/memory/bitmap.h"
#include "sim/parts/migration/migration_keys.h"

/* Of a hundred thousand guests on ten thousand hosts mostly those of a few hosts may go anywhere: what is kept is where
 * each guest is put, and where whoever is on a host may come to be from there. */
struct EvacuationReach {
    guint n_hosts;
    gboolean anywhere; /* some part of the world moves guests as it finds fit */
    GPtrArray *own;    /* owned; by guest: GArray of guint, the hosts where it begins, is created or is sent */
    guint64 **further; /* owned; by host: a bit for each host that evacuations lead to; NULL: it is not evacuated */
};

/* Places in the scenario, by name. */
static GHashTable *
host_numbers(const ScenarioSpec *scenario)
{
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->hosts->len; i++)
        g_hash_table_insert(numbers, g_array_index(scenario->hosts, HostSpec, i).name, GUINT_TO_POINTER(i));
    return numbers;
}

static GHashTable *
guest_numbers(const ScenarioSpec *scenario)
{
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->guests->len; i++)
        g_hash_table_insert(numbers, g_array_index(scenario->guests, GuestSpec, i).name, GUINT_TO_POINTER(i));
    return numbers;
}

static guint
number_of(GHashTable *numbers, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(numbers, name)); /* it exists: the reader checked */
}

static GArray *
destinations(const ScenarioSpec *scenario, const Network *network, GHashTable *numbers, const EvacuateKeys *keys)
{
    GArray *hosts = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < keys->to->len; i++) {
        const guint host = number_of(numbers, g_array_index(keys->to, char *, i));
        g_array_append_val(hosts, host);
    }
    for (guint host = 0; keys->to->len == 0 && host < scenario->hosts->len; host++) {
        const char *name = g_array_index(scenario->hosts, HostSpec, host).name;
        if (!g_str_equal(name, keys->host) && network_connects(network, keys->host, name))
            g_array_append_val(hosts, host);
    }
    return hosts;
}

GArray *
evacuation_reach_destinations(const ScenarioSpec *scenario, const Network *network, const EvacuateKeys *keys)
{
    g_autoptr(GHashTable) numbers = host_numbers(scenario);

    return destinations(scenario, network, numbers, keys);
}

static void
add_own(EvacuationReach *reach, guint guest, guint host)
{
    GArray *hosts = g_ptr_array_index(reach->own, guest);

    for (guint i = 0; i < hosts->len; i++)
        if (g_array_index(hosts, guint, i) == host)
            return;
    g_array_append_val(hosts, host);
}

/* Where they begin, are created, or are sent. */
static void
note_own(EvacuationReach *reach, const ScenarioSpec *scenario, GHashTable *hosts)
{
    g_autoptr(GHashTable) guests = guest_numbers(scenario);

    for (guint g = 0; g < scenario->guests->len; g++) {
        g_ptr_array_add(reach->own, g_array_new(FALSE, FALSE, sizeof(guint)));
        add_own(reach, g, number_of(hosts, g_array_index(scenario->guests, GuestSpec, g).host));
    }
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        const MigrateKeys *migrate = migration_keys_of(action);
        const char *guest = migrate ? migrate->guest : action->kind == ACTION_CREATE_GUEST ? action->guest : NULL;
        const char *host = migrate ? migrate->host : action->host;
        if (guest && host && g_hash_table_contains(guests, guest))
            add_own(reach, number_of(guests, guest), number_of(hosts, host));
    }
}

/* Each evacuation by itself. */
static void
note_evacuations(EvacuationReach *reach, const ScenarioSpec *scenario, GHashTable *numbers)
{
    g_autoptr(Network) network = network_new(scenario);

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const EvacuateKeys *keys = evacuation_keys_of(scenario_action(scenario, i));
        if (!keys)
            continue;
        g_autoptr(GArray) to = destinations(scenario, network, numbers, keys);
        guint64 **further = &reach->further[number_of(numbers, keys->host)];
        if (!*further)
            *further = g_new0(guint64, bitmap_words(reach->n_hosts));
        for (guint k = 0; k < to->len; k++)
            bitmap_set(*further, g_array_index(to, guint, k));
    }
}

/* A destination may be evacuated as well. Of one after the other: when all that lead to a host lead on from it, the
 * next host's further ones are whole for those that were looked at (Warshall). */
static void
follow_all(EvacuationReach *reach)
{
    for (guint through = 0; through < reach->n_hosts; through++)
        for (guint from = 0; reach->further[through] && from < reach->n_hosts; from++)
            if (reach->further[from] && bitmap_test(reach->further[from], through))
                bitmap_or(reach->further[from], reach->further[through], bitmap_words(reach->n_hosts));
}

static gboolean
anybody_moves(const ScenarioSpec *scenario)
{
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->moves_guests && (*part)->moves_guests(scenario))
            return TRUE;
    return FALSE;
}

static void
free_hosts(gpointer data)
{
    g_array_unref(data);
}

EvacuationReach *
evacuation_reach_new(const ScenarioSpec *scenario)
{
    EvacuationReach *reach = g_new0(EvacuationReach, 1);
    g_autoptr(GHashTable) hosts = host_numbers(scenario);

    reach->n_hosts = scenario->hosts->len;
    reach->anywhere = anybody_moves(scenario);
    reach->own = g_ptr_array_new_with_free_func(free_hosts);
    reach->further = g_new0(guint64 *, reach->n_hosts);
    note_own(reach, scenario, hosts);
    note_evacuations(reach, scenario, hosts);
    follow_all(reach);
    return reach;
}

void
evacuation_reach_free(EvacuationReach *reach)
{
    for (guint i = 0; i < reach->n_hosts; i++)
        g_free(reach->further[i]);
    g_free(reach->further);
    g_ptr_array_unref(reach->own);
    g_free(reach);
}

gboolean
evacuation_reach_has(const EvacuationReach *reach, guint guest, guint host)
{
    const GArray *own = g_ptr_array_index(reach->own, guest);

    for (guint i = 0; i < own->len; i++) {
        const guint at = g_array_index(own, guint, i);
        if (at == host || (reach->further[at] && bitmap_test(reach->further[at], host)))
            return TRUE;
    }
    return reach->anywhere;
}

/* (transfer full) */
static guint64 *
all_of(const EvacuationReach *reach, const GArray *own)
{
    const gsize n_words = bitmap_words(reach->n_hosts);
    guint64 *all = g_new0(guint64, n_words);

    if (reach->anywhere)
        bitmap_fill(all, reach->n_hosts);
    for (guint i = 0; i < own->len; i++) {
        const guint at = g_array_index(own, guint, i);
        bitmap_set(all, at);
        if (reach->further[at])
            bitmap_or(all, reach->further[at], n_words);
    }
    return all;
}

GArray *
evacuation_reach_hosts(const EvacuationReach *reach, guint guest)
{
    const GArray *own = g_ptr_array_index(reach->own, guest);
    GArray *hosts = g_array_new(FALSE, FALSE, sizeof(guint));

    if (!reach->anywhere && own->len == 1 && !reach->further[g_array_index(own, guint, 0)]) {
        g_array_append_vals(hosts, own->data, 1);
        return hosts;
    }
    g_autofree guint64 *all = all_of(reach, own);
    for (guint host = 0; host < reach->n_hosts; host++)
        if (bitmap_test(all, host))
            g_array_append_val(hosts, host);
    return hosts;
}
