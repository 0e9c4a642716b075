#include "sim/parts/vtpm/vtpm_script.h"

#include "sim/parts/vtpm/vtpm_caller.h"
#include "sim/world/domain.h"
#include "sim/world/guard.h"

#include <simgrid/actor.h>
#include <string.h>

enum { COMMANDS_MAX = 2500000 }; /* chosen: 120 MB of rows, five months at the usual interval */

typedef struct {
    VtpmService *service;
    VtpmCommand command;
} ScriptCall;

/* What it extends stands in the guest's log, where there is one. */
static void
run_logged_call(VtpmService *service, VtpmCommand *command)
{
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    tpm_script_digests(service->vm->name, command->call, TPM_N_BANKS, digests);
    event_log_extend(service->log, &service->tpm, tpm_script_pcr(&service->tpm), digests);
    memcpy(command->digest, digests[TPM_SHA1], sizeof command->digest);
}

static void
run_call(gpointer data)
{
    ScriptCall *call = data;
    VtpmService *service = call->service;

    service->calls_done++;
    if (service->log)
        run_logged_call(service, &call->command);
    else
        tpm_run_script_call(&service->tpm, service->vm->name, call->command.call, call->command.digest);
    vtpm_service_answered(service);
}

static void
call_vtpm(VtpmCaller *caller, guint64 number)
{
    VtpmService *service = caller->service;
    ScriptCall call = {service, {.call = number, .issued_s = world_now()}};

    call.command.failed = !vtpm_caller_call(caller, vtpm_service_command_s(service, TPM_COMMAND_EXTEND),
                                            service->spec->command_timeout_s, run_call, &call);
    call.command.ended_s = world_now();
    g_array_append_val(service->commands, call.command);
}

static void
run_script(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    VtpmCaller *caller = sg_actor_self_get_data();
    VtpmService *service = caller->service;
    const ScriptSpec *script = service->spec->script;

    sg_actor_sleep_for(script->start_s);
    while (vtpm_caller_wait_for_vm(caller)) {
        call_vtpm(caller, service->calls_done + 1);
        if (service->commands->len >= COMMANDS_MAX)
            guard_stop(GUARD_ERROR_TOO_LARGE,
                       "the script of %s made %u calls by %.10g s, expected a longer interval or a shorter run",
                       service->vm->name, service->commands->len, world_now());
        guard_pass();
        sg_actor_sleep_for(script->interval_s);
    }
}

void
vtpm_script_start(VtpmService *service)
{
    g_autofree char *name = g_strconcat("script of ", service->vm->name, NULL);

    if (!service->spec->script)
        return;
    world_start_actor(name, service->vtpm->world->hosts[domain_host(service->vtpm)].sg, run_script,
                      vtpm_service_add_caller(service), TRUE);
}
