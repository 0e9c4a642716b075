#include "sim/scenario/profile.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"

#include <string.h>

#ifndef TANDEM_INSTALLED_DATA
#define TANDEM_INSTALLED_DATA "/usr/local/share/tandem"
#endif

const char *
profile_data_folder(void)
{
    const char *named = g_getenv("TANDEM_DATA");

    if (named && *named)
        return named;
    return g_file_test(TANDEM_SOURCE_DATA "/configs", G_FILE_TEST_IS_DIR) ? TANDEM_SOURCE_DATA : TANDEM_INSTALLED_DATA;
}

char *
profile_file(const char *folder, const char *name)
{
    g_autofree char *base = g_strconcat(name, ".json", NULL);

    return g_build_filename(profile_data_folder(), "configs", folder, base, NULL);
}

char **
profile_names(const char *folder)
{
    g_autofree char *path = g_build_filename(profile_data_folder(), "configs", folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    GPtrArray *names = g_ptr_array_new();
    const char *entry;

    while (dir && (entry = g_dir_read_name(dir)))
        if (g_str_has_suffix(entry, ".json") && entry[0] != '.')
            g_ptr_array_add(names, g_strndup(entry, strlen(entry) - strlen(".json")));
    g_ptr_array_sort(names, wording_order);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

cJSON *
profile_open(const FieldTable *table, const cJSON *value)
{
    if (!table->profiles || !cJSON_IsString(value))
        return cJSON_Duplicate(value, TRUE);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "profile", value->valuestring);
    return object;
}

static const FieldCase *
case_of(const FieldTable *table, const cJSON *object)
{
    const char *word = table->tag ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, table->tag)) : NULL;

    return word ? fields_case(table, word) : NULL;
}

/* Keeps of a tagged object what every case has. */
static void
keep_common(const FieldTable *table, cJSON *object)
{
    static const Field none[] = {{NULL}};
    const FieldCase common = {"", none, ""};
    cJSON *next;

    for (cJSON *item = object->child; item; item = next) {
        next = item->next;
        if (!fields_find(table, &common, item->string) && strcmp(item->string, "profile") != 0)
            cJSON_Delete(cJSON_DetachItemViaPointer(object, item));
    }
}

static void
put(cJSON *object, const char *key, cJSON *value)
{
    if (cJSON_GetObjectItemCaseSensitive(object, key))
        cJSON_ReplaceItemInObjectCaseSensitive(object, key, value);
    else
        cJSON_AddItemToObject(object, key, value);
}

/* What stands for one key after the merge. (transfer full) */
static cJSON *
merge_value(const Field *field, const cJSON *base, const cJSON *over)
{
    if (!base || !field || field->kind != FIELD_KIND_OBJECT || field->list || !cJSON_IsObject(over))
        return cJSON_Duplicate(over, TRUE);
    g_autoptr(cJSON) opened = profile_open(field->table, base);
    return cJSON_IsObject(opened) ? profile_merge(field->table, opened, over) : cJSON_Duplicate(over, TRUE);
}

cJSON *
profile_merge(const FieldTable *table, const cJSON *base, const cJSON *over)
{
    const FieldCase *before = case_of(table, base), *after = case_of(table, over);

    if (!before && table->tag_preset)
        before = fields_case(table, table->tag_preset);
    const gboolean afresh = table->profiles && cJSON_GetObjectItemCaseSensitive(over, "profile");
    cJSON *merged = afresh ? cJSON_CreateObject() : cJSON_Duplicate(base, TRUE);
    const cJSON *item;

    if (after && before && after != before)
        keep_common(table, merged);
    cJSON_ArrayForEach(item, over)
    {
        const cJSON *old = cJSON_GetObjectItemCaseSensitive(merged, item->string);
        if (cJSON_IsNull(item))
            cJSON_DeleteItemFromObjectCaseSensitive(merged, item->string);
        else
            put(merged, item->string, merge_value(fields_find(table, after ? after : before, item->string), old, item));
    }
    return merged;
}
