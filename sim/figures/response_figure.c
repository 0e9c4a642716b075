#include "sim/figures/response_figure.h"

#include "sim/output/csv.h"
#include "sim/output/table.h"

#include <math.h>

enum {
    FIGURES_MAX = 8, /* chosen: applications with a figure of their own; each says how many others there are */
    N_LINES = 3,
    N_STEPS = 7,
};

static const char *const line_columns[N_LINES] = {"response_p50_s", "response_p99_s", "response_max_s"};
static const char *const line_names[N_LINES] = {"median", "99 % are below", "worst"};
static const char *const steps[N_STEPS] = {"pre_migration", "reservation", "precopy",   "stop_and_copy",
                                           "commitment",    "pull",        "activation"};
static const char *const step_names[N_STEPS] = {"pre-migration", "reservation", "pre-copy",  "stop-and-copy",
                                                "commitment",    "post-copy",   "activation"};

/* NULL where the run has no such table, or nothing in it. FALSE: it is damaged. */
static gboolean
load(const char *folder, const char *name, const char *const *columns, Table **table, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    *table = table_read(path, columns, error);
    if (!*table)
        return FALSE;
    if (table_rows(*table) == 0)
        g_clear_pointer(table, table_free);
    return TRUE;
}

/* In the order of the table. (transfer container) of borrowed names */
static GPtrArray *
applications_in(const Table *table)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint row = 0; row < table_rows(table); row++) {
        const char *name = table_text(table, row, "application");
        if (names->len == 0 || !g_str_equal(g_ptr_array_index(names, names->len - 1), name))
            g_ptr_array_add(names, (gpointer)name);
    }
    return names;
}

/* FALSE: nobody was answered. */
static gboolean
append_lines(GString *csv, const Table *table, const char *application)
{
    gboolean any = FALSE;

    for (guint line = 0; line < N_LINES; line++)
        for (guint row = 0; row < table_rows(table); row++) {
            if (!g_str_equal(table_text(table, row, "application"), application))
                continue;
            const char *value = table_text(table, row, line_columns[line]);
            any |= *value != '\0';
            g_string_append_printf(csv, "%u,%s,%s,\n", line + 1, table_text(table, row, "start_s"),
                                   *value ? value : "NaN");
        }
    return any;
}

/* Of all migrations, those that took any time; used: which steps there are. */
static guint
append_steps(GString *csv, const Table *table, GPtrArray *used, GPtrArray *names, Language language)
{
    guint n = 0;

    for (guint step = 0; step < N_STEPS; step++) {
        gboolean any = FALSE;
        for (guint row = 0; table && row < table_rows(table); row++) {
            const double start_s = table_number(table, row, "start_s");
            const double lasted_s = table_number(table, row, "duration_s");
            if (!g_str_equal(table_text(table, row, "step"), steps[step]) || !(lasted_s > 0))
                continue;
            g_autofree char *end = csv_number(start_s + lasted_s);
            g_string_append_printf(csv, "%u,%s,,%s\n", N_LINES + step + 1, table_text(table, row, "start_s"), end);
            any = TRUE;
        }
        g_ptr_array_add(used, (gpointer)(any ? "1" : "0"));
        g_ptr_array_add(names, (gpointer)label_word(step_names[step], language));
        n += any;
    }
    return n;
}

static void
add_titles(Figure *figure, const char *application, guint others, const char *assumptions, Language language)
{
    g_autofree char *title = g_strdup_printf("%s: %s", label_word("Response times", language), application);

    figure_add_title(figure, title);
    if (others > 0) {
        g_auto(GStrv) parts = g_strsplit(label_word("applications without a figure: %u", language), "%u", 2);
        g_autofree char *note = g_strdup_printf("%s%u%s", parts[0], others, parts[1]);
        figure_add_title(figure, note);
    }
    if (assumptions)
        figure_add_title(figure, assumptions);
}

/* NULL: there is nothing to draw. (transfer full) */
static Figure *
figure_of(const char *application, const Table *series, const Table *migrations, Language language)
{
    g_autofree char *name = g_strconcat("response-", application, NULL);
    g_autoptr(GString) csv = g_string_new("series,start_s,value,end_s\n");
    g_autoptr(GPtrArray) names = g_ptr_array_new(), used = g_ptr_array_new();

    for (guint i = 0; i < N_LINES; i++)
        g_ptr_array_add(names, (gpointer)label_word(line_names[i], language));
    if (!append_lines(csv, series, application))
        return NULL;
    const guint n_steps = append_steps(csv, migrations, used, names, language);
    Figure *figure = figure_new(name, "run/response", language);
    figure_take_data(figure, g_string_free(g_steal_pointer(&csv), FALSE));
    figure_set_words(figure, "line_names", names);
    figure_set_words(figure, "step_used", used);
    figure_set_number(figure, "n_steps", n_steps);
    figure_set_text(figure, "x_label", label_word("time since the start", language));
    figure_set_text(figure, "y_label", label_word("response time", language));
    return figure;
}

gboolean
response_figure_draw(const char *folder, Language language, const char *assumptions, GPtrArray *drawn, GError **error)
{
    static const char *const series_columns[] = {"application",    "start_s",        "response_p50_s",
                                                 "response_p99_s", "response_max_s", NULL};
    static const char *const step_columns[] = {"step", "start_s", "duration_s", NULL};
    g_autoptr(Table) series = NULL, migrations = NULL;
    g_autofree char *figures = g_build_filename(folder, "figures", NULL);

    if (!load(folder, "application-series.csv", series_columns, &series, error) ||
        (series && !load(folder, "steps.csv", step_columns, &migrations, error)))
        return FALSE;
    if (!series)
        return TRUE;
    g_autoptr(GPtrArray) applications = applications_in(series);
    const guint n = MIN(applications->len, FIGURES_MAX);
    for (guint i = 0; i < n; i++) {
        const char *application = g_ptr_array_index(applications, i);
        g_autoptr(Figure) figure = figure_of(application, series, migrations, language);
        if (!figure)
            continue;
        add_titles(figure, application, applications->len - n, assumptions, language);
        if (!figure_draw(figure, figures, error))
            return FALSE;
        g_ptr_array_add(drawn, g_strconcat("response-", application, NULL));
    }
    return TRUE;
}
