#include "sim/scenario/reader.h"

#include "sim/scenario/origin.h"
#include "sim/scenario/override.h"
#include "sim/scenario/pattern.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/wording.h"

#include <string.h>

/* Where a value is to be set. */
typedef struct {
    const FieldTable *table;
    cJSON *tree;
    char **tokens;
} Way;

GQuark
reader_error_quark(void)
{
    return g_quark_from_static_string("reader-error-quark");
}

/* The member of object that field describes, opened so that something can be set in it. A missing one begins as its
 * profile or default gives it; of a default that is a profile's name, an empty object keeps all. way leads there: token
 * is its key. */
static cJSON *
open_member(const Way *way, const Field *field, cJSON *object, char **token)
{
    cJSON *member = cJSON_GetObjectItemCaseSensitive(object, field->key);
    char *next = token[1];

    if (member && !field->list && field->table->profiles && cJSON_IsString(member))
        cJSON_ReplaceItemInObjectCaseSensitive(object, field->key, profile_open(field->table, member));
    if (member)
        return cJSON_GetObjectItemCaseSensitive(object, field->key);
    token[1] = NULL;
    g_autoptr(cJSON) given = resolve_value_at(way->table, way->tree, way->tokens);
    token[1] = next;
    member = field->list || cJSON_IsObject(given) ? g_steal_pointer(&given) : cJSON_CreateObject();
    if (member)
        cJSON_AddItemToObject(object, field->key, member);
    return member;
}

/* The element of a list, with a profile's name opened likewise; NULL when there is none. */
static cJSON *
open_element(const Field *field, cJSON *list, const char *token)
{
    cJSON *element = pointer_child(list, token);

    if (!element || field->kind != FIELD_KIND_OBJECT || !field->table->profiles || !cJSON_IsString(element))
        return element;
    cJSON *opened = profile_open(field->table, element);
    cJSON_ReplaceItemViaPointer(list, element, opened);
    return opened;
}

/* Opens every object and list on the way to the last token, as far as the tables know the way. */
static void
open_way(const Way *way)
{
    const FieldTable *table = way->table;
    char **tokens = way->tokens;
    cJSON *at = way->tree;

    while (cJSON_IsObject(at) && tokens[0] && tokens[1]) {
        const Field *field = fields_find(table, NULL, tokens[0]);
        if (!field || (field->kind != FIELD_KIND_OBJECT && !field->list))
            return;
        cJSON *member = open_member(way, field, at, tokens);
        if (field->list && (!cJSON_IsArray(member) || !tokens[2]))
            return;
        at = field->list ? open_element(field, member, tokens[1]) : member;
        tokens += field->list ? 2 : 1;
        if (field->kind != FIELD_KIND_OBJECT)
            return;
        table = field->table;
    }
}

static gboolean put_tokens(const Way *way, const cJSON *value, GError **error);

/* Puts the value into each element of a list that the pattern among the tokens names. */
static gboolean
put_everywhere(const Way *way, int star, const cJSON *value, GError **error)
{
    char *pattern = way->tokens[star], *behind = way->tokens[star + 1];
    const cJSON *list = way->tree;

    way->tokens[star + 1] = NULL;
    open_way(way);
    way->tokens[star + 1] = behind;
    for (int i = 0; list && i < star; i++)
        list = pointer_child((cJSON *)list, way->tokens[i]);
    g_autofree char *where = pointer_join(way->tokens, (guint)star);
    g_autoptr(GArray) indices = pattern_elements(way->table, list, pattern, where, error);
    gboolean good = indices != NULL;
    for (guint i = 0; good && i < indices->len; i++) {
        g_autofree char *index = g_strdup_printf("%u", g_array_index(indices, guint, i));
        way->tokens[star] = index;
        good = put_tokens(way, value, error);
    }
    way->tokens[star] = pattern;
    return good;
}

static gboolean
put_tokens(const Way *way, const cJSON *value, GError **error)
{
    const int star = pattern_first(way->tokens);

    if (star >= 0)
        return put_everywhere(way, star, value, error);
    g_autofree char *pointer = pointer_join(way->tokens, g_strv_length(way->tokens));
    open_way(way);
    return pointer_set(way->tree, pointer, cJSON_Duplicate(value, TRUE), error);
}

gboolean
reader_put(const FieldTable *table, cJSON *tree, const char *pointer, cJSON *value, GError **error)
{
    g_return_val_if_fail(table && tree && pointer && value, FALSE);

    g_autoptr(cJSON) given = value;
    g_auto(GStrv) tokens = pointer_split(pointer, error);
    return tokens && put_tokens(&(Way){table, tree, tokens}, given, error);
}

gboolean
reader_set(const FieldTable *table, cJSON *tree, const char *assignment, GError **error)
{
    g_return_val_if_fail(table && tree && assignment, FALSE);

    const char *equals = strchr(assignment, '=');
    if (!equals) {
        g_autofree char *quoted = wording_quote(assignment);
        g_set_error(error, READER_ERROR, READER_ERROR_SET,
                    "--set: %s has no '=', expected POINTER=VALUE such as /hosts/0/memory=8GiB", quoted);
        return FALSE;
    }
    g_autofree char *pointer = g_strndup(assignment, (gsize)(equals - assignment));
    g_autoptr(GError) reason = NULL;
    cJSON *value = json_text_parse(equals + 1, strlen(equals + 1), "--set", &reason);
    if (g_error_matches(reason, JSON_TEXT_ERROR, JSON_TEXT_ERROR_INEXACT)) { /* what else is no JSON is a text */
        g_set_error(error, READER_ERROR, READER_ERROR_SET, "--set %s: %s", pointer,
                    reason->message + strlen("--set: "));
        return FALSE;
    }
    value = value ? value : cJSON_CreateString(equals + 1);
    origin_mark(value, "--set");
    if (reader_put(table, tree, pointer, value, error))
        return TRUE;
    g_prefix_error(error, "--set %s: ", pointer);
    return FALSE;
}

gboolean
reader_change(const FieldTable *table, cJSON *tree, const char *file, const char *const *sets, GError **error)
{
    g_return_val_if_fail(table && tree && file, FALSE);

    if (!override_apply(file, tree, error))
        return FALSE;
    for (; sets && *sets; sets++) {
        if (!reader_set(table, tree, *sets, error)) {
            g_autofree char *shown = g_filename_display_name(file);
            g_prefix_error(error, "%s: ", shown);
            return FALSE;
        }
    }
    return TRUE;
}

cJSON *
reader_resolve(const FieldTable *table, cJSON *tree, const char *file, const char *const *sets, GError **error)
{
    g_return_val_if_fail(table && tree && file, NULL);

    g_autofree char *shown = g_filename_display_name(file);
    return reader_change(table, tree, file, sets, error) ? resolve_tree(table, tree, shown, error) : NULL;
}
