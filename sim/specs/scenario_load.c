#include "sim/specs/scenario_load.h"

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
    g_clear_pointer(&scenario->warnings, g_ptr_array_unref);
    g_free(scenario->path);
    g_free(scenario->folder);
    g_free(scenario);
}

/* resolved is taken. */
static Scenario *
new_scenario(cJSON *resolved, const char *path, const char *folder, GError **error)
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
    scenario->warnings = scenario_warnings(&scenario->spec);
    scenario_sort_actions(&scenario->spec);
    return g_steal_pointer(&scenario);
}

Scenario *
scenario_load(const char *path, const char *const *settings, GError **error)
{
    cJSON *resolved = reader_load(scenario_table(), path, settings, error);
    g_autofree char *folder = g_path_get_dirname(path);

    return resolved ? new_scenario(resolved, path, folder, error) : NULL;
}

Scenario *
scenario_from_tree(const cJSON *tree, const char *path, const char *folder, GError **error)
{
    cJSON *resolved = resolve_tree(scenario_table(), tree, path, error);

    return resolved ? new_scenario(resolved, path, folder, error) : NULL;
}
