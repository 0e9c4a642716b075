#include "sim/parts/card/card_file.h"

#include "sim/output/files.h"
#include "sim/scenario/wording.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define HEADER "time_s,algorithm,bytes"

GQuark
card_file_error_quark(void)
{
    return g_quark_from_static_string("tandem-card-file-error");
}

static gboolean
complain(GError **error, const char *path, guint line, const char *what)
{
    g_set_error(error, CARD_FILE_ERROR, CARD_FILE_ERROR_ROW, "%s: line %u: %s", path, line, what);
    return FALSE;
}

static gboolean
parse_time(const char *cell, double *time_s)
{
    char *end;

    *time_s = g_ascii_strtod(cell, &end);
    return end != cell && *end == '\0' && isfinite(*time_s) && *time_s >= 0;
}

static gboolean
parse_bytes(const char *cell, guint32 *bytes)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(cell, 10, 0, G_MAXUINT32, &value, NULL))
        return FALSE;
    *bytes = (guint32)value;
    return TRUE;
}

static gboolean
parse_row(char *line, CardReplay *row, const char *path, guint number, GError **error)
{
    g_auto(GStrv) cells = g_strsplit(line, ",", 0);

    if (g_strv_length(cells) != 3)
        return complain(error, path, number, "expected three columns, a time, an algorithm and bytes");
    for (guint i = 0; i < 3; i++)
        g_strstrip(cells[i]);
    if (!parse_time(cells[0], &row->time_s))
        return complain(error, path, number, "the time is not a number of seconds, expected 0 or more");
    if (!cardspec_algorithm_parse(cells[1], &row->algorithm)) {
        g_autofree char *quoted = wording_quote(cells[1]);
        g_autofree char *what = g_strdup_printf("unknown algorithm %s, expected sm1, sm2-sign, sm2-verify, "
                                                "sm2-encrypt, sm2-decrypt, sm3, sm4 or echo",
                                                quoted);
        return complain(error, path, number, what);
    }
    return parse_bytes(cells[2], &row->bytes) ||
           complain(error, path, number, "the size is not a number of bytes, expected a whole number");
}

GArray *
card_file_parse(const char *text, const char *path, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(CardReplay));
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    const guint n = g_strv_length(lines);
    double last_s = 0;

    if (n == 0 || !g_str_equal(g_strstrip(lines[0]), HEADER))
        return (void)complain(error, path, 1, "expected the header \"" HEADER "\""), NULL;
    if (*lines[n - 1] != '\0')
        return (void)complain(error, path, n, "the line is torn, expected a newline at its end"), NULL;
    for (guint i = 1; i + 1 < n; i++) {
        CardReplay row;
        if (!parse_row(lines[i], &row, path, i + 1, error))
            return NULL;
        if (row.time_s < last_s)
            return (void)complain(error, path, i + 1, "time goes backwards, expected no earlier one than before"), NULL;
        last_s = row.time_s;
        g_array_append_val(rows, row);
    }
    if (rows->len == 0)
        return (void)complain(error, path, 2, "expected a request at least"), NULL;
    return g_steal_pointer(&rows);
}

GArray *
card_file_read(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize length;

    if (files_read(path, &text, &length, &reason)) {
        if (strlen(text) == length)
            return card_file_parse(text, path, error);
        return (void)complain(error, path, 1, "the file holds a zero byte, expected text"), NULL;
    }
    g_set_error_literal(error, CARD_FILE_ERROR, CARD_FILE_ERROR_READ, reason->message);
    return NULL;
}
