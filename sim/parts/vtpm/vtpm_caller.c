#include "sim/parts/vtpm/vtpm_caller.h"

#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/processors.h"

#include <math.h>

/* Nothing between a look at the domains and this wait lets another actor run, so no change is missed. It is a semaphore
 * because the world may end meanwhile: SimGrid 3.32 aborts when it ends an actor that waits for a condition variable.
 */
static void
wait_for_change(VtpmCaller *caller, double at_most_s)
{
    guard_pass();
    caller->waiting = TRUE;
    if (isinf(at_most_s))
        sg_sem_acquire(caller->changed);
    else
        (void)sg_sem_acquire_timeout(caller->changed, at_most_s);
    caller->waiting = FALSE;
}

gboolean
vtpm_caller_wait_for_vm(VtpmCaller *caller)
{
    const Domain *vm = caller->service->vm;

    while (!domain_is_running(vm)) {
        if (domain_is_gone(vm))
            return FALSE;
        wait_for_change(caller, INFINITY);
    }
    return TRUE;
}

/* Until the vTPM can serve; FALSE: the running VM has waited for patience_s, or was lost. While the VM is stopped its
 * clock stands still. */
static gboolean
wait_for_vtpm(VtpmCaller *caller, double *patience_s)
{
    const Domain *vm = caller->service->vm;

    while (!vtpm_service_is_available(caller->service)) {
        const gboolean clock_runs = caller->remote || domain_is_running(vm);
        if ((domain_is_gone(vm) && !caller->remote) || (clock_runs && *patience_s <= ENGINE_PRECISION_S))
            return FALSE;
        const double since_s = world_now();
        wait_for_change(caller, clock_runs ? *patience_s : INFINITY);
        if (clock_runs)
            *patience_s -= world_now() - since_s;
    }
    return TRUE;
}

/* The answer is computed by a thread of the vTPM's host. */
static void
compute(const VtpmService *service, double service_s)
{
    ProcessorThread *thread = processors_enter(service->vtpm->world, domain_host(service->vtpm), 1);

    processors_work(thread, service_s);
    processors_leave(thread);
}

static gboolean
serve(VtpmCaller *caller, double service_s, double patience_s, void (*carry_out)(gpointer data), gpointer data)
{
    if (!wait_for_vtpm(caller, &patience_s))
        return FALSE;
    compute(caller->service, service_s);
    /* stopped or parted while it was served: the front end waits for the answer */
    if (!wait_for_vtpm(caller, &patience_s))
        return FALSE;
    carry_out(data);
    return TRUE;
}

gboolean
vtpm_caller_call(VtpmCaller *caller, double service_s, double patience_s, void (*carry_out)(gpointer data),
                 gpointer data)
{
    VtpmService *service = caller->service;
    const double since_s = world_now();

    if (service->callers->len == 1)
        return serve(caller, service_s, patience_s, carry_out, data);
    guard_pass();
    if (sg_sem_acquire_timeout(service->turn, patience_s))
        return FALSE;
    const gboolean served = serve(caller, service_s, MAX(patience_s - (world_now() - since_s), 0), carry_out, data);
    sg_sem_release(service->turn);
    return served;
}
