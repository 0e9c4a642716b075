#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

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
csv_parameter(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    return g_strdup(g_ascii_formatd(text, sizeof text, "%.15g", value));
}

char *
csv_number(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    /* most are counts, which print the same as integers, three times as fast */
    if (value == floor(value) && fabs(value) < 1e10 && !signbit(value))
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)value);
    return g_strdup(g_ascii_formatd(text, sizeof text, "%.10g", value));
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
