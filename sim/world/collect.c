#include "sim/world/collect.h"

#include "sim/world/domain.h"
#include "sim/world/invariant.h"
#include "sim/world/part.h"

static void
collect_hosts(const World *world, Result *result)
{
    for (guint i = 0; i < world->n_hosts; i++) {
        const Host *host = &world->hosts[i];
        result_add_word(result, host->is_lost ? "lost" : "up", "host.%s.state", host->spec->name);
        if (!host->is_lost)
            result_add_number(result, host->free_bytes, "host.%s.free_bytes", host->spec->name);
    }
}

static void
collect_domains(const World *world, Result *result)
{
    for (guint i = 0; i < world->domains->len; i++) {
        const Domain *domain = g_ptr_array_index(world->domains, i);
        result_add_word(result, domain_state_text(domain), "domain.%s.state", domain->name);
        result_add_word(result, world->hosts[domain_host(domain)].spec->name, "domain.%s.host", domain->name);
        result_add_number(result, domain_instances(domain), "domain.%s.instances", domain->name);
        if (domain->layout_word)
            result_add_word(result, domain->layout_word, "domain.%s.layout", domain->name);
    }
    result_take_table(result, "domains.csv", g_strdup(world->listings->str));
    result_take_table(result, "states.csv", g_strdup(world->states->str));
}

void
collect_results(World *world, Result *result)
{
    result_add_number(result, world_now(), "run.end_s");
    part_collect_all(world, result);
    collect_domains(world, result);
    collect_hosts(world, result);
    invariant_collect(world, result);
}
