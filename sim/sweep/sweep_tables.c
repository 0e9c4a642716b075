#include "sim/sweep/sweep_tables.h"

#include "sim/output/csv.h"
#include "sim/output/files.h"
#include "sim/sweep/interval.h"
#include "sim/sweep/worker.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* In this order: what is of two kinds in two runs is of the later one. */
typedef enum { METRIC_NUMBER, METRIC_FLAG, METRIC_WORD } MetricKind;

typedef struct {
    char *name; /* owned; as a cell */
    MetricKind kind;
} Metric;

typedef struct {
    const Plan *plan;
    const Journal *journal;
    GArray *metrics;    /* of Metric: the union */
    GPtrArray *columns; /* by shape: GArray of guint, which metric each cell is; owned */
} Tables;

static void
clear_metric(gpointer data)
{
    g_free(((Metric *)data)->name);
}

/* A shape that no run has any more, after a retry, has no places. */
static void
free_places(gpointer places)
{
    if (places)
        g_array_unref(places);
}

/* ---- columns ---- */

static const char *
next_cell(const char *p, const char *end, gsize *length)
{
    const char *start = p;
    gboolean quoted = FALSE;

    for (; p < end && (quoted || *p != ','); p++)
        quoted ^= *p == '"';
    *length = (gsize)(p - start);
    return p < end ? p + 1 : end;
}

static MetricKind
kind_of(char mark)
{
    return mark == '#' ? METRIC_NUMBER : mark == '?' ? METRIC_FLAG : METRIC_WORD;
}

/* Adds a shape's metrics to the union and says where its cells go. "#name" is a number or not known, "?name" a flag,
 * "\"name" a word; what is a word in one run is one in all. */
static GArray *
place_shape(Tables *tables, GHashTable *index_of, const char *names)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(guint));
    const char *end = names + strlen(names);

    for (const char *p = names; p < end;) {
        const MetricKind kind = kind_of(*p);
        const char *name_start = p + 1;
        gsize length;
        p = next_cell(name_start, end, &length);
        g_autofree char *name = g_strndup(name_start, length);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(index_of, name));
        if (index == 0) {
            const Metric metric = {g_steal_pointer(&name), kind};
            g_array_append_val(tables->metrics, metric);
            index = tables->metrics->len;
            g_hash_table_insert(index_of, g_strdup(metric.name), GUINT_TO_POINTER(index));
        }
        index--;
        Metric *known = &g_array_index(tables->metrics, Metric, index);
        known->kind = MAX(known->kind, kind);
        g_array_append_val(places, index);
    }
    return places;
}

/* Shapes in the order in which the runs, not the journal, bring them up. */
static void
place_shapes(Tables *tables)
{
    g_autoptr(GHashTable) index_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const guint n = journal_shapes(tables->journal);
    JournalLine line;

    g_ptr_array_set_size(tables->columns, (gint)n);
    for (guint run = 0, placed = 0; run < tables->plan->n_runs && placed < n; run++) {
        if (!journal_line(tables->journal, run, &line) || g_ptr_array_index(tables->columns, line.shape))
            continue;
        g_ptr_array_index(tables->columns, line.shape) =
            place_shape(tables, index_of, journal_shape(tables->journal, line.shape));
        placed++;
    }
}

typedef struct {
    const char *text;
    gsize length;
} Cell;

/* The line's cells by metric; of metrics that it does not have the text is NULL. */
static void
spread_cells(const Tables *tables, const JournalLine *line, Cell *cells)
{
    const GArray *places = g_ptr_array_index(tables->columns, line->shape);
    const char *p = line->cells, *end = line->cells + line->cells_length;

    memset(cells, 0, tables->metrics->len * sizeof *cells);
    for (guint i = 0; i < places->len; i++) {
        Cell *cell = &cells[g_array_index(places, guint, i)];
        cell->text = p;
        p = next_cell(p, end, &cell->length);
    }
}

/* ---- points.csv ---- */

static void
append_parameter_names(const Tables *tables, GString *out)
{
    for (guint c = 0; c < axes_columns(tables->plan->axes); c++)
        g_string_append_printf(out, ",%s", axes_column(tables->plan->axes, c)->name);
}

static void
append_run(const Tables *tables, guint run, const JournalLine *line, Cell *cells, GString *out)
{
    const Plan *plan = tables->plan;

    spread_cells(tables, line, cells);
    g_string_append_printf(out, "%u,%u,%" G_GUINT64_FORMAT, plan_point(plan, run) + 1, plan_repeat(plan, run) + 1,
                           plan_seed(plan, run));
    plan_append_cells(plan, plan_point(plan, run), out);
    g_string_append_printf(out, ",%s,", journal_status_word(line->status));
    g_string_append_len(out, line->message, (gssize)line->message_length);
    for (guint m = 0; m < tables->metrics->len; m++) {
        g_string_append_c(out, ',');
        g_string_append_len(out, cells[m].text, (gssize)cells[m].length);
    }
    g_string_append_c(out, '\n');
}

static gboolean
write_points(const Tables *tables, FILE *file)
{
    g_autofree Cell *cells = g_new0(Cell, tables->metrics->len + 1);
    g_autoptr(GString) out = g_string_new("point,repeat,seed");
    JournalLine line;

    append_parameter_names(tables, out);
    g_string_append(out, ",status,message");
    for (guint m = 0; m < tables->metrics->len; m++)
        g_string_append_printf(out, ",%s", g_array_index(tables->metrics, Metric, m).name);
    g_string_append_c(out, '\n');
    for (guint run = 0; run < tables->plan->n_runs; run++) {
        if (journal_line(tables->journal, run, &line))
            append_run(tables, run, &line, cells, out);
        fwrite(out->str, 1, out->len, file);
        g_string_truncate(out, 0);
    }
    return fwrite(out->str, 1, out->len, file) == out->len;
}

/* ---- summary.csv ---- */

/* A point's cells that are known, metric by metric; counts[m] of them. */
typedef struct {
    Cell *cells;
    Cell *known; /* of metric m from m * repeats on */
    double *values;
    guint *counts;
    guint runs, ok;
} Gather;

static void
gather_point(const Tables *tables, guint point, Gather *gather)
{
    const guint repeats = tables->plan->repeats;
    JournalLine line;

    gather->runs = gather->ok = 0;
    memset(gather->counts, 0, tables->metrics->len * sizeof *gather->counts);
    for (guint r = 0; r < repeats; r++) {
        if (!journal_line(tables->journal, point * repeats + r, &line))
            continue;
        gather->runs++;
        if (line.status != RUN_OK)
            continue;
        gather->ok++;
        spread_cells(tables, &line, gather->cells);
        for (guint m = 0; m < tables->metrics->len; m++)
            if (gather->cells[m].length > 0)
                gather->known[m * repeats + gather->counts[m]++] = gather->cells[m];
    }
}

/* The cells' finite numbers, in gather->values; returns how many. */
static guint
read_values(const Cell *cells, guint n, Gather *gather)
{
    guint finite = 0;

    for (guint i = 0; i < n; i++) {
        const double value = g_ascii_strtod(cells[i].text, NULL);
        if (isfinite(value))
            gather->values[finite++] = value;
    }
    return finite;
}

static void
append_interval(const Cell *cells, guint n, Gather *gather, GString *out)
{
    const guint finite = read_values(cells, n, gather);
    const Interval interval = interval_of(gather->values, finite);

    csv_append_known(out, interval.mean);
    csv_append_known(out, interval.sd);
    csv_append_known(out, interval.mean - interval.half_width);
    csv_append_known(out, interval.mean + interval.half_width);
    g_string_append_printf(out, ",%u", finite);
}

/* Of the runs that have it. */
static void
append_share(const Cell *cells, guint n, Gather *gather, GString *out)
{
    const guint known = read_values(cells, n, gather);
    const ShareInterval interval = interval_of_share(gather->values, known);

    csv_append_known(out, interval.share);
    csv_append_known(out, interval.low);
    csv_append_known(out, interval.high);
    g_string_append_printf(out, ",%u", known);
}

typedef struct {
    char *word; /* owned */
    guint count;
} Tally;

static void
clear_tally(gpointer tally)
{
    g_free(((Tally *)tally)->word);
}

/* The most frequent first, then by the alphabet. */
static int
compare_tallies(gconstpointer a, gconstpointer b)
{
    const Tally *first = a, *second = b;

    return first->count != second->count ? (first->count < second->count) - (first->count > second->count)
                                         : strcmp(first->word, second->word);
}

static void
count_word(GArray *tallies, const Cell *cell)
{
    g_autofree char *text = g_strndup(cell->text, cell->length);
    g_auto(GStrv) words = csv_split(text);

    for (guint i = 0; i < tallies->len; i++)
        if (g_str_equal(g_array_index(tallies, Tally, i).word, words[0])) {
            g_array_index(tallies, Tally, i).count++;
            return;
        }
    const Tally tally = {g_strdup(words[0]), 1};
    g_array_append_val(tallies, tally);
}

/* "completed 3; gave-up 2". */
static void
append_words(const Cell *cells, guint n, GString *out)
{
    g_autoptr(GArray) tallies = g_array_new(FALSE, FALSE, sizeof(Tally));
    g_autoptr(GString) text = g_string_new(NULL);

    g_array_set_clear_func(tallies, clear_tally);
    for (guint i = 0; i < n; i++)
        count_word(tallies, &cells[i]);
    g_array_sort(tallies, compare_tallies);
    for (guint i = 0; i < tallies->len; i++)
        g_string_append_printf(text, "%s%s %u", i > 0 ? "; " : "", g_array_index(tallies, Tally, i).word,
                               g_array_index(tallies, Tally, i).count);
    csv_append_text(out, text->str);
}

/* Of words only how things ended: the others are no summary of anything, and stand in points.csv. */
static gboolean
is_outcome(const Metric *metric)
{
    return metric->kind == METRIC_WORD && g_str_has_suffix(metric->name, WORKER_OUTCOME);
}

static void
append_point(const Tables *tables, guint point, Gather *gather, GString *out)
{
    gather_point(tables, point, gather);
    if (gather->runs == 0)
        return;
    g_string_append_printf(out, "%u", point + 1);
    plan_append_cells(tables->plan, point, out);
    g_string_append_printf(out, ",%u,%u", gather->runs, gather->ok);
    for (guint m = 0; m < tables->metrics->len; m++) {
        const Metric *metric = &g_array_index(tables->metrics, Metric, m);
        const Cell *known = gather->known + (gsize)m * tables->plan->repeats;
        if (metric->kind == METRIC_NUMBER)
            append_interval(known, gather->counts[m], gather, out);
        else if (metric->kind == METRIC_FLAG)
            append_share(known, gather->counts[m], gather, out);
        else if (is_outcome(metric))
            append_words(known, gather->counts[m], out);
    }
    g_string_append_c(out, '\n');
}

/* "name" with a suffix; a quoted cell keeps its last quote last. */
static void
append_column(GString *out, const char *name, const char *suffix)
{
    const gsize length = strlen(name);
    const gboolean quoted = length > 0 && name[length - 1] == '"';

    g_string_append_printf(out, ",%.*s%s%s", (int)(length - quoted), name, suffix, quoted ? "\"" : "");
}

static void
append_columns(const Metric *metric, GString *out)
{
    static const char *const suffixes[] = {".mean", ".sd", ".ci95_low", ".ci95_high", ".n"};
    static const char *const of_shares[] = {".share", ".wilson95_low", ".wilson95_high", ".n"};

    for (gsize s = 0; metric->kind == METRIC_NUMBER && s < G_N_ELEMENTS(suffixes); s++)
        append_column(out, metric->name, suffixes[s]);
    for (gsize s = 0; metric->kind == METRIC_FLAG && s < G_N_ELEMENTS(of_shares); s++)
        append_column(out, metric->name, of_shares[s]);
    if (is_outcome(metric))
        append_column(out, metric->name, ".words");
}

static gboolean
write_summary(const Tables *tables, FILE *file)
{
    const gsize n = tables->metrics->len + 1, repeats = tables->plan->repeats;
    g_autofree Cell *cells = g_new0(Cell, n);
    g_autofree Cell *known = g_new0(Cell, n * repeats);
    g_autofree double *values = g_new0(double, repeats);
    g_autofree guint *counts = g_new0(guint, n);
    Gather gather = {cells, known, values, counts, 0, 0};
    g_autoptr(GString) out = g_string_new("point");

    append_parameter_names(tables, out);
    g_string_append(out, ",runs,ok");
    for (guint m = 0; m < tables->metrics->len; m++)
        append_columns(&g_array_index(tables->metrics, Metric, m), out);
    g_string_append_c(out, '\n');
    for (guint point = 0; point < axes_points(tables->plan->axes); point++) {
        append_point(tables, point, &gather, out);
        fwrite(out->str, 1, out->len, file);
        g_string_truncate(out, 0);
    }
    return fwrite(out->str, 1, out->len, file) == out->len;
}

/* ---- files ---- */

static gboolean
write_file(const Tables *tables, const char *folder, const char *name, gboolean (*write)(const Tables *, FILE *),
           GError **error)
{
    g_autofree char *part = g_strdup_printf("%s/.%s.part", folder, name);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!files_check_target(path, error) || !files_check_target(part, error))
        return FALSE;
    FILE *file = g_fopen(part, "we");
    gboolean well = file != NULL;

    if (file) {
        well = write(tables, file) && !ferror(file);
        well = fclose(file) == 0 && well;
    }
    if (well && g_rename(part, path) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot write: %s", path,
                g_strerror(errno));
    (void)g_unlink(part);
    return FALSE;
}

gboolean
sweep_tables_write(const Plan *plan, Journal *journal, const char *folder, GError **error)
{
    if (!journal_map(journal, error))
        return FALSE;
    Tables tables = {plan, journal, g_array_new(FALSE, FALSE, sizeof(Metric)),
                     g_ptr_array_new_with_free_func(free_places)};
    g_array_set_clear_func(tables.metrics, clear_metric);
    place_shapes(&tables);
    const gboolean well = write_file(&tables, folder, "points.csv", write_points, error) &&
                          write_file(&tables, folder, "summary.csv", write_summary, error);
    g_ptr_array_unref(tables.columns);
    g_array_unref(tables.metrics);
    return well;
}
