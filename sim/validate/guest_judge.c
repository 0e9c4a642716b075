#include "sim/validate/guest_judge.h"

#include "models/base/statistics.h"
#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

enum { ID_COLUMN = 24, PER_LINE = 4 };

static const GuestPrediction *
at(const GArray *predictions, guint i)
{
    return &g_array_index(predictions, GuestPrediction, i);
}

static const CaseBase *
base_of(const GuestPrediction *one)
{
    return one->of->migration->base;
}

static gboolean
is_measured(const GuestPrediction *one, guint measure)
{
    return (guest_measures[measure].watches & one->of->watch) != 0;
}

/* ---- errors ---- */

static double
off(const Comparison *comparison)
{
    return fabs(comparison->predicted - comparison->measured);
}

/* Synchronizations differ by a number, which is no percentage. */
static double
percent(const Comparison *comparison, guint measure)
{
    return measure == COUNTER_SYNCS ? NAN : fabs(comparison->error);
}

static gboolean
holds(const Comparison *comparison, guint measure)
{
    const GuestMeasure *bar = &guest_measures[measure];

    return (bar->percent > 0 && percent(comparison, measure) <= bar->percent) ||
           (bar->off > 0 && off(comparison) <= bar->off);
}

/* "ten-01-2" is a repeat of "ten-01-1": the length of what they share, without a last "-" and number. */
static gsize
stem_length(const char *id)
{
    const char *dash = strrchr(id, '-');

    return dash && dash[1] && !dash[1 + strspn(dash + 1, "0123456789")] ? (gsize)(dash - id) : strlen(id);
}

static gboolean
are_repeats(const char *a, const char *b)
{
    const gsize length = stem_length(a);

    return length == stem_length(b) && strncmp(a, b, length) == 0;
}

static gboolean
counts(const GuestPrediction *one, guint measure, const CaseBase *base)
{
    return base_of(one) == base && !isnan(one->measures[measure].measured);
}

/* Between the lowest and the highest of a case's repeats, from its first one on; NAN: it stands alone, or is no first
 * one. */
static double
spread_of(const GArray *predictions, guint first, guint measure, const CaseBase *base)
{
    const GuestPrediction *one = at(predictions, first);
    double low = one->measures[measure].measured, high = low;
    guint n = 0;

    for (guint i = 0; i < predictions->len; i++) {
        const GuestPrediction *other = at(predictions, i);
        if (!counts(other, measure, base) || !are_repeats(one->of->id, other->of->id))
            continue;
        if (i < first)
            return NAN;
        low = fmin(low, other->measures[measure].measured);
        high = fmax(high, other->measures[measure].measured);
        n++;
    }
    return n > 1 ? high - low : NAN;
}

static void
judge_repeats(const GArray *predictions, guint measure, const CaseBase *base, GuestErrors *errors)
{
    g_autoptr(GArray) spreads = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < predictions->len; i++) {
        const double spread =
            counts(at(predictions, i), measure, base) ? spread_of(predictions, i, measure, base) : NAN;
        if (!isnan(spread))
            g_array_append_val(spreads, spread);
    }
    statistics_sort(spreads);
    errors->repeated = spreads->len;
    errors->spread = statistics_nearest_rank(spreads, 0.5);
}

GuestErrors
guest_judge_errors(const GArray *predictions, guint measure, const CaseBase *base)
{
    g_autoptr(GArray) percents = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) offs = g_array_new(FALSE, FALSE, sizeof(double));
    GuestErrors errors = {0};

    for (guint i = 0; i < predictions->len; i++) {
        const GuestPrediction *one = at(predictions, i);
        const Comparison *comparison = &one->measures[measure];
        const double by = off(comparison), share = percent(comparison, measure);
        if (!counts(one, measure, base) || isnan(by))
            continue;
        g_array_append_val(offs, by);
        if (!isnan(share))
            g_array_append_val(percents, share);
        errors.within += (guint)holds(comparison, measure);
    }
    errors.off = case_errors_of(offs);
    errors.percent = case_errors_of(percents);
    judge_repeats(predictions, measure, base, &errors);
    return errors;
}

/* ---- a terminal ---- */

static int
decimals_of(double value)
{
    return fabs(value) < 10 ? 2 : fabs(value) < 100 ? 1 : 0;
}

static void
append_number(GString *out, double value)
{
    if (isnan(value))
        g_string_append_printf(out, " %8s", "-");
    else
        g_string_append_printf(out, " %8.*f", decimals_of(value), value);
}

static void
append_comparison(GString *out, const Comparison *comparison, guint measure)
{
    append_number(out, comparison->measured);
    append_number(out, comparison->predicted);
    if (isnan(comparison->measured) || isnan(comparison->predicted) || isnan(percent(comparison, measure)))
        g_string_append_printf(out, " %7s", "");
    else
        g_string_append_printf(out, " %+6.1f%%", comparison->error);
}

/* The measures of a base from the first one that is not told yet: one block of lines for as many as fit. */
static guint
append_block(GString *out, const GArray *predictions, const CaseBase *base, guint watch, guint from)
{
    guint shown[PER_LINE], n = 0, next = from;

    for (; next < N_GUEST_MEASURES && n < PER_LINE; next++)
        if (guest_measures[next].watches & watch)
            shown[n++] = next;
    if (n == 0)
        return next;
    g_string_append_printf(out, "%-*s", ID_COLUMN, "case");
    for (guint k = 0; k < n; k++)
        g_string_append_printf(out, " %25s", guest_measures[shown[k]].title);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < predictions->len; i++) {
        const GuestPrediction *one = at(predictions, i);
        if (base_of(one) != base)
            continue;
        case_append_id(out, one->of->id, ID_COLUMN);
        for (guint k = 0; k < n; k++)
            append_comparison(out, &one->measures[shown[k]], shown[k]);
        g_string_append_c(out, '\n');
    }
    return next;
}

static void
append_bar(GString *out, const GuestMeasure *measure, const GuestErrors *errors)
{
    g_string_append_printf(out, "; within ");
    if (measure->percent > 0)
        g_string_append_printf(out, "%g %%%s", measure->percent, measure->off > 0 ? " or " : "");
    if (measure->off > 0)
        g_string_append_printf(out, "%g", measure->off);
    g_string_append_printf(out, " in %u of %u", errors->within, errors->off.n);
}

static void
append_summary(GString *out, const GArray *predictions, const CaseBase *base, guint watch)
{
    for (guint i = 0; i < N_GUEST_MEASURES; i++) {
        const GuestErrors errors = guest_judge_errors(predictions, i, base);
        if (!(guest_measures[i].watches & watch) || errors.off.n == 0)
            continue;
        g_string_append_printf(out, "%s: off by %.4g in the median, %.4g at worst", guest_measures[i].title,
                               errors.off.median, errors.off.worst);
        if (!isnan(errors.percent.median))
            g_string_append_printf(out, " (%.1f %%, %.1f %%)", errors.percent.median, errors.percent.worst);
        append_bar(out, &guest_measures[i], &errors);
        if (errors.repeated > 0)
            g_string_append_printf(out, "; repeats differ by %.4g", errors.spread);
        g_string_append_c(out, '\n');
    }
}

static guint
cases_of(const GArray *predictions, const CaseBase *base)
{
    guint n = 0;

    for (guint i = 0; i < predictions->len; i++)
        n += base_of(at(predictions, i)) == base;
    return n;
}

/* Those that did not end as measured, of which nothing else is said. */
static void
append_ends(GString *out, const GArray *predictions, const CaseBase *base)
{
    for (guint i = 0; i < predictions->len; i++) {
        const GuestPrediction *one = at(predictions, i);
        const gboolean completed = one->of->migration->completed;
        if (base_of(one) == base && (one->completed > one->seeds / 2) != completed)
            g_string_append_printf(out, "%s %s in the measurement, did in %u of %u predictions\n", one->of->id,
                                   completed ? "converged" : "did not converge", one->completed, one->seeds);
    }
}

static void
append_base(GString *out, const GArray *predictions, const CaseBase *base)
{
    const guint n = cases_of(predictions, base);

    if (n == 0)
        return;
    const guint watch = at(predictions, 0)->of->watch; /* all are of one kind */
    g_string_append_printf(out, "%s%s, QEMU %s under %s: %u cases, profile %s; measured, predicted, error\n",
                           out->len > 0 ? "\n" : "", base->kind, base->series, base->accel, n, base->profile);
    for (guint i = 0; i < N_GUEST_MEASURES;)
        i = append_block(out, predictions, base, watch, i);
    append_ends(out, predictions, base);
    append_summary(out, predictions, base, watch);
}

char *
guest_judge_table(const GArray *predictions)
{
    GString *out = g_string_new(NULL);

    for (const CaseBase *base = case_bases; base->kind; base++)
        append_base(out, predictions, base);
    return g_string_free(out, FALSE);
}

/* ---- files ---- */

static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,qemu,accel,profile,method,completed,predicted_completed");
    const GuestPrediction *first = at(predictions, 0);

    for (guint i = 0; i < N_GUEST_MEASURES; i++)
        if (is_measured(first, i))
            g_string_append_printf(csv, ",%1$s_measured,%1$s_predicted,%1$s_low,%1$s_high,%1$s_%2$s",
                                   guest_measures[i].name, i == COUNTER_SYNCS ? "off" : "error_percent");
    g_string_append_c(csv, '\n');
    for (guint i = 0; i < predictions->len; i++) {
        const GuestPrediction *one = at(predictions, i);
        const CaseFile *migration = one->of->migration;
        g_autofree char *id = csv_quote(one->of->id);
        g_string_append_printf(csv, "%s,%s,%s,%s,%s,%d,%u", id, migration->qemu_version, migration->base->accel,
                               migration->base->profile, migration->method, migration->completed, one->completed);
        for (guint m = 0; m < N_GUEST_MEASURES; m++)
            if (is_measured(one, m))
                case_append_comparison(csv, &one->measures[m]);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static void
append_summary_rows(GString *csv, const GArray *predictions, const CaseBase *base)
{
    for (guint i = 0; i < N_GUEST_MEASURES; i++) {
        const GuestErrors errors = guest_judge_errors(predictions, i, base);
        if (errors.off.n == 0)
            continue;
        g_string_append_printf(csv, "%s,%s,%u", guest_measures[i].name, base->series, errors.off.n);
        csv_append_known(csv, errors.percent.median);
        csv_append_known(csv, errors.percent.worst);
        csv_append_known(csv, errors.off.median);
        csv_append_known(csv, errors.off.worst);
        g_string_append_printf(csv, ",%u,%u", errors.within, errors.repeated);
        csv_append_known(csv, errors.spread);
        g_string_append_c(csv, '\n');
    }
}

static char *
summary_csv(const GArray *predictions)
{
    GString *csv = g_string_new("measure,qemu,cases,median_error_percent,worst_error_percent,median_off,worst_off,"
                                "within_bar,repeated,median_spread\n");

    for (const CaseBase *base = case_bases; base->kind; base++)
        append_summary_rows(csv, predictions, base);
    return g_string_free(csv, FALSE);
}

void
guest_judge_take_files(const GArray *predictions, FileSet *files)
{
    const char *kind = base_of(at(predictions, 0))->kind;
    g_autofree char *table = g_strdup_printf("validation-%s.csv", kind);
    g_autofree char *summary = g_strdup_printf("summary-%s.csv", kind);

    files_take(files, table, validation_csv(predictions));
    files_take(files, summary, summary_csv(predictions));
}
