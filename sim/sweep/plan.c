#include "sim/sweep/plan.h"

#include "models/base/random.h"
#include "sim/output/exact.h"
#include "sim/output/files.h"
#include "sim/scenario/extends.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/provenance.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/wording.h"
#include "sim/sweep/difference.h"
#include "sim/version.h"

#include <string.h>

/* Lists are checked value by value before anything runs; of longer ones only so many. chosen: a second's work. */
enum { CHECKED_VALUES = 2000 };

GQuark
plan_error_quark(void)
{
    return g_quark_from_static_string("tandem-plan-error");
}

void
plan_free(Plan *plan)
{
    if (!plan)
        return;
    if (plan->sweep)
        fields_clear(&sweep_table, &plan->spec);
    axes_free(plan->axes);
    cJSON_Delete(plan->tree);
    cJSON_Delete(plan->resolved);
    cJSON_Delete(plan->sweep);
    cJSON_Delete(plan->identity);
    cJSON_Delete(plan->origin);
    g_free(plan->file);
    g_free(plan->shown);
    g_free(plan->folder);
    g_free(plan);
}

/* ---- files ---- */

/* The sweep that stands in the scenario. */
static gboolean
take_own_sweep(Plan *plan, const char *path, GError **error)
{
    plan->sweep = cJSON_DetachItemFromObjectCaseSensitive(plan->resolved, "sweep");
    cJSON_DeleteItemFromObjectCaseSensitive(plan->tree, "sweep");
    if (plan->sweep)
        return TRUE;
    g_set_error(error, PLAN_ERROR, PLAN_ERROR_NO_SWEEP, "%s: /sweep: is missing, expected an object with axes", path);
    return FALSE;
}

/* "/sweep/repeats=5" */
static gboolean
is_of_the_sweep(const char *setting)
{
    return g_str_has_prefix(setting, "/sweep/") || g_str_has_prefix(setting, "/sweep=");
}

/* Reads the scenario as written, applies the settings, resolves. */
static gboolean
read_scenario(Plan *plan, const char *path, const char *const *settings, GError **error)
{
    plan->folder = g_path_get_dirname(path);
    plan->shown = g_path_get_basename(path);
    plan->tree = extends_load(scenario_table(), path, error);
    if (!plan->tree)
        return FALSE;
    for (; settings && *settings; settings++) {
        if (plan->sweep && is_of_the_sweep(*settings))
            continue; /* the sweep's own file has it */
        if (!reader_set(scenario_table(), plan->tree, *settings, error)) {
            g_prefix_error(error, "%s: ", path);
            return FALSE;
        }
    }
    plan->resolved = resolve_tree(scenario_table(), plan->tree, path, error);
    return plan->resolved != NULL;
}

/* TRUE when the file names a scenario instead of being one. */
static gboolean
read_sweep_file(Plan *plan, const char *path, const char *const *settings, char **scenario, GError **error)
{
    g_autoptr(cJSON) tree = json_text_load(path, error);

    if (!tree)
        return FALSE;
    if (!cJSON_GetObjectItemCaseSensitive(tree, "scenario"))
        return TRUE;
    for (; settings && *settings; settings++) {
        if (is_of_the_sweep(*settings) && !reader_set(&sweep_file_table, tree, *settings, error)) {
            g_prefix_error(error, "%s: ", path);
            return FALSE;
        }
    }
    g_autoptr(cJSON) resolved = resolve_tree(&sweep_file_table, tree, path, error);
    if (!resolved)
        return FALSE;
    g_autofree char *folder = g_path_get_dirname(path);
    const char *named = cJSON_GetObjectItemCaseSensitive(resolved, "scenario")->valuestring;
    *scenario = g_path_is_absolute(named) ? g_strdup(named) : g_build_filename(folder, named, NULL);
    plan->sweep = cJSON_DetachItemFromObjectCaseSensitive(resolved, "sweep");
    return TRUE;
}

static gboolean
read_files(Plan *plan, const char *path, const char *const *settings, GError **error)
{
    g_autofree char *scenario = NULL;

    if (!read_sweep_file(plan, path, settings, &scenario, error) ||
        !read_scenario(plan, scenario ? scenario : path, settings, error))
        return FALSE;
    if (!scenario)
        return take_own_sweep(plan, path, error);
    cJSON_DeleteItemFromObjectCaseSensitive(plan->resolved, "sweep");
    cJSON_DeleteItemFromObjectCaseSensitive(plan->tree, "sweep");
    return TRUE;
}

/* ---- identity ---- */

/* Files that the scenario names ("file": "writes.csv"), by the digest of what is in them. */
static void
add_named_files(const cJSON *node, const char *folder, cJSON *files)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, node)
    {
        add_named_files(item, folder, files);
        if (!cJSON_IsString(item) || !item->string || !g_str_equal(item->string, "file"))
            continue;
        if (cJSON_HasObjectItem(files, item->valuestring))
            continue;
        g_autofree char *path = g_build_filename(folder, item->valuestring, NULL);
        g_autofree char *digest = files_digest(path);
        if (digest)
            cJSON_AddStringToObject(files, item->valuestring, digest);
    }
}

static void
digest_json(GChecksum *sum, const cJSON *json)
{
    g_autofree char *text = exact_print(json, FALSE);

    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
}

static void
make_identity(Plan *plan, const char *values_digest, cJSON *files)
{
    add_named_files(plan->resolved, plan->folder, files);
    plan->identity = cJSON_CreateObject();
    cJSON_AddStringToObject(plan->identity, "tandem", tandem_version());
    cJSON_AddStringToObject(plan->identity, "simgrid", tandem_simgrid_version());
    cJSON_AddStringToObject(plan->identity, "file", plan->shown);
    cJSON_AddItemToObject(plan->identity, "scenario", cJSON_Duplicate(plan->resolved, TRUE));
    cJSON_AddItemToObject(plan->identity, "sweep", cJSON_Duplicate(plan->sweep, TRUE));
    cJSON_AddItemToObject(plan->identity, "files", files);
    cJSON_AddStringToObject(plan->identity, "values_sha256", values_digest);
}

/* ---- points ---- */

guint
plan_point(const Plan *plan, guint run)
{
    return run / plan->repeats;
}

guint
plan_repeat(const Plan *plan, guint run)
{
    return run % plan->repeats;
}

void
plan_append_cells(const Plan *plan, guint point, GString *out)
{
    for (guint c = 0; c < axes_columns(plan->axes); c++) {
        g_string_append_c(out, ',');
        g_string_append(out, g_ptr_array_index(axes_column(plan->axes, c)->cells, axes_value(plan->axes, point, c)));
    }
}

guint64
plan_seed(const Plan *plan, guint run)
{
    g_autoptr(GString) entity = g_string_new(NULL);
    RandomStream stream;

    g_string_printf(entity, "repeat %u", plan_repeat(plan, run) + 1);
    if (plan->spec.seeds == SEEDS_PER_POINT)
        plan_append_cells(plan, plan_point(plan, run), entity);
    random_init(&stream, plan->seed, "sweep", entity->str);
    return random_u64(&stream) >> 11; /* below 2^53: --seed and JSON hold it exactly */
}

static cJSON *
point_tree(const Plan *plan, guint point, GError **error)
{
    g_autoptr(cJSON) tree = cJSON_Duplicate(plan->tree, TRUE);

    for (guint c = 0; c < axes_columns(plan->axes); c++) {
        const AxisColumn *column = axes_column(plan->axes, c);
        const cJSON *value = g_ptr_array_index(column->values, axes_value(plan->axes, point, c));
        if (!reader_put(scenario_table(), tree, column->pointer, cJSON_Duplicate(value, TRUE), error)) {
            g_prefix_error(error, "%s: %s: %s: ", plan->shown, column->where, column->pointer);
            return NULL;
        }
    }
    return g_steal_pointer(&tree);
}

Scenario *
plan_scenario(const Plan *plan, guint run, GError **error)
{
    g_autoptr(cJSON) tree = point_tree(plan, plan_point(plan, run), error);
    const guint64 seed = plan_seed(plan, run);

    return tree ? scenario_from_tree_seeded(tree, &seed, plan->shown, plan->folder, error) : NULL;
}

/* Whether every value of an axis is one that its key can have; parts that do not fit each other are left to the runs.
 * What the values resolve to goes into the digest: a profile that changes is noticed. */
static gboolean
check_axis(const Plan *plan, guint axis, GChecksum *sum, cJSON *files, GError **error)
{
    const guint length = axes_length(plan->axes, axis);
    gboolean ranges = TRUE;

    for (guint c = 0; c < axes_columns(plan->axes); c++)
        if (axes_column(plan->axes, c)->axis == axis)
            ranges = ranges && axes_column(plan->axes, c)->is_range;
    for (guint v = 0; v < length; v++) {
        if ((ranges && v > 0 && v < length - 1) || v >= CHECKED_VALUES)
            continue;
        g_autoptr(cJSON) tree = point_tree(plan, axes_point(plan->axes, axis, v), error);
        g_autoptr(cJSON) resolved = tree ? resolve_tree(scenario_table(), tree, plan->shown, error) : NULL;
        if (!resolved) {
            g_autofree char *value = g_strdup_printf(" (value %u of /sweep/axes/%u)", v + 1, axis);
            if (error && *error) {
                g_autofree char *text = g_strconcat((*error)->message, value, NULL);
                const GQuark domain = (*error)->domain;
                const int code = (*error)->code;
                g_clear_error(error);
                g_set_error_literal(error, domain, code, text);
            }
            return FALSE;
        }
        digest_json(sum, resolved);
        add_named_files(resolved, plan->folder, files);
    }
    return TRUE;
}

static gboolean
check_values(Plan *plan, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(cJSON) files = cJSON_CreateObject();

    for (guint axis = 0; axis < axes_count(plan->axes); axis++)
        if (!check_axis(plan, axis, sum, files, error))
            return FALSE;
    make_identity(plan, g_checksum_get_string(sum), g_steal_pointer(&files));
    return TRUE;
}

/* Axes, seeds and numbers of plan->sweep over plan->resolved. */
static gboolean
lay_out(Plan *plan, const char *path, GError **error)
{
    fields_read(&sweep_table, plan->sweep, &plan->spec);
    plan->axes = axes_new(&plan->spec, plan->resolved, error);
    if (!plan->axes) {
        g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    plan->seed = (guint64)cJSON_GetObjectItemCaseSensitive(plan->resolved, "seed")->valuedouble;
    plan->repeats = (guint)plan->spec.repeats;
    plan->n_runs = axes_points(plan->axes) * plan->repeats;
    return TRUE;
}

static void
note_file(const char *path, const char *digest, gpointer data)
{
    cJSON_DeleteItemFromObjectCaseSensitive(data, path); /* read twice, and changed in between: the last one counts */
    cJSON_AddStringToObject(data, path, digest);
}

/* Neither where it goes nor how many run at a time: the manifest is the same whoever runs it. */
static void
note_origin(Plan *plan, const char *const *settings)
{
    g_autoptr(GString) command = g_string_new("tandem sweep");

    provenance_append_word(command, plan->file);
    for (; settings && *settings; settings++) {
        g_string_append(command, " --set");
        provenance_append_word(command, *settings);
    }
    plan->origin = cJSON_CreateObject();
    cJSON_AddStringToObject(plan->origin, "command", command->str);
    provenance_foreach_file(note_file, cJSON_AddObjectToObject(plan->origin, "read"));
}

Plan *
plan_load(const char *path, const char *const *settings, GError **error)
{
    g_autoptr(Plan) plan = g_new0(Plan, 1);

    if (g_str_equal(path, "-")) {
        g_set_error(error, PLAN_ERROR, PLAN_ERROR_NO_SWEEP,
                    "-: stands for a stream, expected a file, which can be read again");
        return NULL;
    }
    plan->file = g_strdup(path);
    if (!read_files(plan, path, settings, error) || !lay_out(plan, path, error) || !check_values(plan, error))
        return NULL;
    note_origin(plan, settings);
    return g_steal_pointer(&plan);
}

Plan *
plan_from_manifest(const cJSON *manifest, GError **error)
{
    g_autoptr(Plan) plan = g_new0(Plan, 1);
    const cJSON *identity = cJSON_GetObjectItemCaseSensitive(manifest, "campaign");
    const cJSON *scenario = cJSON_GetObjectItemCaseSensitive(identity, "scenario");
    const cJSON *sweep = cJSON_GetObjectItemCaseSensitive(identity, "sweep");

    plan->resolved = scenario ? resolve_again(scenario_table(), scenario, scenario, "manifest.json", error) : NULL;
    plan->sweep = plan->resolved && sweep ? resolve_tree(&sweep_table, sweep, "manifest.json", error) : NULL;
    if (error && !*error && !plan->sweep)
        g_set_error(error, PLAN_ERROR, PLAN_ERROR_NO_SWEEP, "manifest.json: names no campaign");
    if (!plan->sweep || !lay_out(plan, "manifest.json", error))
        return NULL;
    plan->identity = cJSON_Duplicate(identity, TRUE);
    plan->origin = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(manifest, "origin"), TRUE);
    return g_steal_pointer(&plan);
}

gboolean
plan_check_identity(const cJSON *known, const cJSON *now, GError **error)
{
    g_autofree char *difference = difference_text(known, now);

    if (!difference)
        return TRUE;
    g_set_error(error, PLAN_ERROR, PLAN_ERROR_CHANGED, "%s", difference);
    return FALSE;
}
