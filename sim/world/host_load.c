#include "sim/world/host_load.h"

#include <math.h>

/* What holds since the last change. */
typedef struct {
    double wanted, given; /* virtual processors */
    gboolean active, overloaded;
    double since_s;
} Now;

struct HostLoads {
    double overload;
    Now *now;        /* owned; by host */
    HostLoad *total; /* owned; by host, until now[host].since_s */
};

#define SUMS_EXACT 1e-9 /* chosen: so much may be missing of a sum of demands that is a host's cores */

static void
count(World *world, guint host)
{
    HostLoad *total = &world->loads->total[host];
    Now *now = &world->loads->now[host];
    const double lasted_s = world_now() - now->since_s;

    now->since_s = world_now();
    total->active_s += now->active ? lasted_s : 0;
    total->overloaded_s += now->overloaded ? lasted_s : 0;
    total->wanted_s += lasted_s * now->wanted;
    total->given_s += lasted_s * now->given;
}

static void
look(World *world, guint host)
{
    const Host *at = &world->hosts[host], *machine = &world->hosts[at->cores_at];
    Now *now = &world->loads->now[host];
    const double level = machine->level, limit = world->loads->overload * (double)machine->spec->cores;

    *now = (Now){.since_s = world_now()};
    for (guint i = 0; i < at->residents->len; i++) {
        const Domain *domain = g_ptr_array_index(at->residents, i);
        if (!domain->runs || domain->instances[domain->home].host != host)
            continue;
        now->active = TRUE;
        now->wanted += domain->cpu_share * domain->vcpus;
        now->given += MIN(domain->cpu_share * domain->throttle, level) * domain->vcpus;
    }
    now->overloaded = now->active && now->wanted >= limit * (1 - SUMS_EXACT);
    world->loads->total[host].peak = MAX(world->loads->total[host].peak, now->wanted);
}

void
host_load_note(World *world, guint host)
{
    if (!world->loads)
        return;
    count(world, host);
    look(world, host);
}

void
host_load_start(World *world, double overload)
{
    g_return_if_fail(!world->loads && overload > 0);

    world->loads = g_new(struct HostLoads, 1);
    *world->loads = (struct HostLoads){overload, g_new0(Now, world->n_hosts), g_new0(HostLoad, world->n_hosts)};
    for (guint host = 0; host < world->n_hosts; host++)
        look(world, host);
}

void
host_load_end(World *world)
{
    if (!world->loads)
        return;
    g_free(world->loads->now);
    g_free(world->loads->total);
    g_clear_pointer(&world->loads, g_free);
}

HostLoad
host_load(World *world, guint host)
{
    count(world, host);
    return world->loads->total[host];
}
