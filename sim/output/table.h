/* Rows and columns of the CSV tables that tandem writes itself: one header line, no line's end inside a cell. */
#ifndef TANDEM_SIM_OUTPUT_TABLE_H
#define TANDEM_SIM_OUTPUT_TABLE_H

#include <glib.h>

#define TABLE_ERROR (table_error_quark())
GQuark table_error_quark(void);
typedef enum { TABLE_ERROR_DAMAGED } TableError;

typedef struct Table Table;

Table *table_parse(const char *csv);
/* A file's table, whole: text to the last newline, every row as long as the header, and these columns (ended by NULL;
 * NULL: any) in it. NULL with error set. */
Table *table_read(const char *path, const char *const *columns, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* The header's cells, ended by NULL. */
const char *const *table_columns(const Table *table);
guint table_rows(const Table *table);
/* The cell's text, owned by the table; NULL when there is no such row or column. */
const char *table_text(const Table *table, guint row, const char *column);
/* NAN when there is no such cell or it is not a number. */
double table_number(const Table *table, guint row, const char *column);

#endif
