#include "sim/figures/run_figure.h"

#include "sim/output/csv.h"
#include "sim/output/table.h"

#include <math.h>

enum {
    MAX_LINES = 8,
    CURVE_POINTS = 500, /* chosen: more than a figure has columns of points */
    MAX_ROWS = 20000    /* chosen: several times what eight lines need */
};

/* table stays NULL when the run has no such table or no row in it. FALSE: it is damaged. */
static gboolean
load(const char *folder, const char *name, const char *const *columns, Table **table, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(Table) whole = table_read(path, columns, error);
    if (whole && table_rows(whole) > 0)
        *table = g_steal_pointer(&whole);
    return *table != NULL || whole != NULL;
}

/* Of two columns: "mig-vm1, vm". (transfer full) */
static char *
series_of(const Table *table, guint row, const char *first, const char *second)
{
    return second ? g_strdup_printf("%s, %s", table_text(table, row, first), table_text(table, row, second))
                  : g_strdup(table_text(table, row, first));
}

/* The index of a row's series among the names so far, which it is added to when it is new. */
static guint
series_index(GPtrArray *names, char *name)
{
    for (guint i = 0; i < names->len; i++) {
        if (g_str_equal(g_ptr_array_index(names, i), name)) {
            g_free(name);
            return i;
        }
    }
    g_ptr_array_add(names, name);
    return names->len - 1;
}

static void
set_names(Figure *figure, const GPtrArray *names)
{
    figure_set_words(figure, "line_names", names);
    figure_set_number(figure, "n_lines", MIN(names->len, MAX_LINES));
}

static gboolean
draw(Figure *figure, const char *name, const char *folder, GPtrArray *drawn, GError **error)
{
    g_autofree char *figures = g_build_filename(folder, "figures", NULL);

    if (!figure_draw(figure, figures, error))
        return FALSE;
    g_ptr_array_add(drawn, g_strdup(name));
    return TRUE;
}

static gboolean
draw_rounds(const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    static const char *const columns[] = {"migration", "leg", "round", "sent_pages", "phase", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(folder, "rounds.csv", columns, &table, error))
        return FALSE;
    g_autoptr(Figure) figure = figure_new("rounds", "run/rounds", language);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GString *csv = g_string_new("series,round,sent_pages,phase\n");
    gboolean has_pull = FALSE;

    for (guint row = 0; table && row < table_rows(table); row++) {
        const char *phase = table_text(table, row, "phase");
        has_pull |= g_str_equal(phase, "pull");
        g_string_append_printf(csv, "%u,%s,%s,%s\n", series_index(names, series_of(table, row, "migration", "leg")) + 1,
                               table_text(table, row, "round"), table_text(table, row, "sent_pages"), phase);
    }
    figure_take_data(figure, g_string_free(csv, FALSE));
    if (names->len == 0)
        return TRUE;
    set_names(figure, names);
    figure_set_text(figure, "heading", label_word("Pages of each round", language));
    figure_set_text(figure, "stop_label", label_word("stop-and-copy round", language));
    figure_set_text(figure, "pull_label", label_word("pull", language));
    figure_set_number(figure, "has_pull", has_pull);
    figure_set_text(figure, "x_label", label_word("round", language));
    figure_set_text(figure, "y_label", label_word("pages sent in the round", language));
    return draw(figure, "rounds", folder, drawn, error);
}

static gboolean
draw_steps(const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    static const char *const steps[] = {"pre_migration", "reservation", "precopy",   "stop_and_copy",
                                        "commitment",    "pull",        "activation"};
    static const char *const columns[] = {"migration", "leg", "step", "start_s", "duration_s", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(folder, "steps.csv", columns, &table, error))
        return FALSE;
    gboolean has_pull = FALSE;
    g_autoptr(Figure) figure = figure_new("time-line", "run/time-line", language);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) step_names = g_ptr_array_new_with_free_func(g_free);
    GString *csv = g_string_new("series,step,start_s,end_s,name\n");

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        g_ptr_array_add(step_names, g_strdelimit(g_strdup(label_word(steps[i], language)), "_", '-'));
    for (guint row = 0; table && row < table_rows(table); row++) {
        const double start_s = table_number(table, row, "start_s");
        guint step = 0;
        while (step < G_N_ELEMENTS(steps) - 1 && !g_str_equal(steps[step], table_text(table, row, "step")))
            step++;
        has_pull |= g_str_equal(steps[step], "pull");
        const guint series = series_index(names, series_of(table, row, "migration", "leg"));
        g_autofree char *name = figure_cell(g_ptr_array_index(names, series));
        g_autofree char *end = csv_number(start_s + table_number(table, row, "duration_s"));
        g_string_append_printf(csv, "%u,%u,%s,%s,%s\n", series + 1, step + 1, table_text(table, row, "start_s"), end,
                               name);
    }
    figure_take_data(figure, g_string_free(csv, FALSE));
    if (names->len == 0)
        return TRUE;
    glong letters = 0;
    for (guint i = 0; i < names->len; i++)
        letters = MAX(letters, g_utf8_strlen(g_ptr_array_index(names, i), -1));
    figure_set_number(figure, "has_pull", has_pull);
    figure_set_number(figure, "n_rows", names->len);
    figure_set_number(figure, "row_letters", (double)letters);
    set_names(figure, step_names);
    figure_set_text(figure, "heading", label_word("Steps of the migrations", language));
    figure_set_text(figure, "x_label", label_word("time since the start", language));
    return draw(figure, "time-line", folder, drawn, error);
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a;
    const double second = *(const double *)b;

    return (first > second) - (first < second);
}

/* A distribution's curve, thinned: latency and the share that is no slower. */
static void
append_curve(GString *csv, guint series, GArray *latencies)
{
    g_array_sort(latencies, compare_doubles);
    for (guint i = 0; i < latencies->len; i++) {
        if (latencies->len > CURVE_POINTS && i % (latencies->len / CURVE_POINTS) != 0 && i + 20 < latencies->len)
            continue;
        g_autofree char *latency = csv_number(g_array_index(latencies, double, i));
        g_string_append_printf(csv, "%u,%s,%.6f\n", series, latency, (i + 1.0) / latencies->len);
    }
}

static gboolean
draw_latencies(const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    static const char *const columns[] = {"vtpm", "outcome", "issued_s", "ended_s", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(folder, "commands.csv", columns, &table, error))
        return FALSE;
    g_autoptr(Figure) figure = figure_new("latency", "run/latency", language);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    GString *csv = g_string_new("series,latency_s,share\n");

    for (guint row = 0; table && row < table_rows(table); row++) {
        if (g_strcmp0(table_text(table, row, "outcome"), "done") != 0)
            continue;
        const double latency_s = table_number(table, row, "ended_s") - table_number(table, row, "issued_s");
        const guint series = series_index(names, series_of(table, row, "vtpm", NULL));
        if (series == all->len)
            g_ptr_array_add(all, g_array_new(FALSE, FALSE, sizeof(double)));
        g_array_append_val(g_ptr_array_index(all, series), latency_s);
    }
    for (guint s = 0; s < all->len; s++)
        append_curve(csv, s + 1, g_ptr_array_index(all, s));
    figure_take_data(figure, g_string_free(csv, FALSE));
    if (names->len == 0)
        return TRUE;
    set_names(figure, names);
    figure_set_text(figure, "heading", label_word("Latency of vTPM commands", language));
    figure_set_text(figure, "x_label", label_word("latency of a vTPM command", language));
    figure_set_text(figure, "y_label", label_word("share of commands", language));
    return draw(figure, "latency", folder, drawn, error);
}

typedef struct {
    const char *figure, *table;
    const char *of, *column; /* of the lines' names and the values */
    const char *heading, *y_label;
    gboolean log_y;
} OverTime;

/* Of many rows every k-th. Nothing is drawn when every value is zero. */
static gboolean
draw_over_time(const OverTime *what, const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    const char *const columns[] = {what->of, what->column, "start_s", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(folder, what->table, columns, &table, error))
        return FALSE;
    g_autoptr(Figure) figure = figure_new(what->figure, "run/series", language);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GString *csv = g_string_new("series,start_s,value\n");
    const guint n = table ? table_rows(table) : 0, every = n / MAX_ROWS + 1;
    gboolean has_value = FALSE;

    for (guint row = 0; row < n; row += every) {
        const guint series = series_index(names, series_of(table, row, what->of, NULL));
        has_value |= series < MAX_LINES && table_number(table, row, what->column) > 0;
        g_string_append_printf(csv, "%u,%s,%s\n", series + 1, table_text(table, row, "start_s"),
                               table_text(table, row, what->column));
    }
    figure_take_data(figure, g_string_free(csv, FALSE));
    if (!has_value)
        return TRUE;
    set_names(figure, names);
    figure_set_text(figure, "heading", label_word(what->heading, language));
    figure_set_text(figure, "x_label", label_word("time since the start", language));
    figure_set_text(figure, "y_label", label_word(what->y_label, language));
    figure_set_number(figure, "log_y", what->log_y);
    return draw(figure, what->figure, folder, drawn, error);
}

gboolean
run_figure_draw(const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    static const OverTime rate = {
        "card-rate", "card-series.csv", "session", "requests_per_s", "Requests of card sessions", "requests per second",
        FALSE};
    static const OverTime throughput = {
        "socket-throughput",         "sockets.csv", "socket", "throughput_Bps", "Throughput of sockets",
        "bytes received per second", TRUE};

    if (!draw_rounds(folder, language, drawn, error) || !draw_steps(folder, language, drawn, error) ||
        !draw_latencies(folder, language, drawn, error) || !draw_over_time(&rate, folder, language, drawn, error) ||
        !draw_over_time(&throughput, folder, language, drawn, error))
        return FALSE;
    if (drawn->len > 0)
        return TRUE;
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING,
                "%s: the run has no migration, vTPM, card session or socket to draw", folder);
    return FALSE;
}
