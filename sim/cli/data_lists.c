#include "sim/cli/data_lists.h"

#include "sim/cli/entries.h"
#include "sim/scenario/data_folder.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/wording.h"

#include <string.h>

static gboolean
has_entry(const GArray *entries, const char *name)
{
    for (guint i = 0; i < entries->len; i++)
        if (g_str_equal(g_array_index(entries, Entry, i).name, name))
            return TRUE;
    return FALSE;
}

/* (transfer full); empty when the folder is not there. */
static GPtrArray *
names_in(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, wording_order);
    return names;
}

/* ---- scenarios ---- */

/* Adds every JSON file below a folder of the data folder, named from there on. */
static void
add_files(GArray *entries, const char *data, const char *folder)
{
    g_autofree char *path = g_build_filename(data, folder, NULL);
    g_autoptr(GPtrArray) names = names_in(path);

    for (guint i = 0; i < names->len; i++) {
        const char *child = g_ptr_array_index(names, i);
        g_autofree char *name = g_build_filename(folder, child, NULL);
        g_autofree char *file = g_build_filename(path, child, NULL);
        if (g_file_test(file, G_FILE_TEST_IS_DIR))
            add_files(entries, data, name);
        else if (g_str_has_suffix(child, ".json") && !has_entry(entries, name))
            entries_take(entries, g_steal_pointer(&name), json_text_line(file, "title"));
    }
}

static void
add_files_of_all(GArray *entries, const char *folder)
{
    for (const char *const *data = data_folders(); *data; data++)
        add_files(entries, *data, folder);
    entries_sort(entries);
}

void
data_lists_add_scenarios(GArray *entries)
{
    add_files_of_all(entries, "scenarios");
}

#define TEMPLATES "scenarios/templates"

void
data_lists_add_templates(GArray *entries)
{
    const guint before = entries->len;

    add_files_of_all(entries, TEMPLATES);
    for (guint i = before; i < entries->len; i++) {
        char *name = g_array_index(entries, Entry, i).name;
        memmove(name, name + strlen(TEMPLATES "/"), strlen(name) - strlen(TEMPLATES "/") + 1);
        name[strlen(name) - strlen(".json")] = '\0';
    }
}

/* ---- profiles ---- */

/* Folders of configs/ whose files no scenario names. */
static const char *const no_profiles[] = {"schema", "parameters", "claims", NULL};

static gboolean
is_of_data(const char *place)
{
    g_autofree char *folder = g_path_get_dirname(place);

    return g_strv_contains(data_folders(), folder);
}

static char *
profile_text(const char *place, const char *folder, const char *name, const char *file)
{
    g_autofree char *used = profile_file(folder, name);
    g_autofree char *text = json_text_line(file, "description");

    if (used && !g_str_equal(used, file))
        return g_strdup_printf("(%s: hidden by %s)", file, used);
    return is_of_data(place) ? g_steal_pointer(&text) : g_strdup_printf("%s (%s)", text, file);
}

static void
add_folder(GArray *entries, const char *place, const char *folder)
{
    g_autofree char *path = g_build_filename(place, folder, NULL);
    g_autoptr(GPtrArray) files = names_in(path);

    for (guint i = 0; i < files->len; i++) {
        const char *base = g_ptr_array_index(files, i);
        if (!g_str_has_suffix(base, ".json") || base[0] == '.')
            continue;
        g_autofree char *name = g_strndup(base, strlen(base) - strlen(".json"));
        g_autofree char *file = g_build_filename(path, base, NULL);
        entries_take(entries, g_build_filename(folder, name, NULL), profile_text(place, folder, name, file));
    }
}

void
data_lists_add_profiles(GArray *entries, const char *folder)
{
    g_auto(GStrv) places = profile_places();

    for (char **place = places; *place; place++) {
        g_autoptr(GPtrArray) folders = names_in(*place);
        for (guint i = 0; i < folders->len; i++) {
            const char *own = g_ptr_array_index(folders, i);
            if (folder ? g_str_equal(own, folder) : !g_strv_contains(no_profiles, own))
                add_folder(entries, *place, own);
        }
    }
    entries_sort(entries);
}

/* ---- claims and parameters ---- */

static const char *
text_at(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

    return text ? text : "";
}

/* Calls each with every element of the list under key in every file of a folder of configs/, and with the file's name.
 */
static void
foreach_element(const char *folder, const char *key,
                void (*each)(GArray *entries, const char *paper, const cJSON *element), GArray *entries)
{
    g_autofree char *path = data_folder_file(folder);
    g_autoptr(GPtrArray) files = names_in(path);

    for (guint i = 0; i < files->len; i++) {
        const char *base = g_ptr_array_index(files, i);
        g_autofree char *file = g_build_filename(path, base, NULL);
        g_autofree char *paper = g_strndup(base, strcspn(base, "."));
        g_autoptr(cJSON) tree = json_text_load(file, NULL);
        const cJSON *element;
        cJSON_ArrayForEach(element, cJSON_GetObjectItemCaseSensitive(tree, key)) each(entries, paper, element);
    }
    entries_sort(entries);
}

static void
add_mechanism(GArray *entries, const char *paper, const cJSON *mechanism)
{
    const cJSON *claim;

    cJSON_ArrayForEach(claim, cJSON_GetObjectItemCaseSensitive(mechanism, "claims"))
    {
        if (cJSON_IsString(claim))
            entries_take(entries, g_strdup(claim->valuestring),
                         g_strdup_printf("%s: %s", paper, text_at(mechanism, "mechanism")));
    }
}

void
data_lists_add_claims(GArray *entries)
{
    foreach_element("configs/claims", "mechanisms", add_mechanism, entries);
}

static void
add_parameter(GArray *entries, const char *paper, const cJSON *parameter)
{
    entries_take(entries, g_strdup_printf("%s/%s", paper, text_at(parameter, "name")),
                 g_strdup_printf("%s: %s", text_at(parameter, "kind"), text_at(parameter, "source")));
}

void
data_lists_add_parameters(GArray *entries)
{
    foreach_element("configs/parameters", "parameters", add_parameter, entries);
}
