#include "sim/parts/vtpm/vtpm_part.h"

#include "sim/parts/vtpm/attestation_results.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/parts/vtpm/vtpm_move.h"
#include "sim/parts/vtpm/vtpm_program.h"
#include "sim/parts/vtpm/vtpm_results.h"
#include "sim/parts/vtpm/vtpm_script.h"
#include "sim/parts/vtpm/vtpm_service.h"
#include "sim/parts/vtpm/vtpm_verifier.h"
#include "sim/world/domain.h"
#include "sim/world/table_check.h"

typedef struct {
    GPtrArray *services;    /* owned, of owned VtpmService, as in the scenario */
    GPtrArray *verifiers;   /* owned, of owned VtpmVerifier, as in the scenario */
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

const char *
vtpm_part_bound_uuid_on(const Domain *vm, guint host)
{
    const VtpmService *service = service_of(vm);
    const char *there = vtpm_manager_bound(service->managers[host], vm->uuid);

    return there ? there : service->bound_uuid;
}

gboolean
vtpm_part_serves(const Domain *vtpm)
{
    return vtpm_service_is_available(service_of(vtpm));
}

void
vtpm_part_depart(const Domain *vtpm)
{
    vtpm_move_begin(service_of(vtpm));
}

void
vtpm_part_receive(gpointer vtpm, gsize first_word, gsize n_words, const guint64 *mask)
{
    vtpm_move_receive(service_of(vtpm), first_word, n_words, mask);
}

void
vtpm_part_receive_all(const Domain *vtpm)
{
    vtpm_move_receive_all(service_of(vtpm));
}

double
vtpm_part_state_bytes(const Domain *vtpm)
{
    return vtpm_move_permanent_bytes(service_of(vtpm));
}

double
vtpm_part_expect_s(const Domain *vtpm)
{
    return vtpm_move_expect_s(service_of(vtpm));
}

double
vtpm_part_lock_s(const Domain *vtpm)
{
    return vtpm_move_lock_s(service_of(vtpm));
}

double
vtpm_part_take_s(const Domain *vtpm)
{
    return vtpm_move_take_s(service_of(vtpm));
}

void
vtpm_part_arrive(const Domain *vtpm)
{
    vtpm_move_arrive(service_of(vtpm));
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
                                 .vcpus = VTPM_VCPUS,
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

static VtpmPlatform
platform_of(const World *world, const char *host)
{
    const GArray *managers = vtpm_keys_of(world->scenario)->managers;

    for (guint i = 0; i < managers->len; i++) {
        const VtpmManagerSpec *spec = &g_array_index(managers, VtpmManagerSpec, i);
        if (g_str_equal(spec->host, host))
            return (VtpmPlatform){host, spec->hardware_tpm, spec->policy, (guint)spec->state_version};
    }
    return (VtpmPlatform){.name = host, .policy = "", .state_version = 1};
}

static gboolean
has_transfer(const GArray *vtpms)
{
    for (guint i = 0; i < vtpms->len; i++) {
        const TpmSpec *tpm = g_array_index(vtpms, VtpmSpec, i).tpm;
        if (tpm && tpm->transfer)
            return TRUE;
    }
    return FALSE;
}

/* Those that are asked of nothing in the scenario do not stand in its results. */
static void
add_invariants(World *world, const GArray *vtpms)
{
    gboolean has_script = vtpms->len == 0, has_log = FALSE;

    invariant_add(world, &invariant_vtpm_together);
    invariant_add(world, &invariant_vtpm_managed);
    for (guint i = 0; i < vtpms->len; i++) {
        const gboolean logs = g_array_index(vtpms, VtpmSpec, i).tpm != NULL;
        has_log |= logs;
        has_script |= !logs;
    }
    if (has_script)
        invariant_add(world, &invariant_pcr);
    if (has_log) {
        invariant_add(world, &invariant_log);
        invariant_add(world, &invariant_counter);
    }
    if (has_transfer(vtpms)) {
        invariant_add(world, &invariant_one_live_copy);
        invariant_add(world, &invariant_deleted_first);
        invariant_add(world, &invariant_state_arrives);
    }
}

static void
add_verifiers(World *world)
{
    VtpmWorld *own = part_of_world(world, &vtpm_part);
    const VtpmKeys *keys = vtpm_keys_of(world->scenario);

    for (guint i = 0; i < keys->verifiers->len; i++) {
        const VerifierSpec *spec = &g_array_index(keys->verifiers, VerifierSpec, i);
        g_ptr_array_add(own->verifiers, vtpm_verifier_new(service_of(world_domain(world, spec->vtpm)), spec));
    }
}

/* What managers have for VMs that come with another vTPM. */
static void
bind_vms(const World *world)
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);
    const GArray *managers = vtpm_keys_of(world->scenario)->managers;

    for (guint i = 0; i < managers->len; i++) {
        const VtpmManagerSpec *spec = &g_array_index(managers, VtpmManagerSpec, i);
        for (guint k = 0; k < spec->bindings->len; k++) {
            const VtpmBindingSpec *binding = &g_array_index(spec->bindings, VtpmBindingSpec, k);
            vtpm_manager_bind(own->managers[world_host(world, spec->host)], world_domain(world, binding->vm)->uuid,
                              binding->uuid);
        }
    }
}

static void
create_world(World *world)
{
    VtpmWorld *own = g_new0(VtpmWorld, 1);

    own->services = g_ptr_array_new_with_free_func(vtpm_service_free);
    own->n_hosts = world->n_hosts;
    own->verifiers = g_ptr_array_new_with_free_func(vtpm_verifier_free);
    own->managers = g_new(VtpmManager *, own->n_hosts);
    for (guint i = 0; i < own->n_hosts; i++) {
        const VtpmPlatform platform = platform_of(world, world->hosts[i].spec->name);
        own->managers[i] = vtpm_manager_new(&platform);
    }
    part_set_world(world, &vtpm_part, own);
}

static gboolean
create(World *world, GError **error)
{
    const GArray *vtpms = vtpm_keys_of(world->scenario)->vtpms;

    create_world(world);
    add_invariants(world, vtpms);
    for (guint i = 0; i < vtpms->len; i++)
        if (!add_vtpm(world, &g_array_index(vtpms, VtpmSpec, i), error))
            return FALSE;
    bind_vms(world);
    add_verifiers(world);
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
    const VtpmWorld *own = part_of_world(world, &vtpm_part);

    for_each(world, vtpm_script_start);
    for_each(world, vtpm_program_start_all);
    for (guint i = 0; i < own->verifiers->len; i++)
        vtpm_verifier_start(g_ptr_array_index(own->verifiers, i));
}

static void
act(World *world, const ActionSpec *action)
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);
    const FailManagerKeys *keys = action_keys(action, &vtpm_keys);

    vtpm_manager_lose(own->managers[world_host(world, keys->host)]);
    for_each(world, vtpm_service_notice);
    for_each(world, vtpm_service_wake);
}

static gboolean
may_move(const Domain *domain, guint destination, Outcome *why)
{
    return !vtpm_part_is_vtpm(domain) || vtpm_move_is_allowed(service_of(domain), destination, why);
}

static void
release(Domain *domain)
{
    if (vtpm_part_is_vtpm(domain))
        vtpm_move_give_up(service_of(domain));
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
    return vtpm_part_is_vtpm(domain) && service_of(domain)->callers->len > 0;
}

static void
finish(World *world)
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);

    for_each(world, vtpm_service_finish);
    for (guint i = 0; i < own->verifiers->len; i++)
        vtpm_verifier_finish(g_ptr_array_index(own->verifiers, i));
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
    if (own->verifiers->len > 0)
        attestation_results_collect(own->verifiers, result);
}

static void
trace(World *world, Trace *to)
{
    const VtpmWorld *own = part_of_world(world, &vtpm_part);

    vtpm_results_trace(own->services, to);
    attestation_results_trace(own->verifiers, to);
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
    g_ptr_array_unref(own->verifiers);
    g_ptr_array_unref(own->services);
    g_free(own);
}

const Part vtpm_part = {"vtpm",
                        .keys = &vtpm_keys,
                        .create = create,
                        .start = start,
                        .act = act,
                        .notice = notice,
                        .wake = wake,
                        .may_move = may_move,
                        .release = release,
                        .writes_pages = writes_pages,
                        .finish = finish,
                        .check_tables = check_tables,
                        .collect = collect,
                        .records = vtpm_records,
                        .trace = trace,
                        .forget = forget};
