#include "sim/world/live.h"

#include "sim/world/domain.h"
#include "sim/world/part.h"

#include <math.h>

void
live_begin(Domain *domain, double runs_at_s)
{
    g_return_if_fail(domain_home(domain)->state == INSTANCE_SUSPENDED);

    domain->live_s = runs_at_s;
    part_notice(domain);
}

static gboolean
keeps(const Domain *domain)
{
    return domain->instances[domain->home].state == INSTANCE_SUSPENDED && !isnan(domain->live_s);
}

gboolean
live_is(const Domain *domain)
{
    return domain_is_running(domain) || keeps(domain);
}

double
live_answers_s(const Domain *domain)
{
    return keeps(domain) ? MAX(domain->live_s, world_now()) : world_now();
}
