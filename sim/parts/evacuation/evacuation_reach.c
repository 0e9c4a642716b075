#include "sim/parts/evacuation/evacuation_reach.h"

#include "sim/parts/migration/migration_keys.h"

struct EvacuationReach {
    guint n_guests, n_hosts;
    gboolean *may_be; /* owned; guest g at host h: g * n_hosts + h */
};

static guint
host_number(const ScenarioSpec *scenario, const char *name)
{
    guint i = 0;

    while (!g_str_equal(g_array_index(scenario->hosts, HostSpec, i).name, name)) /* it exists: the reader checked */
        i++;
    return i;
}

static gboolean
is_guest(const ScenarioSpec *scenario, guint guest, const char *name)
{
    return g_str_equal(g_array_index(scenario->guests, GuestSpec, guest).name, name);
}

GArray *
evacuation_reach_destinations(const ScenarioSpec *scenario, const Network *network, const EvacuateKeys *keys)
{
    GArray *hosts = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < keys->to->len; i++) {
        const guint host = host_number(scenario, g_array_index(keys->to, char *, i));
        g_array_append_val(hosts, host);
    }
    for (guint host = 0; keys->to->len == 0 && host < scenario->hosts->len; host++) {
        const char *name = g_array_index(scenario->hosts, HostSpec, host).name;
        if (!g_str_equal(name, keys->host) && network_connects(network, keys->host, name))
            g_array_append_val(hosts, host);
    }
    return hosts;
}

/* Where they begin, are created, or are sent. */
static void
note_own(EvacuationReach *reach, const ScenarioSpec *scenario)
{
    for (guint g = 0; g < reach->n_guests; g++)
        reach->may_be[g * reach->n_hosts + host_number(scenario, g_array_index(scenario->guests, GuestSpec, g).host)] =
            TRUE;
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        const MigrateKeys *migrate = migration_keys_of(action);
        const char *guest = migrate ? migrate->guest : action->kind == ACTION_CREATE_GUEST ? action->guest : NULL;
        const char *host = migrate ? migrate->host : action->host;
        for (guint g = 0; guest && host && g < reach->n_guests; g++)
            if (is_guest(scenario, g, guest))
                reach->may_be[g * reach->n_hosts + host_number(scenario, host)] = TRUE;
    }
}

/* Whether it has found anything new. */
static gboolean
follow(EvacuationReach *reach, guint from, const GArray *to)
{
    gboolean changed = FALSE;

    for (guint g = 0; g < reach->n_guests; g++) {
        gboolean *may_be = &reach->may_be[g * reach->n_hosts];
        for (guint i = 0; may_be[from] && i < to->len; i++) {
            changed |= !may_be[g_array_index(to, guint, i)];
            may_be[g_array_index(to, guint, i)] = TRUE;
        }
    }
    return changed;
}

static void
follow_all(EvacuationReach *reach, const ScenarioSpec *scenario)
{
    g_autoptr(Network) network = network_new(scenario);
    gboolean changed = TRUE;

    while (changed) {
        changed = FALSE;
        for (guint i = 0; i < scenario->timeline->len; i++) {
            const EvacuateKeys *keys = evacuation_keys_of(scenario_action(scenario, i));
            if (!keys)
                continue;
            g_autoptr(GArray) to = evacuation_reach_destinations(scenario, network, keys);
            changed |= follow(reach, host_number(scenario, keys->host), to);
        }
    }
}

/* Some part of the world moves guests as it finds fit. */
static gboolean
anybody_moves(const ScenarioSpec *scenario)
{
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->moves_guests && (*part)->moves_guests(scenario))
            return TRUE;
    return FALSE;
}

EvacuationReach *
evacuation_reach_new(const ScenarioSpec *scenario)
{
    EvacuationReach *reach = g_new0(EvacuationReach, 1);

    reach->n_guests = scenario->guests->len;
    reach->n_hosts = scenario->hosts->len;
    reach->may_be = g_new0(gboolean, (gsize)reach->n_guests * reach->n_hosts);
    note_own(reach, scenario);
    follow_all(reach, scenario);
    for (guint i = 0; anybody_moves(scenario) && i < reach->n_guests * reach->n_hosts; i++)
        reach->may_be[i] = TRUE;
    return reach;
}

void
evacuation_reach_free(EvacuationReach *reach)
{
    g_free(reach->may_be);
    g_free(reach);
}

gboolean
evacuation_reach_has(const EvacuationReach *reach, guint guest, guint host)
{
    return reach->may_be[guest * reach->n_hosts + host];
}
