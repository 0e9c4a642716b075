#include "sim/validate/validate.h"

#include "sim/output/csv.h"

#include <math.h>

#define PAYLOAD_SHARE 0.9564 /* 1448 bytes of payload in 1514 of Ethernet frame: what the shaper counts */
#define LOOPBACK_Bps  1e9    /* estimated; only the downtime of capped runs depends on it */
#define PAGES_PER_MIB 256
#define ID_COLUMN     18

/* What each counter is called in results, and in which unit a case tells it. */
static const struct {
    const char *metric; /* of the migration's leg */
    double scale;
    const char *name;
} counters[N_COUNTERS] = {
    [COUNTER_TOTAL] = {"reported_total_s", 1000, "total_ms"},
    [COUNTER_PAGES] = {"data_pages", 1, "pages"},
    [COUNTER_DOWNTIME] = {"reported_downtime_s", 1000, "downtime_ms"},
    [COUNTER_SYNCS] = {"syncs", 1, "syncs"},
};

const ErrorBar validate_bars[N_COUNTERS] = {
    [COUNTER_TOTAL] = {2, 6}, [COUNTER_PAGES] = {2, 6}, [COUNTER_DOWNTIME] = {10, 25}, [COUNTER_SYNCS] = {75, 1}};

const char *
validate_counter_name(Counter counter)
{
    return counters[counter].name;
}

/* ---- a case as a scenario ---- */

static void
add_network(const CaseFile *file, GPtrArray *settings)
{
    double goodput_Mbps = file->goodput_Mbps;

    if (isnan(goodput_Mbps))
        goodput_Mbps = file->on_link ? file->link_Mbps * PAYLOAD_SHARE : LOOPBACK_Bps * 8 / 1e6;
    case_settings_add(settings, "/links/0/bandwidth=%.6fMbps", goodput_Mbps);
    if (!file->on_link)
        case_settings_add(settings, "/timeline/0/hypervisor/max_bandwidth=%.6fMbps", file->cap_Mbps);
}

static void
add_guest(const CaseFile *file, GPtrArray *settings)
{
    const double pages = MIN(file->wws_pages, file->fill_MiB * PAGES_PER_MIB);

    case_settings_add(settings, "/guests/0/memory=%.0fB", file->ram_total_bytes);
    case_settings_add(settings, "/guests/0/used=%.0fB", file->nonzero_pages * 4096);
    case_settings_add(settings, "/guests/0/layout/program=%.0fMiB", file->fill_MiB);
    if (pages == 0 || file->rate_pages_s == 0) {
        case_settings_add(settings, "/guests/0/workload={\"kind\":\"idle\"}");
        return;
    }
    case_settings_add(settings, "/guests/0/workload/working_set=%.0fB", pages * 4096);
    case_settings_add(settings, "/guests/0/workload/rate=%.6f/s", file->rate_pages_s);
}

static void
add_hypervisor(const CaseFile *file, GPtrArray *settings)
{
    case_settings_add(settings, "/timeline/0/hypervisor/downtime_limit=%.6fms", file->downtime_limit_ms);
    if (file->auto_converge)
        case_settings_add(settings, "/timeline/0/hypervisor/auto_converge={}");
    if (!isnan(file->postcopy_after_s))
        case_settings_add(settings, "/timeline/0/hypervisor/postcopy_after=%.6fs", file->postcopy_after_s);
    case_streams_add(&file->streams, settings);
    if (!file->completed && file->streams.at_limit == CASE_NO_LIMIT)
        case_settings_add(settings, "/timeline/0/hypervisor/time_limit=%.6fs", file->followed_s);
}

void
validate_add_settings(const CaseFile *file, GPtrArray *settings)
{
    case_settings_add(settings, "/timeline/0/hypervisor/profile=%s", file->base->profile);
    add_network(file, settings);
    add_guest(file, settings);
    add_hypervisor(file, settings);
}

static Scenario *
case_scenario(const CaseFile *file, const char *const *more, GError **error)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);

    validate_add_settings(file, settings);
    return case_scenario_load(file->base->scenario, settings, more, file->path, error);
}

/* ---- comparison ---- */

static double
measured(const CaseFile *file, Counter counter)
{
    switch (counter) {
    case COUNTER_TOTAL:
        return file->total_ms;
    case COUNTER_PAGES:
        return file->normal_pages;
    case COUNTER_DOWNTIME: /* capped, the last copy is not; in post-copy QEMU's own number is not the guest's */
        return file->on_link && isnan(file->postcopy_after_s) && file->streams.at_limit != CASE_POST_COPY
                   ? file->downtime_ms
                   : NAN;
    default:
        return file->syncs;
    }
}

gboolean
validate_run_completed(const Run *run)
{
    return g_strcmp0(result_word(run->result, "migration.guest.outcome"), "completed") == 0;
}

gboolean
validate_ends_as_measured(const Prediction *prediction)
{
    return (prediction->completed > prediction->seeds / 2) == prediction->file->completed;
}

/* QEMU's normal pages are those that went whole; one that xbzrle finds in its cache is counted there, also where its
 * encoding overflows and it goes whole after all (ram.c, save_xbzrle_page and save_normal_page). */
static double
counted_apart(const CaseStreams *streams, const Run *run)
{
    if (streams->compression != CASE_XBZRLE)
        return 0;
    return result_number(run->result, "migration.guest.vm.xbzrle_pages") -
           result_number(run->result, "migration.guest.vm.xbzrle_overflows");
}

/* As QEMU counts: its total begins with its set-up. */
static double
counted(const CaseStreams *streams, Counter counter, const Run *run, const char *metric)
{
    const double value = result_number(run->result, metric) * counters[counter].scale;

    if (counter == COUNTER_TOTAL)
        return value + (isnan(streams->setup_ms) ? 0 : streams->setup_ms);
    return counter == COUNTER_PAGES ? value - counted_apart(streams, run) : value;
}

/* What a seed that did not complete says of its total is not a total. */
static Comparison
compare(const Prediction *prediction, Counter counter, const Run *runs)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    g_autofree char *metric =
        g_strconcat("migration.guest.", prediction->file->base->leg, ".", counters[counter].metric, NULL);

    for (guint i = 0; i < prediction->seeds; i++) {
        const double value = counted(&prediction->file->streams, counter, &runs[i], metric);
        if (validate_run_completed(&runs[i]) && !isnan(value))
            g_array_append_val(values, value);
    }
    Comparison comparison = case_compare(measured(prediction->file, counter), values);
    if (isnan(comparison.predicted))
        return comparison;
    if (!prediction->file->completed || !validate_ends_as_measured(prediction))
        return comparison;
    const double difference = comparison.predicted - comparison.measured;
    if (counter == COUNTER_SYNCS)
        comparison.error = difference;
    else if (comparison.measured > 0)
        comparison.error = 100 * difference / comparison.measured;
    return comparison;
}

Prediction
validate_prediction(const CaseFile *file, const GArray *of)
{
    const Run *runs = &g_array_index(of, Run, 0);
    const guint seeds = of->len;
    Prediction prediction = {.file = file, .seeds = seeds};

    for (guint i = 0; i < seeds; i++)
        prediction.completed += (guint)validate_run_completed(&runs[i]);
    for (int counter = 0; counter < N_COUNTERS; counter++)
        prediction.counters[counter] = compare(&prediction, counter, runs);
    return prediction;
}

static gboolean
load_scenarios(const GPtrArray *cases, const char *const *settings, GPtrArray *scenarios, GError **error)
{
    for (guint i = 0; i < cases->len; i++) {
        Scenario *scenario = case_scenario(g_ptr_array_index(cases, i), settings, error);
        if (!scenario)
            return FALSE;
        g_ptr_array_add(scenarios, scenario);
    }
    return TRUE;
}

/* Case by case: a child that is forked takes along what its parent keeps, and seeds' results are many. */
static gboolean
predict_case(const CaseFile *file, const Scenario *scenario, guint seeds, guint workers, GArray *predictions,
             GError **error)
{
    g_autoptr(GArray) runs = case_runs(scenario, seeds, workers, error);

    if (!runs)
        return FALSE;
    const Prediction prediction = validate_prediction(file, runs);
    g_array_append_val(predictions, prediction);
    return TRUE;
}

GArray *
validate_cases(const GPtrArray *cases, const char *const *settings, guint seeds, guint workers, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_free);
    g_autoptr(GArray) predictions = g_array_new(FALSE, FALSE, sizeof(Prediction));

    g_return_val_if_fail(seeds > 0, NULL);
    if (!load_scenarios(cases, settings, scenarios, error))
        return NULL;
    for (guint i = 0; i < cases->len; i++)
        if (!predict_case(g_ptr_array_index(cases, i), g_ptr_array_index(scenarios, i), seeds, workers, predictions,
                          error))
            return NULL;
    return g_steal_pointer(&predictions);
}

static GArray *
predictions_of(const GArray *predictions, const CaseBase *base)
{
    GArray *group = g_array_new(FALSE, FALSE, sizeof(Prediction));

    for (guint i = 0; i < predictions->len; i++)
        if (g_array_index(predictions, Prediction, i).file->base == base)
            g_array_append_vals(group, &g_array_index(predictions, Prediction, i), 1);
    return group;
}

GPtrArray *
validate_groups(const GArray *predictions)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

    for (const CaseBase *base = case_bases; base->kind; base++) {
        GArray *group = predictions_of(predictions, base);
        if (group->len > 0)
            g_ptr_array_add(groups, group);
        else
            g_array_unref(group);
    }
    return groups;
}

ErrorSummary
validate_summary(const GArray *predictions, Counter counter)
{
    g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(double));
    ErrorSummary summary = {0};

    for (guint i = 0; i < predictions->len; i++) {
        const double error = fabs(g_array_index(predictions, Prediction, i).counters[counter].error);
        if (isnan(error))
            continue;
        g_array_append_val(errors, error);
        summary.within_one += error <= 1;
    }
    const CaseErrors of = case_errors_of(errors);
    summary.n = of.n;
    summary.median = of.median;
    summary.worst = of.worst;
    return summary;
}

/* ---- output ---- */

/* A dash for what is not there. */
static void
append_number(GString *out, double value)
{
    g_autofree char *number = isnan(value) ? g_strdup("-") : g_strdup_printf("%.0f", value);

    g_string_append_printf(out, " %8s", number);
}

static void
append_compared(GString *out, const Comparison *comparison, Counter counter)
{
    append_number(out, comparison->measured);
    append_number(out, comparison->predicted);
    if (isnan(comparison->error))
        g_string_append_printf(out, " %6s", "-");
    else
        g_string_append_printf(out, " %+*.*f%s", counter == COUNTER_SYNCS ? 6 : 5, counter == COUNTER_SYNCS ? 0 : 1,
                               comparison->error, counter == COUNTER_SYNCS ? "" : "%");
}

static void
append_row(GString *out, const Prediction *prediction)
{
    case_append_id(out, prediction->file->id, ID_COLUMN);
    if (!prediction->file->completed || !validate_ends_as_measured(prediction)) {
        g_string_append_printf(out, " %s in the measurement, did in %u of %u predictions\n",
                               prediction->file->completed ? "converged" : "did not converge", prediction->completed,
                               prediction->seeds);
        return;
    }
    for (int counter = 0; counter < N_COUNTERS; counter++)
        append_compared(out, &prediction->counters[counter], counter);
    g_string_append_c(out, '\n');
}

static GArray *
predictions_of_way(const GArray *predictions, guint way)
{
    GArray *group = g_array_new(FALSE, FALSE, sizeof(Prediction));

    for (guint i = 0; i < predictions->len; i++)
        if (case_streams_way(&g_array_index(predictions, Prediction, i).file->streams) == way)
            g_array_append_vals(group, &g_array_index(predictions, Prediction, i), 1);
    return group;
}

/* Total times, where cases were sent in more than one way. */
static void
append_ways(GString *out, const GArray *predictions)
{
    for (guint way = 0; way < CASE_WAYS; way++) {
        g_autoptr(GArray) group = predictions_of_way(predictions, way);
        const ErrorSummary total = validate_summary(group, COUNTER_TOTAL);
        if (total.n > 0 && group->len < predictions->len)
            g_string_append_printf(out, "  %-14s median error %.1f %%, worst %.1f %%, over %u cases\n",
                                   case_way_words[way], total.median, total.worst, total.n);
    }
}

static void
append_summary(GString *out, const GArray *predictions)
{
    static const char *const names[] = {"total time", "pages sent", "downtime"};

    for (int counter = 0; counter < COUNTER_SYNCS; counter++) {
        const ErrorSummary summary = validate_summary(predictions, counter);
        if (summary.n > 0)
            g_string_append_printf(out, "%-16s median error %.1f %%, worst %.1f %%, over %u cases\n", names[counter],
                                   summary.median, summary.worst, summary.n);
        if (counter == COUNTER_TOTAL)
            append_ways(out, predictions);
    }
    guint alike = 0;
    for (guint i = 0; i < predictions->len; i++)
        alike += (guint)validate_ends_as_measured(&g_array_index(predictions, Prediction, i));
    g_string_append_printf(out, "converges as measured in %u of %u cases; only those are compared\n", alike,
                           predictions->len);
    const ErrorSummary syncs = validate_summary(predictions, COUNTER_SYNCS);
    if (syncs.n > 0)
        g_string_append_printf(out, "synchronizations off by at most one in %u of %u cases\n", syncs.within_one,
                               syncs.n);
}

static const CaseBase *
group_base(const GArray *group)
{
    return g_array_index(group, Prediction, 0).file->base;
}

static void
append_group(GString *out, const GArray *group)
{
    const CaseBase *base = group_base(group);

    g_string_append_printf(out, "%s, QEMU %s under %s: profile %s\n", base->kind, base->series, base->accel,
                           base->profile);
    g_string_append_printf(out, "%-*s %24s %24s %24s %24s\n", ID_COLUMN, "case", "total ms", "pages", "downtime ms",
                           "synchronizations");
    g_string_append_printf(out, "%*s", ID_COLUMN, "");
    for (int counter = 0; counter < N_COUNTERS; counter++)
        g_string_append_printf(out, " %8s %8s %6s", "measured", "predict.", "error");
    g_string_append_c(out, '\n');
    for (guint i = 0; i < group->len; i++)
        append_row(out, &g_array_index(group, Prediction, i));
    append_summary(out, group);
}

char *
validate_table(const GArray *predictions)
{
    g_autoptr(GPtrArray) groups = validate_groups(predictions);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < groups->len; i++) {
        if (i > 0)
            g_string_append_c(out, '\n');
        append_group(out, g_ptr_array_index(groups, i));
    }
    return g_string_free(out, FALSE);
}

static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,setup,method,completed,predicted_completed");

    for (int i = 0; i < N_COUNTERS; i++)
        g_string_append_printf(csv, ",%1$s_measured,%1$s_predicted,%1$s_low,%1$s_high,%1$s_%2$s", counters[i].name,
                               i == COUNTER_SYNCS ? "off" : "error_percent");
    g_string_append(csv, ",kind,qemu,accel,profile\n"); /* behind, so that other columns keep their numbers */
    for (guint i = 0; i < predictions->len; i++) {
        const Prediction *prediction = &g_array_index(predictions, Prediction, i);
        g_autofree char *id = csv_quote(prediction->file->id);
        g_string_append_printf(csv, "%s,%s,%s,%d,%u", id, prediction->file->on_link ? "link" : "cap",
                               prediction->file->method, prediction->file->completed, prediction->completed);
        for (int c = 0; c < N_COUNTERS; c++)
            case_append_comparison(csv, &prediction->counters[c]);
        const CaseBase *base = prediction->file->base;
        g_string_append_printf(csv, ",%s,%s,%s,%s\n", base->kind, prediction->file->qemu_version, base->accel,
                               base->profile);
    }
    return g_string_free(csv, FALSE);
}

static void
append_summary_rows(GString *csv, const GArray *group)
{
    const CaseBase *base = group_base(group);

    for (int c = 0; c < N_COUNTERS; c++) {
        const ErrorSummary summary = validate_summary(group, c);
        g_string_append_printf(csv, "%s,%u", counters[c].name, summary.n);
        csv_append_known(csv, summary.median);
        csv_append_known(csv, summary.worst);
        csv_append_known(csv, c == COUNTER_SYNCS ? summary.within_one : NAN); /* of percents it would say nothing */
        g_string_append_printf(csv, ",%s,%s,%s\n", base->kind, base->series, base->accel);
    }
}

static char *
summary_csv(const GArray *predictions)
{
    g_autoptr(GPtrArray) groups = validate_groups(predictions);
    GString *csv = g_string_new("counter,cases,median_error,worst_error,within_one,kind,qemu,accel\n");

    for (guint i = 0; i < groups->len; i++)
        append_summary_rows(csv, g_ptr_array_index(groups, i));
    return g_string_free(csv, FALSE);
}

void
validate_take_files(const GArray *predictions, FileSet *files)
{
    files_take(files, "validation.csv", validation_csv(predictions));
    files_take(files, "summary.csv", summary_csv(predictions));
}
