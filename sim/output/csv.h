/* Cells of CSV files (RFC 4180): quoting, and splitting a line again. */
#ifndef TANDEM_SIM_OUTPUT_CSV_H
#define TANDEM_SIM_OUTPUT_CSV_H

#include <glib.h>

/* text as a cell: quoted when it holds a comma or a quote; what is not printed is named (inert.h: "\u000a"), so that a
 * record is one line whatever its texts. A text, not a number, that a spreadsheet would take for a formula
 * gets an apostrophe before it, which csv_split takes away. (transfer full) */
char *csv_quote(const char *text);
/* The shortest text that reads back as the same double, whole numbers up to 2^53 in full: how every number of a result
 * is written, in JSON too (exact.h). "nan" and "inf" stay words. (transfer full) */
char *csv_number(double value);
/* One more cell of the line that a table's text ends with: a comma before it unless it is the first.
 * text NULL: an empty cell. */
void csv_append_text(GString *csv, const char *text);
void csv_append_number(GString *csv, double value);
/* An empty cell for NAN: it is not known. */
void csv_append_known(GString *csv, double value);
/* The cells of one line without its end, unquoted. (transfer full) */
char **csv_split(const char *line);

#endif
