#include "sim/world/workload_file.h"

#include "sim/output/files.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

GQuark
workload_file_error_quark(void)
{
    return g_quark_from_static_string("tandem-workload-file-error");
}

/* One row: a number of seconds and a count. */
typedef struct {
    double seconds;
    guint64 count;
} Row;

typedef gboolean (*RowTaker)(const Row *row, gpointer data, const char **complaint);

static gboolean
parse_row(const char *line, Row *row)
{
    g_auto(GStrv) cells = g_strsplit(line, ",", 0);
    char *end;

    if (g_strv_length(cells) != 2)
        return FALSE;
    row->seconds = g_ascii_strtod(g_strstrip(cells[0]), &end);
    if (end == cells[0] || *end || !isfinite(row->seconds))
        return FALSE;
    return g_ascii_string_to_unsigned(g_strstrip(cells[1]), 10, 0, G_MAXUINT64, &row->count, NULL);
}

static gboolean
complain(GError **error, const char *path, guint line, const char *what)
{
    g_set_error(error, WORKLOAD_FILE_ERROR, WORKLOAD_FILE_ERROR_ROW, "%s: line %u: %s", path, line, what);
    return FALSE;
}

static gboolean
read_rows(const char *path, const char *header, RowTaker take, gpointer data, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize length;

    if (!files_read(path, &text, &length, &reason)) {
        g_set_error_literal(error, WORKLOAD_FILE_ERROR, WORKLOAD_FILE_ERROR_READ, reason->message);
        return FALSE;
    }
    if (strlen(text) != length) {
        g_set_error(error, WORKLOAD_FILE_ERROR, WORKLOAD_FILE_ERROR_ROW, "%s: has a zero byte, expected text", path);
        return FALSE;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    if (!lines[0] || !g_str_equal(g_strstrip(lines[0]), header)) {
        g_autofree char *expected = g_strdup_printf("expected the header \"%s\"", header);
        return complain(error, path, 1, expected);
    }
    for (guint i = 1; lines[i]; i++) {
        Row row;
        const char *complaint = NULL;
        if (*g_strstrip(lines[i]) == '\0') {
            if (lines[i + 1])
                return complain(error, path, i + 1, "empty line, expected two numbers");
            break;
        }
        if (!parse_row(lines[i], &row))
            return complain(error, path, i + 1, "expected two numbers separated by a comma");
        if (!take(&row, data, &complaint))
            return complain(error, path, i + 1, complaint);
    }
    return TRUE;
}

typedef struct {
    GArray *rows;
    guint64 limit;
    double last_s;
} Reading;

static gboolean
take_write(const Row *row, gpointer data, const char **complaint)
{
    Reading *reading = data;
    const WorkloadWrite write = {row->seconds, row->count};

    *complaint = row->seconds < reading->last_s ? "time goes backwards, expected it not to decrease"
                                                : "page is beyond the guest's memory, expected a smaller one";
    if (row->seconds < reading->last_s || row->count >= reading->limit)
        return FALSE;
    reading->last_s = row->seconds;
    g_array_append_val(reading->rows, write);
    return TRUE;
}

static gboolean
take_interval(const Row *row, gpointer data, const char **complaint)
{
    Reading *reading = data;
    const WorkloadInterval interval = {row->seconds, row->count};

    *complaint = row->seconds <= 0 ? "duration is not above 0, expected more"
                                   : "more pages than the working set has, expected at most those";
    if (row->seconds <= 0 || row->count > reading->limit)
        return FALSE;
    g_array_append_val(reading->rows, interval);
    return TRUE;
}

GArray *
workload_file_read_writes(const char *path, guint64 pages, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(WorkloadWrite));
    Reading reading = {rows, pages, 0};

    return read_rows(path, "time_s,page", take_write, &reading, error) ? g_steal_pointer(&rows) : NULL;
}

GArray *
workload_file_read_intervals(const char *path, guint64 working_set_pages, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(WorkloadInterval));
    Reading reading = {rows, working_set_pages, 0};

    return read_rows(path, "duration_s,pages", take_interval, &reading, error) ? g_steal_pointer(&rows) : NULL;
}
