#include "sim/parts/vtpm/vtpm_service.h"

#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/processors.h"

#include <math.h>
#include <simgrid/actor.h>

enum { COMMANDS_MAX = 2500000 }; /* chosen: 120 MB of rows, five months at the usual interval */

const Invariant invariant_vtpm_together = {"vtpm_serves_its_host",
                                           "a vTPM serves its VM only while both run on one host"};
const Invariant invariant_vtpm_managed = {"vtpm_has_one_manager",
                                          "a vTPM is served by its own host's manager domain and no other"};
const Invariant invariant_pcr = {"pcr_as_without_migration", "the PCR is that of the same calls without a migration"};

/* A vTPM's back end hangs on the manager domain of the host where the vTPM is at home, and on no other. */
static void
connect_to_manager(VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    for (guint i = 0; i < vtpm->world->n_hosts; i++)
        if (i != domain_host(vtpm))
            vtpm_manager_release(service->managers[i], vtpm->uuid);
    service->manager_host = domain_host(vtpm);
    const VtpmRequestResult result = vtpm_manager_request(service->managers[service->manager_host], vtpm->uuid);
    invariant_check(vtpm->world, &invariant_vtpm_managed, result != VTPM_INSTANCE_BUSY, "%s is served already",
                    vtpm->name);
}

VtpmService *
vtpm_service_new(Domain *vm, Domain *vtpm, const VtpmSpec *spec, VtpmManager *const *managers)
{
    VtpmService *service = g_new0(VtpmService, 1);

    service->vm = vm;
    service->vtpm = vtpm;
    service->spec = spec;
    service->managers = managers;
    service->commands = g_array_new(FALSE, FALSE, sizeof(VtpmCommand));
    service->unavailable_since_s = NAN;
    tpm_init(&service->tpm);
    connect_to_manager(service);
    return service;
}

void
vtpm_service_free(gpointer data)
{
    VtpmService *service = data;

    if (service->changed)
        sg_sem_destroy(service->changed);
    g_array_unref(service->commands);
    g_free(service);
}

gboolean
vtpm_service_is_available(const VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    return domain_is_running(vtpm) && domain_is_running(service->vm) && domain_host(vtpm) == domain_host(service->vm) &&
           g_str_equal(service->bound_uuid, vtpm->uuid) &&
           vtpm_manager_serves(service->managers[domain_host(vtpm)], vtpm->uuid);
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

void
vtpm_service_notice(VtpmService *service)
{
    if (domain_host(service->vtpm) != service->manager_host)
        connect_to_manager(service);
    if (!domain_is_running(service->vm) || vtpm_service_is_available(service))
        close_absence(service);
    else if (isnan(service->unavailable_since_s))
        service->unavailable_since_s = world_now();
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

void
vtpm_service_wake(VtpmService *service)
{
    if (!service->waiting)
        return;
    service->waiting = FALSE;
    sg_sem_release(service->changed);
}

/* Until the VM runs; FALSE: it never will again. */
static gboolean
wait_for_vm(VtpmService *service)
{
    const Domain *vm = service->vm;

    while (!domain_is_running(vm)) {
        if (domain_is_gone(vm))
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
    const Domain *vm = service->vm;

    while (!vtpm_service_is_available(service)) {
        const gboolean vm_runs = domain_is_running(vm);
        if (domain_is_gone(vm) || (vm_runs && *patience_s <= ENGINE_PRECISION_S))
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

    invariant_check(vtpm->world, &invariant_vtpm_together,
                    domain_host(vtpm) == domain_host(service->vm) && domain_is_running(vtpm),
                    "%s served %s from another host", vtpm->name, service->vm->name);
    service->calls_done++;
    tpm_run_script_call(&service->tpm, service->vm->name, command->call, command->digest);
    for (gint64 page = 0; page < service->spec->pages_per_command && (guint64)page < vtpm->pages; page++)
        dirty_write(vtpm->log, world_now(), (guint64)page);
}

/* The answer is computed by a thread of the vTPM's host. */
static void
compute(const VtpmService *service)
{
    ProcessorThread *thread = processors_enter(service->vtpm->world, domain_host(service->vtpm), 1);

    processors_work(thread, service->spec->service_s);
    processors_leave(thread);
}

static void
call_vtpm(VtpmService *service, guint64 call)
{
    VtpmCommand command = {.call = call, .issued_s = world_now(), .failed = TRUE};
    double patience_s = service->spec->command_timeout_s;

    if (wait_for_vtpm(service, &patience_s)) {
        compute(service);
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
                       service->vm->name, service->commands->len, world_now());
        guard_pass();
        sg_actor_sleep_for(script->interval_s);
    }
}

void
vtpm_service_start(VtpmService *service)
{
    g_autofree char *name = g_strconcat("script of ", service->vm->name, NULL);

    if (!service->spec->script)
        return;
    service->changed = sg_sem_init(0);
    world_start_actor(name, service->vtpm->world->hosts[domain_host(service->vtpm)].sg, run_script, service, TRUE);
}

void
vtpm_service_finish(VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    close_absence(service);
    invariant_check(vtpm->world, &invariant_pcr,
                    tpm_matches_script(&service->tpm, service->vm->name, service->calls_done),
                    "the PCR of %s is not that of %" G_GUINT64_FORMAT " calls", vtpm->name, service->calls_done);
}
