#include "sim/scenario/json_text.h"

#include "sim/scenario/pointer.h"
#include "sim/scenario/provenance.h"
#include "sim/scenario/wording.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_BYTES ((gsize)JSON_TEXT_MAX_MIB << 20)

enum { NUMBER_MAX_BYTES = 63 }; /* cJSON 1.7 reads a number through a buffer of this many characters */

GQuark
json_text_error_quark(void)
{
    return g_quark_from_static_string("json-text-error-quark");
}

/* ---- the scanner: RFC 8259 without building anything ---- */

typedef struct {
    const char *start, *p, *end; /* valid UTF-8 */
    int depth;
    JsonTextError code; /* of the first mistake */
    const char *problem, *expected;
    const char *at; /* where; NULL while all is well */
} Scanner;

static gboolean scan_value(Scanner *s);

static gboolean
mistake(Scanner *s, const char *at, JsonTextError code, const char *problem, const char *expected)
{
    s->at = at;
    s->code = code;
    s->problem = problem;
    s->expected = expected;
    return FALSE;
}

static gboolean
not_json(Scanner *s, const char *expected)
{
    return mistake(s, s->p, JSON_TEXT_ERROR_SYNTAX, s->p == s->end ? "the text ends too early" : "not JSON", expected);
}

static void
skip_space(Scanner *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
        s->p++;
}

static gboolean
take(Scanner *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return FALSE;
    s->p++;
    return TRUE;
}

/* The four digits after "\u", or -1. */
static int
scan_hex4(Scanner *s)
{
    int code = 0;

    for (int i = 0; i < 4; i++, s->p++) {
        if (s->p == s->end || !g_ascii_isxdigit(*s->p))
            return -1;
        code = code * 16 + g_ascii_xdigit_value(*s->p);
    }
    return code;
}

/* RFC 8259, section 7: a character beyond the basic plane is two \u escapes, a high and a low surrogate. */
static gboolean
scan_unicode_escape(Scanner *s)
{
    const char *at = s->p - 2;
    const int code = scan_hex4(s);

    if (code < 0)
        return not_json(s, "four hexadecimal digits after \\u");
    if (code == 0)
        return mistake(s, at, JSON_TEXT_ERROR_SYNTAX, "the character \\u0000", "text without it");
    if (code >= 0xD800 && code <= 0xDBFF) {
        const gboolean escaped = take(s, '\\') && take(s, 'u');
        const int low = escaped ? scan_hex4(s) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return mistake(s, at, JSON_TEXT_ERROR_SYNTAX, "half a surrogate pair", "a low surrogate after a high one");
    } else if (code >= 0xDC00 && code <= 0xDFFF) {
        return mistake(s, at, JSON_TEXT_ERROR_SYNTAX, "half a surrogate pair", "a high surrogate before a low one");
    }
    return TRUE;
}

static gboolean
scan_escape(Scanner *s)
{
    if (take(s, 'u'))
        return scan_unicode_escape(s);
    if (s->p == s->end || !strchr("\"\\/bfnrt", *s->p) || !*s->p)
        return not_json(s, "one of \" \\ / b f n r t u after a backslash");
    s->p++;
    return TRUE;
}

static gboolean
scan_string(Scanner *s)
{
    const char *open = s->p++;

    while (s->p < s->end) {
        if (take(s, '"'))
            return TRUE;
        if ((guchar)*s->p < 0x20)
            return not_json(s, "no control characters in text (a closing quote may be missing)");
        if (take(s, '\\')) {
            if (!scan_escape(s))
                return FALSE;
        } else {
            s->p++;
        }
    }
    return mistake(s, open, JSON_TEXT_ERROR_SYNTAX, "the text ends too early", "a closing quote");
}

static gsize
scan_digits(Scanner *s)
{
    const char *first = s->p;

    while (s->p < s->end && g_ascii_isdigit(*s->p))
        s->p++;
    return (gsize)(s->p - first);
}

/* A whole number is a count, a seed or bytes, and another one would be another world. */
static gboolean
is_held(const char *number, double value)
{
    g_autofree char *held = g_strdup_printf("%.0f", value);

    return strpbrk(number, ".eE") || g_str_equal(held, number);
}

static gboolean
scan_number(Scanner *s)
{
    const char *first = s->p;

    take(s, '-');
    const char *integer = s->p;
    const gsize n = scan_digits(s);
    if (n == 0)
        return not_json(s, "a digit");
    if (n > 1 && *integer == '0')
        return mistake(s, first, JSON_TEXT_ERROR_SYNTAX, "not JSON", "a number without leading zeros");
    if (take(s, '.') && scan_digits(s) == 0)
        return not_json(s, "a digit after the point");
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+'))
            take(s, '-');
        if (scan_digits(s) == 0)
            return not_json(s, "a digit in the exponent");
    }
    if (s->p - first > NUMBER_MAX_BYTES)
        return mistake(s, first, JSON_TEXT_ERROR_SYNTAX, "a number of too many digits", "at most 63 characters");

    g_autofree char *number = g_strndup(first, (gsize)(s->p - first));
    const double value = g_ascii_strtod(number, NULL);
    if (!isfinite(value))
        return mistake(s, first, JSON_TEXT_ERROR_SYNTAX, "a number that is too large", "at most 1.8e308");
    if (!is_held(number, value))
        return mistake(s, first, JSON_TEXT_ERROR_INEXACT, "a whole number that a double cannot hold",
                       "one up to 2^53, 9007199254740992");
    return TRUE;
}

static gboolean
scan_member(Scanner *s)
{
    if (s->p == s->end || *s->p != '"')
        return not_json(s, "a key in double quotes");
    if (!scan_string(s))
        return FALSE;
    skip_space(s);
    if (!take(s, ':'))
        return not_json(s, "':' after a key");
    return scan_value(s);
}

/* The opening bracket stands at s->p. */
static gboolean
scan_container(Scanner *s)
{
    const gboolean object = *s->p == '{';
    const char close = object ? '}' : ']';

    if (++s->depth > JSON_TEXT_MAX_DEPTH)
        return mistake(s, s->p, JSON_TEXT_ERROR_DEPTH, "nested too deep",
                       "at most " G_STRINGIFY(JSON_TEXT_MAX_DEPTH) " levels");
    s->p++;
    skip_space(s);
    if (!take(s, close)) {
        do {
            skip_space(s);
            if (!(object ? scan_member(s) : scan_value(s)))
                return FALSE;
            skip_space(s);
        } while (take(s, ','));
        if (!take(s, close))
            return not_json(s, object ? "',' or '}' after a member" : "',' or ']' after an element");
    }
    s->depth--;
    return TRUE;
}

static gboolean
scan_literal(Scanner *s)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (gsize i = 0; i < G_N_ELEMENTS(literals); i++) {
        const gsize n = strlen(literals[i]);
        if ((gsize)(s->end - s->p) >= n && memcmp(s->p, literals[i], n) == 0) {
            s->p += n;
            return TRUE;
        }
    }
    return not_json(s, "a value (an object, a list, text in double quotes, a number, true, false or null)");
}

static gboolean
scan_value(Scanner *s)
{
    skip_space(s);
    const char c = s->p < s->end ? *s->p : '\0';
    if (c == '{' || c == '[')
        return scan_container(s);
    if (c == '"')
        return scan_string(s);
    if (c == '-' || g_ascii_isdigit(c))
        return scan_number(s);
    return scan_literal(s);
}

static gboolean
scan_document(Scanner *s)
{
    skip_space(s);
    if (s->p == s->end)
        return mistake(s, NULL, JSON_TEXT_ERROR_EMPTY, "is empty", "a JSON object");
    if (!scan_value(s))
        return FALSE;
    skip_space(s);
    if (s->p < s->end)
        return mistake(s, s->p, JSON_TEXT_ERROR_SYNTAX, "more text after the value", "the end of the file");
    return TRUE;
}

/* ---- places ---- */

static guint
line_of(const char *start, const char *at, const char **line_start)
{
    guint line = 1;

    *line_start = start;
    for (const char *p = start; p < at; p++) {
        if (*p == '\n') {
            line++;
            *line_start = p + 1;
        }
    }
    return line;
}

static void
report(const Scanner *s, const char *file, GError **error)
{
    if (!s->at) {
        g_set_error(error, JSON_TEXT_ERROR, s->code, "%s: %s, expected %s", file, s->problem, s->expected);
        return;
    }
    const char *line_start;
    const guint line = line_of(s->start, s->at, &line_start);
    const glong column = g_utf8_strlen(line_start, s->at - line_start) + 1;
    g_set_error(error, JSON_TEXT_ERROR, s->code, "%s: line %u, column %ld: %s, expected %s", file, line, column,
                s->problem, s->expected);
}

static gboolean
check_utf8(const char *text, gsize length, const char *file, GError **error)
{
    const char *bad, *line_start;

    if (g_utf8_validate_len(text, length, &bad))
        return TRUE;
    const guint line = line_of(text, bad, &line_start);
    g_set_error(error, JSON_TEXT_ERROR, JSON_TEXT_ERROR_ENCODING,
                "%s: line %u, byte %zu: invalid UTF-8, expected UTF-8", file, line, (gsize)(bad - text));
    return FALSE;
}

/* ---- duplicate keys: on the tree, where pointers are at hand ---- */

static gboolean
check_duplicates(const cJSON *value, const PointerStep *at, const char *file, GError **error)
{
    g_autoptr(GHashTable) seen = cJSON_IsObject(value) ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
    guint index = 0;
    const cJSON *item;

    cJSON_ArrayForEach(item, value)
    {
        if (seen && !g_hash_table_add(seen, item->string)) {
            g_autofree char *where = pointer_text(at);
            g_autofree char *key = wording_quote(item->string);
            g_set_error(error, JSON_TEXT_ERROR, JSON_TEXT_ERROR_DUPLICATE,
                        "%s: %s%sthe key %s stands twice, expected each key once", file, where, *where ? ": " : "",
                        key);
            return FALSE;
        }
        const PointerStep step = {at, seen ? item->string : NULL, index++};
        if (item->child && !check_duplicates(item, &step, file, error))
            return FALSE;
    }
    return TRUE;
}

cJSON *
json_text_parse(const char *text, gsize length, const char *file, GError **error)
{
    g_return_val_if_fail((text || length == 0) && file, NULL);

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark, which some editors write */
        text += 3;
        length -= 3;
    }
    if (!check_utf8(text, length, file, error))
        return NULL;
    Scanner scanner = {.start = text, .p = text, .end = text + length};
    if (!scan_document(&scanner)) {
        report(&scanner, file, error);
        return NULL;
    }
    g_autoptr(cJSON) tree = cJSON_ParseWithLength(text, length);
    if (!tree) {
        g_set_error(error, JSON_TEXT_ERROR, JSON_TEXT_ERROR_SYNTAX, "%s: cJSON refuses it, expected JSON", file);
        return NULL;
    }
    const PointerStep root = {NULL};
    return check_duplicates(tree, &root, file, error) ? g_steal_pointer(&tree) : NULL;
}

/* ---- files ---- */

static gboolean
fail_file(const char *file, const char *problem, GError **error)
{
    g_set_error(error, JSON_TEXT_ERROR, JSON_TEXT_ERROR_FILE, "%s: %s, expected a JSON file of at most %d MiB", file,
                problem, JSON_TEXT_MAX_MIB);
    return FALSE;
}

/* Reads at most one byte more than the limit, so that a stream without end is refused too. */
static gboolean
read_stream(FILE *stream, const char *file, GByteArray *out, GError **error)
{
    guint8 buffer[64 * 1024];
    gsize n;

    while (out->len <= MAX_BYTES && (n = fread(buffer, 1, sizeof buffer, stream)) > 0)
        g_byte_array_append(out, buffer, (guint)n);
    if (ferror(stream))
        return fail_file(file, "cannot be read", error);
    return out->len <= MAX_BYTES || fail_file(file, "is too large", error);
}

/* Standard input and a shell's <(command) are pipes on purpose: somebody writes to them. */
static gboolean
is_stream_by_name(const char *file)
{
    return g_str_equal(file, "/dev/stdin") || g_str_has_prefix(file, "/dev/fd/") ||
           g_str_has_prefix(file, "/proc/self/fd/");
}

/* Before it is opened: to open a pipe that nobody writes to would be to wait for ever. */
static gboolean
check_kind(const char *file, const char *shown, GError **error)
{
    struct stat info;

    if (is_stream_by_name(file) || stat(file, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))
        return TRUE;
    return fail_file(shown, "is a pipe, a socket or a device", error);
}

static cJSON *
load_stdin(GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    if (!read_stream(stdin, "standard input", bytes, error))
        return NULL;
    provenance_note("-", bytes->data, bytes->len);
    return json_text_parse((const char *)bytes->data, bytes->len, "standard input", error);
}

cJSON *
json_text_load(const char *file, GError **error)
{
    g_return_val_if_fail(file, NULL);

    if (g_str_equal(file, "-"))
        return load_stdin(error);
    g_autofree char *shown = g_filename_display_name(file);
    if (!check_kind(file, shown, error))
        return NULL;
    FILE *stream = g_fopen(file, "rb");
    if (!stream) {
        g_autofree char *problem =
            errno == ENOENT ? g_strdup("no such file") : g_strdup_printf("cannot be opened (%s)", g_strerror(errno));
        fail_file(shown, problem, error);
        return NULL;
    }
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct stat info = {0};
    gboolean ok;
    if (fstat(fileno(stream), &info) == 0 && S_ISDIR(info.st_mode))
        ok = fail_file(shown, "is a folder", error);
    else if (info.st_size > (off_t)MAX_BYTES)
        ok = fail_file(shown, "is too large", error);
    else
        ok = read_stream(stream, shown, bytes, error);
    fclose(stream);
    if (ok)
        provenance_note(file, bytes->data, bytes->len);
    return ok ? json_text_parse((const char *)bytes->data, bytes->len, shown, error) : NULL;
}

char *
json_text_line(const char *file, const char *key)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) json = json_text_load(file, &error);
    const char *text = json ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key)) : error->message;

    return g_strdelimit(g_strdup(text && *text ? text : "(no text)"), "\n", ' ');
}
