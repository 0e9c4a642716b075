#include "sim/scenario/pointer.h"

#include "sim/scenario/wording.h"

#include <string.h>

GQuark
pointer_error_quark(void)
{
    return g_quark_from_static_string("pointer-error-quark");
}

/* RFC 6901, section 3: '~' is "~0" and '/' is "~1". */
static void
append_token(GString *out, const char *token)
{
    g_string_append_c(out, '/');
    for (; *token; token++) {
        if (*token == '~' || *token == '/')
            g_string_append(out, *token == '~' ? "~0" : "~1");
        else if ((guchar)*token < 0x20 || *token == 0x7f)
            g_string_append_printf(out, "\\u%04x", *token); /* departs from the RFC: a message is one line */
        else
            g_string_append_c(out, *token);
    }
}

static void
append_step(GString *out, const PointerStep *step)
{
    if (!step || !step->up)
        return;
    append_step(out, step->up);
    if (step->key)
        append_token(out, step->key);
    else
        g_string_append_printf(out, "/%u", step->index);
}

char *
pointer_text(const PointerStep *step)
{
    GString *out = g_string_new(NULL);

    append_step(out, step);
    return g_string_free(out, FALSE);
}

/* Unescapes in place; FALSE when a '~' is followed by neither 0 nor 1. */
static gboolean
unescape(char *token)
{
    char *out = token;

    for (const char *in = token; *in; in++) {
        if (*in != '~') {
            *out++ = *in;
            continue;
        }
        in++;
        if (*in != '0' && *in != '1')
            return FALSE;
        *out++ = *in == '0' ? '~' : '/';
    }
    *out = '\0';
    return TRUE;
}

char **
pointer_split(const char *pointer, GError **error)
{
    g_return_val_if_fail(pointer, NULL);

    g_autofree char *quoted = wording_quote(pointer);
    if (*pointer && *pointer != '/') {
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_SYNTAX,
                    "%s is not a JSON Pointer, expected one that begins with '/' such as \"/hosts/0/memory\"", quoted);
        return NULL;
    }
    g_auto(GStrv) tokens = g_strsplit(*pointer ? pointer + 1 : pointer, "/", -1);
    if (*pointer && !tokens[0]) { /* g_strsplit makes nothing of "", RFC 6901 one empty token */
        g_strfreev(tokens);
        tokens = g_strsplit("x", "/", -1);
        tokens[0][0] = '\0';
    }
    for (char **token = tokens; *token; token++) {
        if (!unescape(*token)) {
            g_set_error(error, POINTER_ERROR, POINTER_ERROR_SYNTAX,
                        "%s is not a JSON Pointer, expected ~0 or ~1 after each '~'", quoted);
            return NULL;
        }
    }
    return g_steal_pointer(&tokens);
}

char *
pointer_join(char **tokens, guint n)
{
    GString *pointer = g_string_new(NULL);

    for (guint i = 0; i < n; i++)
        append_token(pointer, tokens[i]);
    return g_string_free(pointer, FALSE);
}

/* RFC 6901, section 4: digits without leading zeros. */
static gboolean
parse_index(const char *token, guint *index)
{
    guint64 n;

    if (!g_ascii_string_to_unsigned(token, 10, 0, G_MAXINT, &n, NULL) || (token[0] == '0' && token[1]) ||
        !g_ascii_isdigit(token[0]))
        return FALSE;
    *index = (guint)n;
    return TRUE;
}

cJSON *
pointer_child(cJSON *parent, const char *token)
{
    guint index;

    if (cJSON_IsObject(parent))
        return cJSON_GetObjectItemCaseSensitive(parent, token);
    if (cJSON_IsArray(parent) && parse_index(token, &index))
        return cJSON_GetArrayItem(parent, (int)index);
    return NULL;
}

static const char **
keys_of(const cJSON *object)
{
    GPtrArray *keys = g_ptr_array_new();
    const cJSON *item;

    cJSON_ArrayForEach(item, object) g_ptr_array_add(keys, item->string);
    g_ptr_array_add(keys, NULL);
    return (const char **)g_ptr_array_free(keys, FALSE);
}

/* tokens[depth] is not in reached, where tokens[0 … depth-1] led. */
static void
fail_nowhere(cJSON *reached, char **tokens, guint depth, GError **error)
{
    g_autofree char *where = pointer_join(tokens, depth);
    g_autofree char *token = wording_quote(tokens[depth]);
    const char *place = *where ? where : "the top level";

    if (cJSON_IsObject(reached)) {
        g_autofree const char **keys = keys_of(reached);
        g_autofree char *choice = wording_choice(tokens[depth], keys);
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_NOWHERE, "leads nowhere: %s has no key %s, %s", place, token,
                    choice);
    } else if (cJSON_IsArray(reached)) {
        const int n = cJSON_GetArraySize(reached);
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_NOWHERE,
                    "leads nowhere: %s is a list of %d without element %s, expected an index below %d", place, n, token,
                    n);
    } else {
        g_autofree char *value = wording_value(reached);
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_NOWHERE,
                    "leads nowhere: %s is %s and has no %s, expected an object or a list there", place, value, token);
    }
}

/* Follows the first n tokens. */
static cJSON *
walk(cJSON *root, char **tokens, guint n, GError **error)
{
    cJSON *at = root;

    for (guint i = 0; i < n; i++) {
        cJSON *next = pointer_child(at, tokens[i]);
        if (!next) {
            fail_nowhere(at, tokens, i, error);
            return NULL;
        }
        at = next;
    }
    return at;
}

cJSON *
pointer_get(cJSON *root, const char *pointer, GError **error)
{
    g_auto(GStrv) tokens = pointer_split(pointer, error);

    return tokens ? walk(root, tokens, g_strv_length(tokens), error) : NULL;
}

/* TRUE when value now belongs to parent. */
static gboolean
put(cJSON *parent, const char *token, cJSON *value)
{
    guint index;

    if (cJSON_IsObject(parent)) {
        if (cJSON_GetObjectItemCaseSensitive(parent, token))
            return cJSON_ReplaceItemInObjectCaseSensitive(parent, token, value);
        return cJSON_AddItemToObject(parent, token, value);
    }
    if (!cJSON_IsArray(parent))
        return FALSE;
    if (strcmp(token, "-") == 0) /* RFC 6901: the element after the last */
        return cJSON_AddItemToArray(parent, value);
    if (!parse_index(token, &index) || index >= (guint)cJSON_GetArraySize(parent))
        return FALSE;
    return cJSON_ReplaceItemInArray(parent, (int)index, value);
}

gboolean
pointer_set(cJSON *root, const char *pointer, cJSON *value, GError **error)
{
    g_auto(GStrv) tokens = pointer_split(pointer, error);
    const guint n = tokens ? g_strv_length(tokens) : 0;

    if (tokens && n == 0)
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_SYNTAX,
                    "\"\" is the whole document, expected a pointer to a value in it such as \"/hosts/0/memory\"");
    cJSON *parent = n > 0 ? walk(root, tokens, n - 1, error) : NULL;
    if (parent && put(parent, tokens[n - 1], value))
        return TRUE;
    if (parent)
        fail_nowhere(parent, tokens, n - 1, error);
    cJSON_Delete(value);
    return FALSE;
}
