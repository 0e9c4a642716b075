#include "sim/scenario/reader.h"

#include "sim/scenario/override.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/wording.h"

#include <string.h>

GQuark
reader_error_quark(void)
{
    return g_quark_from_static_string("reader-error-quark");
}

static void
put(cJSON *object, const char *key, cJSON *value)
{
    if (cJSON_GetObjectItemCaseSensitive(object, key))
        cJSON_ReplaceItemInObjectCaseSensitive(object, key, value);
    else
        cJSON_AddItemToObject(object, key, value);
}

/* The member of object that field describes, opened so that something can be set in it; NULL when it is no object. */
static cJSON *
open_object(const Field *field, cJSON *object)
{
    cJSON *member = cJSON_GetObjectItemCaseSensitive(object, field->key);

    if (!member || (field->table->profiles && cJSON_IsString(member)))
        put(object, field->key, member ? profile_open(field->table, member) : cJSON_CreateObject());
    return cJSON_GetObjectItemCaseSensitive(object, field->key);
}

/* The element of a list, with a profile's name opened likewise; NULL when there is none. */
static cJSON *
open_element(const Field *field, cJSON *list, const char *token)
{
    char *end = NULL;
    const guint64 index = g_ascii_strtoull(token, &end, 10);
    cJSON *element = end > token && !*end && index < G_MAXINT ? cJSON_GetArrayItem(list, (int)index) : NULL;

    if (!cJSON_IsString(element) || !field->table->profiles)
        return element;
    cJSON_ReplaceItemInArray(list, (int)index, profile_open(field->table, element));
    return cJSON_GetArrayItem(list, (int)index);
}

/* Opens every object on the way to the last token, as far as the table knows the way. */
static void
open_way(const FieldTable *table, cJSON *tree, char **tokens)
{
    cJSON *at = tree;

    while (cJSON_IsObject(at) && tokens[0] && tokens[1]) {
        const Field *field = fields_find(table, NULL, tokens[0]);
        if (!field || field->kind != FIELD_KIND_OBJECT)
            return;
        if (field->list) {
            cJSON *list = cJSON_GetObjectItemCaseSensitive(at, field->key);
            if (!cJSON_IsArray(list) || !tokens[2])
                return;
            at = open_element(field, list, tokens[1]);
            tokens += 2;
        } else {
            at = open_object(field, at);
            tokens += 1;
        }
        table = field->table;
    }
}

gboolean
reader_put(const FieldTable *table, cJSON *tree, const char *pointer, cJSON *value, GError **error)
{
    g_return_val_if_fail(table && tree && pointer && value, FALSE);

    g_auto(GStrv) tokens = pointer_split(pointer, error);
    if (!tokens) {
        cJSON_Delete(value);
        return FALSE;
    }
    open_way(table, tree, tokens);
    return pointer_set(tree, pointer, value, error);
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
    cJSON *value = json_text_parse(equals + 1, strlen(equals + 1), "--set", NULL);
    if (reader_put(table, tree, pointer, value ? value : cJSON_CreateString(equals + 1), error))
        return TRUE;
    g_prefix_error(error, "--set %s: ", pointer);
    return FALSE;
}

cJSON *
reader_load(const FieldTable *table, const char *file, const char *const *sets, GError **error)
{
    g_return_val_if_fail(table && file, NULL);

    g_autoptr(cJSON) tree = json_text_load(file, error);
    g_autofree char *shown = g_filename_display_name(file);
    if (!tree || !override_apply(file, tree, error))
        return NULL;
    for (; sets && *sets; sets++) {
        if (!reader_set(table, tree, *sets, error)) {
            g_prefix_error(error, "%s: ", shown);
            return NULL;
        }
    }
    return resolve_tree(table, tree, shown, error);
}
