#include "sim/specs/scenario_load.h"

#include "sim/output/run_log.h"
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

/* resolved is taken. warnings: NULL: nobody asks for them. */
static Scenario *
new_scenario(cJSON *resolved, const char *path, const char *folder, GPtrArray **warnings, GError **error)
{
    /* spec is the last member, and the parts' keys follow it */
    g_autoptr(Scenario) scenario = g_malloc0(offsetof(Scenario, spec) + scenario_table()->size);

    scenario->path = g_strdup(path);
    scenario->folder = g_strdup(folder);
    scenario->resolved = resolved;
    fields_read(scenario_table(), resolved, &scenario->spec);
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

Scenario *
scenario_load(const char *path, const char *const *settings, GError **error)
{
    return scenario_load_warned(path, settings, NULL, error);
}

Scenario *
scenario_load_warned(const char *path, const char *const *settings, GPtrArray **warnings, GError **error)
{
    g_autoptr(cJSON) tree = json_text_load(path, error);
    const gboolean again = is_result(tree);
    g_autofree char *folder = again ? folder_of_result(path) : g_path_get_dirname(path);

    if (again) {
        cJSON *scenario = scenario_of_result(tree);
        cJSON_Delete(tree);
        tree = scenario;
    }
    cJSON *resolved = tree ? reader_resolve(scenario_table(), tree, path, settings, error) : NULL;
    return resolved ? new_scenario(resolved, path, folder, warnings, error) : NULL;
}

Scenario *
scenario_from_tree(const cJSON *tree, const char *path, const char *folder, GError **error)
{
    cJSON *resolved = resolve_tree(scenario_table(), tree, path, error);

    return resolved ? new_scenario(resolved, path, folder, NULL, error) : NULL;
}
