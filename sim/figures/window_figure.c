#include "sim/figures/window_figure.h"

#include "models/base/statistics.h"
#include "sim/figures/figure.h"
#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

#define BEFORE       "evacuation."
#define BEHIND       ".in_time.share"
#define LONG_S       120.0 /* chosen: from here on a window is told in minutes */
#define MINUTE_S     60.0
#define NAME_EMS     18.0 /* chosen: a longer name gives way in its middle */
#define NAMED_LINES  8    /* chosen: as many as have a colour of their own */
#define N_QUANTITIES 2

/* Of the runs of one point, those that have it. */
typedef struct {
    guint n;
    double median, least, most; /* NAN of none */
} Spread;

static Spread
spread_of(GArray *values)
{
    const guint n = values->len;

    if (n == 0)
        return (Spread){0, NAN, NAN, NAN};
    statistics_sort(values);
    const double *sorted = (const double *)(gpointer)values->data;
    return (Spread){n, (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]};
}

/* Of points.csv, whose runs of a point are told by its number. */
static Spread
gather(const Table *points, const char *point, const char *column, double factor)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint row = 0; row < table_rows(points); row++) {
        const double value = table_number(points, row, column) * factor;
        if (isfinite(value) && g_str_equal(table_text(points, row, "point"), point))
            g_array_append_val(values, value);
    }
    return spread_of(values);
}

static void
append_number(GString *csv, double value)
{
    g_autofree char *text = isnan(value) ? g_strdup("nan") : csv_number(value);

    g_string_append_printf(csv, ",%s", text);
}

static void
append_spread(GString *csv, const Spread *spread)
{
    append_number(csv, spread->median);
    append_number(csv, spread->least);
    append_number(csv, spread->most);
}

/* ---- one evacuation ---- */

typedef struct {
    const SweepView *view;
    const Table *points; /* points.csv */
    const char *name;    /* of the evacuation */
    double factor;       /* of durations: to the unit in which the window is told */
    gboolean partly, never;
} Window;

static char *
column_of(const Window *window, const char *member)
{
    return g_strconcat(BEFORE, window->name, ".", member, NULL);
}

static double
share_at(const Window *window, guint row, const char *suffix)
{
    g_autofree char *in_time = column_of(window, "in_time");
    g_autofree char *column = g_strconcat(in_time, suffix, NULL);

    return table_number(window->view->table, row, column);
}

static double
deadline_s(const Window *window)
{
    g_autofree char *column = column_of(window, "deadline_s");

    return table_number(window->points, 0, column);
}

/* state: 0 every run emptied the host, 1 some did, 2 none. */
static void
append_point(Window *window, guint i, GString *csv)
{
    const SweepView *view = window->view;
    const guint row = g_array_index(view->rows, guint, i);
    const char *point = table_text(view->table, row, "point");
    g_autofree char *duration = column_of(window, "duration_s"), *downtime = column_of(window, "downtime_p95_s");
    const Spread lasted = gather(window->points, point, duration, window->factor);
    const Spread stopped = gather(window->points, point, downtime, 1);
    const double runs = table_number(view->table, row, "ok");
    const int state = lasted.n == 0 ? 2 : lasted.n < runs ? 1 : 0;

    window->partly |= state == 1;
    window->never |= state == 2;
    g_string_append_printf(csv, "%u,%u", g_array_index(view->by_of, guint, i) + 1, g_array_index(view->x_of, guint, i));
    append_number(csv, share_at(window, row, ".share"));
    append_number(csv, share_at(window, row, ".wilson95_low"));
    append_number(csv, share_at(window, row, ".wilson95_high"));
    append_spread(csv, &lasted);
    append_spread(csv, &stopped);
    g_string_append_printf(csv, ",%d\n", state);
}

/* Line by line, in the order of the sweep. */
static char *
data_of(Window *window, guint n_lines)
{
    GString *csv =
        g_string_new("line,x,share,share_low,share_high,duration,duration_least,duration_most,downtime_p95_s,"
                     "downtime_p95_least_s,downtime_p95_most_s,state\n");

    for (guint line = 0; line < n_lines; line++) {
        if (line > 0)
            g_string_append_c(csv, '\n');
        for (guint i = 0; i < window->view->rows->len; i++)
            if (g_array_index(window->view->by_of, guint, i) == line)
                append_point(window, i, csv);
    }
    return g_string_free(csv, FALSE);
}

/* The names of an axis's values, each once. (transfer full) */
static GPtrArray *
names_of(const SweepView *view, const SweepParameter *parameter, const GArray *index)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; parameter && i < view->rows->len; i++) {
        if (g_array_index(index, guint, i) != names->len)
            continue;
        g_autofree char *name = sweep_view_text(view, i, parameter);
        g_ptr_array_add(names, label_shorten(name, NAME_EMS));
    }
    return names;
}

static void
add_titles(Figure *figure, const Window *window, Language language)
{
    g_autofree char *length = label_number(deadline_s(window) * window->factor);
    const char *unit = label_word(window->factor < 1 ? "min" : "s", language);
    g_autofree char *title = g_strdup_printf("%s: %s, %s %s", label_word("Evacuation within a window", language),
                                             window->name, length, unit);
    g_auto(GStrv) parts =
        g_strsplit(label_word("%u runs of each point; share: 95 % Wilson interval", language), "%u", 2);
    g_autofree char *runs = g_strdup_printf("%s%u%s", parts[0], window->view->repeats, parts[1]);
    g_autofree char *held = sweep_view_held(window->view);

    figure_add_title(figure, title);
    figure_add_title(figure, runs);
    figure_add_title(figure, label_word("duration and downtime: median, bar: from least to most", language));
    if (held) {
        g_autofree char *note = g_strdup_printf("%s %s", label_word("at", language), held);
        figure_add_title(figure, note);
    }
    if (window->partly)
        figure_add_title(figure,
                         label_word("hollow: only of the runs that emptied the host, which not all did", language));
    if (window->never)
        figure_add_title(figure, label_word("ring on the axis: no run emptied the host", language));
}

static void
set_labels(Figure *figure, const Window *window, Language language)
{
    const SweepView *view = window->view;
    const char *unit = label_word(window->factor < 1 ? "min" : "s", language);
    g_autofree char *duration = g_strdup_printf("%s (%s)", label_word("duration", language), unit);
    g_autofree char *downtime = g_strdup_printf("%s (s)", label_word("downtime, p95", language));

    figure_set_text(figure, "x_label", view->x->label.text);
    figure_set_text(figure, "by_label", view->by ? view->by->label.text : "");
    figure_set_text(figure, "share_label", label_word("share in time", language));
    figure_set_text(figure, "duration_label", duration);
    figure_set_text(figure, "downtime_label", downtime);
    figure_set_text(figure, "window_label", label_word("window", language));
    figure_set_number(figure, "window", deadline_s(window) * window->factor);
}

static gboolean
draw_window(Window *window, const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    g_autofree char *plain = g_strconcat("window-", window->name, NULL);
    g_autofree char *figures = g_build_filename(folder, "figures", NULL);
    g_autoptr(Figure) figure = figure_new(plain, "sweep/window", language);
    g_autoptr(GPtrArray) xs = names_of(window->view, window->view->x, window->view->x_of);
    g_autoptr(GPtrArray) lines = names_of(window->view, window->view->by, window->view->by_of);
    const guint n_lines = MAX(lines->len, 1);

    window->factor = deadline_s(window) >= LONG_S ? 1 / MINUTE_S : 1;
    figure_take_data(figure, data_of(window, n_lines));
    add_titles(figure, window, language);
    set_labels(figure, window, language);
    if (lines->len == 0)
        g_ptr_array_add(lines, g_strdup(""));
    figure_set_words(figure, "x_names", xs);
    figure_set_words(figure, "line_names", lines);
    figure_set_number(figure, "n_x", xs->len);
    figure_set_number(figure, "n_lines", n_lines);
    if (!figure_draw(figure, figures, error))
        return FALSE;
    g_ptr_array_add(drawn, g_steal_pointer(&plain));
    return TRUE;
}

/* Which evacuations have a share in time; NULL-ended. (transfer full) */
static GPtrArray *
evacuations_in(const Table *summary)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (const char *const *column = table_columns(summary); *column; column++)
        if (g_str_has_prefix(*column, BEFORE) && g_str_has_suffix(*column, BEHIND))
            g_ptr_array_add(names, g_strndup(*column + strlen(BEFORE), strlen(*column) - strlen(BEFORE BEHIND)));
    return names;
}

gboolean
window_figure_draw(const SweepView *view, const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    g_autoptr(GPtrArray) names = evacuations_in(view->table);
    g_autofree char *path = g_build_filename(folder, "points.csv", NULL);

    if (names->len == 0 || sweep_view_is_scattered(view) || view->bys->len > NAMED_LINES)
        return TRUE;
    g_autoptr(Table) points = table_read(path, (const char *const[]){"point", NULL}, error);
    if (!points)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        Window window = {.view = view, .points = points, .name = g_ptr_array_index(names, i)};
        if (!draw_window(&window, folder, language, drawn, error))
            return FALSE;
    }
    return TRUE;
}
