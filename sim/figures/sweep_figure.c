#include "sim/figures/sweep_figure.h"

#include "sim/output/csv.h"
#include "sim/output/table.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"
#include "sim/sweep/campaign.h"

#include <math.h>
#include <string.h>

enum { MAX_LINES = 8, HEAT_MIN = 3 }; /* chosen: as many as colours and point types tell apart */

typedef struct {
    Table *table;          /* owned: summary.csv */
    GPtrArray *parameters; /* of char *, owned: their columns */
    const char *x, *by;    /* by: NULL when there is one parameter */
    char *metric;          /* owned */
    GPtrArray *xs, *bys;   /* of char *, borrowed from the table: values in the order in which they come up */
    gboolean x_is_number, by_is_number;
    Label x_label, by_label, y_label;
    char *fixed; /* owned: "a = 1, b = 2": what is held at its first value */
} View;

static void
view_clear(View *view)
{
    g_clear_pointer(&view->table, table_free);
    g_clear_pointer(&view->parameters, g_ptr_array_unref);
    g_clear_pointer(&view->xs, g_ptr_array_unref);
    g_clear_pointer(&view->bys, g_ptr_array_unref);
    g_free(view->metric);
    g_free(view->x_label.text);
    g_free(view->by_label.text);
    g_free(view->y_label.text);
    g_free(view->fixed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(View, view_clear)

/* ---- what is there ---- */

static gboolean
read_folder(View *view, const char *folder, GError **error)
{
    g_autofree char *manifest_path = g_build_filename(folder, "manifest.json", NULL);
    g_autofree char *path = g_build_filename(folder, "summary.csv", NULL);
    g_autoptr(cJSON) manifest = json_text_load(manifest_path, error);

    view->parameters = manifest ? campaign_columns(manifest, manifest_path, error) : NULL;
    if (!view->parameters)
        return FALSE;
    g_ptr_array_add(view->parameters, NULL);
    view->table = table_read(path, (const char *const *)view->parameters->pdata, error);
    g_ptr_array_set_size(view->parameters, (gint)view->parameters->len - 1);
    if (!view->table)
        return FALSE;
    if (view->parameters->len > 0 && table_rows(view->table) > 0)
        return TRUE;
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "%s: the sweep has no axis, or no point that ran", folder);
    return FALSE;
}

static gboolean
fail_choice(const char *what, const char *word, GPtrArray *names, GError **error)
{
    g_autofree char *quoted = wording_quote(word);

    g_ptr_array_add(names, NULL);
    g_autofree char *choice = wording_choice(word, (const char *const *)names->pdata);
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "no %s %s, %s", what, quoted, choice);
    g_ptr_array_set_size(names, (gint)names->len - 1);
    return FALSE;
}

static gboolean
choose_parameter(const View *view, const char *wanted, guint fallback, const char **out, GError **error)
{
    for (guint i = 0; wanted && i < view->parameters->len; i++) {
        *out = g_ptr_array_index(view->parameters, i);
        if (g_str_equal(*out, wanted))
            return TRUE;
    }
    *out = fallback < view->parameters->len ? g_ptr_array_index(view->parameters, fallback) : NULL;
    return !wanted || fail_choice("parameter", wanted, view->parameters, error);
}

/* Of columns NAME.mean: the one asked for, else the first that ends in total_s, else the first one. */
static gboolean
choose_metric(View *view, const char *wanted, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (const char *const *column = table_columns(view->table); *column; column++)
        if (g_str_has_suffix(*column, ".mean"))
            g_ptr_array_add(names, g_strndup(*column, strlen(*column) - strlen(".mean")));
    for (guint i = 0; i < names->len && !view->metric; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (wanted ? g_str_equal(name, wanted) : g_str_has_suffix(name, "total_s"))
            view->metric = g_strdup(name);
    }
    if (!view->metric && !wanted && names->len > 0)
        view->metric = g_strdup(g_ptr_array_index(names, 0));
    return view->metric || fail_choice("metric", wanted ? wanted : "", names, error);
}

/* ---- values ---- */

static guint
find_value(const GPtrArray *values, const char *value)
{
    for (guint i = 0; i < values->len; i++)
        if (g_str_equal(g_ptr_array_index(values, i), value))
            return i;
    return G_MAXUINT;
}

static GPtrArray *
values_of(const Table *table, const char *column)
{
    GPtrArray *values = g_ptr_array_new();

    for (guint row = 0; column && row < table_rows(table); row++) {
        const char *value = table_text(table, row, column);
        if (find_value(values, value) == G_MAXUINT)
            g_ptr_array_add(values, (gpointer)value);
    }
    return values;
}

static gboolean
are_numbers(const GPtrArray *values, double *largest)
{
    *largest = 0;
    for (guint i = 0; i < values->len; i++) {
        char *end;
        const double value = g_ascii_strtod(g_ptr_array_index(values, i), &end);
        if (*end || end == g_ptr_array_index(values, i))
            return FALSE;
        *largest = MAX(*largest, value);
    }
    return values->len > 0;
}

static double
metric_value(const View *view, guint row, const char *suffix)
{
    g_autofree char *column = g_strconcat(view->metric, suffix, NULL);

    return table_number(view->table, row, column);
}

/* The row of that x and by, everything else at the first row's values; G_MAXUINT: none. */
static guint
find_row(const View *view, const char *x, const char *by)
{
    for (guint row = 0; row < table_rows(view->table); row++) {
        gboolean matches = TRUE;
        for (guint p = 0; p < view->parameters->len && matches; p++) {
            const char *column = g_ptr_array_index(view->parameters, p);
            const char *wanted = g_str_equal(column, view->x)                ? x
                                 : view->by && g_str_equal(column, view->by) ? by
                                                                             : table_text(view->table, 0, column);
            matches = g_str_equal(table_text(view->table, row, column), wanted);
        }
        if (matches)
            return row;
    }
    return G_MAXUINT;
}

static char *
shown_value(const char *value, gboolean is_number, const Label *label)
{
    g_autofree char *number = is_number ? NULL : g_strdup(value);

    if (number)
        return g_steal_pointer(&number);
    return g_strdup_printf("%.4g", g_ascii_strtod(value, NULL) * label->factor);
}

static void
describe_fixed(View *view, Language language)
{
    GString *text = g_string_new(NULL);

    for (guint p = 0; p < view->parameters->len; p++) {
        const char *column = g_ptr_array_index(view->parameters, p);
        if (g_str_equal(column, view->x) || g_strcmp0(column, view->by) == 0)
            continue;
        const char *value = table_text(view->table, 0, column);
        Label label = label_column(column, table_number(view->table, 0, column), language);
        g_autofree char *shown = shown_value(value, !isnan(table_number(view->table, 0, column)), &label);
        g_string_append_printf(text, "%s%s = %s", text->len ? ", " : "", label.text, shown);
        g_free(label.text);
    }
    view->fixed = g_string_free(text, FALSE);
}

static void
lay_out(View *view, Language language)
{
    double x_largest, by_largest = 0, y_largest = 0;

    view->xs = values_of(view->table, view->x);
    view->bys = values_of(view->table, view->by);
    view->x_is_number = are_numbers(view->xs, &x_largest);
    view->by_is_number = are_numbers(view->bys, &by_largest);
    for (guint row = 0; row < table_rows(view->table); row++) {
        const double value = metric_value(view, row, ".mean");
        if (isfinite(value))
            y_largest = MAX(y_largest, fabs(value));
    }
    view->x_label = label_column(view->x, x_largest, language);
    view->by_label = view->by ? label_column(view->by, by_largest, language) : (Label){1, g_strdup("")};
    view->y_label = label_column(view->metric, y_largest, language);
    describe_fixed(view, language);
}

/* ---- figures ---- */

static void
append_cell(GString *csv, double value)
{
    g_autofree char *text = isnan(value) ? g_strdup("nan") : csv_number(value);

    g_string_append_printf(csv, ",%s", text);
}

static void
set_texts(Figure *figure, const View *view, const SweepFigureOptions *options)
{
    g_autofree char *title = g_strdup_printf("%s%s%s", *view->fixed ? label_word("at", options->language) : "",
                                             *view->fixed ? " " : "", view->fixed);

    figure_set_text(figure, "heading", title);
    figure_set_text(figure, "x_label", view->x_label.text);
    figure_set_text(figure, "by_label", view->by_label.text);
    figure_set_text(figure, "y_label", view->y_label.text);
    figure_set_number(figure, "log_x", options->log_x && view->x_is_number);
    figure_set_number(figure, "log_y", options->log_y);
}

/* Columns: x, then mean, low and high of each line; x is an index with a name when it is no number. */
static char *
lines_data(const View *view, guint n_lines)
{
    GString *csv = g_string_new("x,name");

    for (guint l = 0; l < n_lines; l++)
        g_string_append_printf(csv, ",mean_%u,low_%u,high_%u", l + 1, l + 1, l + 1);
    g_string_append_c(csv, '\n');
    for (guint i = 0; i < view->xs->len; i++) {
        const char *x = g_ptr_array_index(view->xs, i);
        g_autofree char *number =
            csv_number(view->x_is_number ? g_ascii_strtod(x, NULL) * view->x_label.factor : (double)i);
        g_autofree char *name = view->x_is_number ? csv_quote(x) : figure_cell(x);
        g_string_append_printf(csv, "%s,%s", number, name);
        for (guint l = 0; l < n_lines; l++) {
            const guint row = find_row(view, x, view->by ? g_ptr_array_index(view->bys, l) : NULL);
            static const char *const suffixes[] = {".mean", ".ci95_low", ".ci95_high"};
            for (gsize s = 0; s < G_N_ELEMENTS(suffixes); s++)
                append_cell(csv, row == G_MAXUINT ? NAN : metric_value(view, row, suffixes[s]) * view->y_label.factor);
        }
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static char *
figure_name(const char *kind, const View *view)
{
    char *name = g_strdup_printf("%s-%s", kind, view->metric);

    return g_strcanon(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.", '-');
}

static gboolean
draw_lines(const View *view, const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error)
{
    g_autofree char *name = figure_name("lines", view);
    g_autoptr(Figure) figure = figure_new(name, "sweep/lines", options->language);
    const guint n_lines = view->by ? MIN(view->bys->len, MAX_LINES) : 1;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    set_texts(figure, view, options);
    for (guint l = 0; view->by && l < n_lines; l++)
        g_ptr_array_add(names, shown_value(g_ptr_array_index(view->bys, l), view->by_is_number, &view->by_label));
    figure_set_words(figure, "line_names", names);
    figure_set_number(figure, "n_lines", n_lines);
    figure_set_number(figure, "x_is_number", view->x_is_number);
    figure_set_number(figure, "n_x", view->xs->len);
    figure_take_data(figure, lines_data(view, n_lines));
    if (!figure_draw(figure, folder, error))
        return FALSE;
    g_ptr_array_add(drawn, g_steal_pointer(&name));
    return TRUE;
}

/* Columns: index and value of both parameters, then the mean. */
static char *
heat_data(const View *view)
{
    GString *csv = g_string_new("i,j,x,y,mean\n");

    for (guint j = 0; j < view->bys->len; j++) {
        for (guint i = 0; i < view->xs->len; i++) {
            const char *x = g_ptr_array_index(view->xs, i), *y = g_ptr_array_index(view->bys, j);
            const guint row = find_row(view, x, y);
            g_string_append_printf(csv, "%u,%u", i, j);
            append_cell(csv, g_ascii_strtod(x, NULL) * view->x_label.factor);
            append_cell(csv, g_ascii_strtod(y, NULL) * view->by_label.factor);
            append_cell(csv, row == G_MAXUINT ? NAN : metric_value(view, row, ".mean") * view->y_label.factor);
            g_string_append_c(csv, '\n');
        }
    }
    return g_string_free(csv, FALSE);
}

static gboolean
draw_heat(const View *view, const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error)
{
    g_autofree char *name = figure_name("heat", view);
    g_autoptr(Figure) figure = figure_new(name, "sweep/heat", options->language);

    set_texts(figure, view, options);
    figure_set_number(figure, "n_x", view->xs->len);
    figure_set_number(figure, "n_y", view->bys->len);
    figure_take_data(figure, heat_data(view));
    if (!figure_draw(figure, folder, error))
        return FALSE;
    g_ptr_array_add(drawn, g_steal_pointer(&name));
    return TRUE;
}

gboolean
sweep_figure_draw(const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error)
{
    g_auto(View) view = {0};
    g_autofree char *figures = g_build_filename(folder, "figures", NULL);

    if (!read_folder(&view, folder, error) || !choose_parameter(&view, options->x, 0, &view.x, error))
        return FALSE;
    const gboolean x_is_second = view.parameters->len > 1 && g_str_equal(view.x, g_ptr_array_index(view.parameters, 1));
    if (!choose_parameter(&view, options->by, x_is_second ? 0 : 1, &view.by, error) ||
        !choose_metric(&view, options->metric, error))
        return FALSE;
    if (g_strcmp0(view.x, view.by) == 0)
        view.by = NULL;
    lay_out(&view, options->language);
    if (!draw_lines(&view, figures, options, drawn, error))
        return FALSE;
    const gboolean heat =
        view.x_is_number && view.by_is_number && view.xs->len >= HEAT_MIN && view.bys->len >= HEAT_MIN;
    return !heat || draw_heat(&view, figures, options, drawn, error);
}
