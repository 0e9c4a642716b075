#include "sim/world/part.h"

#define FOR_EACH_WITH(hook)                                                                                            \
    for (const Part *const *part = parts; *part; part++)                                                               \
        if ((*part)->hook)

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
part_foresee(World *world)
{
    FOR_EACH_WITH(foresee)
    (*part)->foresee(world);
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
part_finish_all(World *world)
{
    FOR_EACH_WITH(finish)
    (*part)->finish(world);
}

void
part_collect_all(World *world, Result *result)
{
    FOR_EACH_WITH(collect)
    (*part)->collect(world, result);
}

void
part_forget_all(World *world)
{
    FOR_EACH_WITH(forget)
    (*part)->forget(world);
}
