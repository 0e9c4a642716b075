#include "sim/specs/scenario_load.h"

#include "sim/output/run_log.h"
#include "sim/scenario/extends.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/scenario_check.h"

void
scenario_free(Scenario *scenario)
{
    if (!scenario)
        return;
    scenario_clear(&scenario->spec);
    cJSON_Delete(scenario->resolved);
    g_free(scenario->path);
    g_free(scenario->folder);
    g_free(scenario);
}

/* resolved is taken. */
static Scenario *
unchecked_scenario(cJSON *resolved, const char *path, const char *folder)
{
    /* spec is the last member, and the parts' keys follow it */
    Scenario *scenario = g_malloc0(offsetof(Scenario, spec) + scenario_table()->size);

    scenario->path = g_strdup(path);
    scenario->folder = g_strdup(folder);
    scenario->resolved = resolved;
    fields_read(scenario_table(), resolved, &scenario->spec);
    return scenario;
}

/* resolved is taken. warnings: NULL: nobody asks for them. */
static Scenario *
new_scenario(cJSON *resolved, const char *path, const char *folder, GPtrArray **warnings, GError **error)
{
    g_autoptr(Scenario) scenario = unchecked_scenario(resolved, path, folder);

    if (!scenario_check(&scenario->spec, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    if (warnings)
        *warnings = scenario_warnings(&scenario->spec); /* before the actions change their places */
    scenario_sort_actions(&scenario->spec);
    return g_steal_pointer(&scenario);
}

/* ---- a run's result instead of a scenario ---- */

static gboolean
is_result(const cJSON *tree)
{
    return cJSON_GetObjectItemCaseSensitive(tree, "metrics") && cJSON_GetObjectItemCaseSensitive(tree, "scenario");
}

/* The scenario that was run, with the seed that it was run with. (transfer full) */
static cJSON *
scenario_of_result(cJSON *tree)
{
    cJSON *scenario = cJSON_DetachItemFromObjectCaseSensitive(tree, "scenario");
    cJSON *seed = cJSON_DetachItemFromObjectCaseSensitive(tree, "seed");

    if (!cJSON_IsObject(scenario) || !seed)
        cJSON_Delete(seed);
    else if (!cJSON_ReplaceItemInObjectCaseSensitive(scenario, "seed", seed))
        cJSON_AddItemToObject(scenario, "seed", seed);
    return scenario;
}

/* Files that a scenario names start from its own folder. The run.log beside a result says which one that was, also of a
 * result of a result; where there is none, the result's. */
static char *
folder_of_result(const char *path)
{
    g_autofree char *beside = g_path_get_dirname(path);
    char *from = run_log_said(beside, "files_from");

    return from ? from : g_steal_pointer(&beside);
}

/* Of a result whose scenario is in tree, which is taken. */
static cJSON *
resolve_result(cJSON *tree, const char *path, const char *folder, const char *const *settings, GError **error)
{
    g_autoptr(cJSON) scenario = scenario_of_result(tree);
    g_autoptr(cJSON) as_run = cJSON_Duplicate(scenario, TRUE);
    g_autofree char *shown = g_filename_display_name(path);

    cJSON_Delete(tree);
    profile_look_beside((const char *const[]){folder, NULL});
    return reader_change(scenario_table(), scenario, path, settings, error)
               ? resolve_again(scenario_table(), scenario, as_run, shown, error)
               : NULL;
}

cJSON *
scenario_resolve(const char *path, const char *const *settings, char **folder, GError **error)
{
    g_autoptr(cJSON) tree = extends_load(scenario_table(), path, error);
    const gboolean again = is_result(tree);

    *folder = again ? folder_of_result(path) : g_path_get_dirname(path);
    if (again)
        return resolve_result(g_steal_pointer(&tree), path, *folder, settings, error);
    return tree ? reader_resolve(scenario_table(), tree, path, settings, error) : NULL;
}

Scenario *
scenario_load(const char *path, const char *const *settings, GError **error)
{
    return scenario_load_warned(path, settings, NULL, error);
}

Scenario *
scenario_load_warned(const char *path, const char *const *settings, GPtrArray **warnings, GError **error)
{
    g_autofree char *folder = NULL;
    cJSON *resolved = scenario_resolve(path, settings, &folder, error);

    return resolved ? new_scenario(resolved, path, folder, warnings, error) : NULL;
}

/* What is wrong with the keys of a file; when nothing is, with what they come to together. */
static void
gather(cJSON *tree, const char *path, const char *const *settings, GPtrArray *mistakes, GError **error)
{
    g_autofree char *shown = g_filename_display_name(path);

    if (!reader_change(scenario_table(), tree, path, settings, error))
        return;
    cJSON *resolved = resolve_gathering(scenario_table(), tree, shown, mistakes);
    if (!resolved)
        return;
    g_autoptr(Scenario) scenario = unchecked_scenario(resolved, path, ".");
    g_autoptr(GPtrArray) rules = scenario_mistakes(&scenario->spec);
    for (guint i = 0; i < rules->len; i++)
        g_ptr_array_add(mistakes, g_strdup_printf("%s: %s", path, (const char *)g_ptr_array_index(rules, i)));
}

GPtrArray *
scenario_load_mistakes(const char *path, const char *const *settings)
{
    GPtrArray *mistakes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) tree = extends_load(scenario_table(), path, &error);

    if (tree)
        gather(tree, path, settings, mistakes, &error);
    if (error)
        g_ptr_array_add(mistakes, g_strdup(error->message));
    return mistakes;
}

Scenario *
scenario_from_tree(const cJSON *tree, const char *path, const char *folder, GError **error)
{
    cJSON *resolved = resolve_tree(scenario_table(), tree, path, error);

    return resolved ? new_scenario(resolved, path, folder, NULL, error) : NULL;
}
