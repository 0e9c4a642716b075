#include "sim/world/path.h"

#include "sim/world/engine.h"
#include "sim/world/part.h"

#include <math.h>
#include <simgrid/host.h>
#include <simgrid/link.h>

static gboolean
network_is_lv08(const World *world)
{
    return world->scenario->engine->network == NETWORK_LV08;
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

/* SimGrid's network_cm02.cpp bounds a transfer by the window over twice the uncorrected latency, and LV08's factor is
 * on that as well. */
static Path *
new_path(const World *world, guint from, guint to)
{
    const sg_host_t source = world->hosts[from].sg, destination = world->hosts[to].sg;
    const gboolean lv08 = network_is_lv08(world);
    const double one_way_s = sg_host_get_route_latency(source, destination), round_trip_s = 2 * one_way_s;
    const double window_Bps = round_trip_s > 0 ? world->scenario->engine->tcp_window_bytes / round_trip_s : INFINITY;
    const double most_Bps = MIN(sg_host_get_route_bandwidth(source, destination), window_Bps);
    GArray *cables = g_array_new(FALSE, FALSE, sizeof(guint));
    Path *path = g_new(Path, 1);

    append_cables(world, from, to, cables);
    if (world->scenario->engine->crosstraffic)
        append_cables(world, to, from, cables);
    *path = (Path){.from = from,
                   .to = to,
                   .n_cables = cables->len,
                   .rate_Bps = most_Bps * (lv08 ? ENGINE_LV08_BANDWIDTH_FACTOR : 1),
                   .latency_s = one_way_s * (lv08 ? ENGINE_LV08_LATENCY_FACTOR : 1),
                   .round_trip_s = round_trip_s};
    path->cables = (guint *)(gpointer)g_array_free(cables, FALSE);
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
count(const Path *path, guint *of_cables, int by)
{
    for (guint i = 0; i < path->n_cables; i++)
        of_cables[path->cables[i]] += (guint)by;
}

static void
change_users(World *world, const Path *path, int by)
{
    count(path, world->cable_users, by);
    for (guint i = 0; i < path->n_cables; i++)
        world->cable_users_changed_s[path->cables[i]] = world_now();
}

void
path_join(World *world, const Path *path)
{
    change_users(world, path, 1);
}

void
path_leave(World *world, const Path *path)
{
    change_users(world, path, -1);
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
    count(path, world->cable_transfers, -1);
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
