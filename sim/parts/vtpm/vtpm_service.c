#include "sim/parts/vtpm/vtpm_service.h"

#include "sim/world/domain.h"
#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>

const Invariant invariant_vtpm_together = {"vtpm_serves_its_host",
                                           "a vTPM serves its VM only while both run on one host"};
const Invariant invariant_vtpm_managed = {"vtpm_has_one_manager",
                                          "a vTPM is served by its own host's manager domain and no other"};
const Invariant invariant_log = {"registers_as_logged",
                                 "a vTPM's registers are those that its guest's event log gives"};
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

/* What a PC measures before its system runs (PC Client platform firmware profile, PCR usage). */
static void
measure_boot(VtpmService *service)
{
    static const char *const events[] = {
        "firmware",    "firmware configuration",    "option ROMs",     "option ROM configuration",
        "boot loader", "boot loader configuration", "platform events", "secure boot policy"};

    for (guint pcr = 0; pcr < G_N_ELEMENTS(events); pcr++)
        event_log_measure(service->log, &service->tpm, pcr, events[pcr]);
    if (service->spec->tpm->arrival == TPM_ARRIVAL_EXTEND)
        event_log_measure(service->log, &service->tpm, VTPM_HOST_PCR, vtpm_service_host(service));
}

static void
make_tpm(VtpmService *service)
{
    const VtpmSpec *spec = service->spec;
    const TpmSpec *tpm = spec->tpm;

    tpm_init(&service->tpm, tpm ? tpm->generation : TPM_1_2, (gsize)spec->page_bytes, tpm ? (gsize)tpm->nv_bytes : 0,
             spec->name);
    if (!tpm)
        return;
    service->log = event_log_new();
    measure_boot(service);
}

const char *
vtpm_service_host(const VtpmService *service)
{
    return service->vtpm->world->hosts[domain_host(service->vtpm)].spec->name;
}

static void
free_caller(gpointer data)
{
    VtpmCaller *caller = data;

    sg_sem_destroy(caller->changed);
    g_free(caller);
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
    service->here.state = VTPM_COPY_LIVE;
    service->key_known_s = INFINITY;
    service->callers = g_ptr_array_new_with_free_func(free_caller);
    service->turn = sg_sem_init(1);
    make_tpm(service);
    connect_to_manager(service);
    return service;
}

void
vtpm_service_free(gpointer data)
{
    VtpmService *service = data;

    g_clear_pointer(&service->programs, g_ptr_array_unref);
    g_ptr_array_unref(service->callers);
    if (service->turn)
        sg_sem_destroy(service->turn);
    event_log_free(service->log);
    g_array_unref(service->commands);
    tpm_clear(&service->tpm);
    tpm_memory_free(service->arriving);
    g_free(service);
}

gboolean
vtpm_service_is_available(const VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    return domain_is_running(vtpm) && domain_is_running(service->vm) && domain_host(vtpm) == domain_host(service->vm) &&
           service->here.state == VTPM_COPY_LIVE && g_str_equal(service->bound_uuid, vtpm->uuid) &&
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

VtpmCaller *
vtpm_service_add_caller(VtpmService *service)
{
    VtpmCaller *caller = g_new0(VtpmCaller, 1);

    caller->service = service;
    caller->changed = sg_sem_init(0);
    g_ptr_array_add(service->callers, caller);
    return caller;
}

static void
wake_caller(VtpmCaller *caller)
{
    if (!caller->waiting)
        return;
    caller->waiting = FALSE;
    sg_sem_release(caller->changed);
}

void
vtpm_service_wake(VtpmService *service)
{
    for (guint i = 0; i < service->callers->len; i++)
        wake_caller(g_ptr_array_index(service->callers, i));
}

static void
write_page(guint64 page, gpointer data)
{
    const Domain *vtpm = data;

    dirty_write(vtpm->log, world_now(), page);
}

/* The pages of its state, and its other ones. */
void
vtpm_service_answered(VtpmService *service)
{
    Domain *vtpm = service->vtpm;

    invariant_check(vtpm->world, &invariant_vtpm_together,
                    domain_host(vtpm) == domain_host(service->vm) && domain_is_running(vtpm),
                    "%s served %s from another host", vtpm->name, service->vm->name);
    tpm_memory_take_written(service->tpm.memory, write_page, vtpm);
    for (gint64 page = 0; page < service->spec->pages_per_command && (guint64)page < vtpm->pages; page++)
        write_page((guint64)page, vtpm);
}

double
vtpm_service_command_s(const VtpmService *service, TpmCommand command)
{
    const TpmSpec *tpm = service->spec->tpm;

    return tpm && !isnan(tpm->command_s[command]) ? tpm->command_s[command] : service->spec->service_s;
}

void
vtpm_service_finish(VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    close_absence(service);
    if (service->state_lost)
        return; /* and said to be */
    if (service->log)
        invariant_check(vtpm->world, &invariant_log, event_log_agrees(service->log, &service->tpm),
                        "the registers of %s are not those of its event log", vtpm->name);
    else
        invariant_check(vtpm->world, &invariant_pcr,
                        tpm_matches_script(&service->tpm, service->vm->name, service->calls_done),
                        "the PCR of %s is not that of %" G_GUINT64_FORMAT " calls", vtpm->name, service->calls_done);
}
