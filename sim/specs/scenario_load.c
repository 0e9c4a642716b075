#include "sim/specs/scenario_load.h"

#include "sim/output/run_log.h"
#include "sim/scenario/members.h"
#include "sim/scenario/override.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/reject.h"
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

/* The message is about members of groups: about what was written. */
static void
lead_to_document(const Members *members, const char *path, GError **error)
{
    if (!error || !*error)
        return;
    g_autofree char *message = members_true_pointers(members, (*error)->message);
    GError *own = g_error_new((*error)->domain, (*error)->code, "%s: %s", path, message);
    g_clear_error(error);
    g_propagate_error(error, own);
}

/* What the fabric is made of, behind what stands in the lists. */
static gboolean
add_fabric(Members *members, const cJSON *resolved, ScenarioSpec *spec, GError **error)
{
    const guint hosts = spec->hosts->len, switches = spec->switches->len, links = spec->links->len;
    const char *key, *fault = spec->fabric ? fabric_fault(spec->fabric, &key) : NULL;

    if (fault)
        return reject(error, "/fabric/%s: %s", key, fault);
    if (!spec->fabric)
        return TRUE;
    fabric_build(spec->fabric, resolved, spec->hosts, spec->switches, spec->links);
    members_note_made(members, "hosts", spec->hosts->len - hosts, "/fabric/host");
    members_note_made(members, "switches", spec->switches->len - switches, "/fabric");
    members_note_made(members, "links", spec->links->len - links, "/fabric");
    return TRUE;
}

/* As scenario_warnings(), of what was written. */
static GPtrArray *
warnings_of(const Members *members, const ScenarioSpec *spec)
{
    GPtrArray *warnings = scenario_warnings(spec);

    for (guint i = 0; i < warnings->len; i++) {
        char *own = members_true_pointers(members, g_ptr_array_index(warnings, i));
        g_free(g_ptr_array_index(warnings, i));
        g_ptr_array_index(warnings, i) = own;
    }
    return warnings;
}

/* resolved is taken. seed: by which groups draw. warnings: NULL: nobody asks for them. */
static Scenario *
new_scenario(cJSON *resolved, guint64 seed, const char *path, const char *folder, GPtrArray **warnings, GError **error)
{
    /* spec is the last member, and the parts' keys follow it */
    g_autoptr(Scenario) scenario = g_malloc0(offsetof(Scenario, spec) + scenario_table()->size);
    g_autoptr(Members) members = members_new(scenario_table(), resolved, override_seed(seed));

    scenario->path = g_strdup(path);
    scenario->folder = g_strdup(folder);
    scenario->resolved = resolved;
    members_read(members, &scenario->spec);
    if (!add_fabric(members, resolved, &scenario->spec, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    if (!scenario_check(&scenario->spec, error)) {
        lead_to_document(members, path, error);
        return NULL;
    }
    if (warnings)
        *warnings = warnings_of(members, &scenario->spec); /* before the actions change their places */
    scenario_sort_actions(&scenario->spec);
    return g_steal_pointer(&scenario);
}

static guint64
own_seed(const cJSON *resolved)
{
    return (guint64)cJSON_GetObjectItemCaseSensitive(resolved, "seed")->valuedouble;
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
    return resolved ? new_scenario(resolved, own_seed(resolved), path, folder, warnings, error) : NULL;
}

Scenario *
scenario_from_tree(const cJSON *tree, const char *path, const char *folder, GError **error)
{
    return scenario_from_tree_seeded(tree, NULL, path, folder, error);
}

Scenario *
scenario_from_tree_seeded(const cJSON *tree, const guint64 *seed, const char *path, const char *folder, GError **error)
{
    cJSON *resolved = resolve_tree(scenario_table(), tree, path, error);

    return resolved ? new_scenario(resolved, seed ? *seed : own_seed(resolved), path, folder, NULL, error) : NULL;
}
