#include "sim/output/table.h"

#include "sim/output/csv.h"
#include "sim/output/files.h"

#include <math.h>
#include <string.h>

struct Table {
    GPtrArray *rows; /* of GStrv, owned; the first is the header */
};

Table *
table_parse(const char *csv)
{
    Table *table = g_new(Table, 1);
    g_auto(GStrv) lines = g_strsplit(csv ? csv : "", "\n", 0);

    table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (guint i = 0; lines[i]; i++)
        if (*lines[i])
            g_ptr_array_add(table->rows, csv_split(lines[i]));
    return table;
}

GQuark
table_error_quark(void)
{
    return g_quark_from_static_string("tandem-table-error");
}

static gboolean fail(const char *path, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static gboolean
fail(const char *path, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, TABLE_ERROR, TABLE_ERROR_DAMAGED, "%s: %s", path, text);
    return FALSE;
}

static gboolean
check_text(const char *path, const char *text, gsize length, GError **error)
{
    if (length == 0)
        return fail(path, error, "is empty, expected a table");
    if (!g_utf8_validate_len(text, length, NULL)) /* nor a zero byte */
        return fail(path, error, "is no text in UTF-8, expected a table");
    return text[length - 1] == '\n' || fail(path, error, "its last line is torn, expected a newline at its end");
}

static gboolean
check_rows(const char *path, const Table *table, GError **error)
{
    const guint columns = g_strv_length((char **)table_columns(table));

    for (guint row = 0; row < table_rows(table); row++) {
        const guint cells = g_strv_length(g_ptr_array_index(table->rows, row + 1));
        if (cells != columns)
            return fail(path, error, "row %u has %u cells, expected %u as in the header", row + 1, cells, columns);
    }
    return TRUE;
}

Table *
table_read(const char *path, const char *const *columns, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;

    if (!files_read(path, &text, &length, error) || !check_text(path, text, length, error))
        return NULL;
    g_autoptr(Table) table = table_parse(text);
    if (!check_rows(path, table, error))
        return NULL;
    for (; columns && *columns; columns++) {
        if (g_strv_contains(table_columns(table), *columns))
            continue;
        fail(path, error, "has no column %s, expected one", *columns);
        return NULL;
    }
    return g_steal_pointer(&table);
}

void
table_free(Table *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->rows);
    g_free(table);
}

guint
table_rows(const Table *table)
{
    return table->rows->len > 0 ? table->rows->len - 1 : 0;
}

const char *const *
table_columns(const Table *table)
{
    static const char *const none[] = {NULL};

    return table->rows->len > 0 ? (const char *const *)g_ptr_array_index(table->rows, 0) : none;
}

const char *
table_text(const Table *table, guint row, const char *column)
{
    if (row >= table_rows(table))
        return NULL;
    char *const *header = g_ptr_array_index(table->rows, 0);
    char *const *cells = g_ptr_array_index(table->rows, row + 1);
    for (guint c = 0; header[c] && cells[c]; c++)
        if (g_str_equal(header[c], column))
            return cells[c];
    return NULL;
}

double
table_number(const Table *table, guint row, const char *column)
{
    const char *text = table_text(table, row, column);
    char *end;

    if (!text || !*text)
        return NAN;
    const double value = g_ascii_strtod(text, &end);
    return *end ? NAN : value;
}
