#include "sim/output/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WHOLE 0x1p53 /* beyond it not every whole number is a double */

/* Any decimal of 15 digits is the shortest text of its double; any double is that of one of 17. */
enum { LEAST_DIGITS = 15, MOST_DIGITS = 17 };

static gboolean
is_control(char c)
{
    return (guchar)c < 0x20 || c == 0x7f;
}

/* Who reads a table line by line must find one record in each: a control character is shown, as "\\n". */
static void
append_shown(GString *out, char c)
{
    if (c == '\n')
        g_string_append(out, "\\n");
    else if (is_control(c))
        g_string_append_printf(out, "\\x%02x", (guchar)c);
    else
        g_string_append_c(out, c);
}

char *
csv_quote(const char *text)
{
    const gboolean quoted = strpbrk(text, ",\"") != NULL;
    GString *out = g_string_new(quoted ? "\"" : NULL);

    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        append_shown(out, *text);
    }
    if (quoted)
        g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

char *
csv_number(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (isnan(value))
        return g_strdup("nan"); /* printf may give it a sign */
    /* most are counts: in full, and several times as fast as what follows */
    if (value == floor(value) && fabs(value) <= MOST_WHOLE && !(value == 0 && signbit(value)))
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)value);
    /* printf and strtod, twice as fast as GLib's: the numeric locale is C's (tandem_main) */
    for (int digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits++) {
        g_snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return g_strdup(text);
}

static void
append_cell(GString *csv, const char *cell)
{
    if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
        g_string_append_c(csv, ',');
    g_string_append(csv, cell);
}

void
csv_append_text(GString *csv, const char *text)
{
    g_autofree char *cell = csv_quote(text ? text : "");

    append_cell(csv, cell);
}

void
csv_append_number(GString *csv, double value)
{
    g_autofree char *cell = csv_number(value);

    append_cell(csv, cell);
}

void
csv_append_known(GString *csv, double value)
{
    if (isnan(value))
        append_cell(csv, "");
    else
        csv_append_number(csv, value);
}

/* Appends the cell that begins at p; returns where the next one begins, NULL after the last. */
static const char *
take_cell(const char *p, GPtrArray *cells)
{
    GString *cell = g_string_new(NULL);
    gboolean quoted = *p == '"';

    for (p += quoted; *p && (quoted || *p != ','); p++) {
        if (quoted && *p == '"' && p[1] != '"') {
            quoted = FALSE;
            continue;
        }
        p += quoted && *p == '"';
        g_string_append_c(cell, *p);
    }
    g_ptr_array_add(cells, g_string_free(cell, FALSE));
    return *p ? p + 1 : NULL;
}

char **
csv_split(const char *line)
{
    GPtrArray *cells = g_ptr_array_new();

    for (const char *p = line; p;)
        p = take_cell(p, cells);
    g_ptr_array_add(cells, NULL);
    return (char **)g_ptr_array_free(cells, FALSE);
}
