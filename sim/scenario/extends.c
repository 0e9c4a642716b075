#include "sim/scenario/extends.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/origin.h"
#include "sim/scenario/override.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/wording.h"

#include <limits.h>
#include <stdlib.h>

/* A file of the chain, as written. */
typedef struct {
    char *path;   /* as messages name it */
    char *real;   /* without links, to find circles */
    char *folder; /* from that of the chain's first file; NULL: it is the same */
    cJSON *tree;
} Document;

static void
clear_document(gpointer data)
{
    Document *document = data;

    g_free(document->path);
    g_free(document->real);
    g_free(document->folder);
    cJSON_Delete(document->tree);
}

static char *
real_path(const char *path)
{
    char real[PATH_MAX];

    return g_strdup(realpath(path, real) ? real : path);
}

static gboolean
fail(const char *path, ResolveError code, GError **error, const char *what)
{
    g_set_error(error, RESOLVE_ERROR, code, "%s: /extends: %s", path, what);
    return FALSE;
}

/* ---- reading the chain ---- */

static gboolean
check_no_circle(const GArray *chain, const char *path, const char *named, const char *real, GError **error)
{
    for (guint i = 0; i < chain->len; i++) {
        if (!g_str_equal(g_array_index(chain, Document, i).real, real))
            continue;
        g_autofree char *quoted = wording_quote(named);
        g_autofree char *what = g_strdup_printf("%s leads back to itself, expected no circle", quoted);
        return fail(path, RESOLVE_ERROR_PROFILE, error, what);
    }
    return TRUE;
}

/* Whom the document extends, taken out of it; NULL: nobody, or error is set. */
static char *
take_name(Document *document, GError **error)
{
    g_autoptr(cJSON) name = cJSON_DetachItemFromObjectCaseSensitive(document->tree, "extends");

    if (!name)
        return NULL;
    if (cJSON_IsString(name) && *name->valuestring)
        return g_strdup(name->valuestring);
    g_autofree char *found = wording_value(name);
    g_autofree char *what =
        g_strdup_printf("is %s, expected the name of a scenario's file, from the folder of this one", found);
    fail(document->path, RESOLVE_ERROR_TYPE, error, what);
    return NULL;
}

/* folder: taken. */
static gboolean
append_document(GArray *chain, const char *path, char *folder, GError **error)
{
    const Document document = {g_filename_display_name(path), real_path(path), folder, json_text_load(path, error)};

    g_array_append_val(chain, document);
    if (!document.tree)
        return FALSE;
    if (chain->len > 1 && !cJSON_IsObject(document.tree)) {
        g_autofree char *found = wording_value(document.tree);
        g_set_error(error, RESOLVE_ERROR, RESOLVE_ERROR_TYPE, "%s: is %s, expected an object", document.path, found);
        return FALSE;
    }
    origin_mark(document.tree, document.path);
    return TRUE;
}

/* Appends the file that the chain's last extends. */
static gboolean
append_base(GArray *chain, const char *name, GError **error)
{
    const Document *last = &g_array_index(chain, Document, chain->len - 1);
    g_autofree char *said_in = g_strdup(last->path);
    g_autofree char *here = g_path_get_dirname(last->path), *below = g_path_get_dirname(name);
    g_autofree char *path =
        g_path_is_absolute(name) || g_str_equal(here, ".") ? g_strdup(name) : g_build_filename(here, name, NULL);
    g_autofree char *real = real_path(path);
    char *folder =
        g_path_is_absolute(name) || !last->folder ? g_strdup(below) : g_build_filename(last->folder, below, NULL);
    g_autoptr(GError) problem = NULL;

    if (g_str_equal(folder, "."))
        g_clear_pointer(&folder, g_free);
    if (!check_no_circle(chain, said_in, name, real, error)) {
        g_free(folder);
        return FALSE;
    }
    if (append_document(chain, path, folder, &problem))
        return TRUE;
    if (g_error_matches(problem, JSON_TEXT_ERROR, JSON_TEXT_ERROR_FILE))
        g_prefix_error(&problem, "%s: /extends: ", said_in);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

static gboolean
read_chain(GArray *chain, const char *path, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (!append_document(chain, path, NULL, error))
        return FALSE;
    while (TRUE) {
        g_autofree char *name = take_name(&g_array_index(chain, Document, chain->len - 1), &problem);
        if (problem) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
        if (!name)
            return TRUE;
        if (!append_base(chain, name, error))
            return FALSE;
    }
}

static void
look_beside(const GArray *chain)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < chain->len; i++)
        g_ptr_array_add(folders, g_path_get_dirname(g_array_index(chain, Document, i).path));
    g_ptr_array_add(folders, NULL);
    profile_look_beside((const char *const *)folders->pdata);
}

/* ---- merging ---- */

static void
move_file(cJSON *name, const char *folder)
{
    if (!cJSON_IsString(name) || g_path_is_absolute(name->valuestring))
        return;
    g_autofree char *moved = g_build_filename(folder, name->valuestring, NULL);
    cJSON_SetValuestring(name, moved);
}

/* Names of files and folders lead from the folder of the chain's first file. */
static void
move_files(cJSON *value, const char *folder)
{
    static const char *const keys[] = {"file", "files", "folder", NULL};

    for (cJSON *item = value->child; item; item = item->next) {
        const gboolean names = item->string && g_strv_contains(keys, item->string);
        cJSON *name;
        if (names)
            move_file(item, folder);
        if (names)
            cJSON_ArrayForEach(name, item) move_file(name, folder);
        else
            move_files(item, folder);
    }
}

/* All that the chain's last file and those before it, down to the first, say. */
static cJSON *
merge_chain(const FieldTable *table, const GArray *chain, GError **error)
{
    g_autoptr(cJSON) merged = NULL;

    for (guint i = chain->len; i > 0; i--) {
        Document *document = &g_array_index(chain, Document, i - 1);
        if (i > 1 && !override_apply(document->path, document->tree, error))
            return NULL;
        if (document->folder)
            move_files(document->tree, document->folder);
        cJSON *whole = merged ? profile_merge(table, merged, document->tree) : cJSON_Duplicate(document->tree, TRUE);
        cJSON_Delete(merged);
        merged = whole;
        if (i > 1 && !resolve_check_base(table, merged, document->path, error))
            return NULL;
    }
    return g_steal_pointer(&merged);
}

cJSON *
extends_load(const FieldTable *table, const char *path, GError **error)
{
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(Document));

    g_return_val_if_fail(table && path, NULL);
    g_array_set_clear_func(chain, clear_document);
    if (!read_chain(chain, path, error))
        return NULL;
    look_beside(chain);
    return chain->len == 1 ? g_steal_pointer(&g_array_index(chain, Document, 0).tree)
                           : merge_chain(table, chain, error);
}
