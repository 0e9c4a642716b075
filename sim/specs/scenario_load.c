#include "sim/specs/scenario_load.h"

#include "sim/output/run_log.h"
#include "sim/scenario/extends.h"
#include "sim/scenario/members.h"
#include "sim/scenario/override.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/reject.h"
#include "sim/specs/scenario_check.h"

#include <string.h>

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

/* resolved is taken. seed: by which groups draw. members: (out, transfer full) who its groups' members are. */
static Scenario *
unchecked_scenario(cJSON *resolved, guint64 seed, const char *path, const char *folder, Members **members,
                   GError **error)
{
    /* spec is the last member, and the parts' keys follow it */
    g_autoptr(Scenario) scenario = g_malloc0(offsetof(Scenario, spec) + scenario_table()->size);

    *members = members_new(scenario_table(), resolved, override_seed(seed));
    scenario->path = g_strdup(path);
    scenario->folder = g_strdup(folder);
    scenario->resolved = resolved;
    members_read(*members, &scenario->spec);
    if (add_fabric(*members, resolved, &scenario->spec, error))
        return g_steal_pointer(&scenario);
    g_prefix_error(error, "%s: ", path);
    return NULL;
}

/* resolved is taken. seed: by which groups draw. warnings: NULL: nobody asks for them. */
static Scenario *
new_scenario(cJSON *resolved, guint64 seed, const char *path, const char *folder, GPtrArray **warnings, GError **error)
{
    g_autoptr(Members) members = NULL;
    g_autoptr(Scenario) scenario = unchecked_scenario(resolved, seed, path, folder, &members, error);

    if (!scenario)
        return NULL;
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

    return resolved ? new_scenario(resolved, own_seed(resolved), path, folder, warnings, error) : NULL;
}

/* What the scenario's keys come to together; the same thing of several members of one group is told of the first. */
static void
gather_rules(const Members *members, const ScenarioSpec *spec, const char *path, GPtrArray *mistakes)
{
    g_autoptr(GPtrArray) rules = scenario_mistakes(spec);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < rules->len; i++) {
        const char *rule = g_ptr_array_index(rules, i);
        g_autofree char *written = members_true_pointers(members, rule);
        g_autofree char *at = g_strndup(written, strcspn(written, ":")), *read = g_strndup(rule, strcspn(rule, ":"));
        const char *first = g_hash_table_lookup(told, at);
        if (first && !g_str_equal(first, read))
            continue;
        g_ptr_array_add(mistakes, g_strdup_printf("%s: %s", path, written));
        g_hash_table_replace(told, g_steal_pointer(&at), g_steal_pointer(&read));
    }
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
    g_autoptr(Members) members = NULL;
    g_autoptr(Scenario) scenario = unchecked_scenario(resolved, own_seed(resolved), path, ".", &members, error);
    if (scenario)
        gather_rules(members, &scenario->spec, path, mistakes);
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
    return scenario_from_tree_seeded(tree, NULL, path, folder, error);
}

Scenario *
scenario_from_tree_seeded(const cJSON *tree, const guint64 *seed, const char *path, const char *folder, GError **error)
{
    cJSON *resolved = resolve_tree(scenario_table(), tree, path, error);

    return resolved ? new_scenario(resolved, seed ? *seed : own_seed(resolved), path, folder, NULL, error) : NULL;
}
