#include "sim/world/path.h"

#include "sim/world/engine.h"
#include "sim/world/part.h"

#include <math.h>
#include <simgrid/host.h>
#include <simgrid/link.h>

void
path_start(World *world, guint cables)
{
    const guint n = MAX(cables, 1);

    world->cable_is_cut = g_new0(gboolean, n);
    world->cable_users = g_new0(guint, n);
    world->cable_connections = g_new0(guint, n);
    world->cable_users_changed_s = g_new0(double, n);
    world->cable_transfers = g_new0(guint, n);
    world->joined = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

void
path_end(World *world)
{
    g_free(world->cable_is_cut);
    g_free(world->cable_users);
    g_free(world->cable_connections);
    g_free(world->cable_users_changed_s);
    g_free(world->cable_transfers);
    g_clear_pointer(&world->joined, g_hash_table_unref);
}

static gboolean
network_is_lv08(const World *world)
{
    return world->scenario->engine->network == NETWORK_LV08;
}

/* Of a bandwidth, what a transfer gets. */
static double
bandwidth_factor(const World *world)
{
    return network_is_lv08(world) ? ENGINE_LV08_BANDWIDTH_FACTOR : 1;
}

/* Links that are only there for a source's own rate (platform_add_source) belong to no cable of the scenario. */
static void
append_cables(const World *world, guint from, guint to, GArray *cables)
{
    xbt_dynar_t links = xbt_dynar_new(sizeof(sg_link_t), NULL);

    sg_host_get_route(world->hosts[from].sg, world->hosts[to].sg, links);
    for (unsigned i = 0; i < xbt_dynar_length(links); i++) {
        gpointer number;
        if (!g_hash_table_lookup_extended(world->cable_numbers, xbt_dynar_get_as(links, i, sg_link_t), NULL, &number))
            continue;
        const guint cable = GPOINTER_TO_UINT(number);
        g_array_append_val(cables, cable);
    }
    xbt_dynar_free(&links);
}

static const LinkSpec *
link_of(const World *world, const Path *path, guint i)
{
    return &g_array_index(world->scenario->links, LinkSpec, path->cables[i] / 2);
}

static double
cable_Bps(const World *world, const LinkSpec *link)
{
    return link_spec_goodput_Bps(link) * bandwidth_factor(world);
}

static double
sum_of_cables_Bps(const World *world, const Path *path)
{
    gboolean several = FALSE;
    double least_Bps = INFINITY;

    for (guint i = 0; i < path->n_cables; i++) {
        const LinkSpec *link = link_of(world, path, i);
        several |= link_spec_cables(link) > 1;
        least_Bps = MIN(least_Bps, link_spec_cables(link) * cable_Bps(world, link));
    }
    return several ? least_Bps : INFINITY;
}

/* SimGrid's network_cm02.cpp bounds a transfer by the window over twice the uncorrected latency, and LV08's factor is
 * on that as well. */
static Path *
new_path(const World *world, guint from, guint to)
{
    const sg_host_t source = world->hosts[from].sg, destination = world->hosts[to].sg;
    const double one_way_s = sg_host_get_route_latency(source, destination), round_trip_s = 2 * one_way_s;
    const double window_Bps = round_trip_s > 0 ? world->scenario->engine->tcp_window_bytes / round_trip_s : INFINITY;
    const double factor = bandwidth_factor(world);
    const double most_Bps = MIN(sg_host_get_route_bandwidth(source, destination), window_Bps);
    GArray *cables = g_array_new(FALSE, FALSE, sizeof(guint));
    Path *path = g_new(Path, 1);

    append_cables(world, from, to, cables);
    if (world->scenario->engine->crosstraffic)
        append_cables(world, to, from, cables);
    *path = (Path){.from = from,
                   .to = to,
                   .n_cables = cables->len,
                   .rate_Bps = most_Bps * factor,
                   .window_Bps = window_Bps * factor,
                   .latency_s = one_way_s * (network_is_lv08(world) ? ENGINE_LV08_LATENCY_FACTOR : 1),
                   .round_trip_s = round_trip_s};
    path->cables = (guint *)(gpointer)g_array_free(cables, FALSE);
    path->sum_Bps = sum_of_cables_Bps(world, path);
    return path;
}

void
path_free(gpointer data)
{
    Path *path = data;

    g_free(path->cables);
    g_free(path);
}

const Path *
path_between(World *world, guint from, guint to)
{
    g_return_val_if_fail(from != to, NULL);
    gpointer key = GSIZE_TO_POINTER((gsize)from * world->n_hosts + to);
    Path *path = g_hash_table_lookup(world->paths, key);

    if (path)
        return path;
    path = new_path(world, from, to);
    g_hash_table_insert(world->paths, key, path);
    return path;
}

/* ---- connections over cables side by side ---- */

/* Each connection's cable is drawn by its own name, so that one more moves none of the others. */
static guint
hashed_cable(const World *world, const LinkSpec *link, const char *name, guint i)
{
    g_autofree char *entity = g_strdup_printf("%s %s %u", link->name, name, i);
    RandomStream stream;

    random_init(&stream, world->seed, "cable", entity);
    return (guint)random_below(&stream, link_spec_cables(link));
}

/* How many of the link's cables so many connections take. */
static guint
cables_taken(const World *world, const LinkSpec *link, const char *name, guint connections)
{
    guint64 taken = 0;

    if (link->spread == SPREAD_EVEN)
        return MIN(connections, link_spec_cables(link));
    for (guint i = 0; i < connections; i++)
        taken |= 1ULL << hashed_cable(world, link, name, i);
    return (guint)__builtin_popcountll(taken);
}

PathStreams
path_streams(const World *world, const Path *path, const char *name, guint connections)
{
    double taken_Bps = connections * path->window_Bps, most_Bps = taken_Bps;

    if (connections == 1)
        return (PathStreams){.alone_Bps = path->rate_Bps};
    for (guint i = 0; i < path->n_cables; i++) {
        const LinkSpec *link = link_of(world, path, i);
        const double each_Bps = cable_Bps(world, link);
        const guint cables = link_spec_cables(link);
        taken_Bps = MIN(taken_Bps, (cables > 1 ? cables_taken(world, link, name, connections) : 1) * each_Bps);
        most_Bps = MIN(most_Bps, MIN(connections, cables) * each_Bps);
    }
    return (PathStreams){.alone_Bps = taken_Bps, .few_cables = taken_Bps < most_Bps};
}

gboolean
path_shares_cable(const Path *path, const Path *other)
{
    for (guint i = 0; i < path->n_cables; i++)
        for (guint k = 0; k < other->n_cables; k++)
            if (path->cables[i] == other->cables[k])
                return TRUE;
    return FALSE;
}

gboolean
path_is_whole(const World *world, const Path *path)
{
    for (guint i = 0; i < path->n_cables; i++)
        if (world->cable_is_cut[path->cables[i]])
            return FALSE;
    return TRUE;
}

/* ---- who sends ---- */

static void
count(const Path *path, guint *of_cables, guint by)
{
    for (guint i = 0; i < path->n_cables; i++)
        of_cables[path->cables[i]] += by;
}

/* Modulo 2^32: -1 takes one away. */
static void
change_users(World *world, const Path *path, guint by, guint connections)
{
    count(path, world->cable_users, by);
    count(path, world->cable_connections, connections);
    for (guint i = 0; i < path->n_cables; i++)
        world->cable_users_changed_s[path->cables[i]] = world_now();
}

/* Those who have joined a path. */
typedef struct {
    guint migrations;
    guint by[PATH_CONNECTIONS_MOST + 1]; /* of them, how many by 0, 1, 2, … connections */
    guint fewest, common;                /* connections of one of them; the greatest divisor of all */
    gboolean met;                        /* path_common_connections has met it */
} Joined;

static guint
greatest_divisor(guint a, guint b)
{
    while (a > 0) {
        const guint rest = b % a;
        b = a;
        a = rest;
    }
    return b;
}

static void
sum_up_joined(Joined *joined)
{
    joined->common = 0;
    joined->fewest = PATH_CONNECTIONS_MOST;
    for (guint n = 1; n <= PATH_CONNECTIONS_MOST; n++) {
        if (joined->by[n] == 0)
            continue;
        joined->common = greatest_divisor(joined->common, n);
        joined->fewest = MIN(joined->fewest, n);
    }
}

static void
count_joined(World *world, const Path *path, guint by, guint connections)
{
    Joined *joined = g_hash_table_lookup(world->joined, path);

    if (!joined)
        g_hash_table_insert(world->joined, (gpointer)path, joined = g_new0(Joined, 1));
    joined->migrations += by;
    joined->by[connections] += by;
    if (joined->migrations > 0)
        sum_up_joined(joined);
    else
        g_hash_table_remove(world->joined, path);
}

/* Connections of one migration below which they, and not what they share, hold it up: each is held to one of the cables
 * side by side. G_MAXUINT: other things share the path, or each connection is held below what a cable carries. */
static guint
least_connections(World *world, const Path *path)
{
    if (path->rate_Bps >= path->window_Bps || part_may_send(world, path))
        return G_MAXUINT;
    return isinf(path->sum_Bps) ? 1 : (guint)ceil(path->sum_Bps / path->rate_Bps - 1e-6);
}

/* The largest divisor that leaves a migration of so few connections at least that many. */
static guint
divisor_that_leaves(guint of, guint fewest, guint least)
{
    for (guint divisor = of; divisor > 1; divisor--)
        if (of % divisor == 0 && fewest / divisor >= least)
            return divisor;
    return 1;
}

/* Of all that have joined, the paths that share a cable with the path, or with another one that does, and so on:
 * whatever is done on others, nobody here feels it. (transfer container) */
static GPtrArray *
paths_together(World *world, const Path *path)
{
    GPtrArray *together = g_ptr_array_new();
    GHashTableIter iter;
    gpointer other, value;

    g_hash_table_iter_init(&iter, world->joined);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        ((Joined *)value)->met = FALSE;
    g_ptr_array_add(together, (gpointer)path);
    for (guint i = 0; i < together->len; i++) {
        g_hash_table_iter_init(&iter, world->joined);
        while (g_hash_table_iter_next(&iter, &other, &value)) {
            Joined *joined = value;
            if (joined->met || !path_shares_cable(g_ptr_array_index(together, i), other))
                continue;
            joined->met = TRUE;
            if (other != path)
                g_ptr_array_add(together, other);
        }
    }
    return together;
}

guint
path_common_connections(World *world, const Path *path)
{
    g_autoptr(GPtrArray) together = paths_together(world, path);
    guint fewest = PATH_CONNECTIONS_MOST, common = 0;

    for (guint i = 0; i < together->len; i++) {
        const Joined *joined = g_hash_table_lookup(world->joined, g_ptr_array_index(together, i));
        if (!joined)
            continue;
        common = greatest_divisor(common, joined->common);
        fewest = MIN(fewest, joined->fewest);
    }
    for (guint i = 0; common > 1 && i < together->len; i++)
        common = divisor_that_leaves(common, fewest, least_connections(world, g_ptr_array_index(together, i)));
    return MAX(common, 1);
}

void
path_join(World *world, const Path *path, guint connections)
{
    change_users(world, path, 1, connections);
    count_joined(world, path, 1, connections);
}

void
path_leave(World *world, const Path *path, guint connections)
{
    change_users(world, path, -1U, -connections);
    count_joined(world, path, -1U, connections);
}

double
path_users_changed_s(const World *world, const Path *path)
{
    double last_s = 0;

    for (guint i = 0; i < path->n_cables; i++)
        last_s = MAX(last_s, world->cable_users_changed_s[path->cables[i]]);
    return last_s;
}

void
path_begin_transfer(World *world, const Path *path)
{
    count(path, world->cable_transfers, 1);
}

void
path_end_transfer(World *world, const Path *path)
{
    count(path, world->cable_transfers, -1U);
}

static guint
most(const Path *path, const guint *of_cables)
{
    guint found = 0;

    for (guint i = 0; i < path->n_cables; i++)
        found = MAX(found, of_cables[path->cables[i]]);
    return found;
}

guint
path_users(const World *world, const Path *path)
{
    return most(path, world->cable_users);
}

guint
path_connections(const World *world, const Path *path)
{
    return most(path, world->cable_connections);
}

gboolean
path_has_others(World *world, const Path *path, guint own_transfers)
{
    return path_users(world, path) > 1 || most(path, world->cable_transfers) > own_transfers ||
           part_may_send(world, path);
}

gboolean
path_is_quiet(World *world, const Path *path)
{
    return !path_has_others(world, path, 0);
}
