#include "sim/validate/guest_predict.h"

#include <math.h>

#define BEGIN_S  20.0 /* of the migration, in the scenarios of scenarios/validation */
#define PROGRAM  "/applications/0"
#define BEHIND_S 12.0 /* chosen: longer than TCP's step after a blackout of four seconds */

/* ---- a case as a scenario ---- */

/* A program that waits for its vTPM, then for what it needs before the next call: it writes its lines, or pauses. What
 * of a call is swtpm's own work was not measured; the guest's driver polls, so all counts as its processor's. */
static void
add_tpm(const GuestTpmInputs *tpm, GPtrArray *settings)
{
    const double pause_ms = tpm->usual_gap_ms - tpm->call_ms;

    case_settings_add(settings, PROGRAM "/service/mean=%.6fms", tpm->call_ms);
    case_settings_add(settings, PROGRAM "/load/think/mean=%.6fms", fmax(pause_ms, 1e-3));
    case_settings_add(settings, "/timeline/0/hypervisor/vtpm_state=%.0fB",
                      tpm->permanent_B + tpm->volatile_B + tpm->saved_B);
}

#define PROBE(number) "/client_network/probes/" #number

static void
add_timers(const GuestClientInputs *client, GPtrArray *settings, const char *probe)
{
    case_settings_add(settings, "%s/tcp/rto_min=%.6fus", probe, client->rto_min_us);
    case_settings_add(settings, "%s/tcp/retries=%.0f", probe, client->retries);
    case_settings_add(settings, "%s/tcp/syn_linear_timeouts=%.0f", probe, client->syn_linear_timeouts);
    case_settings_add(settings, "%s/tcp/syn_retries=%.0f", probe, client->syn_retries);
    case_settings_add(settings, "%s/tcp/tail_loss_probe=%s", probe,
                      client->early_retransmission >= 3 ? "true" : "false");
}

/* Datagrams a second that the guest serves beside the requests over TCP, which have their turn when datagrams wait
 * (guest_serve.c). The service that was measured of the load itself goes before the capacity. */
static double
datagrams_per_s(const GuestClientInputs *client)
{
    const double served_per_s = isnan(client->service_ms) ? client->capacity_per_s : 1e3 / client->service_ms;

    return fmax(served_per_s - client->tcp_per_s, 1);
}

static void
add_service(const GuestClientInputs *client, GPtrArray *settings)
{
    case_settings_add(settings, PROGRAM "/service/mean=%.6fms", 1e3 / datagrams_per_s(client));
    if (!(client->service_cv > 0))
        return;
    case_settings_add(settings, PROGRAM "/service/kind=lognormal");
    case_settings_add(settings, PROGRAM "/service/cv=%.6f", client->service_cv);
}

/* A server that has requests takes all of a processor that it can get; the workload's writes need what the guest took
 * before it had clients, where the case says it. */
static void
add_shares(const GuestCase *one, GPtrArray *settings)
{
    const double before = one->migration->streams.guest_share;

    case_settings_add(settings, "/guests/0/cpu_share=1");
    if (before > 0)
        case_settings_add(settings, "/guests/0/workload_share=%.6f", before);
}

static void
add_clients(const GuestClientInputs *client, GPtrArray *settings)
{
    case_settings_add(settings, PROBE(0) "/interval=%.6fms", 1e3 / client->ping_per_s);
    case_settings_add(settings, PROBE(1) "/rtt=%.6fus", client->rtt_us);
    case_settings_add(settings, PROBE(1) "/interval=%.6fus", fmax(1e6 / client->tcp_per_s - client->rtt_us, 100));
    case_settings_add(settings, PROBE(2) "/interval=%.6fms", 1e3 / client->connect_per_s);
    add_timers(client, settings, PROBE(1));
    add_timers(client, settings, PROBE(2));
    case_settings_add(settings, PROGRAM "/load/rate=%.6f/s", client->udp_per_s);
    case_settings_add(settings, PROGRAM "/load/arrivals=%s", client->even ? "constant" : "poisson");
    add_service(client, settings);
}

/* The migration alone says how long it takes; its watchers go on behind it. */
static gboolean
add_end(const GuestCase *one, GPtrArray *settings, const char *const *more, GError **error)
{
    g_autoptr(GPtrArray) alone = g_ptr_array_new_with_free_func(g_free);

    validate_add_settings(one->migration, alone);
    g_autoptr(Scenario) scenario = case_scenario_load(one->migration->base->scenario, alone, more, one->path, error);
    g_autoptr(GArray) runs = scenario ? case_runs(scenario, 1, 1, error) : NULL;
    if (!runs)
        return FALSE;
    const double end_s = result_number(g_array_index(runs, Run, 0).result, "run.end_s");
    case_settings_add(settings, "/run_until=%.6fs", end_s + (end_s - BEGIN_S) / 4 + BEHIND_S);
    return TRUE;
}

Scenario *
guest_scenario(const GuestCase *one, const char *const *more, GError **error)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);

    validate_add_settings(one->migration, settings);
    if (one->watch == GUEST_WATCH_VTPM) {
        add_tpm(&one->tpm, settings);
    } else {
        add_shares(one, settings);
        add_clients(&one->client, settings);
    }
    if (!add_end(one, settings, more, error))
        return NULL;
    return case_scenario_load(one->migration->base->scenario, settings, more, one->path, error);
}

/* ---- predictions ---- */

/* Measured times between two answers hold what lies between them when nothing is in the way; the simulated ones do not.
 */
static double
usual_s(const GuestCase *one, guint measure)
{
    switch (measure) {
    case GUEST_GAP:
        return fmax(one->tpm.usual_gap_ms - one->tpm.call_ms, 0) / 1e3;
    case GUEST_BLACKOUT:
        return 1 / one->client.ping_per_s;
    default:
        return 0;
    }
}

static double
metric(const Run *run, const GuestMeasure *measure)
{
    const double value = result_number(run->result, measure->metric);
    const double less = measure->less_metric ? result_number(run->result, measure->less_metric) : 0;

    return (value - less) * measure->scale;
}

/* What a seed that did not complete felt of it is not what it would have. */
static Comparison
compare(const GuestCase *one, guint which, const GArray *runs)
{
    const GuestMeasure *measure = &guest_measures[which];
    const double measured = one->measured[which], usual = usual_s(one, which) * measure->scale;
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < runs->len; i++) {
        const Run *run = &g_array_index(runs, Run, i);
        const double value = validate_run_completed(run) ? metric(run, measure) + usual : NAN;
        if (!isnan(value))
            g_array_append_val(values, value);
    }
    Comparison comparison = case_compare(measured, values);
    if (measured > 0)
        comparison.error = 100 * (comparison.predicted / measured - 1);
    return comparison;
}

static GuestPrediction
predict(const GuestCase *one, const GArray *runs)
{
    const Prediction migration = validate_prediction(one->migration, runs);
    GuestPrediction prediction = {.of = one, .seeds = migration.seeds, .completed = migration.completed};

    for (guint i = 0; i < N_GUEST_MEASURES; i++) {
        const GuestMeasure *measure = &guest_measures[i];
        prediction.measures[i] = i < N_COUNTERS ? migration.counters[i]
                                 : measure->watches & one->watch && validate_ends_as_measured(&migration)
                                     ? compare(one, i, runs)
                                     : (Comparison){NAN, NAN, NAN, NAN, NAN};
    }
    return prediction;
}

GArray *
guest_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
{
    g_autoptr(GArray) predictions = g_array_new(FALSE, FALSE, sizeof(GuestPrediction));

    for (guint i = 0; i < cases->len; i++) {
        const GuestCase *one = g_ptr_array_index(cases, i);
        g_autoptr(Scenario) scenario = guest_scenario(one, more, error);
        g_autoptr(GArray) runs = scenario ? case_runs(scenario, seeds, workers, error) : NULL;
        if (!runs)
            return NULL;
        const GuestPrediction prediction = predict(one, runs);
        g_array_append_val(predictions, prediction);
    }
    return g_steal_pointer(&predictions);
}
