#include "sim/world/outlook.h"

#include "sim/world/domain.h"
#include "sim/world/flow.h"
#include "sim/world/socket_world.h"

#include <math.h>

struct Outlook {
    guint n_cables;
    GArray **dates_s; /* owned, of owned arrays of double, ascending; one for each cable, NULL: nothing is known */
};

/* ---- dates of cables ---- */

static void
add_date(Outlook *outlook, guint cable, double at_s)
{
    if (!outlook->dates_s[cable])
        outlook->dates_s[cable] = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_val(outlook->dates_s[cable], at_s);
}

static void
add_path(World *world, guint from, guint to, double at_s)
{
    if (from == to)
        return;
    const Path *path = path_between(world, from, to);

    for (guint i = 0; i < path->n_cables; i++)
        add_date(world->outlook, path->cables[i], at_s);
}

static void
add_host_once(GArray *hosts, guint host)
{
    for (guint i = 0; i < hosts->len; i++)
        if (g_array_index(hosts, guint, i) == host)
            return;
    g_array_append_val(hosts, host);
}

/* guest name -> hosts that it, or its vTPM, can ever be on. (transfer full) */
static GHashTable *
possible_hosts(World *world)
{
    const GArray *timeline = world->scenario->timeline;
    GHashTable *hosts_of =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)(void (*)(void))g_array_unref);

    for (guint i = 0; i < world->domains->len; i++) {
        const Domain *domain = g_ptr_array_index(world->domains, i);
        const Domain *vm = domain->is_vtpm ? domain->partner : domain;
        GArray *hosts = g_hash_table_lookup(hosts_of, vm->name);
        if (!hosts) {
            hosts = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(hosts_of, (gpointer)vm->name, hosts);
        }
        add_host_once(hosts, domain_host(domain));
    }
    for (guint i = 0; i < timeline->len; i++) {
        const ActionSpec *action = &g_array_index(timeline, ActionSpec, i);
        if (action->kind == ACTION_MIGRATE)
            add_host_once(g_hash_table_lookup(hosts_of, action->guest), world_host(world, action->host));
    }
    return hosts_of;
}

static void
add_paths(World *world, const GArray *from, const GArray *to, double at_s)
{
    for (guint i = 0; i < from->len; i++)
        for (guint k = 0; k < to->len; k++)
            add_path(world, g_array_index(from, guint, i), g_array_index(to, guint, k), at_s);
}

/* From then on its sockets may take other ways. */
static void
add_sockets(World *world, GHashTable *hosts_of, const ActionSpec *action)
{
    const GArray *hosts = g_hash_table_lookup(hosts_of, action->guest);
    g_autoptr(GPtrArray) peers = socket_world_peers(world_domain(world, action->guest));

    for (guint i = 0; i < peers->len; i++) {
        const Domain *peer = g_ptr_array_index(peers, i);
        const GArray *theirs = g_hash_table_lookup(hosts_of, peer->name);
        add_paths(world, hosts, theirs, action->at_s);
        add_paths(world, theirs, hosts, action->at_s);
    }
}

static void
add_migration(World *world, GHashTable *hosts_of, const ActionSpec *action)
{
    const GArray *hosts = g_hash_table_lookup(hosts_of, action->guest);
    const guint to = world_host(world, action->host);

    for (guint i = 0; i < hosts->len; i++)
        add_path(world, g_array_index(hosts, guint, i), to, action->at_s);
    add_sockets(world, hosts_of, action);
}

static void
add_failure(World *world, const ActionSpec *action)
{
    const GArray *links = world->scenario->links;

    for (guint i = 0; i < links->len; i++) {
        const LinkSpec *link = &g_array_index(links, LinkSpec, i);
        const gboolean concerned = action->kind == ACTION_FAIL_HOST ? link_spec_has_end(link, action->host)
                                                                    : g_str_equal(link->name, action->link);
        for (guint direction = 0; concerned && direction < 2; direction++)
            add_date(world->outlook, 2 * i + direction, action->at_s);
    }
}

static void
add_action(World *world, GHashTable *hosts_of, const ActionSpec *action)
{
    switch (action->kind) {
    case ACTION_MIGRATE:
        add_migration(world, hosts_of, action);
        break;
    case ACTION_FAIL_HOST:
    case ACTION_FAIL_LINK:
    case ACTION_RESTORE_LINK:
        add_failure(world, action);
        break;
    case ACTION_SET_WORKLOAD: /* the domain's own date */
        break;
    }
}

static void
add_flow(World *world, const FlowSpec *flow)
{
    const guint from = world_host(world, flow->from), to = world_host(world, flow->to);

    add_path(world, from, to, flow->start_s);
    if (isfinite(flow_end_s(flow)))
        add_path(world, from, to, flow_end_s(flow));
}

static int
compare_dates(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

static void
look(World *world)
{
    const ScenarioSpec *scenario = world->scenario;
    Outlook *outlook = world->outlook = g_new0(Outlook, 1);
    g_autoptr(GHashTable) hosts_of = possible_hosts(world);

    outlook->n_cables = 2 * scenario->links->len;
    outlook->dates_s = g_new0(GArray *, outlook->n_cables);
    for (guint i = 0; i < scenario->timeline->len; i++)
        add_action(world, hosts_of, &g_array_index(scenario->timeline, ActionSpec, i));
    for (guint i = 0; i < scenario->flows->len; i++)
        add_flow(world, &g_array_index(scenario->flows, FlowSpec, i));
    for (guint i = 0; i < outlook->n_cables; i++)
        if (outlook->dates_s[i])
            g_array_sort(outlook->dates_s[i], compare_dates);
}

void
outlook_free(Outlook *outlook)
{
    if (!outlook)
        return;
    for (guint i = 0; i < outlook->n_cables; i++)
        g_clear_pointer(&outlook->dates_s[i], g_array_unref);
    g_free(outlook->dates_s);
    g_free(outlook);
}

/* ---- the next one ---- */

static double
first_after(const GArray *dates_s, double now_s)
{
    guint low = 0, high = dates_s ? dates_s->len : 0;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (g_array_index(dates_s, double, middle) > now_s)
            high = middle;
        else
            low = middle + 1;
    }
    return dates_s && low < dates_s->len ? g_array_index(dates_s, double, low) : INFINITY;
}

static double
first_of_domain(const Domain *domain, double now_s)
{
    double first_s = INFINITY;

    for (guint i = 0; i < domain->changes_s->len; i++) {
        const double at_s = g_array_index(domain->changes_s, double, i);
        if (at_s > now_s)
            first_s = MIN(first_s, at_s);
    }
    return first_s;
}

double
outlook_next_change_s(World *world, const Path *path, Domain *const *domains, guint n_domains)
{
    const double now_s = world_now();
    double next_s = INFINITY;

    if (!world->outlook)
        look(world);
    for (guint i = 0; i < path->n_cables; i++)
        next_s = MIN(next_s, first_after(world->outlook->dates_s[path->cables[i]], now_s));
    for (guint i = 0; i < n_domains; i++)
        next_s = MIN(next_s, first_of_domain(domains[i], now_s));
    return next_s;
}
