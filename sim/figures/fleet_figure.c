#include "sim/figures/fleet_figure.h"

#include "models/base/statistics.h"
#include "sim/output/csv.h"
#include "sim/output/table.h"

#include <math.h>

enum {
    N_STATES = 4,
    CURVE_POINTS = 500, /* chosen: more than a figure has columns of points */
};

typedef struct {
    const char *folder, *assumptions;
    Language language;
    GPtrArray *drawn;
} Drawing;

/* NULL where the run has no such table, or nothing in it. FALSE: it is damaged. */
static gboolean
load(const Drawing *drawing, const char *name, const char *const *columns, Table **table, GError **error)
{
    g_autofree char *path = g_build_filename(drawing->folder, name, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    *table = table_read(path, columns, error);
    if (!*table)
        return FALSE;
    if (table_rows(*table) == 0)
        g_clear_pointer(table, table_free);
    return TRUE;
}

/* figure is taken. */
static gboolean
finish(const Drawing *drawing, Figure *figure, const char *name, const char *title, const char *x_label,
       const char *y_label, GError **error)
{
    g_autoptr(Figure) own = figure;
    g_autofree char *figures = g_build_filename(drawing->folder, "figures", NULL);

    figure_add_title(own, label_word(title, drawing->language));
    if (drawing->assumptions)
        figure_add_title(own, drawing->assumptions);
    figure_set_text(own, "x_label", label_word(x_label, drawing->language));
    figure_set_text(own, "y_label", label_word(y_label, drawing->language));
    if (!figure_draw(own, figures, error))
        return FALSE;
    g_ptr_array_add(drawing->drawn, g_strdup(name));
    return TRUE;
}

/* ---- hosts by state ---- */

static gboolean
draw_hosts(const Drawing *drawing, GError **error)
{
    static const char *const columns[] = {"hosts_busy", "hosts_overloaded", "hosts_idle", "hosts_lost",
                                          "from_s",     "until_s",          NULL};
    static const char *const states[N_STATES] = {"busy", "overloaded", "without VMs", "lost"};
    g_autoptr(Table) table = NULL;
    g_autoptr(GString) csv = g_string_new("state,from_s,until_s,low,high\n");
    g_autoptr(GPtrArray) names = g_ptr_array_new(), used = g_ptr_array_new();
    gboolean any[N_STATES] = {FALSE};

    if (!load(drawing, "fleet.csv", columns, &table, error))
        return FALSE;
    if (!table)
        return TRUE;
    for (guint row = 0; row < table_rows(table); row++) {
        double low = 0;
        for (guint state = 0; state < N_STATES; state++) {
            const double n = table_number(table, row, columns[state]);
            g_string_append_printf(csv, "%u,%s,%s,%.0f,%.0f\n", state + 1, table_text(table, row, "from_s"),
                                   table_text(table, row, "until_s"), low, low + n);
            any[state] = any[state] || n > 0;
            low += n;
        }
    }
    guint n_states = 0;
    for (guint state = 0; state < N_STATES; state++) {
        g_ptr_array_add(names, (gpointer)label_word(states[state], drawing->language));
        g_ptr_array_add(used, (gpointer)(any[state] ? "1" : "0"));
        n_states += any[state] ? 1 : 0;
    }
    Figure *figure = figure_new("fleet-hosts", "run/states", drawing->language);
    figure_take_data(figure, g_string_free(g_steal_pointer(&csv), FALSE));
    figure_set_words(figure, "state_names", names);
    figure_set_words(figure, "state_used", used);
    figure_set_number(figure, "n_states", n_states);
    return finish(drawing, figure, "fleet-hosts", "Hosts by state", "time since the start", "hosts", error);
}

/* ---- migrations ---- */

typedef struct {
    double at_s;
    int change;
} Change;

/* Ends before begins of the same date. */
static int
compare_changes(gconstpointer a, gconstpointer b)
{
    const Change *one = a, *other = b;

    if (one->at_s != other->at_s)
        return one->at_s < other->at_s ? -1 : 1;
    return one->change - other->change;
}

static void
append_change(GArray *changes, double at_s, int change)
{
    const Change own = {at_s, change};

    if (isfinite(at_s))
        g_array_append_val(changes, own);
}

static void
append_point(GString *csv, guint line, double x, double y)
{
    g_autofree char *at = csv_number(x), *value = csv_number(y);

    g_string_append_printf(csv, "%u,%s,%s\n", line, at, value);
}

static gboolean
draw_migrations(const Drawing *drawing, const Table *table, GError **error)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(Change));
    g_autoptr(GString) csv = g_string_new("line,at_s,migrations\n");
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    int now = 0;

    for (guint row = 0; row < table_rows(table); row++) {
        const double start_s = table_number(table, row, "start_s"), end_s = table_number(table, row, "end_s");
        append_change(changes, end_s > start_s ? start_s : NAN, 1);
        append_change(changes, end_s > start_s ? end_s : NAN, -1);
    }
    g_array_sort(changes, compare_changes);
    append_point(csv, 1, 0, 0);
    for (guint i = 0; i < changes->len; i++) {
        const Change *change = &g_array_index(changes, Change, i);
        now += change->change;
        if (i + 1 == changes->len || (change + 1)->at_s > change->at_s)
            append_point(csv, 1, change->at_s, now);
    }
    g_ptr_array_add(names, (gpointer)label_word("migrations", drawing->language));
    Figure *figure = figure_new("fleet-migrations", "run/series", drawing->language);
    figure_take_data(figure, g_string_free(g_steal_pointer(&csv), FALSE));
    figure_set_words(figure, "line_names", names);
    figure_set_number(figure, "n_lines", 1);
    figure_set_number(figure, "many", 0);
    figure_set_number(figure, "log_y", 0);
    return finish(drawing, figure, "fleet-migrations", "Migrations at a time", "time since the start", "migrations",
                  error);
}

/* The share of the migrations for which the column is no longer. FALSE: none completed. */
static gboolean
append_curve(GString *csv, guint line, const Table *table, const char *column)
{
    g_autoptr(GArray) values_s = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint row = 0; row < table_rows(table); row++) {
        const double value_s = table_number(table, row, column);
        if (value_s > 0) /* of one that did not complete there is none */
            g_array_append_val(values_s, value_s);
    }
    statistics_sort(values_s);
    const guint n = values_s->len, step = n / CURVE_POINTS + 1;
    for (guint i = 0; i < n; i++)
        if (i % step == 0 || i + 1 == n)
            append_point(csv, line, g_array_index(values_s, double, i), (i + 1.0) / n);
    return n > 0;
}

static gboolean
draw_downtimes(const Drawing *drawing, const Table *table, GError **error)
{
    g_autoptr(GString) csv = g_string_new("line,lasted_s,share\n");
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (!append_curve(csv, 1, table, "downtime_s") || !append_curve(csv, 2, table, "total_s"))
        return TRUE;
    g_ptr_array_add(names, (gpointer)label_word("downtime of the VM", drawing->language));
    g_ptr_array_add(names, (gpointer)label_word("total time", drawing->language));
    Figure *figure = figure_new("fleet-downtime", "run/latency", drawing->language);
    figure_take_data(figure, g_string_free(g_steal_pointer(&csv), FALSE));
    figure_set_words(figure, "line_names", names);
    figure_set_number(figure, "n_lines", 2);
    figure_set_number(figure, "many", 0);
    return finish(drawing, figure, "fleet-downtime", "Migrations that lasted no longer", "duration",
                  "share of the migrations that completed", error);
}

gboolean
fleet_figure_draw(const char *folder, Language language, const char *assumptions, GPtrArray *drawn, GError **error)
{
    static const char *const columns[] = {"start_s", "end_s", "total_s", "downtime_s", NULL};
    const Drawing drawing = {folder, assumptions, language, drawn};
    g_autoptr(Table) migrations = NULL;

    if (!draw_hosts(&drawing, error) || !load(&drawing, "migrations.csv", columns, &migrations, error))
        return FALSE;
    return !migrations || (draw_migrations(&drawing, migrations, error) && draw_downtimes(&drawing, migrations, error));
}
