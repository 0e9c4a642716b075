#include "sim/figures/run_figure.h"

#include "models/base/statistics.h"
#include "sim/figures/fleet_figure.h"
#include "sim/figures/response_figure.h"
#include "sim/output/csv.h"
#include "sim/output/table.h"
#include "sim/scenario/json_text.h"

#include <string.h>

enum {
    NAMED_LINES = 16,   /* chosen: as many as colours and dashes tell apart; more are drawn without their names */
    CURVE_POINTS = 500, /* chosen: more than a figure has columns of points */
    MAX_ROWS = 20000,   /* chosen: several times what the lines of a figure need */
    N_STEPS = 7,
};

static const double name_ems = 24; /* a longer name gives way in its middle */

/* A run's folder, and where its figures go. */
typedef struct {
    const char *folder;
    Language language;
    cJSON *metrics;      /* owned by result */
    cJSON *result;       /* owned */
    GHashTable *by_name; /* owned; of metrics: the figures ask for some of every migration */
    char *assumptions;   /* owned; what a reader must know of the world; NULL: nothing */
    GPtrArray *drawn;
} Run;

static const char *
word(const Run *run, const char *english)
{
    return label_word(english, run->language);
}

/* table stays NULL when the run has no such table or no row in it. FALSE: it is damaged. */
static gboolean
load(const Run *run, const char *name, const char *const *columns, Table **table, GError **error)
{
    g_autofree char *path = g_build_filename(run->folder, name, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(Table) whole = table_read(path, columns, error);
    if (whole && table_rows(whole) > 0)
        *table = g_steal_pointer(&whole);
    return *table != NULL || whole != NULL;
}

/* ---- lines: a name each, and its rows of data ---- */

typedef struct {
    char *name;
    gboolean failed;
    GString *rows;
} Line;

static void
line_free(gpointer data)
{
    Line *line = data;

    g_free(line->name);
    g_string_free(line->rows, TRUE);
    g_free(line);
}

static GPtrArray *
lines_new(void)
{
    return g_ptr_array_new_with_free_func(line_free);
}

/* The line of that name, which is added when it is new; counts from 0. Tables tell of one thing after the other: the
 * last line is looked at first. */
static guint
lines_find(GPtrArray *lines, const char *name)
{
    for (guint i = lines->len; i-- > 0;)
        if (g_str_equal(((Line *)g_ptr_array_index(lines, i))->name, name))
            return i;
    Line *line = g_new0(Line, 1);
    line->name = g_strdup(name);
    line->rows = g_string_new(NULL);
    g_ptr_array_add(lines, line);
    return lines->len - 1;
}

static Line *
lines_at(const GPtrArray *lines, guint index)
{
    return g_ptr_array_index(lines, index);
}

/* The data of one line after the other; a blank line between many, for one plot command draws them all. */
static void
take_lines(Figure *figure, const GPtrArray *lines, const char *header)
{
    GString *csv = g_string_new(header);

    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(csv, "%s%s", i > 0 && lines->len > NAMED_LINES ? "\n" : "",
                               lines_at(lines, i)->rows->str);
    figure_take_data(figure, g_string_free(csv, FALSE));
}

static void
set_lines(Figure *figure, const Run *run, const GPtrArray *lines, const char *label)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) failed = g_string_new(NULL);
    gboolean any_failed = FALSE;

    for (guint i = 0; i < lines->len; i++) {
        const Line *line = lines_at(lines, i);
        g_autofree char *name = label_shorten(line->name, name_ems);
        g_ptr_array_add(names, line->failed ? g_strdup_printf("%s (%s)", name, word(run, "did not complete"))
                                            : g_steal_pointer(&name));
        g_string_append_printf(failed, "%d ", line->failed);
        any_failed |= line->failed;
    }
    if (lines->len <= NAMED_LINES) {
        figure_set_words(figure, "line_names", names);
        g_string_truncate(failed, failed->len - 1);
        figure_set_text(figure, "line_failed", failed->str);
    } else {
        figure_set_number(figure, "line_names_ems", 0);
    }
    figure_set_number(figure, "many", lines->len > NAMED_LINES);
    figure_set_number(figure, "n_lines", lines->len);
    figure_set_number(figure, "has_failed", any_failed);
    figure_set_text(figure, "line_label", label);
}

static gboolean
draw(Figure *figure, const char *name, const Run *run, GError **error)
{
    g_autofree char *figures = g_build_filename(run->folder, "figures", NULL);

    if (run->assumptions)
        figure_add_title(figure, run->assumptions);
    if (!figure_draw(figure, figures, error))
        return FALSE;
    g_ptr_array_add(run->drawn, g_strdup(name));
    return TRUE;
}

/* A line above the plot that holds a number: format is a phrase that label.c has. */
static void
add_note(Figure *figure, const Run *run, const char *phrase, guint number)
{
    g_auto(GStrv) parts = g_strsplit(word(run, phrase), "%u", 2);
    g_autofree char *text = g_strdup_printf("%s%u%s", parts[0], number, parts[1]);

    figure_add_title(figure, text);
}

/* ---- migrations ---- */

/* The migration of which a metric is the first of its own; NULL: it is another metric. (transfer full) */
static char *
migration_of(const cJSON *metric)
{
    static const char head[] = "migration.", tail[] = ".start_s";

    if (!g_str_has_prefix(metric->string, head) || !g_str_has_suffix(metric->string, tail) || !cJSON_IsNumber(metric))
        return NULL;
    return g_strndup(metric->string + strlen(head), strlen(metric->string) - strlen(head) - strlen(tail));
}

/* A set of borrowed names. (transfer full) */
static GHashTable *
migrations_in(const Table *table)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint row = 0; table && row < table_rows(table); row++)
        g_hash_table_add(names, (gpointer)table_text(table, row, "migration"));
    return names;
}

/* By its leg's outcome, which only a leg that was begun has. */
static gboolean
has_failed(const Run *run, const char *migration, const char *leg)
{
    g_autofree char *own = g_strdup_printf("migration.%s.%s.outcome", migration, leg ? leg : "");
    g_autofree char *whole = g_strdup_printf("migration.%s.outcome", migration);
    const cJSON *metric = g_hash_table_lookup(run->by_name, own);
    const char *outcome = cJSON_GetStringValue(metric ? metric : g_hash_table_lookup(run->by_name, whole));

    return outcome && !g_str_equal(outcome, "completed");
}

/* "mig-vm1, vm" */
static guint
find_leg(const Run *run, GPtrArray *lines, const Table *table, guint row)
{
    const char *migration = table_text(table, row, "migration"), *leg = table_text(table, row, "leg");
    g_autofree char *name = g_strdup_printf("%s, %s", migration, leg);
    const guint index = lines_find(lines, name);

    lines_at(lines, index)->failed = has_failed(run, migration, leg);
    return index;
}

static guint
count_without(const Run *run, const Table *table)
{
    g_autoptr(GHashTable) there = migrations_in(table);
    const cJSON *metric;
    guint n = 0;

    cJSON_ArrayForEach(metric, run->metrics)
    {
        g_autofree char *name = migration_of(metric);
        n += name && !g_hash_table_contains(there, name);
    }
    return n;
}

static gboolean
draw_rounds(const Run *run, GError **error)
{
    static const char *const columns[] = {"migration", "leg", "round", "sent_pages", "phase", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(run, "rounds.csv", columns, &table, error))
        return FALSE;
    g_autoptr(Figure) figure = figure_new("rounds", "run/rounds", run->language);
    g_autoptr(GPtrArray) lines = lines_new();
    gboolean has_pull = FALSE, has_stop = FALSE, has_none = FALSE;

    for (guint row = 0; table && row < table_rows(table); row++) {
        const char *phase = table_text(table, row, "phase");
        const guint index = find_leg(run, lines, table, row);
        has_pull |= g_str_equal(phase, "pull");
        has_stop |= g_str_equal(phase, "stop-and-copy");
        has_none |= !(table_number(table, row, "sent_pages") > 0);
        g_string_append_printf(lines_at(lines, index)->rows, "%u,%s,%s,%s,%d\n", index + 1,
                               table_text(table, row, "round"), table_text(table, row, "sent_pages"), phase,
                               lines_at(lines, index)->failed);
    }
    if (lines->len == 0)
        return TRUE;
    take_lines(figure, lines, "series,round,sent_pages,phase,failed\n");
    set_lines(figure, run, lines, word(run, "migrations by their start"));
    figure_add_title(figure, word(run, "Pages of each round"));
    const guint without = count_without(run, table);
    if (without > 0)
        add_note(figure, run, "migrations without a finished round: %u", without);
    figure_set_text(figure, "stop_label", word(run, "stop-and-copy"));
    figure_set_text(figure, "pull_label", word(run, "post-copy"));
    figure_set_text(figure, "failed_label", word(run, "did not complete"));
    figure_set_number(figure, "has_pull", has_pull);
    figure_set_number(figure, "has_stop", has_stop);
    figure_set_number(figure, "has_none", has_none);
    figure_set_text(figure, "x_label", word(run, "round"));
    figure_set_text(figure, "y_label", word(run, "pages sent in the round"));
    return draw(figure, "rounds", run, error);
}

/* A row of the time line: which, from 1, step, from 1 (after the last: where a migration failed), dates. */
static void
append_step(GPtrArray *lines, guint index, guint step, double start_s, double end_s)
{
    g_autofree char *start = csv_number(start_s), *end = csv_number(end_s);

    g_string_append_printf(lines_at(lines, index)->rows, "%u,%u,%s,%s,%d\n", index + 1, step, start, end,
                           lines_at(lines, index)->failed);
}

/* Those that were refused before their first step. */
static void
append_refused(const Run *run, GPtrArray *lines, const Table *table)
{
    g_autoptr(GHashTable) there = migrations_in(table);
    const cJSON *metric;

    cJSON_ArrayForEach(metric, run->metrics)
    {
        g_autofree char *name = migration_of(metric);
        if (!name || !has_failed(run, name, NULL) || g_hash_table_contains(there, name))
            continue;
        const guint index = lines_find(lines, name);
        lines_at(lines, index)->failed = TRUE;
        append_step(lines, index, N_STEPS + 1, metric->valuedouble, metric->valuedouble);
    }
}

/* Rows of the steps; of a line that failed the last date is marked too. used: of each step, whether it is there. */
static GPtrArray *
time_line_rows(const Run *run, const Table *table, gboolean *used)
{
    static const char *const steps[N_STEPS] = {"pre_migration", "reservation", "precopy",   "stop_and_copy",
                                               "commitment",    "pull",        "activation"};
    GPtrArray *lines = lines_new();
    g_autoptr(GArray) ends = g_array_new(FALSE, TRUE, sizeof(double));

    for (guint row = 0; table && row < table_rows(table); row++) {
        const double start_s = table_number(table, row, "start_s");
        const double end_s = start_s + table_number(table, row, "duration_s");
        const guint index = find_leg(run, lines, table, row);
        guint step = 0;
        while (step < N_STEPS && !g_str_equal(steps[step], table_text(table, row, "step")))
            step++;
        if (step == N_STEPS) /* a part of a step, which is drawn as a whole */
            continue;
        used[step] = TRUE;
        append_step(lines, index, step + 1, start_s, end_s);
        if (index >= ends->len)
            g_array_set_size(ends, index + 1);
        g_array_index(ends, double, index) = MAX(g_array_index(ends, double, index), end_s);
    }
    for (guint i = 0; i < ends->len; i++)
        if (lines_at(lines, i)->failed)
            append_step(lines, i, N_STEPS + 1, g_array_index(ends, double, i), g_array_index(ends, double, i));
    append_refused(run, lines, table);
    return lines;
}

static gboolean
draw_steps(const Run *run, GError **error)
{
    static const char *const step_names[N_STEPS] = {"pre-migration", "reservation", "pre-copy",  "stop-and-copy",
                                                    "commitment",    "post-copy",   "activation"};
    static const char *const columns[] = {"migration", "leg", "step", "start_s", "duration_s", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(run, "steps.csv", columns, &table, error))
        return FALSE;
    gboolean used[N_STEPS] = {FALSE}, any_failed = FALSE;
    g_autoptr(Figure) figure = figure_new("time-line", "run/time-line", run->language);
    g_autoptr(GPtrArray) lines = time_line_rows(run, table, used);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) names = g_ptr_array_new(), uses = g_ptr_array_new();
    guint n_steps = 0;

    if (lines->len == 0)
        return TRUE;
    for (gsize i = 0; i < N_STEPS; i++) {
        g_ptr_array_add(names, (gpointer)word(run, step_names[i]));
        g_ptr_array_add(uses, (gpointer)(used[i] ? "1" : "0"));
        n_steps += used[i];
    }
    for (guint i = 0; i < lines->len; i++) {
        g_ptr_array_add(rows, label_shorten(lines_at(lines, i)->name, name_ems));
        any_failed |= lines_at(lines, i)->failed;
    }
    GString *csv = g_string_new("series,step,start_s,end_s,failed\n");
    for (guint i = 0; i < lines->len; i++)
        g_string_append(csv, lines_at(lines, i)->rows->str);
    figure_take_data(figure, g_string_free(csv, FALSE));
    figure_set_words(figure, "row_names", rows);
    figure_set_number(figure, "n_rows", lines->len);
    figure_set_words(figure, "line_names", names);
    figure_set_words(figure, "step_used", uses);
    figure_set_number(figure, "n_steps", n_steps);
    figure_set_number(figure, "has_failed", any_failed);
    figure_set_text(figure, "failed_label", word(run, "did not complete"));
    figure_set_text(figure, "row_label", word(run, "migrations by their start"));
    figure_add_title(figure, word(run, "Steps of the migrations"));
    figure_set_text(figure, "x_label", word(run, "time since the start"));
    return draw(figure, "time-line", run, error);
}

/* ---- vTPM commands, and quantities over time ---- */

/* A distribution's curve, thinned: latency and the share that is no slower. */
static void
append_curve(GString *csv, guint series, GArray *latencies)
{
    statistics_sort(latencies);
    for (guint i = 0; i < latencies->len; i++) {
        if (latencies->len > CURVE_POINTS && i % (latencies->len / CURVE_POINTS) != 0 && i + 20 < latencies->len)
            continue;
        g_autofree char *latency = csv_number(g_array_index(latencies, double, i));
        g_string_append_printf(csv, "%u,%s,%.6f\n", series, latency, (i + 1.0) / latencies->len);
    }
}

static gboolean
draw_latencies(const Run *run, GError **error)
{
    static const char *const columns[] = {"vtpm", "outcome", "issued_s", "ended_s", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(run, "commands.csv", columns, &table, error))
        return FALSE;
    g_autoptr(Figure) figure = figure_new("latency", "run/latency", run->language);
    g_autoptr(GPtrArray) lines = lines_new();
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    guint failed = 0;

    for (guint row = 0; table && row < table_rows(table); row++) {
        if (g_strcmp0(table_text(table, row, "outcome"), "done") != 0) {
            failed++;
            continue;
        }
        const double latency_s = table_number(table, row, "ended_s") - table_number(table, row, "issued_s");
        const guint index = lines_find(lines, table_text(table, row, "vtpm"));
        if (index == all->len)
            g_ptr_array_add(all, g_array_new(FALSE, FALSE, sizeof(double)));
        g_array_append_val(g_ptr_array_index(all, index), latency_s);
    }
    if (lines->len == 0)
        return TRUE;
    for (guint i = 0; i < all->len; i++)
        append_curve(lines_at(lines, i)->rows, i + 1, g_ptr_array_index(all, i));
    take_lines(figure, lines, "series,latency_s,share\n");
    set_lines(figure, run, lines, word(run, "in the order of the table"));
    figure_add_title(figure, word(run, "Latency of vTPM commands"));
    if (failed > 0)
        add_note(figure, run, "%u failed commands have no latency and are not drawn", failed);
    figure_set_text(figure, "x_label", word(run, "latency of a vTPM command"));
    figure_set_text(figure, "y_label", word(run, "share of commands"));
    return draw(figure, "latency", run, error);
}

typedef struct {
    const char *figure, *table;
    const char *of, *column; /* of the lines' names and the values */
    const char *heading, *y_label;
    gboolean log_y;
} OverTime;

/* Of many rows every k-th of each line, which the figure says. Nothing is drawn when every value is zero. */
static gboolean
draw_over_time(const OverTime *what, const Run *run, GError **error)
{
    const char *const columns[] = {what->of, what->column, "start_s", NULL};
    g_autoptr(Table) table = NULL;
    if (!load(run, what->table, columns, &table, error))
        return FALSE;
    g_autoptr(Figure) figure = figure_new(what->figure, "run/series", run->language);
    g_autoptr(GPtrArray) lines = lines_new();
    g_autoptr(GArray) seen = g_array_new(FALSE, TRUE, sizeof(guint));
    const guint n = table ? table_rows(table) : 0, every = n / MAX_ROWS + 1;
    gboolean has_value = FALSE, has_zero = FALSE;

    for (guint row = 0; row < n; row++) {
        const guint index = lines_find(lines, table_text(table, row, what->of));
        if (index >= seen->len)
            g_array_set_size(seen, index + 1);
        if (g_array_index(seen, guint, index)++ % every != 0)
            continue;
        has_value |= table_number(table, row, what->column) > 0;
        has_zero |= !(table_number(table, row, what->column) > 0);
        g_string_append_printf(lines_at(lines, index)->rows, "%u,%s,%s\n", index + 1, table_text(table, row, "start_s"),
                               table_text(table, row, what->column));
    }
    if (!has_value)
        return TRUE;
    take_lines(figure, lines, "series,start_s,value\n");
    set_lines(figure, run, lines, word(run, "in the order of the table"));
    figure_add_title(figure, word(run, what->heading));
    if (every > 1)
        add_note(figure, run, "one value of %u drawn", every);
    if (what->log_y && has_zero)
        figure_add_title(figure, word(run, "nothing was received where a line is interrupted"));
    figure_set_text(figure, "x_label", word(run, "time since the start"));
    figure_set_text(figure, "y_label", word(run, what->y_label));
    figure_set_number(figure, "log_y", what->log_y);
    return draw(figure, what->figure, run, error);
}

/* ---- what the world leaves out ---- */

/* Whether all members of a hypervisor's costs are zero: times are texts such as "0s". */
static gboolean
costs_nothing(const cJSON *costs)
{
    const cJSON *cost;

    cJSON_ArrayForEach(cost,
                       costs) if (cJSON_IsString(cost) && g_ascii_strtod(cost->valuestring, NULL) > 0) return FALSE;
    return TRUE;
}

static const char *
costs_phrase(const cJSON *timeline)
{
    const cJSON *action;
    guint n = 0, without = 0;

    cJSON_ArrayForEach(action, timeline)
    {
        const cJSON *hypervisor = cJSON_GetObjectItemCaseSensitive(action, "hypervisor");
        if (!hypervisor)
            continue;
        n++;
        without += costs_nothing(cJSON_GetObjectItemCaseSensitive(hypervisor, "costs"));
    }
    return without == 0 ? NULL : without == n ? "no fixed costs" : "some migrations without fixed costs";
}

static const char *
processors_phrase(const cJSON *hosts)
{
    const cJSON *host;
    int unlimited = 0;

    cJSON_ArrayForEach(host, hosts)
    {
        const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(host, "processors"));
        unlimited += g_strcmp0(word, "unlimited") == 0;
    }
    return unlimited == 0                           ? NULL
           : unlimited == cJSON_GetArraySize(hosts) ? "unlimited processors"
                                                    : "unlimited processors on some hosts";
}

static const char *
pages_phrase(const cJSON *metrics)
{
    const cJSON *metric;

    cJSON_ArrayForEach(metric, metrics) if (g_str_has_suffix(metric->string, ".pages_drawn") &&
                                            g_strcmp0(cJSON_GetStringValue(metric), "counted") ==
                                                0) return "pages counted, not drawn one by one";
    return NULL;
}

/* NULL: nothing. (transfer full) */
static char *
assumptions_of(const Run *run)
{
    const cJSON *scenario = cJSON_GetObjectItemCaseSensitive(run->result, "scenario");
    const char *const phrases[] = {costs_phrase(cJSON_GetObjectItemCaseSensitive(scenario, "timeline")),
                                   processors_phrase(cJSON_GetObjectItemCaseSensitive(scenario, "hosts")),
                                   pages_phrase(run->metrics)};
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++)
        if (phrases[i])
            g_string_append_printf(text, "%s%s", text->len > 0 ? word(run, ", ") : "", word(run, phrases[i]));
    return g_string_free(text, text->len == 0);
}

static gboolean
draw_all(const Run *run, GError **error)
{
    static const OverTime rate = {
        "card-rate", "card-series.csv", "session", "requests_per_s", "Requests of card sessions", "requests per second",
        FALSE};
    static const OverTime throughput = {
        "socket-throughput",         "sockets.csv", "socket", "throughput_Bps", "Throughput of sockets",
        "bytes received per second", TRUE};

    return draw_rounds(run, error) && draw_steps(run, error) && draw_latencies(run, error) &&
           draw_over_time(&rate, run, error) && draw_over_time(&throughput, run, error) &&
           response_figure_draw(run->folder, run->language, run->assumptions, run->drawn, error) &&
           fleet_figure_draw(run->folder, run->language, run->assumptions, run->drawn, error);
}

gboolean
run_figure_draw(const char *folder, Language language, GPtrArray *drawn, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "result.json", NULL);
    Run run = {.folder = folder, .language = language, .drawn = drawn, .result = json_text_load(path, error)};

    if (!run.result)
        return FALSE;
    const cJSON *metric;
    run.metrics = cJSON_GetObjectItemCaseSensitive(run.result, "metrics");
    run.by_name = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON_ArrayForEach(metric, run.metrics) g_hash_table_insert(run.by_name, metric->string, (gpointer)metric);
    run.assumptions = assumptions_of(&run);
    const gboolean well = draw_all(&run, error);
    g_free(run.assumptions);
    g_hash_table_unref(run.by_name);
    cJSON_Delete(run.result);
    if (!well || drawn->len > 0)
        return well;
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING,
                "%s: the run has no migration, vTPM, card session with a guest, socket or application to draw", folder);
    return FALSE;
}
