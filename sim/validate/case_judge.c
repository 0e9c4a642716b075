#include "sim/validate/case_judge.h"

#include "sim/output/csv.h"

#include <math.h>

static const CasePrediction *
at(const GArray *predictions, guint i)
{
    return &g_array_index(predictions, CasePrediction, i);
}

static gboolean
counts(const CasePrediction *prediction)
{
    return !prediction->disturbed && !prediction->left_out;
}

Comparison
case_predicted(const GArray *runs, const CaseMeasure *measure, double measured)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < runs->len; i++) {
        const double value = result_number(g_array_index(runs, Run, i).result, measure->metric) * measure->scale;
        g_array_append_val(values, value);
    }
    Comparison comparison = case_compare(measured, values);
    comparison.error = 100 * (comparison.predicted / measured - 1);
    return comparison;
}

/* ---- errors ---- */

CaseErrors
case_judge_errors(const GArray *predictions, guint measure, gboolean (*belongs)(gconstpointer of, gconstpointer group),
                  gconstpointer group)
{
    g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < predictions->len; i++) {
        const CasePrediction *one = at(predictions, i);
        const double error = fabs(one->measures[measure].error);
        if (counts(one) && !isnan(error) && belongs(one->of, group))
            g_array_append_val(errors, error);
    }
    return case_errors_of(errors);
}

/* ---- order and shape ---- */

/* A ratio as a direction: -1, 0 (level), 1. */
static int
direction(double ratio)
{
    return ratio > 1 + CASE_LEVEL ? 1 : ratio < 1 / (1 + CASE_LEVEL) ? -1 : 0;
}

static gboolean
are_alike(const CaseSeries *series, const CasePrediction *a, const CasePrediction *b)
{
    return counts(a) && counts(b) && series->alike(a->of, b->of);
}

/* Of the second one's rate to the first one's. */
static double
ratio(const CaseSeries *series, const CasePrediction *from, const CasePrediction *to, gboolean predicted)
{
    const Comparison *a = &from->measures[CASE_RATE], *b = &to->measures[CASE_RATE];
    const double over = series->per_over ? series->over(to->of) / series->over(from->of) : 1;

    return over * (predicted ? b->predicted / a->predicted : b->measured / a->measured);
}

CaseShare
case_judge_order(const GArray *predictions, const CaseSeries *series)
{
    CaseShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++)
        for (guint j = i + 1; j < predictions->len; j++) {
            const CasePrediction *a = at(predictions, i), *b = at(predictions, j);
            if (!are_alike(series, a, b) || series->design(a->of) == series->design(b->of) ||
                series->over(a->of) != series->over(b->of))
                continue;
            const double measured = ratio(series, a, b, FALSE);
            if (direction(measured) == 0)
                continue;
            share.n++;
            share.right += (ratio(series, a, b, TRUE) > 1) == (measured > 1);
        }
    return share;
}

/* The series' next case; NULL: there is none. */
static const CasePrediction *
next_of(const GArray *predictions, const CaseSeries *series, const CasePrediction *from)
{
    const CasePrediction *next = NULL;

    for (guint i = 0; i < predictions->len; i++) {
        const CasePrediction *one = at(predictions, i);
        if (are_alike(series, from, one) && series->design(one->of) == series->design(from->of) &&
            (!series->continues || series->continues(from->of, one->of)) &&
            series->over(one->of) > series->over(from->of) && (!next || series->over(one->of) < series->over(next->of)))
            next = one;
    }
    return next;
}

CaseShare
case_judge_shape(const GArray *predictions, const CaseSeries *series)
{
    CaseShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++) {
        const CasePrediction *from = at(predictions, i), *to = next_of(predictions, series, from);
        if (!to)
            continue;
        const int wanted = direction(ratio(series, from, to, FALSE));
        const double predicted = ratio(series, from, to, TRUE);
        share.n++;
        share.right += wanted == 0 ? fabs(log(predicted)) <= 2 * log1p(CASE_LEVEL) : (predicted > 1) == (wanted > 0);
    }
    return share;
}

/* ---- output ---- */

void
case_append_heading(GString *out, const GArray *predictions, const char *kind, const char *of, const char *rate)
{
    g_string_append_printf(out, "%s: %u cases of %s\n%-*s %27s %27s\n%-*s", kind, predictions->len, of, CASE_ID_COLUMN,
                           "case", rate, "median latency us", CASE_ID_COLUMN, "");
    for (int i = 0; i < N_CASE_MEASURES; i++)
        g_string_append_printf(out, " %9s %9s %7s", "measured", "predict.", "error");
    g_string_append_c(out, '\n');
}

void
case_append_numbers(GString *out, const Comparison *comparison, int decimals)
{
    g_string_append_printf(out, " %9.*f %9.*f %+6.1f%%", decimals, comparison->measured, decimals,
                           comparison->predicted, comparison->error);
}

void
case_append_errors(GString *out, const char *name, const CaseErrors *rate, const CaseErrors *latency)
{
    if (rate->n == 0)
        return;
    g_string_append_printf(out, "%-8s throughput: median error %.1f %%, worst %.1f %%", name, rate->median,
                           rate->worst);
    if (latency)
        g_string_append_printf(out, "; median latency: %.1f %%, worst %.1f %%", latency->median, latency->worst);
    g_string_append_printf(out, "; over %u cases\n", rate->n);
}

void
case_append_disturbed(GString *out, const GArray *predictions)
{
    guint n = 0;

    for (guint i = 0; i < predictions->len; i++)
        n += (guint)at(predictions, i)->disturbed;
    if (n > 0)
        g_string_append_printf(out, "%u disturbed cases are in no summary\n", n);
}

void
case_append_columns(GString *csv, const CaseMeasure measures[N_CASE_MEASURES])
{
    for (int i = 0; i < N_CASE_MEASURES; i++)
        g_string_append_printf(csv, ",%1$s_measured,%1$s_predicted,%1$s_low,%1$s_high,%1$s_error_percent",
                               measures[i].name);
    g_string_append_c(csv, '\n');
}

void
case_append_measures(GString *csv, const CasePrediction *prediction)
{
    for (int i = 0; i < N_CASE_MEASURES; i++)
        case_append_comparison(csv, &prediction->measures[i]);
    g_string_append_c(csv, '\n');
}

void
case_append_summary(GString *csv, const char *measure, const char *group, const CaseErrors *errors)
{
    if (errors->n == 0)
        return;
    csv_append_text(csv, measure);
    csv_append_text(csv, group);
    csv_append_number(csv, errors->n);
    csv_append_number(csv, errors->median);
    csv_append_number(csv, errors->worst);
    g_string_append_c(csv, '\n');
}
