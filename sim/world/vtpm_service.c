#include "sim/world/vtpm_service.h"

#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/invariant.h"

#include <math.h>
#include <simgrid/actor.h>

enum { COMMANDS_MAX = 2500000 }; /* chosen: 120 MB of rows, five months at the usual interval */

static VtpmService *
new_service(Domain *vtpm, const VtpmSpec *spec)
{
    VtpmService *service = g_new0(VtpmService, 1);

    service->vtpm = vtpm;
    service->spec = spec;
    service->commands = g_array_new(FALSE, FALSE, sizeof(VtpmCommand));
    service->unavailable_since_s = NAN;
    tpm_init(&service->tpm);
    return service;
}

static void
free_service(VtpmService *service)
{
    if (service->changed)
        sg_sem_destroy(service->changed);
    g_array_unref(service->commands);
    g_free(service);
}

/* A time without vTPM that is still open counts up to now. */
static void
close_absence(VtpmService *service)
{
    if (isnan(service->unavailable_since_s))
        return;
    const double lasted_s = world_now() - service->unavailable_since_s;
    service->unavailable_s += lasted_s;
    service->unavailable_max_s = MAX(service->unavailable_max_s, lasted_s);
    service->unavailable_since_s = NAN;
}

static VtpmService *
service_of(const Domain *domain)
{
    const Domain *vtpm = domain->is_vtpm ? domain : domain->partner;

    return vtpm ? vtpm->service : NULL;
}

/* An instance of the VM or of the vTPM has changed: keeps account of when the VM has no vTPM. */
static void
notice(Domain *domain)
{
    VtpmService *service = service_of(domain);

    if (!service)
        return;
    const gboolean missed = domain_is_running(service->vtpm->partner) && !domain_vtpm_is_available(service->vtpm);

    if (!missed)
        close_absence(service);
    else if (isnan(service->unavailable_since_s))
        service->unavailable_since_s = world_now();
}

void
vtpm_service_depart(VtpmService *service)
{
    service->departed = service->tpm;
}

void
vtpm_service_arrive(VtpmService *service, gboolean pages_equal)
{
    if (!pages_equal)
        service->tpm = service->departed;
}

/* ---- the script ---- */

/* Nothing between a look at the domains and this wait lets another actor run, so no change is missed. It is a semaphore
 * because the world may end meanwhile: SimGrid 3.32 aborts when it ends an actor that waits for a condition variable.
 */
static void
wait_for_change(VtpmService *service, double at_most_s)
{
    guard_pass();
    service->waiting = TRUE;
    if (isinf(at_most_s))
        sg_sem_acquire(service->changed);
    else
        (void)sg_sem_acquire_timeout(service->changed, at_most_s);
    service->waiting = FALSE;
}

static void
wake(Domain *domain)
{
    VtpmService *service = service_of(domain);

    if (!service || !service->waiting)
        return;
    service->waiting = FALSE;
    sg_sem_release(service->changed);
}

/* Until the VM runs; FALSE: it never will again. */
static gboolean
wait_for_vm(VtpmService *service)
{
    const Domain *vm = service->vtpm->partner;

    while (!domain_is_running(vm)) {
        if (domain_is_lost(vm))
            return FALSE;
        wait_for_change(service, INFINITY);
    }
    return TRUE;
}

/* Until the vTPM can serve; FALSE: the running VM has waited for patience_s, or was lost. While the VM is stopped its
 * clock stands still. */
static gboolean
wait_for_vtpm(VtpmService *service, double *patience_s)
{
    const Domain *vm = service->vtpm->partner;

    while (!domain_vtpm_is_available(service->vtpm)) {
        const gboolean vm_runs = domain_is_running(vm);
        if (domain_is_lost(vm) || (vm_runs && *patience_s <= ENGINE_PRECISION_S))
            return FALSE;
        const double since_s = world_now();
        wait_for_change(service, vm_runs ? *patience_s : INFINITY);
        if (vm_runs)
            *patience_s -= world_now() - since_s;
    }
    return TRUE;
}

/* Served: the answer is computed and the vTPM's pages are written. */
static void
execute(VtpmService *service, VtpmCommand *command)
{
    const Domain *vtpm = service->vtpm;

    invariant_check(vtpm->world, INVARIANT_VTPM_TOGETHER,
                    domain_host(vtpm) == domain_host(vtpm->partner) && domain_is_running(vtpm),
                    "%s served %s from another host", vtpm->name, vtpm->partner->name);
    service->calls_done++;
    tpm_run_script_call(&service->tpm, vtpm->partner->name, command->call, command->digest);
    for (gint64 page = 0; page < service->spec->pages_per_command && (guint64)page < vtpm->pages; page++)
        dirty_write(vtpm->log, world_now(), (guint64)page);
}

static void
call_vtpm(VtpmService *service, guint64 call)
{
    VtpmCommand command = {.call = call, .issued_s = world_now(), .failed = TRUE};
    double patience_s = service->spec->command_timeout_s;

    if (wait_for_vtpm(service, &patience_s)) {
        sg_actor_sleep_for(service->spec->service_s);
        /* stopped or parted while it was served: the front end waits for the answer */
        if (wait_for_vtpm(service, &patience_s)) {
            execute(service, &command);
            command.failed = FALSE;
        }
    }
    command.ended_s = world_now();
    g_array_append_val(service->commands, command);
}

static void
run_script(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    VtpmService *service = sg_actor_self_get_data();
    const ScriptSpec *script = service->spec->script;

    sg_actor_sleep_for(script->start_s);
    while (wait_for_vm(service)) {
        call_vtpm(service, service->calls_done + 1);
        if (service->commands->len >= COMMANDS_MAX)
            guard_stop(GUARD_ERROR_TOO_LARGE,
                       "the script of %s made %u calls by %.10g s, expected a longer interval or a shorter run",
                       service->vtpm->partner->name, service->commands->len, world_now());
        guard_pass();
        sg_actor_sleep_for(script->interval_s);
    }
}

static void
start_script(VtpmService *service)
{
    g_autofree char *name = g_strconcat("script of ", service->vtpm->partner->name, NULL);

    if (!service->spec->script)
        return;
    service->changed = sg_sem_init(0);
    world_start_actor(name, service->vtpm->world->hosts[domain_host(service->vtpm)].sg, run_script, service, TRUE);
}

/* ---- the part ---- */

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    for (guint i = 0; i < world->scenario->vtpms->len; i++) {
        const VtpmSpec *spec = &g_array_index(world->scenario->vtpms, VtpmSpec, i);
        Domain *vtpm = world_domain(world, spec->name);
        vtpm->service = new_service(vtpm, spec);
    }
    return TRUE;
}

static void
for_each(World *world, void (*act)(VtpmService *service))
{
    for (guint i = 0; i < world->domains->len; i++) {
        const Domain *domain = g_ptr_array_index(world->domains, i);
        if (domain->service)
            act(domain->service);
    }
}

static void
start(World *world)
{
    for_each(world, start_script);
}

static void
check_pcr(VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    close_absence(service);
    invariant_check(vtpm->world, INVARIANT_PCR,
                    tpm_matches_script(&service->tpm, vtpm->partner->name, service->calls_done),
                    "the PCR of %s is not that of %" G_GUINT64_FORMAT " calls", vtpm->name, service->calls_done);
}

static void
finish(World *world)
{
    for_each(world, check_pcr);
}

static void
forget(World *world)
{
    for_each(world, free_service);
}

/* Its commands do. */
static gboolean
writes_pages(const Domain *domain)
{
    return domain->is_vtpm && domain->service->spec->script;
}

const Part vtpm_part = {"vtpm",           .create = create, .start = start,
                        .notice = notice, .wake = wake,     .writes_pages = writes_pages,
                        .finish = finish, .forget = forget};
