#include "sim/output/drawn.h"

#include "sim/output/files.h"
#include "sim/output/run_log.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"

#include <string.h>

/* What a figure may be drawn from where no run.log says what was written. */
static const char *const results[] = {"result.json",    "summary.csv",          "points.csv",
                                      "validation.csv", "validation-cards.csv", "validation-sockets.csv",
                                      "hangs-on.csv",   "claims.json",          NULL};

struct Drawn {
    char *folder;
    cJSON *all;          /* owned; NULL: there is no figures.json */
    GHashTable *digests; /* owned; name to digest, NULL where there is no such file: of what was asked for */
};

/* (transfer full); NULL: there is no such file. */
static char *
digest_of(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return files_digest(path);
}

static void
add_digest(cJSON *object, const char *folder, const char *name)
{
    g_autofree char *digest = digest_of(folder, name);

    if (digest && !cJSON_HasObjectItem(object, name))
        cJSON_AddStringToObject(object, name, digest);
}

static cJSON *
results_of(const char *folder)
{
    g_autoptr(GPtrArray) written = run_log_lines(folder, "wrote");
    cJSON *from = cJSON_CreateObject();

    for (guint i = 0; i < written->len; i++) { /* "DIGEST NAME" */
        const char *name = strchr(g_ptr_array_index(written, i), ' ');
        if (name)
            add_digest(from, folder, name + 1);
    }
    for (const char *const *name = results; written->len == 0 && *name; name++)
        add_digest(from, folder, *name);
    return from;
}

static gboolean
is_named(const char *file, const GPtrArray *names, gboolean own_tables)
{
    if (!own_tables && g_str_has_suffix(file, ".csv"))
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (g_str_has_prefix(file, name) && file[strlen(name)] == '.' && !strchr(file + strlen(name) + 1, '.'))
            return TRUE;
    }
    return FALSE;
}

/* Digests of the figures in the folder and the folders in it: all that a run wrote itself are its results. */
static void
find_drawn(const char *top, const char *below, guint depth, const GPtrArray *names, gboolean own_tables,
           const cJSON *from, cJSON *found)
{
    g_autofree char *folder = g_build_filename(top, below, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new_with_free_func(g_free);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir))
        g_ptr_array_add(sorted, *below ? g_build_filename(below, name, NULL) : g_strdup(name));
    g_ptr_array_sort(sorted, wording_order);
    for (guint i = 0; i < sorted->len; i++) {
        const char *name = g_ptr_array_index(sorted, i);
        g_autofree char *path = g_build_filename(top, name, NULL), *base = g_path_get_basename(name);
        if (depth > 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
            find_drawn(top, name, depth - 1, names, own_tables, from, found);
        else if (is_named(base, names, own_tables) && !cJSON_HasObjectItem(from, name))
            add_digest(found, top, name);
    }
}

static cJSON *
load(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, DRAWN_FILE, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS) ? json_text_load(path, NULL) : NULL;
}

/* A file belongs to the drawing that made it last. */
static void
forget_files(cJSON *drawings, const cJSON *files)
{
    const cJSON *file;

    for (int i = cJSON_GetArraySize(drawings) - 1; i >= 0; i--) {
        cJSON *known = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(drawings, i), "files");
        cJSON_ArrayForEach(file, files) cJSON_DeleteItemFromObjectCaseSensitive(known, file->string);
        if (cJSON_GetArraySize(known) == 0)
            cJSON_DeleteItemFromArray(drawings, i);
    }
}

gboolean
drawn_note(const char *folder, const char *language, const GPtrArray *names, gboolean own_tables, GError **error)
{
    g_autofree char *path = g_build_filename(folder, DRAWN_FILE, NULL);
    g_autoptr(cJSON) all = load(folder);
    cJSON *drawing = cJSON_CreateObject();

    if (!all)
        all = cJSON_CreateObject();
    cJSON *drawings = cJSON_GetObjectItemCaseSensitive(all, "drawings");
    if (!cJSON_IsArray(drawings)) {
        cJSON_DeleteItemFromObjectCaseSensitive(all, "drawings");
        drawings = cJSON_AddArrayToObject(all, "drawings");
    }
    cJSON *from = results_of(folder), *files = cJSON_CreateObject();
    find_drawn(folder, "", 2, names, own_tables, from, files);
    forget_files(drawings, files);
    cJSON_AddStringToObject(drawing, "language", language);
    cJSON_AddItemToObject(drawing, "from", from);
    cJSON_AddItemToObject(drawing, "files", files);
    cJSON_AddItemToArray(drawings, drawing);
    char *printed = cJSON_Print(all);
    g_autofree char *text = g_strconcat(printed, "\n", NULL);
    cJSON_free(printed);
    return files_write_text(path, text, error);
}

Drawn *
drawn_load(const char *folder)
{
    Drawn *drawn = g_new(Drawn, 1);

    *drawn = (Drawn){g_strdup(folder), load(folder), g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    return drawn;
}

void
drawn_free(Drawn *drawn)
{
    if (!drawn)
        return;
    g_free(drawn->folder);
    cJSON_Delete(drawn->all);
    g_hash_table_unref(drawn->digests);
    g_free(drawn);
}

static gboolean
is_as_noted(Drawn *drawn, const cJSON *noted)
{
    if (!g_hash_table_contains(drawn->digests, noted->string))
        g_hash_table_insert(drawn->digests, g_strdup(noted->string), digest_of(drawn->folder, noted->string));
    const char *digest = g_hash_table_lookup(drawn->digests, noted->string);
    return digest && g_strcmp0(digest, cJSON_GetStringValue(noted)) == 0;
}

static gboolean
are_as_noted(Drawn *drawn, const cJSON *all)
{
    const cJSON *noted;

    cJSON_ArrayForEach(noted, all) if (!is_as_noted(drawn, noted)) return FALSE;
    return TRUE;
}

DrawnState
drawn_state(Drawn *drawn, const char *name, const char **language)
{
    const cJSON *drawing;

    *language = NULL;
    cJSON_ArrayForEach(drawing, cJSON_GetObjectItemCaseSensitive(drawn->all, "drawings"))
    {
        const cJSON *files = cJSON_GetObjectItemCaseSensitive(drawing, "files");
        const cJSON *noted = cJSON_GetObjectItemCaseSensitive(files, name);
        if (!noted || !is_as_noted(drawn, noted))
            continue;
        *language = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(drawing, "language"));
        return are_as_noted(drawn, cJSON_GetObjectItemCaseSensitive(drawing, "from")) ? DRAWN_NOW : DRAWN_STALE;
    }
    return DRAWN_OTHERS;
}

GPtrArray *
drawn_files(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(cJSON) all = load(folder);
    const cJSON *drawing, *file;

    cJSON_ArrayForEach(drawing, cJSON_GetObjectItemCaseSensitive(all, "drawings"))
    {
        cJSON_ArrayForEach(file, cJSON_GetObjectItemCaseSensitive(drawing, "files"))
            g_ptr_array_add(names, g_strdup(file->string));
    }
    if (all)
        g_ptr_array_add(names, g_strdup(DRAWN_FILE));
    return names;
}
