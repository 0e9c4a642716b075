#include "sim/scenario/wording.h"

#include <string.h>

enum {
    QUOTE_MAX_CHARS = 60, /* chosen: a message stays readable in a terminal */
    WORD_MAX_BYTES = 64,  /* chosen: longer words are not typing errors of keys or names */
    LIST_MAX_WORDS = 12,  /* chosen: more do not help a reader */
};

static void
append_escaped(GString *out, gunichar c)
{
    if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", (char)c);
    else if (g_unichar_isprint(c))
        g_string_append_unichar(out, c);
    else
        g_string_append_printf(out, "\\u%04x", c);
}

char *
wording_quote(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new("\"");
    const char *p = valid;

    for (int n = 0; *p && n < QUOTE_MAX_CHARS; n++, p = g_utf8_next_char(p))
        append_escaped(out, g_utf8_get_char(p));
    g_string_append(out, *p ? "…\"" : "\"");
    return g_string_free(out, FALSE);
}

char *
wording_value(const cJSON *value)
{
    if (cJSON_IsString(value)) {
        g_autofree char *quoted = wording_quote(value->valuestring);
        return g_strdup_printf("the text %s", quoted);
    }
    if (cJSON_IsNumber(value)) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup_printf("the number %s", g_ascii_formatd(number, sizeof number, "%.15g", value->valuedouble));
    }
    if (cJSON_IsBool(value))
        return g_strdup(cJSON_IsTrue(value) ? "true" : "false");
    return g_strdup(cJSON_IsArray(value) ? "a list" : cJSON_IsObject(value) ? "an object" : "null");
}

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each. */
static gsize
distance(const char *a, const char *b)
{
    const gsize m = strlen(a), n = strlen(b);
    guint8 d[WORD_MAX_BYTES + 1][WORD_MAX_BYTES + 1];

    for (gsize i = 0; i <= m; i++)
        d[i][0] = (guint8)i;
    for (gsize j = 0; j <= n; j++)
        d[0][j] = (guint8)j;
    for (gsize i = 1; i <= m; i++) {
        for (gsize j = 1; j <= n; j++) {
            const guint8 replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = MIN(replaced, MIN(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[m][n];
}

/* The candidate nearest to word (letter case apart, else optimal string alignment), or NULL when none is near.
 * candidates ends with NULL; the result is one of its strings. */
static const char *
wording_nearest(const char *word, const char *const *candidates)
{
    const gsize length = strlen(word);
    const char *nearest = NULL;
    gsize best = MAX(1, length / 3) + 1; /* chosen: a third of the letters may be wrong */

    if (length > WORD_MAX_BYTES)
        return NULL;
    for (; *candidates; candidates++) {
        if (g_ascii_strcasecmp(word, *candidates) == 0)
            return *candidates;
        if (strlen(*candidates) > WORD_MAX_BYTES)
            continue;
        const gsize d = distance(word, *candidates);
        if (d < best && d < length) {
            best = d;
            nearest = *candidates;
        }
    }
    return nearest;
}

char *
wording_choice(const char *word, const char *const *candidates)
{
    const guint n = g_strv_length((char **)candidates);
    const char *nearest = wording_nearest(word, candidates);
    GString *out = g_string_new(n == 0   ? "expected one that is there, but there is none"
                                : n == 1 ? "expected "
                                         : "expected one of ");

    for (guint i = 0; i < MIN(n, LIST_MAX_WORDS); i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", candidates[i]);
    if (n > LIST_MAX_WORDS)
        g_string_append_printf(out, ", … (%u in all)", n);
    if (nearest && n > 1)
        g_string_append_printf(out, " (did you mean \"%s\"?)", nearest);
    return g_string_free(out, FALSE);
}

int
wording_order(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}
