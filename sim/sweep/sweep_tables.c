#include "sim/sweep/sweep_tables.h"

#include "sim/output/csv.h"
#include "sim/output/files.h"
#include "sim/sweep/interval.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char *name; /* owned; as a cell */
    gboolean is_number;
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

/* Adds a shape's metrics to the union and says where its cells go. "#name" is a number, "\"name" a word. */
static GArray *
place_shape(Tables *tables, GHashTable *index_of, const char *names)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(guint));
    const char *end = names + strlen(names);

    for (const char *p = names; p < end;) {
        const gboolean is_number = *p == '#';
        const char *name_start = p + 1;
        gsize length;
        p = next_cell(name_start, end, &length);
        g_autofree char *name = g_strndup(name_start, length);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(index_of, name));
        if (index == 0) {
            const Metric metric = {g_steal_pointer(&name), TRUE};
            g_array_append_val(tables->metrics, metric);
            index = tables->metrics->len;
            g_hash_table_insert(index_of, g_strdup(metric.name), GUINT_TO_POINTER(index));
        }
        g_array_index(tables->metrics, Metric, index - 1).is_number &= is_number;
        index--;
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

static void
append_interval(GString *out, const double *values, guint n)
{
    const Interval interval = interval_of(values, n);

    csv_append_known(out, interval.mean);
    csv_append_known(out, interval.sd);
    csv_append_known(out, interval.mean - interval.half_width);
    csv_append_known(out, interval.mean + interval.half_width);
    g_string_append_printf(out, ",%u", n);
}

/* A point's values, metric by metric; counts[m] of them. */
typedef struct {
    Cell *cells;
    double *values; /* of metric m from m * repeats on */
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
        for (guint m = 0; m < tables->metrics->len; m++) {
            const Cell cell = gather->cells[m];
            if (!g_array_index(tables->metrics, Metric, m).is_number || cell.length == 0)
                continue;
            const double value = g_ascii_strtod(cell.text, NULL);
            if (isfinite(value))
                gather->values[m * repeats + gather->counts[m]++] = value;
        }
    }
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
    for (guint m = 0; m < tables->metrics->len; m++)
        if (g_array_index(tables->metrics, Metric, m).is_number)
            append_interval(out, gather->values + (gsize)m * tables->plan->repeats, gather->counts[m]);
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

static gboolean
write_summary(const Tables *tables, FILE *file)
{
    static const char *const suffixes[] = {".mean", ".sd", ".ci95_low", ".ci95_high", ".n"};
    const gsize n = tables->metrics->len + 1;
    g_autofree Cell *cells = g_new0(Cell, n);
    g_autofree double *values = g_new0(double, n * tables->plan->repeats);
    g_autofree guint *counts = g_new0(guint, n);
    Gather gather = {cells, values, counts, 0, 0};
    g_autoptr(GString) out = g_string_new("point");

    append_parameter_names(tables, out);
    g_string_append(out, ",runs,ok");
    for (guint m = 0; m < tables->metrics->len; m++)
        for (gsize s = 0; s < G_N_ELEMENTS(suffixes) && g_array_index(tables->metrics, Metric, m).is_number; s++)
            append_column(out, g_array_index(tables->metrics, Metric, m).name, suffixes[s]);
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
