#include "sim/world/simulate.h"

#include "sim/world/channel.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/guest_phases.h"
#include "sim/world/guests.h"
#include "sim/world/host_load.h"
#include "sim/world/invariant.h"
#include "sim/world/lifecycle.h"
#include "sim/world/listing.h"
#include "sim/world/outlook.h"
#include "sim/world/part.h"
#include "sim/world/path.h"
#include "sim/world/platform.h"
#include "sim/world/processors.h"
#include "sim/world/state_log.h"
#include "sim/world/task.h"
#include "sim/world/timeline.h"

#include <simgrid/engine.h>

static World *
new_world(const ScenarioSpec *scenario, const char *folder, guint64 seed)
{
    World *world = g_new0(World, 1);

    world->scenario = scenario;
    world->folder = folder;
    world->seed = seed;
    world->domains = g_ptr_array_new_with_free_func((GDestroyNotify)domain_free);
    world->domains_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    world->parts = g_new0(gpointer, part_count());
    world->paths = g_hash_table_new_full(NULL, NULL, NULL, path_free);
    processors_start(world);
    guest_phases_init(world);
    world->channels = g_ptr_array_new_with_free_func(channel_free);
    world->listings = record_table(&listing_record);
    state_log_init(world);
    invariant_init(world);
    return world;
}

void
simulate_free(World *world)
{
    if (!world)
        return;
    invariant_clear(world);
    part_forget_all(world);
    g_string_free(world->listings, TRUE);
    g_array_unref(world->states);
    timeline_free(world);
    guest_phases_free(world);
    lifecycle_free(world);
    processors_end(world);
    task_forget_all(world);
    g_ptr_array_unref(world->channels);
    g_clear_pointer(&world->cable_numbers, g_hash_table_unref);
    path_end(world);
    g_hash_table_unref(world->paths);
    host_load_end(world);
    outlook_free(world->outlook);
    g_hash_table_unref(world->domains_by_name);
    g_ptr_array_unref(world->domains);
    for (guint i = 0; i < world->n_hosts; i++) {
        g_ptr_array_unref(world->hosts[i].idle_channels);
        g_ptr_array_unref(world->hosts[i].residents);
        processors_clear(&world->hosts[i]);
    }
    g_clear_pointer(&world->hosts_by_name, g_hash_table_unref);
    g_free(world->hosts);
    g_free(world->parts);
    platform_forget_sources(world);
    g_free(world);
}

World *
simulate_scenario(const ScenarioSpec *scenario, const char *folder, guint64 seed, GError **error)
{
    g_autoptr(World) world = new_world(scenario, folder, seed);

    engine_start(scenario->engine);
    guard_begin();
    part_plug_all(world);
    if (!platform_load(world, error))
        return NULL;
    processors_join(world);
    if (!guests_create(world, error) || !part_create_all(world, error) || !timeline_create(world, error))
        return NULL;
    part_start_all(world);
    timeline_start(world);
    guest_phases_start(world);
    if (!guard_check(error))
        return NULL;
    simgrid_run();
    if (!guard_check(error))
        return NULL;
    part_finish_all(world);
    part_check_tables(world);
    if (!guard_check(error))
        return NULL;
    return g_steal_pointer(&world);
}
