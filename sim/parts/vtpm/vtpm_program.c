#include "sim/parts/vtpm/vtpm_program.h"

#include "sim/world/domain.h"
#include "sim/world/guard.h"

#include <simgrid/actor.h>

const Invariant invariant_counter = {"counter_never_goes_down",
                                     "no program sees its TPM's counter go down or stand still"};

static void
give_command(gpointer data)
{
    VtpmProgram *program = data;
    VtpmService *service = program->caller->service;
    const TpmResult result = tpm_command(&service->tpm, program->spec->command, &program->session, service->log);

    if (result != TPM_OK) {
        program->refused++;
        program->refusal = result;
    }
    invariant_check(service->vtpm->world, &invariant_counter, service->state_lost || !program->session.rolled_back,
                    "the counter of %s went down for %s", service->vtpm->name, program->spec->name);
    vtpm_service_answered(service);
}

static void
run_program(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    VtpmProgram *program = sg_actor_self_get_data();
    const VtpmService *service = program->caller->service;
    const double command_s = vtpm_service_command_s(service, program->spec->command);

    sg_actor_sleep_for(program->spec->start_s);
    while (vtpm_caller_wait_for_vm(program->caller)) {
        const double issued_s = world_now();
        if (vtpm_caller_call(program->caller, command_s, service->spec->command_timeout_s, give_command, program)) {
            const double took_s = world_now() - issued_s;
            g_array_append_val(program->latencies_s, took_s);
        } else {
            program->failed++;
        }
        guard_pass();
        sg_actor_sleep_for(program->spec->interval_s);
    }
}

static void
start_program(VtpmService *service, const TpmCallerSpec *spec)
{
    VtpmProgram *program = g_new0(VtpmProgram, 1);
    g_autofree char *name = g_strdup_printf("%s of %s", spec->name, service->vm->name);

    program->spec = spec;
    program->session = (TpmSession){.name = spec->name, .pcr = spec->pcr, .counter = service->programs->len};
    program->latencies_s = g_array_new(FALSE, FALSE, sizeof(double));
    program->caller = vtpm_service_add_caller(service);
    g_ptr_array_add(service->programs, program);
    world_start_actor(name, service->vtpm->world->hosts[domain_host(service->vtpm)].sg, run_program, program, TRUE);
}

void
vtpm_program_start_all(VtpmService *service)
{
    const TpmSpec *tpm = service->spec->tpm;

    if (!tpm || tpm->callers->len == 0)
        return;
    service->programs = g_ptr_array_new_with_free_func(vtpm_program_free);
    for (guint i = 0; i < tpm->callers->len; i++)
        start_program(service, &g_array_index(tpm->callers, TpmCallerSpec, i));
}

void
vtpm_program_free(gpointer data)
{
    VtpmProgram *program = data;

    g_array_unref(program->latencies_s);
    g_free(program);
}
