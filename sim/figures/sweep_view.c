#include "sim/figures/sweep_view.h"

#include "sim/figures/figure.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"
#include "sim/sweep/campaign.h"

#include <math.h>
#include <string.h>

void
sweep_view_clear(SweepView *view)
{
    for (guint p = 0; view->parameters && p < view->parameters->len; p++)
        g_free(g_array_index(view->parameters, SweepParameter, p).label.text);
    g_clear_pointer(&view->parameters, g_array_unref);
    g_clear_pointer(&view->table, table_free);
    g_clear_pointer(&view->columns, g_ptr_array_unref);
    g_clear_pointer(&view->xs, g_ptr_array_unref);
    g_clear_pointer(&view->bys, g_ptr_array_unref);
    g_clear_pointer(&view->rows, g_array_unref);
    g_clear_pointer(&view->x_of, g_array_unref);
    g_clear_pointer(&view->by_of, g_array_unref);
    g_free(view->metric);
    g_free(view->share);
    g_free(view->metric_label.text);
}

/* ---- parameters ---- */

/* Whether the axis that steps this pointer multiplies; zip: the axes inside one. */
static gboolean
is_logarithmic(const cJSON *axes, const char *pointer)
{
    const cJSON *axis;

    cJSON_ArrayForEach(axis, axes)
    {
        const char *own = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(axis, "pointer"));
        const char *scale = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(axis, "scale"));
        if (own && g_str_equal(own, pointer) && g_strcmp0(scale, "logarithmic") == 0)
            return TRUE;
        if (is_logarithmic(cJSON_GetObjectItemCaseSensitive(axis, "zip"), pointer))
            return TRUE;
    }
    return FALSE;
}

static void
measure_values(const Table *table, SweepParameter *parameter)
{
    parameter->is_number = table_rows(table) > 0;
    for (guint row = 0; row < table_rows(table) && parameter->is_number; row++) {
        const double value = table_number(table, row, parameter->column);
        parameter->is_number = isfinite(value);
        parameter->least = row > 0 ? MIN(parameter->least, value) : value;
        parameter->largest = row > 0 ? MAX(parameter->largest, value) : value;
    }
}

static void
describe_parameters(SweepView *view, const cJSON *manifest, Language language)
{
    const cJSON *campaign = cJSON_GetObjectItemCaseSensitive(manifest, "campaign");
    const cJSON *sweep = cJSON_GetObjectItemCaseSensitive(campaign, "sweep");
    const cJSON *axes = cJSON_GetObjectItemCaseSensitive(sweep, "axes"), *item;

    view->parameters = g_array_new(FALSE, TRUE, sizeof(SweepParameter));
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(manifest, "parameters"))
    {
        const cJSON *axis = cJSON_GetObjectItemCaseSensitive(item, "axis");
        const char *pointer = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "pointer"));
        SweepParameter parameter = {.column = g_ptr_array_index(view->columns, view->parameters->len),
                                    .axis = cJSON_IsNumber(axis) ? (guint)axis->valueint : view->parameters->len + 1};
        measure_values(view->table, &parameter);
        parameter.is_logarithmic =
            parameter.is_number && parameter.least > 0 && pointer && is_logarithmic(axes, pointer);
        parameter.label = label_column(parameter.column, parameter.is_number ? parameter.largest : 0, language);
        g_array_append_val(view->parameters, parameter);
    }
}

static const SweepParameter *
parameter_at(const SweepView *view, guint index)
{
    return index < view->parameters->len ? &g_array_index(view->parameters, SweepParameter, index) : NULL;
}

static gboolean
read_folder(SweepView *view, const char *folder, Language language, GError **error)
{
    g_autofree char *manifest_path = g_build_filename(folder, "manifest.json", NULL);
    g_autofree char *path = g_build_filename(folder, "summary.csv", NULL);
    cJSON *manifest = json_text_load(manifest_path, error);

    view->columns = manifest ? campaign_columns(manifest, manifest_path, error) : NULL;
    if (view->columns) {
        g_ptr_array_add(view->columns, NULL);
        view->table = table_read(path, (const char *const *)view->columns->pdata, error);
        g_ptr_array_set_size(view->columns, (gint)view->columns->len - 1);
    }
    if (view->table)
        describe_parameters(view, manifest, language);
    cJSON_Delete(manifest);
    if (!view->table)
        return FALSE;
    if (view->parameters->len > 0 && table_rows(view->table) > 0)
        return TRUE;
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "%s: the sweep has no axis, or no point that ran", folder);
    return FALSE;
}

/* ---- choices ---- */

static gboolean
fail_choice(const char *what, const char *word, GPtrArray *names, GError **error)
{
    g_autofree char *quoted = wording_quote(word);

    g_ptr_array_add(names, NULL);
    g_autofree char *choice = wording_choice(word, (const char *const *)names->pdata);
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "no %s %s, %s", what, quoted, choice);
    g_ptr_array_set_size(names, (gint)names->len - 1);
    return FALSE;
}

static gboolean
choose_parameter(const SweepView *view, const char *wanted, const SweepParameter **out, GError **error)
{
    for (guint i = 0; wanted && i < view->parameters->len; i++) {
        *out = parameter_at(view, i);
        if (g_str_equal((*out)->column, wanted))
            return TRUE;
    }
    return !wanted || fail_choice("parameter", wanted, view->columns, error);
}

/* Of another axis, for what is zipped to x does not vary by itself; else any other one. */
static const SweepParameter *
other_parameter(const SweepView *view)
{
    const SweepParameter *zipped = NULL;

    for (guint i = 0; i < view->parameters->len; i++) {
        const SweepParameter *other = parameter_at(view, i);
        if (other->axis != view->x->axis)
            return other;
        if (other != view->x && !zipped)
            zipped = other;
    }
    return zipped;
}

/* Of columns NAME.mean: the one asked for, else the first that ends in total_s, else the first one. */
static gboolean
choose_metric(SweepView *view, const char *wanted, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (const char *const *column = table_columns(view->table); *column; column++)
        if (g_str_has_suffix(*column, ".mean"))
            g_ptr_array_add(names, g_strndup(*column, strlen(*column) - strlen(".mean")));
    for (guint i = 0; i < names->len && !view->metric; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (wanted ? g_str_equal(name, wanted) : g_str_has_suffix(name, "total_s"))
            view->metric = g_strdup(name);
    }
    if (!view->metric && !wanted && names->len > 0)
        view->metric = g_strdup(g_ptr_array_index(names, 0));
    return view->metric || fail_choice("metric", wanted ? wanted : "", names, error);
}

/* Of migration.web.vm.downtime_s it is migration.web.completed.share: a migration's name may hold dots, a leg's metric
 * has one part more. */
static char *
find_share(const SweepView *view)
{
    g_autofree char *name = g_strdup(view->metric);

    if (!g_str_has_prefix(name, "migration."))
        return NULL;
    for (char *dot = strrchr(name, '.'); dot; dot = strrchr(name, '.')) {
        *dot = '\0';
        g_autofree char *share = g_strconcat(name, ".completed.share", NULL);
        if (table_text(view->table, 0, share))
            return g_steal_pointer(&share);
    }
    return NULL;
}

/* ---- what is looked at ---- */

/* The values of all parameters of one axis at a row of the table. */
static char *
axis_key(const SweepView *view, guint row, guint axis)
{
    GString *key = g_string_new(NULL);

    for (guint p = 0; p < view->parameters->len; p++)
        if (parameter_at(view, p)->axis == axis)
            g_string_append_printf(key, "%s\n", table_text(view->table, row, parameter_at(view, p)->column));
    return g_string_free(key, FALSE);
}

static gboolean
is_held(const SweepView *view, const SweepParameter *parameter)
{
    return parameter->axis != view->x->axis && (!view->by || parameter->axis != view->by->axis);
}

static gboolean
is_looked_at(const SweepView *view, guint row)
{
    for (guint p = 0; p < view->parameters->len; p++) {
        const SweepParameter *parameter = parameter_at(view, p);
        if (is_held(view, parameter) && !g_str_equal(table_text(view->table, row, parameter->column),
                                                     table_text(view->table, 0, parameter->column)))
            return FALSE;
    }
    return TRUE;
}

/* The index of key among values, to which it is added when it is new. */
static guint
index_of(GHashTable *known, GPtrArray *values, char *key)
{
    gpointer found;

    if (g_hash_table_lookup_extended(known, key, NULL, &found)) {
        g_free(key);
        return GPOINTER_TO_UINT(found);
    }
    g_hash_table_insert(known, key, GUINT_TO_POINTER(values->len));
    g_ptr_array_add(values, key);
    return values->len - 1;
}

static void
lay_out(SweepView *view, Language language)
{
    g_autoptr(GHashTable) known_xs = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) known_bys = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *mean = g_strconcat(view->metric, ".mean", NULL);
    double largest = 0;

    view->rows = g_array_new(FALSE, FALSE, sizeof(guint));
    view->x_of = g_array_new(FALSE, FALSE, sizeof(guint));
    view->by_of = g_array_new(FALSE, FALSE, sizeof(guint));
    view->xs = g_ptr_array_new_with_free_func(g_free);
    view->bys = g_ptr_array_new_with_free_func(g_free);
    for (guint row = 0; row < table_rows(view->table); row++) {
        if (!is_looked_at(view, row))
            continue;
        const guint x = index_of(known_xs, view->xs, axis_key(view, row, view->x->axis));
        const guint by = view->by ? index_of(known_bys, view->bys, axis_key(view, row, view->by->axis)) : 0;
        const double value = table_number(view->table, row, mean), runs = table_number(view->table, row, "runs");
        g_array_append_val(view->rows, row);
        g_array_append_val(view->x_of, x);
        g_array_append_val(view->by_of, by);
        if (isfinite(value))
            largest = MAX(largest, fabs(value));
        if (runs > view->repeats)
            view->repeats = (guint)runs;
    }
    view->metric_label = label_column(view->metric, largest, language);
}

static gboolean
refuse(GError **error, const char *option, const char *word, const char *why)
{
    g_autofree char *quoted = wording_quote(word);

    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "%s %s: %s", option, quoted, why);
    return FALSE;
}

/* x: the first parameter that by leaves; a by that would not be heard is refused. */
static gboolean
choose_axes(SweepView *view, const char *x, const char *by, GError **error)
{
    const SweepParameter *lines = NULL;

    view->x = parameter_at(view, 0);
    if (!choose_parameter(view, x, &view->x, error) || !choose_parameter(view, by, &lines, error))
        return FALSE;
    if (by && view->parameters->len == 1)
        return refuse(error, "--by", by, "is the sweep's only parameter, which is along x, expected no --by");
    if (by && x && lines == view->x)
        return refuse(error, "--by", by, "is the parameter along x already, expected another one");
    if (lines == view->x)
        view->x = parameter_at(view, 1);
    view->by = lines ? lines : other_parameter(view);
    return TRUE;
}

gboolean
sweep_view_open(SweepView *view, const char *folder, const char *metric, const char *x, const char *by,
                Language language, GError **error)
{
    if (!read_folder(view, folder, language, error))
        return FALSE;
    if (!choose_axes(view, x, by, error) || !choose_metric(view, metric, error))
        return FALSE;
    view->share = find_share(view);
    lay_out(view, language);
    return TRUE;
}

/* ---- its points ---- */

static guint
row_of(const SweepView *view, guint i)
{
    return g_array_index(view->rows, guint, i);
}

double
sweep_view_metric(const SweepView *view, guint i, const char *suffix)
{
    g_autofree char *column = g_strconcat(view->metric, suffix, NULL);

    return table_number(view->table, row_of(view, i), column) * view->metric_label.factor;
}

SweepPointState
sweep_view_state(const SweepView *view, guint i)
{
    const guint row = row_of(view, i);
    const double share = view->share ? table_number(view->table, row, view->share) : 1;
    const gboolean all_ran = !(table_number(view->table, row, "ok") < table_number(view->table, row, "runs"));

    if (!isfinite(sweep_view_metric(view, i, ".mean")))
        return share < 1 ? SWEEP_POINT_FAILED : SWEEP_POINT_EMPTY;
    return share < 1 || !all_ran ? SWEEP_POINT_PARTLY : SWEEP_POINT_WHOLE;
}

double
sweep_view_number(const SweepView *view, guint i, const SweepParameter *parameter)
{
    return table_number(view->table, row_of(view, i), parameter->column) * parameter->label.factor;
}

char *
sweep_view_text(const SweepView *view, guint i, const SweepParameter *parameter)
{
    return parameter->is_number ? label_number(sweep_view_number(view, i, parameter))
                                : g_strdup(table_text(view->table, row_of(view, i), parameter->column));
}

char *
sweep_view_name(const SweepView *view, guint i, const SweepParameter *parameter)
{
    GString *name = g_string_new(NULL);
    g_autofree char *own = sweep_view_text(view, i, parameter);

    g_string_append(name, own);
    for (guint p = 0; p < view->parameters->len; p++) {
        const SweepParameter *other = parameter_at(view, p);
        if (other == parameter || other->axis != parameter->axis)
            continue;
        g_autofree char *text = sweep_view_text(view, i, other);
        g_string_append_printf(name, ", %s", text);
    }
    return g_string_free(name, FALSE);
}

gboolean
sweep_view_is_scattered(const SweepView *view)
{
    return view->by && view->by->axis == view->x->axis;
}

/* ---- what it does not show ---- */

static void
append_part(GString *text, const char *part)
{
    g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", part);
}

static char *
text_or_null(GString *text)
{
    return g_string_free(text, text->len == 0);
}

char *
sweep_view_held(const SweepView *view)
{
    GString *text = g_string_new(NULL);

    for (guint p = 0; p < view->parameters->len; p++) {
        const SweepParameter *parameter = parameter_at(view, p);
        if (!is_held(view, parameter))
            continue;
        g_autofree char *value = sweep_view_text(view, 0, parameter);
        g_autofree char *part = g_strdup_printf("%s = %s", parameter->label.text, value);
        append_part(text, part);
    }
    return text_or_null(text);
}

char *
sweep_view_along(const SweepView *view)
{
    GString *text = g_string_new(NULL);

    for (guint p = 0; p < view->parameters->len; p++) {
        const SweepParameter *parameter = parameter_at(view, p);
        if (parameter != view->x && parameter != view->by && parameter->axis == view->x->axis)
            append_part(text, parameter->label.text);
    }
    return text_or_null(text);
}
