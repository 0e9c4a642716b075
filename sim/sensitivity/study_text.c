#include "sim/sensitivity/study_text.h"

#include <math.h>
#include <string.h>

enum { RANKS = 3 };

static int
widest_id(const Study *study)
{
    gsize widest = strlen("number");

    for (guint f = 0; f < study_findings(study); f++)
        if (!isnan(study_finding(study, f)->value))
            widest = MAX(widest, strlen(study_finding(study, f)->id));
    return (int)MIN(widest, 40);
}

static void
append_side(GString *out, const Study *study, guint f, guint p, Side side)
{
    const double percent = study_change(study, f, p, side);

    if (study_loses(study, f, p, side))
        g_string_append(out, "lost");
    else if (isnan(percent))
        g_string_append_c(out, '-');
    else
        g_string_append_printf(out, "%+.1f", fabs(percent) < STUDY_SHOWN_PERCENT ? 0 : percent);
}

/* "tcp-efficiency (+7.4, -4.5), dirty-rate (-1.0, +1.0)" */
static void
append_hanging(GString *out, const Study *study, guint f)
{
    g_autoptr(GArray) ranking = study_ranking(study, f);
    guint n = 0;

    for (guint rank = 0; rank < MIN(ranking->len, RANKS); rank++) {
        const guint p = g_array_index(ranking, guint, rank);
        if (study_influence(study, f, p) < STUDY_SHOWN_PERCENT)
            break;
        g_string_append_printf(out, "%s%s%s (", n++ > 0 ? ", " : "", study_parameter(study, p)->name,
                               study_oversteps(study, p) ? "*" : "");
        append_side(out, study, f, p, SIDE_LOW);
        g_string_append(out, ", ");
        append_side(out, study, f, p, SIDE_HIGH);
        g_string_append_c(out, ')');
    }
    if (n == 0)
        g_string_append(out, "nothing");
}

/* What is longer than the terminal is wide is cut. */
static void
append_line(GString *out, GString *line, guint columns)
{
    g_string_truncate(line, strlen(g_strchomp(line->str)));
    const glong length = g_utf8_strlen(line->str, -1);
    const gboolean cut = length > (glong)columns;
    g_autofree char *head = g_utf8_substring(line->str, 0, cut ? (glong)columns - 1 : length);

    g_string_append_printf(out, "%s%s\n", head, cut ? "…" : "");
    g_string_truncate(line, 0);
}

static void
append_findings(GString *out, const Study *study, gboolean predicted, guint columns)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const int width = widest_id(study);

    for (guint f = 0; f < study_findings(study); f++) {
        const Finding *finding = study_finding(study, f);
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        if (isnan(finding->value) || (finding->role == ROLE_PREDICTED) != predicted)
            continue;
        g_ascii_formatd(number, sizeof number, "%.5g", finding->value);
        g_string_append_printf(line, "%-*s %-10s %10s %-11s ", width, finding->id, claim_role_text(finding->role),
                               number, finding->unit);
        append_hanging(line, study, f);
        append_line(out, line, columns);
    }
}

static int
widest_parameter(const Study *study)
{
    gsize widest = strlen("parameter");

    for (guint p = 0; p < study_parameters(study); p++)
        widest = MAX(widest, strlen(study_parameter(study, p)->name));
    return (int)widest;
}

/* "0.9415 (0.84735, 1)" */
static void
append_values(GString *out, const Study *study, const Parameter *parameter)
{
    g_autofree char *value = parameter_text(parameter, 1);
    g_autofree char *low = parameter_text(parameter, 1 - study->by_percent / 100);
    g_autofree char *high = parameter_text(parameter, 1 + study->by_percent / 100);

    if (parameter->places->len > 0)
        g_string_append_printf(out, "%s (%s, %s)", value, low, high);
}

static void
append_parameters(GString *out, const Study *study, guint columns)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const int width = widest_parameter(study);

    for (guint p = 0; p < study_parameters(study); p++) {
        const Parameter *parameter = study_parameter(study, p);
        const StudyReach reach = study_reach(study, p);
        g_string_append_printf(line, "%-*s %-8s %9u %6u %6u  ", width, parameter->name,
                               parameter_kind_text(parameter->kind), reach.predicted, reach.other, reach.flips);
        append_values(line, study, parameter);
        for (Side side = SIDE_LOW; side < N_SIDES; side++) {
            const char *failure = study_outcome(study, p, side)->failure;
            if (failure)
                g_string_append_printf(line, "%s%s cannot be run: %s", line->len > 0 ? "; " : "",
                                       side == SIDE_LOW ? "lower" : "higher", failure);
        }
        append_line(out, line, columns);
    }
}

char *
study_text(const Study *study, guint columns)
{
    GString *out = g_string_new(NULL);
    const int width = widest_id(study);

    g_string_append_printf(out, "%-*s %-10s %10s %-11s hangs on (change in %% for -%g %%, +%g %%)\n", width, "number",
                           "role", "value", "", study->by_percent, study->by_percent);
    append_findings(out, study, TRUE, columns);
    append_findings(out, study, FALSE, columns);
    g_string_append_printf(out, "\n%-*s %-8s %9s %6s %6s  %s\n", widest_parameter(study), "parameter", "kind",
                           "predicted", "other", "flips", "value (lower, higher)");
    append_parameters(out, study, columns);
    g_string_append_printf(out,
                           "predicted, other: claims that it moves by more than %g %% and more than other seeds do\n"
                           "*: a whole number, changed by one, which is more than %g %%\n",
                           STUDY_MOVED_PERCENT, study->by_percent);
    return g_string_free(out, FALSE);
}
