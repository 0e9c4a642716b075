#include "sim/output/csv.h"

#include "sim/output/inert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WHOLE 0x1p53 /* beyond it not every whole number is a double */

/* Any decimal of 15 digits is the shortest text of its double; any double is that of one of 17. */
enum { LEAST_DIGITS = 15, MOST_DIGITS = 17 };

/* What a spreadsheet takes for the begin of a formula; the wide forms are those of East Asian keyboards. A tab or a
 * carriage return, after which it looks on, is named. */
static gboolean
begins_formula(const char *text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};

    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
        if (g_str_has_prefix(text, signs[i]))
            return TRUE;
    return FALSE;
}

static gboolean
is_number(const char *text)
{
    char *end;

    (void)g_ascii_strtod(text, &end);
    return end > text && !*end;
}

/* Whether the text, behind the apostrophes with which it begins, would be a formula: the apostrophe before it makes it
 * a text. Numbers stay. */
static gboolean
is_formula(const char *text)
{
    const char *behind = text + strspn(text, "'");

    return begins_formula(behind) && !(behind == text && is_number(text));
}

char *
csv_quote(const char *text)
{
    const gboolean quoted = strpbrk(text, ",\"") != NULL;
    GString *out = g_string_new(quoted ? "\"" : NULL);
    g_autofree char *inert = inert_line(text); /* who reads a table line by line finds one record in each */

    if (is_formula(inert))
        g_string_append_c(out, '\'');
    for (const char *c = inert; *c; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
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
    if (*cell->str == '\'' && is_formula(cell->str))
        g_string_erase(cell, 0, 1);
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
