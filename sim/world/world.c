#include "sim/world/world.h"

#include "sim/world/guard.h"

#include <simgrid/actor.h>
#include <simgrid/engine.h>

double
world_now(void)
{
    return simgrid_get_clock();
}

guint
world_host(const World *world, const char *name)
{
    gpointer number;

    g_assert(g_hash_table_lookup_extended(world->hosts_by_name, name, NULL, &number));
    return GPOINTER_TO_UINT(number);
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
    if (!guard_has_room())
        return NULL;
    sg_actor_t actor = sg_actor_init(name, host);

    sg_actor_set_data(actor, data);
    sg_actor_start(actor, code, 0, NULL);
    /* afterwards: SimGrid counts a daemon that was not started as if it ran, and may take it for the last actor */
    if (daemon)
        sg_actor_daemonize(actor);
    return actor;
}
