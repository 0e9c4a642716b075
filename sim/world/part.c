#include "sim/world/part.h"

#include <math.h>

#define FOR_EACH_WITH(hook)                                                                                            \
    for (const Part *const *part = parts; *part; part++)                                                               \
        if ((*part)->hook)

/* ---- what parts keep ---- */

static guint
index_of(const Part *part)
{
    guint i = 0;

    while (parts[i] != part)
        i++;
    return i;
}

guint
part_count(void)
{
    return index_of(NULL);
}

gpointer
part_of_world(const World *world, const Part *part)
{
    return world->parts[index_of(part)];
}

void
part_set_world(World *world, const Part *part, gpointer data)
{
    world->parts[index_of(part)] = data;
}

gpointer
part_of_domain(const Domain *domain, const Part *part)
{
    return domain->parts[index_of(part)];
}

void
part_set_domain(Domain *domain, const Part *part, gpointer data)
{
    domain->parts[index_of(part)] = data;
}

/* ---- asking all of them ---- */

void
part_plug_all(World *world)
{
    FOR_EACH_WITH(plug)
    (*part)->plug(world);
}

gboolean
part_create_all(World *world, GError **error)
{
    FOR_EACH_WITH(create)
    if (!(*part)->create(world, error))
        return FALSE;
    return TRUE;
}

void
part_start_all(World *world)
{
    FOR_EACH_WITH(start)
    (*part)->start(world);
}

void
part_act(World *world, const ActionSpec *action)
{
    const PartKeys *keys = action_part(action, NULL);

    FOR_EACH_WITH(act)
    if ((*part)->keys == keys)
        (*part)->act(world, action);
}

void
request_migration(World *world, const MigrationRequest *request)
{
    FOR_EACH_WITH(migrate)
    (*part)->migrate(world, request);
}

gboolean
part_may_move(const Domain *domain, guint destination, Outcome *why)
{
    FOR_EACH_WITH(may_move)
    if (!(*part)->may_move(domain, destination, why))
        return FALSE;
    return TRUE;
}

gboolean
part_reserve(Domain *domain, guint destination, Outcome *why)
{
    FOR_EACH_WITH(reserve)
    if (!(*part)->reserve(domain, destination, why))
        return FALSE;
    return TRUE;
}

double
part_prepare(Domain *domain)
{
    double first_s = NAN;

    FOR_EACH_WITH(prepare)
    first_s = fmin(first_s, (*part)->prepare(domain)); /* a number rather than NAN */
    return first_s;
}

StopNeeds
part_stop_needs(const Domain *domain)
{
    StopNeeds needs = {0};

    FOR_EACH_WITH(stop_needs)
    (*part)->stop_needs(domain, &needs);
    return needs;
}

double
part_drain(Domain *domain)
{
    double first_s = NAN;

    FOR_EACH_WITH(drain)
    first_s = fmin(first_s, (*part)->drain(domain)); /* a number rather than NAN */
    return first_s;
}

gboolean
part_may_send(World *world, const Path *path)
{
    FOR_EACH_WITH(may_send)
    if ((*part)->may_send(world, path))
        return TRUE;
    return FALSE;
}

gboolean
part_writes_pages(const Domain *domain)
{
    FOR_EACH_WITH(writes_pages)
    if ((*part)->writes_pages(domain))
        return TRUE;
    return FALSE;
}

void
part_notice(Domain *domain)
{
    FOR_EACH_WITH(notice)
    (*part)->notice(domain);
}

void
part_wake(Domain *domain)
{
    FOR_EACH_WITH(wake)
    (*part)->wake(domain);
}

void
part_release(Domain *domain)
{
    FOR_EACH_WITH(release)
    (*part)->release(domain);
}

void
part_migration_began(Domain *domain, const char *name)
{
    FOR_EACH_WITH(migration_began)
    (*part)->migration_began(domain, name);
}

void
part_migration_ended(Domain *domain, const char *name)
{
    FOR_EACH_WITH(migration_ended)
    (*part)->migration_ended(domain, name);
}

void
part_foresee(World *world)
{
    FOR_EACH_WITH(foresee)
    (*part)->foresee(world);
}

void
part_foresee_change(Domain *domain, double at_s)
{
    FOR_EACH_WITH(foresee_change)
    (*part)->foresee_change(domain, at_s);
}

void
part_finish_all(World *world)
{
    FOR_EACH_WITH(finish)
    (*part)->finish(world);
}

void
part_check_tables(World *world)
{
    FOR_EACH_WITH(check_tables)
    (*part)->check_tables(world);
}

void
part_collect_all(World *world, Result *result)
{
    FOR_EACH_WITH(collect)
    (*part)->collect(world, result);
}

void
part_trace_all(World *world, Trace *trace)
{
    FOR_EACH_WITH(trace)
    (*part)->trace(world, trace);
}

void
part_forget_all(World *world)
{
    FOR_EACH_WITH(forget)
    (*part)->forget(world);
}
