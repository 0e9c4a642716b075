#include "sim/output/table.h"

#include "sim/output/csv.h"

#include <math.h>

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
