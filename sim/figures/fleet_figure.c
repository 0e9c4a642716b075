#include "sim/figures/fleet_figure.h"

#include "models/base/statistics.h"
#include "sim/output/csv.h"
#include "sim/output/table.h"

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

/* ---- bands ---- */

/* A state's place over time, before it is written. */
typedef struct {
    guint state;
    double from_s, until_s, low, high;
} Band;

static void
append_band(GString *csv, const Band *band)
{
    g_autofree char *from = csv_number(band->from_s), *until = csv_number(band->until_s);

    if (band->until_s > band->from_s)
        g_string_append_printf(csv, "%u,%s,%s,%.0f,%.0f\n", band->state, from, until, band->low, band->high);
}

/* What is the same for longer is one band, without a seam. */
static void
extend_band(GString *csv, Band *band, double from_s, double until_s, double low, double high)
{
    if (band->until_s == from_s && band->low == low && band->high == high) {
        band->until_s = until_s;
        return;
    }
    append_band(csv, band);
    *band = (Band){band->state, from_s, until_s, low, high};
}

static Figure *
bands_figure(const Drawing *drawing, const char *name, GString *csv, const char *const *states, const gboolean *used)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new(), marks = g_ptr_array_new();
    Figure *figure = figure_new(name, "run/states", drawing->language);
    guint n = 0;

    for (guint state = 0; state < N_STATES; state++) {
        g_ptr_array_add(names, (gpointer)(states[state] ? label_word(states[state], drawing->language) : "-"));
        g_ptr_array_add(marks, (gpointer)(used[state] ? "1" : "0"));
        n += used[state] ? 1 : 0;
    }
    figure_take_data(figure, g_string_free(csv, FALSE));
    figure_set_words(figure, "state_names", names);
    figure_set_words(figure, "state_used", marks);
    figure_set_number(figure, "n_states", n);
    return figure;
}

static GString *
bands_data(void)
{
    return g_string_new("state,from_s,until_s,low,high\n");
}

/* ---- hosts by state ---- */

static const char *const state_columns[] = {"hosts_busy", "hosts_overloaded", "hosts_idle", "hosts_lost",
                                            "from_s",     "until_s",          NULL};

/* The states below the one of that index have their places first. */
static double
hosts_below(const Table *table, guint row, guint state)
{
    double n = 0;

    for (guint i = 0; i < state; i++)
        n += table_number(table, row, state_columns[i]);
    return n;
}

static gboolean
append_state(GString *csv, const Table *table, guint state)
{
    Band band = {.state = state + 1};
    gboolean any = FALSE;

    for (guint row = 0; row < table_rows(table); row++) {
        const double low = hosts_below(table, row, state), high = hosts_below(table, row, state + 1);
        any = any || high > low;
        extend_band(csv, &band, table_number(table, row, "from_s"), table_number(table, row, "until_s"), low, high);
    }
    append_band(csv, &band);
    return any;
}

static gboolean
draw_hosts(const Drawing *drawing, const Table *table, GError **error)
{
    static const char *const states[N_STATES] = {"busy", "overloaded", "without VMs", "lost"};
    GString *csv = bands_data();
    gboolean used[N_STATES];

    for (guint state = 0; state < N_STATES; state++)
        used[state] = append_state(csv, table, state);
    return finish(drawing, bands_figure(drawing, "fleet-hosts", csv, states, used), "fleet-hosts", "Hosts by state",
                  "time since the start", "hosts", error);
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

    g_array_append_val(changes, own);
}

static void
append_point(GString *csv, guint line, double x, double y)
{
    g_autofree char *at = csv_number(x), *value = csv_number(y);

    g_string_append_printf(csv, "%u,%s,%s\n", line, at, value);
}

/* Begins and ends of those that took any time. (transfer full) */
static GArray *
changes_of(const Table *table)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(Change));

    for (guint row = 0; row < table_rows(table); row++) {
        const double start_s = table_number(table, row, "start_s"), end_s = table_number(table, row, "end_s");
        if (!(end_s > start_s))
            continue;
        append_change(changes, start_s, 1);
        append_change(changes, end_s, -1);
    }
    g_array_sort(changes, compare_changes);
    return changes;
}

static gboolean
draw_migrations(const Drawing *drawing, const Table *table, double end_s, GError **error)
{
    static const char *const states[N_STATES] = {"migrations"};
    static const gboolean used[N_STATES] = {TRUE};
    g_autoptr(GArray) changes = changes_of(table);
    GString *csv = bands_data();
    Band band = {.state = 1};
    int now = 0;
    double from_s = 0;

    for (guint i = 0; i < changes->len; i++) {
        const Change *change = &g_array_index(changes, Change, i);
        if (change->at_s > from_s)
            extend_band(csv, &band, from_s, change->at_s, 0, now);
        from_s = change->at_s;
        now += change->change;
    }
    extend_band(csv, &band, from_s, MAX(end_s, from_s), 0, now);
    append_band(csv, &band);
    return finish(drawing, bands_figure(drawing, "fleet-migrations", csv, states, used), "fleet-migrations",
                  "Migrations at a time", "time since the start", "migrations", error);
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
    if (n > 0)
        append_point(csv, line, g_array_index(values_s, double, 0), 0);
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
    g_autoptr(Table) migrations = NULL, samples = NULL;

    if (!load(&drawing, "fleet.csv", state_columns, &samples, error) ||
        !load(&drawing, "migrations.csv", columns, &migrations, error))
        return FALSE;
    if (samples && !draw_hosts(&drawing, samples, error))
        return FALSE;
    const double end_s = samples ? table_number(samples, table_rows(samples) - 1, "until_s") : 0;
    return !migrations ||
           (draw_migrations(&drawing, migrations, end_s, error) && draw_downtimes(&drawing, migrations, error));
}
