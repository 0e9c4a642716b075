#include "sim/validate/case_judge.h"

#include "sim/output/csv.h"

#include <math.h>

CaseErrors
case_errors(GArray *errors)
{
    case_sort(errors);
    const double worst = errors->len > 0 ? g_array_index(errors, double, errors->len - 1) : NAN;

    return (CaseErrors){errors->len, case_sorted_median(errors), worst};
}

/* A ratio as a direction: -1, 0 (level), 1. */
static int
direction(double ratio)
{
    return ratio > 1 + CASE_LEVEL ? 1 : ratio < 1 / (1 + CASE_LEVEL) ? -1 : 0;
}

void
case_share_order(CaseShare *share, double measured, double predicted)
{
    if (direction(measured) == 0)
        return;
    share->n++;
    share->right += (predicted > 1) == (measured > 1);
}

void
case_share_step(CaseShare *share, double measured, double predicted)
{
    const int wanted = direction(measured);

    share->n++;
    share->right += wanted == 0 ? fabs(log(predicted)) <= 2 * log1p(CASE_LEVEL) : (predicted > 1) == (wanted > 0);
}

void
case_append_id(GString *out, const char *id)
{
    const glong length = g_utf8_strlen(id, -1);
    g_autofree char *cut = g_utf8_substring(id, 0, MIN(length, CASE_ID_COLUMN));

    g_string_append_printf(out, "%s%*s", cut, (int)(CASE_ID_COLUMN - MIN(length, CASE_ID_COLUMN)), "");
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
