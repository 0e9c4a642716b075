#include "sim/parts/vtpm/vtpm_part.h"

#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/parts/vtpm/vtpm_results.h"
#include "sim/parts/vtpm/vtpm_service.h"
#include "sim/world/domain.h"
#include "sim/world/table_check.h"

typedef struct {
    GPtrArray *services;    /* owned, of owned VtpmService, as in the scenario */
    VtpmManager **managers; /* owned, of owned; by host */
    guint n_hosts;
} VtpmWorld;

/* Of a VM with a vTPM, or of a vTPM; NULL: of neither. */
static VtpmService *
service_of(const Domain *domain)
{
    return part_of_domain(domain, &vtpm_part);
}

Domain *
vtpm_part_of(const Domain *vm)
{
    const VtpmService *service = service_of(vm);

    return service && service->vm == vm ? service->vtpm : NULL;
}

gboolean
vtpm_part_is_vtpm(const Domain *domain)
{
    const VtpmService *service = service_of(domain);

    return service && service->vtpm == domain;
}

const char *
vtpm_part_bound_uuid(const Domain *vm)
{
    return service_of(vm)->bound_uuid;
}

gboolean
vtpm_part_serves(const Domain *vtpm)
{
    return vtpm_service_is_available(service_of(vtpm));
}

void
vtpm_part_depart(const Domain *vtpm)
{
    VtpmService *service = service_of(vtpm);

    service->departed = service->tpm;
}

void
vtpm_part_arrive(const Domain *vtpm, gboolean pages_equal)
{
    VtpmService *service = service_of(vtpm);

    if (!pages_equal)
        service->tpm = service->departed;
}

/* ---- the part ---- */

static gboolean
add_vtpm(World *world, const VtpmSpec *spec, GError **error)
{
    VtpmWorld *own = part_of_world(world, &vtpm_part);
    Domain *vm = world_domain(world, spec->vm);
    const DomainConfig config = {.name = spec->name,
                                 .sort = "vTPMs",
                                 .uuid = spec->uuid,
                                 .host = domain_host(vm),
                                 .memory_bytes = spec->memory_bytes,
                                 .page_bytes = spec->page_bytes,
                                 .vcpus = 1,
                                 .cpu_share = spec->cpu_share,
                                 .with = vm};
    Domain *vtpm = domain_define(world, &config, error);

    if (!vtpm)
        return FALSE;
    VtpmService *service = vtpm_service_new(vm, vtpm, spec, own->managers);
    const char *named = scenario_guest(world->scenario, spec->vm)->vtpm_uuid;
    service->bound_uuid = named ? named : vtpm->uuid;
    g_ptr_array_add(own->services, service);
    part_set_domain(vm, &vtpm_part, service);
    part_set_domain(vtpm, &vtpm_part, service);
    return domain_start_workload(vtpm, spec->workload, error);
}

static void
create_world(World *world)
{
    VtpmWorld *own = g_new0(VtpmWorld, 1);

    own->services = g_ptr_array_new_with_free_func(vtpm_service_free);
    own->n_hosts = world->n_hosts;
    own->managers = g_new(VtpmManager *, own->n_hosts);
    for (guint i = 0; i < own->n_hosts; i++)
        own->managers[i] = vtpm_manager_new();
    part_set_world(world, &vtpm_part, own);
}

static gboolean
create(World *world, GError **error)
{
    const GArray *vtpms = vtpm_keys_of(world->scenario)->vtpms;

    create_world(world);
    invariant_add(world, &invariant_vtpm_together);
    invariant_add(world, &invariant_vtpm_managed);
    invariant_add(world, &invariant_pcr);
    for (guint i = 0; i < vtpms->len; i++)
        if (!add_vtpm(world, &g_array_index(vtpms, VtpmSpec, i), error))
            return FALSE;
    return TRUE;
}

static void
for_each(World *world, void (*act)(VtpmService *service))
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);

    for (guint i = 0; i < own->services->len; i++)
        act(g_ptr_array_index(own->services, i));
}

static void
start(World *world)
{
    for_each(world, vtpm_service_start);
}

static void
notice(Domain *domain)
{
    VtpmService *service = service_of(domain);

    if (service)
        vtpm_service_notice(service);
}

static void
wake(Domain *domain)
{
    VtpmService *service = service_of(domain);

    if (service)
        vtpm_service_wake(service);
}

/* Its commands do. */
static gboolean
writes_pages(const Domain *domain)
{
    return vtpm_part_is_vtpm(domain) && service_of(domain)->spec->script;
}

static void
finish(World *world)
{
    for_each(world, vtpm_service_finish);
}

static void
check_service_tables(VtpmService *service)
{
    table_check_note(service->vtpm->world, "vTPM", service->vtpm->name,
                     vtpm_results_fault(service->commands, service->calls_done, world_now()));
}

static void
check_tables(World *world)
{
    for_each(world, check_service_tables);
}

static void
collect(World *world, Result *result)
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);

    vtpm_results_collect(own->services, result);
}

static void
trace(World *world, Trace *to)
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);

    vtpm_results_trace(own->services, to);
}

static void
forget(World *world)
{
    VtpmWorld *own = part_of_world(world, &vtpm_part);

    if (!own)
        return;
    for (guint i = 0; i < own->n_hosts; i++)
        vtpm_manager_free(own->managers[i]);
    g_free(own->managers);
    g_ptr_array_unref(own->services);
    g_free(own);
}

const Part vtpm_part = {"vtpm",
                        .keys = &vtpm_keys,
                        .create = create,
                        .start = start,
                        .notice = notice,
                        .wake = wake,
                        .writes_pages = writes_pages,
                        .finish = finish,
                        .check_tables = check_tables,
                        .collect = collect,
                        .records = vtpm_records,
                        .trace = trace,
                        .forget = forget};
