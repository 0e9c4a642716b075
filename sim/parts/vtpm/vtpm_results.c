#include "sim/parts/vtpm/vtpm_results.h"

#include "sim/world/domain.h"
#include "sim/world/table_check.h"

#include <math.h>

static void
append_cell(GString *csv, double value)
{
    g_autofree char *text = result_number_text(value);

    g_string_append_printf(csv, ",%s", text);
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a;
    const double second = *(const double *)b;

    return (first > second) - (first < second);
}

/* The smallest value that at least this share of the values does not exceed; NAN of none. */
static double
percentile(const GArray *sorted, double share)
{
    if (sorted->len == 0)
        return NAN;
    const guint rank = (guint)ceil(share * sorted->len);
    return g_array_index(sorted, double, MAX(rank, 1u) - 1);
}

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
    g_array_sort(latencies, compare_doubles);
    return latencies;
}

/* Where the vTPM is, seen from its VM. */
static const char *
place_word(const VtpmService *service)
{
    const Domain *vtpm = service->vtpm;

    if (domain_is_lost(vtpm) || domain_is_lost(service->vm))
        return domain_is_lost(vtpm) ? "lost" : "vm-lost";
    return domain_host(vtpm) == domain_host(service->vm) ? "with-vm" : "apart";
}

static void
collect_vtpm(const VtpmService *service, Result *result)
{
    const Domain *vtpm = service->vtpm;
    g_autoptr(GArray) latencies = sorted_latencies(service);
    g_autofree char *pcr = tpm_digest_text(service->tpm.pcr);

    result_add_number(result, (double)service->calls_done, "vtpm.%s.commands_done", vtpm->name);
    result_add_number(result, service->commands->len - (double)service->calls_done, "vtpm.%s.commands_failed",
                      vtpm->name);
    result_add_number(result, service->unavailable_s, "vtpm.%s.unavailable_s", vtpm->name);
    result_add_number(result, service->unavailable_max_s, "vtpm.%s.unavailable_max_s", vtpm->name);
    if (latencies->len > 0) {
        result_add_number(result, percentile(latencies, 0.5), "vtpm.%s.latency_p50_s", vtpm->name);
        result_add_number(result, percentile(latencies, 0.99), "vtpm.%s.latency_p99_s", vtpm->name);
        result_add_number(result, percentile(latencies, 1), "vtpm.%s.latency_max_s", vtpm->name);
    }
    result_add_word(result, pcr, "vtpm.%s.pcr", vtpm->name);
    result_add_word(result, place_word(service), "vtpm.%s.place", vtpm->name);
}

static void
append_commands(GString *csv, const VtpmService *service)
{
    for (guint i = 0; i < service->commands->len; i++) {
        const VtpmCommand *command = &g_array_index(service->commands, VtpmCommand, i);
        g_autofree char *digest = command->failed ? g_strdup("") : tpm_digest_text(command->digest);
        g_string_append_printf(csv, "%s,%" G_GUINT64_FORMAT, service->vtpm->name, command->call);
        append_cell(csv, command->issued_s);
        append_cell(csv, command->ended_s);
        g_string_append_printf(csv, ",%s,%s\n", command->failed ? "failed" : "done", digest);
    }
}

void
vtpm_results_collect(const GPtrArray *vtpms, Result *result)
{
    GString *commands = g_string_new("vtpm,call,issued_s,ended_s,outcome,sha1\n");

    for (guint i = 0; i < vtpms->len; i++) {
        collect_vtpm(g_ptr_array_index(vtpms, i), result);
        append_commands(commands, g_ptr_array_index(vtpms, i));
    }
    result_take_table(result, "commands.csv", g_string_free(commands, FALSE));
}

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
