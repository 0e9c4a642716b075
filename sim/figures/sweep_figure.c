#include "sim/figures/sweep_figure.h"

#include "sim/figures/sweep_view.h"
#include "sim/figures/window_figure.h"
#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

enum {
    NAMED_LINES = 16, /* chosen: as many as colours and dashes tell apart; more get a colour of the scale */
    HEAT_MIN = 3,     /* values of each parameter, for a heat map */
};

static const double name_ems = 18; /* a longer name gives way in its middle */

static void
append_number(GString *csv, double value)
{
    g_autofree char *text = isnan(value) ? g_strdup("nan") : csv_number(value);

    g_string_append_printf(csv, ",%s", text);
}

static char *
figure_name(const char *kind, const SweepView *view)
{
    char *name = g_strdup_printf("%s-%s", kind, view->metric);

    return g_strcanon(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.", '-');
}

static gboolean
draw(Figure *figure, const char *name, const char *folder, GPtrArray *drawn, GError **error)
{
    if (!figure_draw(figure, folder, error))
        return FALSE;
    g_ptr_array_add(drawn, g_strdup(name));
    return TRUE;
}

/* ---- what stands around the plot ---- */

static void
add_note(Figure *figure, const char *before, const char *text, const char *after)
{
    g_autofree char *note = g_strdup_printf("%s%s%s%s%s", before, *before ? " " : "", text, *after ? " " : "", after);

    figure_add_title(figure, note);
}

/* How many runs a mean is of. */
static void
add_runs(Figure *figure, const SweepView *view, gboolean has_intervals, Language language)
{
    const char *phrase =
        has_intervals ? "mean of %u runs, band or bar: 95 % interval" : "mean of %u runs, intervals are not drawn";
    g_auto(GStrv) parts = g_strsplit(label_word(phrase, language), "%u", 2);
    g_autofree char *text = g_strdup_printf("%s%u%s", parts[0], view->repeats, parts[1]);

    figure_add_title(figure, text);
}

static void
set_texts(Figure *figure, const SweepView *view, const char *heading, Language language)
{
    g_autofree char *held = sweep_view_held(view), *along = sweep_view_along(view);

    figure_add_title(figure, heading);
    if (held)
        add_note(figure, label_word("at", language), held, "");
    if (along)
        add_note(figure, "", along, label_word("varies with it", language));
    figure_set_text(figure, "x_label", view->x->label.text);
    figure_set_text(figure, "by_label", view->by ? view->by->label.text : "");
    figure_set_text(figure, "y_label", view->metric_label.text);
}

static gboolean
has_state(const SweepView *view, SweepPointState state)
{
    for (guint i = 0; i < view->rows->len; i++)
        if (sweep_view_state(view, i) == state)
            return TRUE;
    return FALSE;
}

static void
set_states(Figure *figure, const SweepView *view, Language language)
{
    static const char *const variables[] = {[SWEEP_POINT_WHOLE] = "has_whole",
                                            [SWEEP_POINT_PARTLY] = "has_partly",
                                            [SWEEP_POINT_FAILED] = "has_failed",
                                            [SWEEP_POINT_EMPTY] = "has_empty"};

    for (gsize s = 0; s < G_N_ELEMENTS(variables); s++)
        figure_set_number(figure, variables[s], has_state(view, (SweepPointState)s));
    figure_set_text(figure, "partly_label", label_word("not all runs completed", language));
    figure_set_text(figure, "failed_label", label_word("did not complete", language));
    figure_set_text(figure, "empty_label", label_word("no value", language));
}

/* ---- lines, or a point for each row ---- */

/* Which line a row belongs to. Scattered points of a number are one line, whose colours are the numbers; those of a
 * word are a line for each word. */
static guint
line_of(const SweepView *view, guint i, GPtrArray *words)
{
    if (!view->by || (sweep_view_is_scattered(view) && view->by->is_number))
        return 0;
    if (!sweep_view_is_scattered(view))
        return g_array_index(view->by_of, guint, i);
    g_autofree char *text = sweep_view_text(view, i, view->by);
    guint index;
    if (g_ptr_array_find_with_equal_func(words, text, g_str_equal, &index))
        return index;
    g_ptr_array_add(words, g_steal_pointer(&text));
    return words->len - 1;
}

/* A line's own rows, in the order of the sweep; an empty line between lines. Words along x are counted from 0. */
static char *
lines_data(const SweepView *view, GPtrArray *names)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    GString *csv = g_string_new("line,x,mean,low,high,state,by\n");

    for (guint i = 0; i < view->rows->len; i++) {
        const guint line = line_of(view, i, words);
        static const char *const suffixes[] = {".mean", ".ci95_low", ".ci95_high"};
        while (lines->len <= line) {
            g_ptr_array_add(lines, g_string_new(NULL));
            g_autofree char *name = !view->by                       ? g_strdup("")
                                    : sweep_view_is_scattered(view) ? sweep_view_text(view, i, view->by)
                                                                    : sweep_view_name(view, i, view->by);
            g_ptr_array_add(names, label_shorten(name, name_ems));
        }
        GString *rows = g_ptr_array_index(lines, line);
        g_string_append_printf(rows, "%u", line + 1);
        append_number(rows, view->x->is_number ? sweep_view_number(view, i, view->x)
                                               : (double)g_array_index(view->x_of, guint, i));
        for (gsize s = 0; s < G_N_ELEMENTS(suffixes); s++)
            append_number(rows, sweep_view_metric(view, i, suffixes[s]));
        g_string_append_printf(rows, ",%d", sweep_view_state(view, i));
        append_number(rows, view->by && view->by->is_number ? sweep_view_number(view, i, view->by) : line + 1);
        g_string_append_c(rows, '\n');
    }
    for (guint l = 0; l < lines->len; l++) {
        g_string_append_printf(csv, "%s%s", l > 0 ? "\n" : "", ((GString *)g_ptr_array_index(lines, l))->str);
        g_string_free(g_ptr_array_index(lines, l), TRUE);
    }
    return g_string_free(csv, FALSE);
}

/* Sampled values come in any order, and a line from one to the next would say nothing. */
static gboolean
is_ordered(const SweepView *view)
{
    for (guint i = 1; i < view->rows->len; i++)
        if ((sweep_view_is_scattered(view) ||
             g_array_index(view->by_of, guint, i) == g_array_index(view->by_of, guint, i - 1)) &&
            !(sweep_view_number(view, i, view->x) > sweep_view_number(view, i - 1, view->x)))
            return FALSE;
    return TRUE;
}

/* Names along x where it is a word: one for each value, with what is zipped to it. */
static void
set_x_names(Figure *figure, const SweepView *view)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < view->rows->len; i++) {
        if (g_array_index(view->x_of, guint, i) < names->len)
            continue;
        g_autofree char *name = sweep_view_name(view, i, view->x);
        g_ptr_array_add(names, label_shorten(name, name_ems));
    }
    figure_set_words(figure, "x_names", names);
}

static gboolean
draw_lines(const SweepView *view, const char *folder, const SweepFigureOptions *options, GPtrArray *drawn,
           GError **error)
{
    g_autofree char *name = figure_name("lines", view);
    g_autoptr(Figure) figure = figure_new(name, "sweep/lines", options->language);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const double factor = view->x->label.factor;
    const SweepParameter *by = view->by && view->by->is_number ? view->by : NULL; /* a line for each of its numbers */

    figure_take_data(figure, lines_data(view, names));
    const gboolean scale = names->len > NAMED_LINES || (sweep_view_is_scattered(view) && view->by->is_number);
    const gboolean log_x = options->chooses_scales ? options->log_x : view->x->is_logarithmic;
    set_texts(figure, view, view->metric_label.text, options->language);
    if (view->repeats > 1)
        add_runs(figure, view, names->len <= NAMED_LINES, options->language);
    set_states(figure, view, options->language);
    figure_set_number(figure, "n_lines", names->len);
    if (!scale)
        figure_set_words(figure, "line_names", names);
    figure_set_number(figure, "many", scale);
    figure_set_number(figure, "joined", !view->x->is_number || is_ordered(view));
    figure_set_number(figure, "by_is_number", by != NULL);
    figure_set_number(figure, "by_least", by ? by->least : 0);
    figure_set_number(figure, "by_most", by ? by->largest : 0);
    figure_set_number(figure, "log_by", view->by && view->by->is_logarithmic);
    figure_set_text(figure, "order_label", label_word("in the order of the table", options->language));
    figure_set_number(figure, "x_is_number", view->x->is_number);
    figure_set_number(figure, "x_least", view->x->is_number ? view->x->least * factor : 0);
    figure_set_number(figure, "x_most", view->x->is_number ? view->x->largest * factor : view->xs->len - 1.0);
    figure_set_number(figure, "log_x", log_x && view->x->is_number && view->x->least > 0);
    figure_set_number(figure, "log_y", options->log_y);
    if (!view->x->is_number)
        set_x_names(figure, view);
    return draw(figure, name, folder, drawn, error);
}

/* ---- heat map ---- */

/* What the cells' marks mean. */
static const char *const heat_words[] = {[SWEEP_POINT_PARTLY] = "(…): not all runs completed",
                                         [SWEEP_POINT_FAILED] = "×: did not complete",
                                         [SWEEP_POINT_EMPTY] = "?: no value"};

/* Columns: index of both parameters, the mean, its text and state. */
static char *
heat_data(const SweepView *view)
{
    GString *csv = g_string_new("i,j,mean,text,state\n");

    for (guint i = 0; i < view->rows->len; i++) {
        const double mean = sweep_view_metric(view, i, ".mean");
        const SweepPointState state = sweep_view_state(view, i);
        g_autofree char *number = label_number(mean);
        g_autofree char *text = state == SWEEP_POINT_WHOLE    ? g_strdup(number)
                                : state == SWEEP_POINT_PARTLY ? g_strdup_printf("(%s)", number)
                                                              : g_strdup(state == SWEEP_POINT_FAILED ? "×" : "?");
        g_string_append_printf(csv, "%u,%u", g_array_index(view->x_of, guint, i), g_array_index(view->by_of, guint, i));
        append_number(csv, mean);
        g_string_append_printf(csv, ",%s,%d\n", text, state);
    }
    return g_string_free(csv, FALSE);
}

/* The names along one side, of which a row's index is given by the other array. */
static void
set_side(Figure *figure, const char *variable, const SweepView *view, const SweepParameter *parameter,
         const GArray *index)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < view->rows->len; i++)
        if (g_array_index(index, guint, i) == names->len)
            g_ptr_array_add(names, sweep_view_text(view, i, parameter));
    figure_set_words(figure, variable, names);
}

static gboolean
draw_heat(const SweepView *view, const char *folder, const SweepFigureOptions *options, GPtrArray *drawn,
          GError **error)
{
    g_autofree char *name = figure_name("heat", view);
    g_autoptr(Figure) figure = figure_new(name, "sweep/heat", options->language);

    set_texts(figure, view, view->metric_label.text, options->language);
    if (view->repeats > 1)
        add_runs(figure, view, FALSE, options->language);
    for (SweepPointState s = SWEEP_POINT_PARTLY; s <= SWEEP_POINT_EMPTY; s++)
        if (has_state(view, s))
            figure_add_title(figure, label_word(heat_words[s], options->language));
    figure_set_number(figure, "log_z", options->log_y);
    figure_set_number(figure, "n_x", view->xs->len);
    figure_set_number(figure, "n_y", view->bys->len);
    set_side(figure, "x_names", view, view->x, view->x_of);
    set_side(figure, "y_names", view, view->by, view->by_of);
    figure_take_data(figure, heat_data(view));
    return draw(figure, name, folder, drawn, error);
}

static gboolean
has_heat(const SweepView *view)
{
    return view->by && view->by->axis != view->x->axis && view->x->is_number && view->by->is_number &&
           view->xs->len >= HEAT_MIN && view->bys->len >= HEAT_MIN;
}

/* Whether an axis of --log has only values that have a logarithm. */
static gboolean
check_scale(const char *axis, const char *label, gboolean is_number, gboolean above_zero, GError **error)
{
    if (is_number && above_zero)
        return TRUE;
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "--log %s: %s has %s, expected numbers above 0", axis, label,
                is_number ? "values that are not above 0" : "words");
    return FALSE;
}

static gboolean
check_scales(const SweepView *view, const SweepFigureOptions *options, GError **error)
{
    gboolean above_zero = TRUE;

    for (guint i = 0; i < view->rows->len; i++)
        above_zero = above_zero && !(sweep_view_metric(view, i, ".mean") <= 0);
    return (!options->log_x || check_scale("x", view->x->column, view->x->is_number, view->x->least > 0, error)) &&
           (!options->log_y || check_scale("y", view->metric, TRUE, above_zero, error));
}

gboolean
sweep_figure_draw(const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error)
{
    g_auto(SweepView) view = {0};
    g_autofree char *figures = g_build_filename(folder, "figures", NULL);

    if (!sweep_view_open(&view, folder, options->metric, options->x, options->by, options->language, error) ||
        !check_scales(&view, options, error))
        return FALSE;
    return draw_lines(&view, figures, options, drawn, error) &&
           (!has_heat(&view) || draw_heat(&view, figures, options, drawn, error)) &&
           (options->metric || window_figure_draw(&view, folder, options->language, drawn, error));
}
