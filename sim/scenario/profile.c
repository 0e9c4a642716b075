#include "sim/scenario/profile.h"

#include "sim/scenario/data_folder.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/origin.h"
#include "sim/scenario/wording.h"

#include <string.h>
#include <sys/stat.h>

/* ---- where profiles lie ---- */

/* The process's; see profile_look_beside(). */
static char **beside;

void
profile_look_beside(const char *const *folders)
{
    char **copy = g_strdupv((char **)folders);

    g_strfreev(beside);
    beside = copy;
}

/* A data folder under another name is named as the data folder. (transfer full) */
static char *
configs_in(const char *folder)
{
    struct stat info, own;

    for (const char *const *data = data_folders(); *data && stat(folder, &info) == 0; data++)
        if (stat(*data, &own) == 0 && own.st_dev == info.st_dev && own.st_ino == info.st_ino)
            return g_build_filename(*data, "configs", NULL);
    return g_str_equal(folder, ".") ? g_strdup("configs") : g_build_filename(folder, "configs", NULL);
}

static void
add_place(GPtrArray *places, const char *folder)
{
    char *configs = configs_in(folder);

    if (g_ptr_array_find_with_equal_func(places, configs, g_str_equal, NULL))
        g_free(configs);
    else
        g_ptr_array_add(places, configs);
}

/* As g_get_user_config_dir(), which would not see that a test has changed the environment. (transfer full) */
static char *
user_folder(void)
{
    const char *named = g_getenv("XDG_CONFIG_HOME");

    return named && g_path_is_absolute(named) ? g_build_filename(named, "tandem", NULL)
                                              : g_build_filename(g_get_home_dir(), ".config", "tandem", NULL);
}

char **
profile_places(void)
{
    GPtrArray *places = g_ptr_array_new();
    g_autofree char *user = user_folder();

    for (char **folder = beside; folder && *folder; folder++)
        add_place(places, *folder);
    for (const char *const *folder = data_folders(); *folder; folder++)
        add_place(places, *folder);
    add_place(places, user);
    g_ptr_array_add(places, NULL);
    return (char **)g_ptr_array_free(places, FALSE);
}

char *
profile_file(const char *folder, const char *name)
{
    g_auto(GStrv) places = profile_places();
    g_autofree char *base = g_strconcat(name, ".json", NULL);

    for (char **place = places; *place; place++) {
        g_autofree char *path = g_build_filename(*place, folder, base, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static void
add_names(GPtrArray *names, const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    for (const char *entry = dir ? g_dir_read_name(dir) : NULL; entry; entry = g_dir_read_name(dir)) {
        g_autofree char *name = g_strndup(entry, strlen(entry) - MIN(strlen(entry), strlen(".json")));
        if (g_str_has_suffix(entry, ".json") && entry[0] != '.' &&
            !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_ptr_array_add(names, g_steal_pointer(&name));
    }
}

char **
profile_names(const char *folder)
{
    g_auto(GStrv) places = profile_places();
    GPtrArray *names = g_ptr_array_new();

    for (char **place = places; *place; place++) {
        g_autofree char *path = g_build_filename(*place, folder, NULL);
        add_names(names, path);
    }
    g_ptr_array_sort(names, wording_order);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

/* ---- merging ---- */

cJSON *
profile_open(const FieldTable *table, const cJSON *value)
{
    if (!table->profiles || !cJSON_IsString(value))
        return cJSON_Duplicate(value, TRUE);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "profile", value->valuestring);
    origin_copy(object->child, value);
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
