#include "sim/world/world.h"

<<<<<<< HEAD
=======
#include "sim/world/channel.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/flow.h"
#include "sim/world/invariant.h"
#include "sim/world/migrate.h"
#include "sim/world/platform.h"
#include "sim/world/timeline.h"
#include "sim/world/vtpm_service.h"

    >>>>>>> 0520f1d8058f2de556bf8d7cff926c7136edc647
#include <simgrid/actor.h>
#include <simgrid/engine.h>

    double
    world_now(void)
{
    return simgrid_get_clock();
}

gboolean
world_is_quiet(const World *world)
{
    return world->active_migrations == 1 && world->flows->len == 0 && world->scenario->vtpms->len == 0;
}

guint
world_host(const World *world, const char *name)
{
    for (guint i = 0; i < world->n_hosts; i++)
        if (g_str_equal(world->hosts[i].spec->name, name))
            return i;
    g_assert_not_reached();
}

Domain *
world_domain(const World *world, const char *name)
{
    Domain *domain = g_hash_table_lookup(world->domains_by_name, name);

    g_assert(domain);
    return domain;
}

sg_actor_t
world_start_actor(const char *name, sg_host_t host, void (*code)(int, char **), gpointer data, gboolean daemon)
{
    sg_actor_t actor = sg_actor_init(name, host);

    sg_actor_set_data(actor, data);
    sg_actor_start(actor, code, 0, NULL);
    /* afterwards: SimGrid counts a daemon that was not started as if it ran, and may take it for the last actor */
    if (daemon)
        sg_actor_daemonize(actor);
    return actor;
}
<<<<<<< HEAD
=======

static World *
new_world(const ScenarioSpec *scenario, const char *folder, guint64 seed)
{
    World *world = g_new0(World, 1);

    world->scenario = scenario;
    world->folder = folder;
    world->seed = seed;
    world->domains = g_ptr_array_new_with_free_func((GDestroyNotify)domain_free);
    world->domains_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    world->migrations = g_ptr_array_new_with_free_func((GDestroyNotify)migrate_free);
    world->migration_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->events = timeline_new_events();
    world->receivers = g_ptr_array_new_with_free_func(channel_free_receiver);
    world->flows = g_ptr_array_new_with_free_func(flow_free);
    world->listings = g_string_new("when,host,name,id,mem_MiB,vcpus,state,time_s\n");
    world->states = g_string_new("time_s,domain,host,state\n");
    invariant_init(world);
    return world;
}

void
world_free(World *world)
{
    if (!world)
        return;
    invariant_clear(world);
    g_string_free(world->listings, TRUE);
    g_string_free(world->states, TRUE);
    g_ptr_array_unref(world->flows);
    g_ptr_array_unref(world->receivers);
    g_array_unref(world->events);
    g_ptr_array_unref(world->migrations);
    g_hash_table_unref(world->migration_names);
    g_hash_table_unref(world->domains_by_name);
    g_ptr_array_unref(world->domains);
    for (guint i = 0; i < world->n_hosts; i++) {
        vtpm_manager_free(world->hosts[i].vtpm_manager);
        g_ptr_array_unref(world->hosts[i].idle_receivers);
    }
    g_free(world->hosts);
    g_free(world);
}

static void
start_services(World *world)
{
    for (guint i = 0; i < world->domains->len; i++) {
        Domain *domain = g_ptr_array_index(world->domains, i);
        if (domain->service)
            vtpm_service_start(domain->service);
    }
}

/* What can only be judged when all is over. */
static void
check_at_end(World *world)
{
    for (guint i = 0; i < world->domains->len; i++) {
        const Domain *domain = g_ptr_array_index(world->domains, i);
        if (!domain->service)
            continue;
        vtpm_service_close(domain->service);
        invariant_check(world, INVARIANT_PCR,
                        tpm_matches_script(&domain->service->tpm, domain->partner->name, domain->service->calls_done),
                        "the PCR of %s is not that of %" G_GUINT64_FORMAT " calls", domain->name,
                        domain->service->calls_done);
    }
}

World *
world_run(const ScenarioSpec *scenario, const char *folder, guint64 seed, GError **error)
{
    g_autoptr(World) world = new_world(scenario, folder, seed);

    engine_start(scenario->engine);
    if (!platform_load(world, error))
        return NULL;
    world->mutex = sg_mutex_init();
    if (!domain_create_all(world, error) || !timeline_prepare(world, error))
        return NULL;
    flow_start_all(world);
    start_services(world);
    timeline_start(world);
    simgrid_run();
    check_at_end(world);
    return g_steal_pointer(&world);
}
>>>>>>> 0520f1d8058f2de556bf8d7cff926c7136edc647
