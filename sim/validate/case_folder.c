#include "sim/validate/case_folder.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"
#include "sim/validate/case_json.h"

/* By file name. (transfer full) */
static GPtrArray *
case_paths(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return NULL;

    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    if (paths->len == 0) {
        g_set_error(error, CASE_FILE_ERROR, CASE_FILE_ERROR_FOLDER, "%s: holds no case, expected .json files", folder);
        return NULL;
    }
    g_ptr_array_sort(paths, wording_order);
    return g_steal_pointer(&paths);
}

static gboolean
check_id(GHashTable *ids, const char *path, const char *id, GError **error)
{
    return g_hash_table_add(ids, (gpointer)id) ||
           case_wrong(path, "/id: is that of another case of the folder, expected one of its own", error);
}

/* What it is of is said by its kind; one that does not say is of the time when all were migrations, and what is no word
 * is the case's own fault. N_CASE_KINDS: an error says which kinds there are. */
static guint
kind_of(const char *path, const cJSON *root, GError **error)
{
    const char *kind = case_text(root, "kind"), *words[N_CASE_KINDS + 1] = {NULL};

    for (guint i = 0; i < N_CASE_KINDS; i++) {
        words[i] = case_kinds[i].word;
        if (!kind || g_str_equal(kind, words[i]))
            return i;
    }
    g_autofree char *name = g_filename_display_name(path);
    g_autofree char *quoted = wording_quote(kind);
    g_autofree char *choice = wording_choice(kind, words);
    g_autofree char *fault = g_strdup_printf("/kind: there is nothing to predict %s with, %s", quoted, choice);
    (void)case_wrong(name, fault, error);
    return N_CASE_KINDS;
}

static gboolean
add_case(CaseFolder *cases, GHashTable *ids, const char *path, GError **error)
{
    g_autoptr(cJSON) root = case_json_load(path, error);
    const guint kind = root ? kind_of(path, root, error) : N_CASE_KINDS;

    if (kind == N_CASE_KINDS)
        return FALSE;
    CaseHead *one = case_kinds[kind].parse(path, root, error);
    if (!one)
        return FALSE;
    g_ptr_array_add(cases->of[kind], one);
    return check_id(ids, one->path, one->id, error);
}

CaseFolder *
case_folder_read(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) paths = case_paths(folder, error);
    if (!paths)
        return NULL;

    g_autoptr(CaseFolder) cases = g_new0(CaseFolder, 1);
    for (guint i = 0; i < N_CASE_KINDS; i++)
        cases->of[i] = g_ptr_array_new_with_free_func(case_kinds[i].free);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < paths->len; i++)
        if (!add_case(cases, ids, g_ptr_array_index(paths, i), error))
            return NULL;
    return g_steal_pointer(&cases);
}

void
case_folder_free(CaseFolder *folder)
{
    if (!folder)
        return;
    for (guint i = 0; i < N_CASE_KINDS; i++)
        g_clear_pointer(&folder->of[i], g_ptr_array_unref);
    g_free(folder);
}

GPtrArray *
case_file_read_all(const char *folder, GError **error)
{
    g_autoptr(CaseFolder) cases = case_folder_read(folder, error);

    if (!cases)
        return NULL;
    for (guint i = 0; i < N_CASE_KINDS; i++) {
        if (i == CASE_MIGRATIONS || cases->of[i]->len == 0)
            continue;
        const CaseHead *other = g_ptr_array_index(cases->of[i], 0);
        g_autofree char *fault = g_strdup_printf("/kind: is \"%s\", expected a migration here", case_kinds[i].word);
        (void)case_wrong(other->path, fault, error);
        return NULL;
    }
    return g_steal_pointer(&cases->of[CASE_MIGRATIONS]);
}
