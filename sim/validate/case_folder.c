#include "sim/validate/case_folder.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"

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

/* A kind that is a word, but none that is known; what is no word is the case's own fault. */
static gboolean
check_kind(const char *path, const char *kind, GError **error)
{
    static const char *const kinds[] = {CASE_BASE_KIND, CARD_CASE_KIND, NULL};

    if (!kind || g_strv_contains(kinds, kind))
        return TRUE;
    g_autofree char *name = g_filename_display_name(path);
    g_autofree char *quoted = wording_quote(kind);
    g_autofree char *choice = wording_choice(kind, kinds);
    g_autofree char *fault = g_strdup_printf("/kind: there is nothing to predict %s with, %s", quoted, choice);
    return case_wrong(name, fault, error);
}

/* What it is of is said by its kind; one that does not say is of the time when all were migrations. */
static gboolean
add_case(CaseFolder *cases, GHashTable *ids, const char *path, GError **error)
{
    g_autoptr(cJSON) root = case_json_load(path, error);

    if (!root || !check_kind(path, case_text(root, "kind"), error))
        return FALSE;
    if (g_strcmp0(case_text(root, "kind"), CARD_CASE_KIND) == 0) {
        CardCase *card = card_case_parse(path, root, error);
        if (card)
            g_ptr_array_add(cases->cards, card);
        return card && check_id(ids, card->path, card->id, error);
    }
    CaseFile *migration = case_file_parse(path, root, error);
    if (migration)
        g_ptr_array_add(cases->migrations, migration);
    return migration && check_id(ids, migration->path, migration->id, error);
}

CaseFolder *
case_folder_read(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) paths = case_paths(folder, error);
    if (!paths)
        return NULL;

    g_autoptr(CaseFolder) cases = g_new0(CaseFolder, 1);
    cases->migrations = g_ptr_array_new_with_free_func((GDestroyNotify)case_file_free);
    cases->cards = g_ptr_array_new_with_free_func((GDestroyNotify)card_case_free);
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
    g_clear_pointer(&folder->migrations, g_ptr_array_unref);
    g_clear_pointer(&folder->cards, g_ptr_array_unref);
    g_free(folder);
}

GPtrArray *
case_file_read_all(const char *folder, GError **error)
{
    g_autoptr(CaseFolder) cases = case_folder_read(folder, error);

    if (!cases)
        return NULL;
    if (cases->cards->len == 0)
        return g_steal_pointer(&cases->migrations);
    const CardCase *card = g_ptr_array_index(cases->cards, 0);
    (void)case_wrong(card->path, "/kind: is \"card\", expected a migration here", error);
    return NULL;
}
