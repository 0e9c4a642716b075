#include "sim/parts/vtpm/vtpm_results.h"

#include "models/base/statistics.h"
#include "sim/output/shown.h"
#include "sim/parts/vtpm/attestation_results.h"
#include "sim/parts/vtpm/vtpm_program.h"
#include "sim/world/domain.h"
#include "sim/world/table_check.h"

#include <math.h>

typedef struct {
    guint64 done, failed;
    double unavailable_s, unavailable_max_s;
    double p50_s, p99_s, max_s; /* NAN: no command was answered */
    const char *pcr, *place;
} VtpmNumbers;

static const RecordField vtpm_fields[] = {
    {"commands_done", RECORD_COUNT(VtpmNumbers, done), "commands answered"},
    {"commands_failed", RECORD_COUNT(VtpmNumbers, failed), "commands that waited longer than the command timeout"},
    {"unavailable_s", RECORD_NUMBER(VtpmNumbers, unavailable_s),
     "while the VM ran and its vTPM could not serve it, in all"},
    {"unavailable_max_s", RECORD_NUMBER(VtpmNumbers, unavailable_max_s), "the longest such time"},
    {"latency_p50_s", RECORD_NUMBER(VtpmNumbers, p50_s), "half of the answered commands took no longer",
     .optional = TRUE},
    {"latency_p99_s", RECORD_NUMBER(VtpmNumbers, p99_s), "99 % of them took no longer", .optional = TRUE},
    {"latency_max_s", RECORD_NUMBER(VtpmNumbers, max_s), "the longest answered command", .optional = TRUE},
    {"pcr", RECORD_WORD(VtpmNumbers, pcr), "the script's register at the end, of the bank of SHA-1"},
    {"place", RECORD_WORD(VtpmNumbers, place), "at the end: with-vm, apart, lost, or vm-lost"},
    {NULL},
};
static const Record vtpm_record = {"vtpm.NAME", vtpm_fields, "a vTPM"};

/* Of a vTPM of which the scenario says what it is. */
typedef struct {
    const char *state, *sha256;
    guint64 moves;
} TpmNumbers;

static const RecordField tpm_fields[] = {
    {"state", RECORD_WORD(TpmNumbers, state),
     "at the end: kept, or lost (a new TPM, or one that refused what arrived)"},
    {"script_register", RECORD_WORD(TpmNumbers, sha256),
     "register 16 at the end, of the bank of SHA-256; of a TPM 1.2 none"},
    {"moves", RECORD_COUNT(TpmNumbers, moves), "copies of its state that were begun"},
    {NULL},
};
static const Record tpm_record = {"tpm.NAME", tpm_fields, "what became of a vTPM's state"};

typedef struct {
    guint64 done, refused, failed;
    const char *refusal;
    double p50_s, p99_s, max_s;
} CallerNumbers;

static const RecordField caller_fields[] = {
    {"done", RECORD_COUNT(CallerNumbers, done), "commands answered"},
    {"refused", RECORD_COUNT(CallerNumbers, refused), "of these, answered with an error"},
    {"refusal", RECORD_WORD(CallerNumbers, refusal), "the last such error; ok: none"},
    {"failed", RECORD_COUNT(CallerNumbers, failed), "commands that waited longer than the command timeout"},
    {"latency_p50_s", RECORD_NUMBER(CallerNumbers, p50_s), "half of the answered commands took no longer",
     .optional = TRUE},
    {"latency_p99_s", RECORD_NUMBER(CallerNumbers, p99_s), "99 % of them took no longer", .optional = TRUE},
    {"latency_max_s", RECORD_NUMBER(CallerNumbers, max_s), "the longest answered command", .optional = TRUE},
    {NULL},
};
static const Record caller_record = {"tpm_caller.NAME", caller_fields, "a program that calls its TPM: VTPM.PROGRAM"};

typedef struct {
    const char *vtpm;
    guint64 call;
    double issued_s, ended_s;
    const char *outcome, *sha1;
} CommandRow;

static const RecordField command_fields[] = {
    {"vtpm", RECORD_WORD(CommandRow, vtpm), "as in the scenario"},
    {"call", RECORD_COUNT(CommandRow, call), "its number; a failed call is made again under the same one"},
    {"issued_s", RECORD_NUMBER(CommandRow, issued_s), "when it was made"},
    {"ended_s", RECORD_NUMBER(CommandRow, ended_s), "when it was answered, or given up"},
    {"outcome", RECORD_WORD(CommandRow, outcome), "done or failed"},
    {"sha1", RECORD_WORD(CommandRow, sha1), "the digest that was extended; of a call that was done"},
    {NULL},
};
static const Record command_record = {"commands.csv", command_fields, "commands of every vTPM"};

const Record *const vtpm_records[] = {
    &vtpm_record,        &tpm_record, &caller_record, &command_record, &attestation_verifier_record,
    &attestation_record, NULL};

static GArray *
sorted_latencies(const VtpmService *service)
{
    GArray *latencies = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < service->commands->len; i++) {
        const VtpmCommand *command = &g_array_index(service->commands, VtpmCommand, i);
        const double latency_s = command->ended_s - command->issued_s;
        if (!command->failed)
            g_array_append_val(latencies, latency_s);
    }
    statistics_sort(latencies);
    return latencies;
}

/* Where the vTPM is, seen from its VM. */
static const char *
place_word(const VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    if (domain_is_gone(vtpm))
        return domain_state_text(vtpm);
    if (domain_is_gone(service->vm))
        return "vm-lost";
    return domain_host(vtpm) == domain_host(service->vm) ? "with-vm" : "apart";
}

/* What a person is told first. */
static void
say_vtpm(const VtpmNumbers *numbers, const char *name, Result *result)
{
    char unavailable[SHOWN_SIZE];

    result_say_one(result, "vTPMs",
                   "vTPM %s: %" G_GUINT64_FORMAT " commands done, %" G_GUINT64_FORMAT " failed, unavailable for %s s",
                   name, numbers->done, numbers->failed, shown_seconds(unavailable, numbers->unavailable_s));
}

static void
collect_vtpm(const VtpmService *service, Result *result)
{
    g_autoptr(GArray) latencies = sorted_latencies(service);
    guint8 value[TPM_DIGEST_MAX];
    (void)tpm_read_pcr(&service->tpm, TPM_SHA1, tpm_script_pcr(&service->tpm), value);
    g_autofree char *pcr = tpm_digest_text(TPM_SHA1, value);
    const VtpmNumbers numbers = {.done = service->calls_done,
                                 .failed = service->commands->len - service->calls_done,
                                 .unavailable_s = service->unavailable_s,
                                 .unavailable_max_s = service->unavailable_max_s,
                                 .p50_s = statistics_nearest_rank(latencies, 0.5),
                                 .p99_s = statistics_nearest_rank(latencies, 0.99),
                                 .max_s = statistics_nearest_rank(latencies, 1),
                                 .pcr = pcr,
                                 .place = place_word(service)};

    record_add(&vtpm_record, &numbers, result, "vtpm.%s", service->vtpm->name);
    if (service->spec->script || !service->programs)
        say_vtpm(&numbers, service->vtpm->name, result);
}

static void
collect_caller(const VtpmProgram *program, const char *vtpm, Result *result)
{
    statistics_sort(program->latencies_s);
    const CallerNumbers numbers = {.done = program->latencies_s->len,
                                   .refused = program->refused,
                                   .refusal = tpm_result_text(program->refusal),
                                   .failed = program->failed,
                                   .p50_s = statistics_nearest_rank(program->latencies_s, 0.5),
                                   .p99_s = statistics_nearest_rank(program->latencies_s, 0.99),
                                   .max_s = statistics_nearest_rank(program->latencies_s, 1)};

    record_add(&caller_record, &numbers, result, "tpm_caller.%s.%s", vtpm, program->spec->name);
    result_say_one(result, "vTPMs",
                   "%s on %s: %" G_GUINT64_FORMAT " commands done, %" G_GUINT64_FORMAT " refused, %" G_GUINT64_FORMAT
                   " failed",
                   program->spec->name, vtpm, numbers.done, numbers.refused, numbers.failed);
}

static void
collect_tpm(const VtpmService *service, Result *result)
{
    guint8 value[TPM_DIGEST_MAX];
    const gboolean has_sha256 = tpm_read_pcr(&service->tpm, TPM_SHA256, tpm_script_pcr(&service->tpm), value) == TPM_OK;
    g_autofree char *sha256 = has_sha256 ? tpm_digest_text(TPM_SHA256, value) : g_strdup("none");
    const TpmNumbers numbers = {service->state_lost ? "lost" : "kept", sha256, service->moves};

    record_add(&tpm_record, &numbers, result, "tpm.%s", service->vtpm->name);
    for (guint i = 0; service->programs && i < service->programs->len; i++)
        collect_caller(g_ptr_array_index(service->programs, i), service->vtpm->name, result);
    if (service->state_lost)
        result_say_one(result, "vTPMs", "vTPM %s: its state was lost: registers, keys and what was sealed are gone",
                       service->vtpm->name);
}

static void
append_commands(GString *table, const VtpmService *service)
{
    for (guint i = 0; i < service->commands->len; i++) {
        const VtpmCommand *command = &g_array_index(service->commands, VtpmCommand, i);
        g_autofree char *digest = command->failed ? NULL : tpm_digest_text(TPM_SHA1, command->digest);
        const CommandRow row = {service->vtpm->name,
                                command->call,
                                command->issued_s,
                                command->ended_s,
                                command->failed ? "failed" : "done",
                                digest};
        record_append_row(&command_record, &row, table);
    }
}

void
vtpm_results_collect(const GPtrArray *vtpms, Result *result)
{
    GString *commands = record_table(&command_record);

    for (guint i = 0; i < vtpms->len; i++) {
        const VtpmService *service = g_ptr_array_index(vtpms, i);
        const gboolean listed = service->vtpm->world->scenario->engine->list_commands;
        collect_vtpm(service, result);
        if (service->spec->tpm)
            collect_tpm(service, result);
        if (listed)
            append_commands(commands, service);
    }
    record_take_table(&command_record, commands, result);
}

/* ---- the time line ---- */

/* Of many commands some, and those that failed. */
static void
show_commands(const VtpmService *service, Trace *trace)
{
    TraceTrack *track = trace_track(trace, service->vtpm->sort, "%s commands", service->vtpm->name);
    const guint stride = trace_stride(service->commands->len);
    guint failed = 0;

    for (guint i = 0; i < service->commands->len; i++) {
        const VtpmCommand *command = &g_array_index(service->commands, VtpmCommand, i);
        if (i % stride != 0 && (!command->failed || failed++ >= TRACE_MAX_SLICES))
            continue;
        trace_slice(track, command->failed ? "failed command" : "command", command->issued_s, command->ended_s);
    }
}

void
vtpm_results_trace(const GPtrArray *vtpms, Trace *trace)
{
    for (guint i = 0; i < vtpms->len; i++) {
        const VtpmService *service = g_ptr_array_index(vtpms, i);
        if (service->commands->len > 0)
            show_commands(service, trace);
    }
}

/* ---- rules of the table ---- */

char *
vtpm_results_fault(const GArray *commands, guint64 calls_done, double run_end_s)
{
    double at_s = 0;
    guint64 done = 0;

    for (guint i = 0; i < commands->len; i++) {
        const VtpmCommand *command = &g_array_index(commands, VtpmCommand, i);
        if (!table_check_not_after(at_s, command->issued_s) || !(command->issued_s <= command->ended_s) ||
            !table_check_not_after(command->ended_s, run_end_s))
            return g_strdup_printf("command %u, %.9f s to %.9f s, is not in order", i + 1, command->issued_s,
                                   command->ended_s);
        at_s = command->ended_s;
        done += !command->failed;
    }
    if (done == calls_done)
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT " commands are done, expected %" G_GUINT64_FORMAT, done, calls_done);
}
