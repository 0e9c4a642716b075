#include "sim/sensitivity/study_tables.h"

#include "sim/output/csv.h"
#include "sim/output/result.h"

#include <math.h>
#include <string.h>

enum { RANKS = 3 };

#define FIGURE_PERCENT 0.5 /* chosen: less is not worth a row or column of a figure */

/* ---- cells ---- */

/* Empty when there is none. */
static void
append_number(GString *csv, double value)
{
    csv_append_known(csv, isfinite(value) ? value : NAN);
}

/* SimGrid's clock is a sum of steps, so that a number which nothing moves may differ in its last digits. */
#define ROUNDING_PERCENT 1e-9

static void
append_percent(GString *csv, double percent)
{
    append_number(csv, fabs(percent) < ROUNDING_PERCENT ? 0 : percent);
}

static void
append_count(GString *csv, guint count)
{
    g_autofree char *text = g_strdup_printf("%u", count);

    csv_append_text(csv, text);
}

/* ---- every change ---- */

static const char *
changed_verdict(const Study *study, guint f, guint p, Side side)
{
    const Finding *changed = study_changed(study, f, p, side);

    return changed ? verdict_text(changed->verdict) : study_outcome(study, p, side)->failure ? "failed" : "";
}

static void
append_change(GString *csv, const Study *study, guint f, guint p)
{
    const Finding *base = study_finding(study, f);
    const Parameter *parameter = study_parameter(study, p);

    csv_append_text(csv, base->id);
    csv_append_text(csv, claim_role_text(base->role));
    csv_append_text(csv, base->unit);
    csv_append_text(csv, parameter->name);
    csv_append_text(csv, parameter_kind_text(parameter->kind));
    append_number(csv, base->value);
    for (Side side = SIDE_LOW; side < N_SIDES; side++) {
        const Finding *changed = study_changed(study, f, p, side);
        append_number(csv, changed ? changed->value : NAN);
    }
    for (Side side = SIDE_LOW; side < N_SIDES; side++)
        append_percent(csv, study_change(study, f, p, side));
    csv_append_text(csv, verdict_text(base->verdict));
    for (Side side = SIDE_LOW; side < N_SIDES; side++)
        csv_append_text(csv, changed_verdict(study, f, p, side));
    g_string_append_c(csv, '\n');
}

static gboolean
has_failed(const Study *study, guint p)
{
    return study_outcome(study, p, SIDE_LOW)->failure || study_outcome(study, p, SIDE_HIGH)->failure;
}

/* A claim about no number has a row where its verdict changes, or the world failed. */
static char *
sensitivity_csv(const Study *study)
{
    GString *csv = g_string_new("finding,role,unit,parameter,kind,base,low,high,low_percent,high_percent,base_verdict,"
                                "low_verdict,high_verdict\n");

    for (guint f = 0; f < study_findings(study); f++)
        for (guint p = 0; p < study_parameters(study); p++)
            if (!isnan(study_finding(study, f)->value) || study_flips(study, f, p) || has_failed(study, p))
                append_change(csv, study, f, p);
    return g_string_free(csv, FALSE);
}

/* ---- what each number hangs on ---- */

static void
append_ranks(GString *csv, const Study *study, guint f)
{
    g_autoptr(GArray) ranking = study_ranking(study, f);

    for (guint rank = 0; rank < RANKS; rank++) {
        const gboolean there =
            rank < ranking->len && study_influence(study, f, g_array_index(ranking, guint, rank)) > 0;
        const guint p = there ? g_array_index(ranking, guint, rank) : 0;
        csv_append_text(csv, there ? study_parameter(study, p)->name : "");
        append_percent(csv, there ? study_change(study, f, p, SIDE_LOW) : NAN);
        append_percent(csv, there ? study_change(study, f, p, SIDE_HIGH) : NAN);
    }
}

static char *
hangs_on_csv(const Study *study)
{
    GString *csv = g_string_new("finding,role,unit,value,verdict,noise_percent,first,first_low_percent,"
                                "first_high_percent,second,second_low_percent,second_high_percent,third,"
                                "third_low_percent,third_high_percent\n");

    for (guint f = 0; f < study_findings(study); f++) {
        const Finding *finding = study_finding(study, f);
        if (isnan(finding->value))
            continue;
        csv_append_text(csv, finding->id);
        csv_append_text(csv, claim_role_text(finding->role));
        csv_append_text(csv, finding->unit);
        append_number(csv, finding->value);
        csv_append_text(csv, verdict_text(finding->verdict));
        append_percent(csv, study_noise(study, f));
        append_ranks(csv, study, f);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

/* ---- what each parameter moves ---- */

static char *
places_text(const Parameter *parameter)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < parameter->places->len; i++) {
        const Place *place = &g_array_index(parameter->places, Place, i);
        g_string_append_printf(text, "%s%s: %s", i > 0 ? "; " : "", place->file, place->pointer);
    }
    return g_string_free(text, FALSE);
}

static void
append_parameter(GString *csv, const Study *study, guint p)
{
    const Parameter *parameter = study_parameter(study, p);
    const StudyReach reach = study_reach(study, p);
    g_autofree char *places = places_text(parameter);
    g_autofree char *value = parameter_text(parameter, 1);
    g_autofree char *low = parameter_text(parameter, 1 - study->by_percent / 100);
    g_autofree char *high = parameter_text(parameter, 1 + study->by_percent / 100);

    csv_append_text(csv, parameter->name);
    csv_append_text(csv, parameter_kind_text(parameter->kind));
    csv_append_text(csv, value);
    csv_append_text(csv, low);
    csv_append_text(csv, high);
    append_percent(csv, parameter_step(parameter, 1 - study->by_percent / 100));
    append_percent(csv, parameter_step(parameter, 1 + study->by_percent / 100));
    append_count(csv, reach.predicted);
    append_count(csv, reach.other);
    append_count(csv, reach.flips);
    append_percent(csv, reach.largest);
    csv_append_text(csv, reach.of ? reach.of->id : "");
    csv_append_text(csv, study_outcome(study, p, SIDE_LOW)->failure);
    csv_append_text(csv, study_outcome(study, p, SIDE_HIGH)->failure);
    csv_append_text(csv, parameter->source);
    csv_append_text(csv, places);
    g_string_append_c(csv, '\n');
}

static char *
parameters_csv(const Study *study)
{
    GString *csv = g_string_new(
        "parameter,kind,value,low_value,high_value,low_step_percent,high_step_percent,moves_predicted,moves_other,flips,"
        "largest_percent,largest_of,low_failure,high_failure,source,at\n");

    for (guint p = 0; p < study_parameters(study); p++)
        append_parameter(csv, study, p);
    return g_string_free(csv, FALSE);
}

/* ---- figures ---- */

/* Of the two sides the larger change, with the sign that raising the parameter has. */
static double
signed_influence(const Study *study, guint f, guint p)
{
    const double low = study_change(study, f, p, SIDE_LOW), high = study_change(study, f, p, SIDE_HIGH);

    if (isnan(low) || fabs(high) >= fabs(low))
        return isnan(high) ? 0 : high;
    return -low;
}

typedef struct {
    guint p;
    double weight;
} Column;

static int
compare_columns(gconstpointer a, gconstpointer b)
{
    const Column *first = a, *second = b;

    return first->weight != second->weight ? (first->weight < second->weight) - (first->weight > second->weight)
                                           : (first->p > second->p) - (first->p < second->p);
}

/* Parameters that move some number by what the figure can show, those with the widest reach first. */
static GArray *
figure_columns(const Study *study)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(Column));

    for (guint p = 0; p < study_parameters(study); p++) {
        Column column = {p, 0};
        double largest = 0;
        for (guint f = 0; f < study_findings(study); f++) {
            const double influence = study_influence(study, f, p);
            column.weight += MIN(influence, study->by_percent); /* one huge change is not a wide reach */
            largest = MAX(largest, influence);
        }
        if (study_parameter(study, p)->kind == PARAMETER_CHANCE)
            column.weight = -1; /* last */
        if (largest >= FIGURE_PERCENT)
            g_array_append_val(columns, column);
    }
    g_array_sort(columns, compare_columns);
    return columns;
}

static gboolean
in_figure(const Study *study, guint f, gboolean predicted)
{
    gboolean shown = FALSE;

    for (guint p = 0; p < study_parameters(study) && !shown; p++)
        shown = study_flips(study, f, p) || study_influence(study, f, p) >= FIGURE_PERCENT;
    return shown && (study_finding(study, f)->role == ROLE_PREDICTED) == predicted;
}

/* A step that is more than was asked for is marked. */
static void
append_marked(GString *csv, const Study *study, guint p)
{
    g_autofree char *text = g_strconcat(study_parameter(study, p)->name, study_oversteps(study, p) ? "*" : "", NULL);

    csv_append_text(csv, text);
}

static guint
append_heat_rows(GString *csv, const Study *study, const GArray *columns, gboolean predicted, guint y)
{
    for (guint f = 0; f < study_findings(study); f++) {
        if (!in_figure(study, f, predicted))
            continue;
        for (guint x = 0; x < columns->len; x++) {
            const guint p = g_array_index(columns, Column, x).p;
            append_count(csv, x);
            append_count(csv, y);
            append_percent(csv, signed_influence(study, f, p));
            append_count(csv, study_flips(study, f, p));
            append_count(csv, !predicted);
            append_marked(csv, study, p);
            csv_append_text(csv, study_finding(study, f)->id);
            g_string_append_c(csv, '\n');
        }
        y++;
    }
    return y;
}

static char *
heat_csv(const Study *study)
{
    GString *csv = g_string_new("x,y,percent,flips,calibrated,parameter,finding\n");
    g_autoptr(GArray) columns = figure_columns(study);
    const guint predicted = append_heat_rows(csv, study, columns, TRUE, 0);

    append_heat_rows(csv, study, columns, FALSE, predicted);
    return g_string_free(csv, FALSE);
}

/* As many rows in every panel; what has no bar, for it changes nothing, has no name. FALSE: the target has no such
 * number. */
static gboolean
append_bars(GString *csv, const Study *study, guint panel, const Headline *headline)
{
    enum { BARS = 8 };
    guint f = 0;

    while (f < study_findings(study) && !g_str_equal(study_finding(study, f)->id, headline->finding))
        f++;
    if (f == study_findings(study))
        return FALSE;
    g_autoptr(GArray) ranking = study_ranking(study, f);
    for (guint rank = ranking->len; rank > 0; rank--) /* bars are of one step; the others are in the heat map */
        if (study_oversteps(study, g_array_index(ranking, guint, rank - 1)))
            g_array_remove_index(ranking, rank - 1);
    for (guint rank = 0; rank < MIN(ranking->len, BARS); rank++) {
        const guint p = g_array_index(ranking, guint, rank);
        append_count(csv, panel);
        append_count(csv, rank);
        append_percent(csv, study_change(study, f, p, SIDE_LOW));
        append_percent(csv, study_change(study, f, p, SIDE_HIGH));
        append_percent(csv, study_noise(study, f));
        csv_append_text(csv, study_influence(study, f, p) < 0.0005 ? "" : study_parameter(study, p)->name);
        csv_append_text(csv, headline->title);
        g_string_append_c(csv, '\n');
    }
    return TRUE;
}

/* A panel per headline that the target has. */
static char *
tornado_csv(const Study *study)
{
    GString *csv = g_string_new("panel,rank,low_percent,high_percent,noise_percent,parameter,title\n");

    for (guint i = 0, panel = 0; i < study->list->headlines->len; i++)
        panel += append_bars(csv, study, panel, &g_array_index(study->list->headlines, Headline, i));
    return g_string_free(csv, FALSE);
}

void
study_tables_take_files(const Study *study, FileSet *files)
{
    files_take(files, "sensitivity.csv", sensitivity_csv(study));
    files_take(files, "hangs-on.csv", hangs_on_csv(study));
    files_take(files, "parameters.csv", parameters_csv(study));
    files_take(files, "heat.csv", heat_csv(study));
    files_take(files, "tornado.csv", tornado_csv(study));
}
