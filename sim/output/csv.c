#include "sim/output/csv.h"

#include <string.h>

char *
csv_quote(const char *text)
{
    if (!strpbrk(text, ",\"\n\r"))
        return g_strdup(text);
    GString *out = g_string_new("\"");
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
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

    return g_strdup(g_ascii_formatd(text, sizeof text, "%.10g", value));
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
