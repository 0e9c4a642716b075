#include "sim/validate/tcp_predict.h"

#include "sim/output/csv.h"
#include "sim/parts/network/network_keys.h"

#include <math.h>

#define ASKED_S 1.0 /* scenarios/validation/tcp-ladder.json: the guest stands still before, and the client asks */

enum { ID_COLUMN = 34 };

/* ---- the case as a scenario ---- */

#define PROBE "/client_network/probes/0"

Scenario *
tcp_scenario(const TcpCase *one, const char *const *more, GError **error)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);

    case_settings_add(settings, PROBE "/kind=%s", one->sent == TCP_CASE_SEGMENT ? "tcp" : "connect");
    case_settings_add(settings, PROBE "/rtt=%.6fus", one->rtt_us);
    case_settings_add(settings, PROBE "/tcp/tail_loss_probe=%s", one->tail_loss_probe ? "true" : "false");
    case_settings_add(settings, PROBE "/tcp/rto_min=%.6fms", one->rto_min_ms);
    case_settings_add(settings, PROBE "/tcp/rto_max=%.6fms", one->rto_max_ms);
    case_settings_add(settings, PROBE "/tcp/retries=%.0f", one->retries);
    case_settings_add(settings, PROBE "/tcp/syn_linear_timeouts=%.0f", one->syn_linear_timeouts);
    case_settings_add(settings, PROBE "/tcp/syn_retries=%.0f", one->syn_retries);
    case_settings_add(settings, PROBE "/tcp/tick=%.6fus", one->tick_us);
    case_settings_add(settings, "/timeline/1/at=%.9fs", ASKED_S + one->blackout_s);
    /* doubling makes a client wait for less than three blackouts, and the first time-out */
    case_settings_add(settings, "/run_until=%.9fs", ASKED_S + 4 * one->blackout_s + 4 * one->rto_min_ms / 1e3 + 10);
    return case_scenario_load("tcp-ladder.json", settings, more, one->path, error);
}

/* ---- predictions ---- */

static void
clear_prediction(gpointer data)
{
    TcpPrediction *prediction = data;

    g_clear_pointer(&prediction->again_s, g_array_unref);
}

static Comparison
compare(double measured, GArray *values)
{
    Comparison comparison = case_compare(measured, values);

    comparison.error = 100 * (comparison.predicted / measured - 1);
    return comparison;
}

static Comparison
compare_felt(const TcpCase *one, const GArray *runs)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < runs->len; i++) {
        const double value = result_number(g_array_index(runs, Run, i).result, "probe.client.longest_s");
        if (!isnan(value))
            g_array_append_val(values, value);
    }
    return compare(one->felt_s, values);
}

static GArray *
compare_steps(const TcpCase *one, const Scenario *scenario)
{
    const ClientNetworkSpec *network = network_keys_of(&scenario->spec);
    const ProbeConfig probe = network_keys_probe(network, &g_array_index(network->probes, ProbeSpec, 0));
    const TcpTimerKind kind = one->sent == TCP_CASE_SYN ? TCP_TIMER_SYN : TCP_TIMER_SEGMENT;
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(Comparison));

    for (guint k = 0; k < one->again_s->len; k++) {
        g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
        const double at_s = tcp_timer_again_s(&probe.timer, kind, k + 1);
        g_array_append_val(values, at_s);
        const Comparison step = compare(g_array_index(one->again_s, double, k), values);
        g_array_append_val(steps, step);
    }
    return steps;
}

GArray *
tcp_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
{
    g_autoptr(GArray) predictions = g_array_new(FALSE, FALSE, sizeof(TcpPrediction));

    g_array_set_clear_func(predictions, clear_prediction);
    for (guint i = 0; i < cases->len; i++) {
        const TcpCase *one = g_ptr_array_index(cases, i);
        g_autoptr(Scenario) scenario = tcp_scenario(one, more, error);
        g_autoptr(GArray) runs = scenario ? case_runs(scenario, seeds, workers, error) : NULL;
        if (!runs)
            return NULL;
        const TcpPrediction prediction = {one, compare_felt(one, runs), compare_steps(one, scenario)};
        g_array_append_val(predictions, prediction);
    }
    return g_steal_pointer(&predictions);
}

/* ---- errors ---- */

CaseErrors
tcp_predict_errors(const GArray *predictions, TcpCaseSent sent)
{
    g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < predictions->len; i++) {
        const TcpPrediction *prediction = &g_array_index(predictions, TcpPrediction, i);
        for (guint k = 0; prediction->of->sent == sent && k < prediction->again_s->len; k++) {
            const double error = fabs(g_array_index(prediction->again_s, Comparison, k).error);
            g_array_append_val(errors, error);
        }
    }
    return case_errors_of(errors);
}

static CaseErrors
felt_errors(const GArray *predictions)
{
    g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < predictions->len; i++) {
        const double error = fabs(g_array_index(predictions, TcpPrediction, i).felt_s.error);
        if (!isnan(error))
            g_array_append_val(errors, error);
    }
    return case_errors_of(errors);
}

static double
worst_step(const TcpPrediction *prediction)
{
    double worst = 0;

    for (guint k = 0; k < prediction->again_s->len; k++)
        worst = fmax(worst, fabs(g_array_index(prediction->again_s, Comparison, k).error));
    return worst;
}

/* ---- output ---- */

static void
append_errors(GString *out, const char *what, CaseErrors errors)
{
    if (errors.n > 0)
        g_string_append_printf(out, "%s: median error %.1f %%, worst %.1f %%, of %u\n", what, errors.median,
                               errors.worst, errors.n);
}

char *
tcp_predict_table(const GArray *predictions)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out,
                           "%u measured cases of TCP's timers; seconds until the answer\n%-*s %10s %10s %8s %12s\n",
                           predictions->len, ID_COLUMN, "case", "measured", "predicted", "error", "worst step");
    for (guint i = 0; i < predictions->len; i++) {
        const TcpPrediction *prediction = &g_array_index(predictions, TcpPrediction, i);
        case_append_id(out, prediction->of->id, ID_COLUMN);
        g_string_append_printf(out, " %10.3f %10.3f %6.1f %% %10.1f %%\n", prediction->felt_s.measured,
                               prediction->felt_s.predicted, prediction->felt_s.error, worst_step(prediction));
    }
    append_errors(out, "steps of segments", tcp_predict_errors(predictions, TCP_CASE_SEGMENT));
    append_errors(out, "steps of SYNs", tcp_predict_errors(predictions, TCP_CASE_SYN));
    append_errors(out, "until the answer", felt_errors(predictions));
    return g_string_free(out, FALSE);
}

static void
append_row(GString *csv, const TcpCase *one, guint step, const Comparison *comparison)
{
    csv_append_text(csv, one->id);
    csv_append_text(csv, tcp_case_sent_word(one->sent));
    csv_append_number(csv, one->blackout_s);
    csv_append_number(csv, step);
    csv_append_known(csv, comparison->measured);
    csv_append_known(csv, comparison->predicted);
    csv_append_known(csv, comparison->error);
    g_string_append_c(csv, '\n');
}

/* Step 0 is the answer. */
static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,sent,blackout_s,step,measured_s,predicted_s,error_percent\n");

    for (guint i = 0; i < predictions->len; i++) {
        const TcpPrediction *prediction = &g_array_index(predictions, TcpPrediction, i);
        append_row(csv, prediction->of, 0, &prediction->felt_s);
        for (guint k = 0; k < prediction->again_s->len; k++)
            append_row(csv, prediction->of, k + 1, &g_array_index(prediction->again_s, Comparison, k));
    }
    return g_string_free(csv, FALSE);
}

static void
append_summary(GString *csv, const char *what, CaseErrors errors)
{
    if (errors.n == 0)
        return;
    csv_append_text(csv, what);
    csv_append_number(csv, errors.n);
    csv_append_number(csv, errors.median);
    csv_append_number(csv, errors.worst);
    g_string_append_c(csv, '\n');
}

void
tcp_predict_take_files(const GArray *predictions, FileSet *files)
{
    GString *summary = g_string_new("measure,values,median_error_percent,worst_error_percent\n");

    append_summary(summary, "segment-steps", tcp_predict_errors(predictions, TCP_CASE_SEGMENT));
    append_summary(summary, "syn-steps", tcp_predict_errors(predictions, TCP_CASE_SYN));
    append_summary(summary, "felt", felt_errors(predictions));
    files_take(files, "validation-tcp.csv", validation_csv(predictions));
    files_take(files, "summary-tcp.csv", g_string_free(summary, FALSE));
}
