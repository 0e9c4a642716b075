#include "sim/output/inert.h"

#include <string.h>

/* Controls, formats (bidi, zero width, soft hyphen) and unassigned characters are not printable to GLib; separators of
 * lines and paragraphs are, and part lines all the same. */
static gboolean
is_shown(gunichar c)
{
    const GUnicodeType type = g_unichar_type(c);

    return g_unichar_isprint(c) && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

static char *
inert(const char *text, const char *allowed)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);

    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);
        if (is_shown(c) || (c < 0x80 && strchr(allowed, (int)c)))
            g_string_append_unichar(out, c);
        else
            g_string_append_printf(out, "\\u%04x", c);
    }
    return g_string_free(out, FALSE);
}

char *
inert_line(const char *text)
{
    return inert(text, "");
}

char *
inert_text(const char *text)
{
    return inert(text, "\n\t");
}
