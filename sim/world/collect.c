#include "sim/world/collect.h"

#include "sim/world/domain.h"
#include "sim/world/invariant.h"
#include "sim/world/lifecycle.h"
#include "sim/world/listing.h"
#include "sim/world/part.h"
#include "sim/world/state_log.h"
#include "sim/world/timeline.h"

#include <math.h>

/* ---- what is told ---- */

typedef struct {
    double end_s;
} RunNumbers;

static const RecordField run_fields[] = {
    {"end_s", RECORD_NUMBER(RunNumbers, end_s), "when the run ended, in simulated time"},
    {NULL},
};
static const Record run_record = {"run", run_fields, "the run"};

typedef struct {
    const char *state, *host;
    guint64 instances;
    const char *layout; /* NULL: all its pages are used */
} DomainNumbers;

static const RecordField domain_fields[] = {
    {"state", RECORD_WORD(DomainNumbers, state),
     "at the end: running, suspended, lost, destroyed, or none: never created"},
    {"host", RECORD_WORD(DomainNumbers, host), "at the end"},
    {"instances", RECORD_COUNT(DomainNumbers, instances),
     "at the end, on all hosts; 0 before it is created and when it was lost or destroyed"},
    {"layout", RECORD_WORD(DomainNumbers, layout),
     "where its used pages lie: linux or prefix; only of a guest with zero pages", .optional = TRUE},
    {NULL},
};
static const Record domain_record = {"domain.NAME", domain_fields, "a VM or a vTPM"};

typedef struct {
    const char *state;
    double free_bytes; /* NAN: it was lost */
} HostNumbers;

static const RecordField host_fields[] = {
    {"state", RECORD_WORD(HostNumbers, state), "at the end: up or lost"},
    {"free_bytes", RECORD_NUMBER(HostNumbers, free_bytes), "memory for guests that no domain holds at the end",
     .optional = TRUE},
    {NULL},
};
static const Record host_record = {"host.NAME", host_fields, "a host"};

static const Record *const core_records[] = {
    &run_record,       &domain_record,    &host_record,          &listing_record,
    &state_log_record, &lifecycle_record, &lifecycle_row_record, NULL};

static void
append_records(GPtrArray *all, const Record *const *records)
{
    for (; records && *records; records++)
        g_ptr_array_add(all, (gpointer)*records);
}

GPtrArray *
collect_records(void)
{
    GPtrArray *all = g_ptr_array_new();

    append_records(all, core_records);
    for (const Part *const *part = parts; *part; part++)
        append_records(all, (*part)->records);
    return all;
}

/* ---- collecting ---- */

static void
collect_domain(const Domain *domain, Result *result)
{
    const DomainNumbers numbers = {domain_state_text(domain), domain->world->hosts[domain_host(domain)].spec->name,
                                   domain_instances(domain), domain->layout_word};

    record_add(&domain_record, &numbers, result, "domain.%s", domain->name);
}

static void
collect_host(const Host *host, Result *result)
{
    const HostNumbers numbers = {host->is_lost ? "lost" : "up", host->is_lost ? NAN : host->free_bytes};

    record_add(&host_record, &numbers, result, "host.%s", host->spec->name);
}

void
collect_results(World *world, Result *result)
{
    const RunNumbers numbers = {world_now()};

    record_add(&run_record, &numbers, result, NULL);
    part_collect_all(world, result);
    for (guint i = 0; i < world->domains->len; i++)
        collect_domain(g_ptr_array_index(world->domains, i), result);
    for (guint i = 0; i < world->n_hosts; i++)
        collect_host(&world->hosts[i], result);
    result_take_table(result, listing_record.name, g_strdup(world->listings->str));
    state_log_collect(world, result);
    lifecycle_collect(world, result);
    invariant_collect(world, result);
}

char *
collect_trace(World *world)
{
    g_autoptr(Trace) trace = trace_new();

    state_log_trace(world, trace);
    timeline_trace(world, trace);
    part_trace_all(world, trace);
    return trace_finish(trace, world_now());
}
