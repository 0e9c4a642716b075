#include "sim/sweep/axes.h"

#include "sim/output/csv.h"
#include "sim/output/exact.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/pattern.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/wording.h"
#include "sim/specs/scenario_spec.h"
#include "sim/sweep/range.h"

#include <math.h>
#include <string.h>

typedef struct {
    guint first; /* of its columns */
    guint n_columns;
    guint length;
    guint stride; /* points between two of its values */
} Axis;

struct Axes {
    GPtrArray *columns; /* of AxisColumn, owned */
    GArray *axes;       /* of Axis */
    guint n_points;
};

GQuark
axes_error_quark(void)
{
    return g_quark_from_static_string("tandem-axes-error");
}

static gboolean fail(const char *where, AxesError code, GError **error, const char *format, ...) G_GNUC_PRINTF(4, 5);

static gboolean
fail(const char *where, AxesError code, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, AXES_ERROR, code, "%s: %s", where, text);
    return FALSE;
}

/* ---- where a pointer leads ---- */

static void
add_keys(GPtrArray *keys, const Field *fields)
{
    for (; fields && fields->key; fields++)
        g_ptr_array_add(keys, (gpointer)fields->key);
}

static char *
key_choice(const FieldTable *table, const FieldCase *chosen, const char *token)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();

    add_keys(keys, table->fields);
    for (const FieldCase *c = table->cases; c && c->word; c++)
        if (!chosen || c == chosen)
            add_keys(keys, c->fields);
    g_ptr_array_add(keys, NULL);
    return wording_choice(token, (const char *const *)keys->pdata);
}

static const FieldCase *
case_of(const FieldTable *table, const cJSON *object)
{
    const char *word = table->tag ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, table->tag)) : NULL;

    return word ? fields_case(table, word) : NULL;
}

/* A profile's name, or the word that selects an object's case: keys that are in no list of fields. */
static const Field *
find_special(const FieldTable *table, const char *token)
{
    static const Field word = {"word", FIELD_KIND_STRING};

    return (table->profiles && g_str_equal(token, "profile")) || (table->tag && g_str_equal(token, table->tag)) ? &word
                                                                                                                : NULL;
}

/* The column's name grows by a token: of a list's element by the element's own name when it has one. */
static void
append_part(GString *name, const char *token, const cJSON *element)
{
    const char *own = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(element, "name"));

    g_string_append_printf(name, "%s%s", name->len ? "." : "", own ? own : token);
}

/* The element of a list that token names; NULL with error set. */
static const cJSON *
find_element(const cJSON *list, const char *token, const char *where, const char *pointer, GError **error)
{
    char *end = NULL;
    const guint64 index = g_ascii_isdigit(*token) ? g_ascii_strtoull(token, &end, 10) : G_MAXUINT64;
    const int n = cJSON_GetArraySize(list);

    if (end && !*end && index < (guint64)n)
        return cJSON_GetArrayItem(list, (int)index);
    fail(where, AXES_ERROR_POINTER, error, "%s leads nowhere: the list has %d element%s, expected an index below %d",
         pointer, n, n == 1 ? "" : "s", n);
    return NULL;
}

/* Values that are no part of what is simulated. */
static gboolean
check_allowed(const char *pointer, const char *where, GError **error)
{
    if (g_str_equal(pointer, "/seed"))
        return fail(where, AXES_ERROR_POINTER, error,
                    "/seed is not for axes, expected \"repeats\", which derive seeds");
    if (g_str_equal(pointer, "/name") || g_str_has_prefix(pointer, "/sweep"))
        return fail(where, AXES_ERROR_POINTER, error, "%s changes no run, expected a value that does", pointer);
    return TRUE;
}

/* The field that pointer addresses, by the scenario's tables, and a name for its column. */
static const Field *
find_field(const cJSON *resolved, const char *pointer, const char *where, GString *name, GError **error)
{
    g_auto(GStrv) tokens = pointer_split(pointer, error);
    const FieldTable *table = scenario_table();
    const cJSON *at = resolved;
    const Field *field = NULL;
    static const Field whole_element = {"element", FIELD_KIND_VALUE};

    if (!tokens) {
        g_prefix_error(error, "%s: ", where);
        return NULL;
    }
    for (char **token = tokens; *token; token++) {
        const FieldCase *chosen = case_of(table, at);
        field = find_special(table, *token);
        if (field && token[1]) {
            fail(where, AXES_ERROR_POINTER, error,
                 "%s leads into a %s, expected a key beside \"%s\", which overrides what it gives", pointer, *token,
                 *token);
            return NULL;
        }
        if (!field)
            field = fields_find(table, chosen, *token);
        if (!field) {
            g_autofree char *quoted = wording_quote(*token);
            g_autofree char *choice = key_choice(table, chosen, *token);
            fail(where, AXES_ERROR_POINTER, error, "%s leads nowhere: no key %s, %s", pointer, quoted, choice);
            return NULL;
        }
        append_part(name, *token, NULL);
        at = cJSON_GetObjectItemCaseSensitive(at, *token);
        if (field->list && token[1]) {
            token++;
            if (!(at = find_element(at, *token, where, pointer, error)))
                return NULL;
            append_part(name, *token, at);
            if (!token[1])
                return field->kind == FIELD_KIND_OBJECT ? &whole_element : field;
        }
        if (token[1] && field->kind != FIELD_KIND_OBJECT) {
            fail(where, AXES_ERROR_POINTER, error, "%s leads nowhere: \"%s\" holds no keys", pointer, field->key);
            return NULL;
        }
        table = field->table;
    }
    if (!field) {
        fail(where, AXES_ERROR_POINTER, error, "\"\" is the whole scenario, expected a pointer to a value in it");
        return NULL;
    }
    return check_allowed(pointer, where, error) ? field : NULL;
}

/* The same of every place that the pointer's patterns name, which must be of one key. */
static const Field *
find_fields(const cJSON *resolved, AxisColumn *column, GString *name, GError **error)
{
    const Field *field = NULL;

    column->pointers = pattern_pointers(scenario_table(), resolved, column->pointer, error);
    if (!column->pointers)
        g_prefix_error(error, "%s: %s ", column->where, column->pointer);
    for (guint i = 0; column->pointers && i < column->pointers->len; i++) {
        const char *pointer = g_ptr_array_index(column->pointers, i);
        g_string_truncate(name, 0);
        const Field *other = find_field(resolved, pointer, column->where, name, error);
        if (!other)
            return NULL;
        if (field && other != field) {
            fail(column->where, AXES_ERROR_POINTER, error, "%s is another key than %s, expected one for all", pointer,
                 (char *)g_ptr_array_index(column->pointers, 0));
            return NULL;
        }
        field = other;
    }
    if (field && pattern_is(column->pointer))
        g_strdelimit(g_string_assign(name, column->pointer + 1)->str, "/", '.');
    return field;
}

/* ---- columns ---- */

static void
free_column(AxisColumn *column)
{
    g_free(column->name);
    g_free(column->pointer);
    g_free(column->where);
    g_ptr_array_unref(column->values);
    g_ptr_array_unref(column->cells);
    if (column->pointers)
        g_ptr_array_unref(column->pointers);
    g_free(column);
}

/* A value as the tables write it: quantities in SI, whole objects by their label or as JSON. */
static char *
cell_text(const Field *field, const cJSON *value)
{
    double amount;

    if (range_amount(field, value, &amount))
        return csv_number(amount);
    if (cJSON_IsString(value))
        return csv_quote(value->valuestring);
    g_autofree char *printed = exact_print(value, FALSE);
    return csv_quote(printed);
}

static gboolean
read_list(const AxisSpec *spec, AxisColumn *column, GError **error)
{
    if (spec->from || spec->to || spec->step || !isnan(spec->count))
        return fail(column->where, AXES_ERROR_VALUES, error, "has both values and a range, expected one of them");
    for (guint i = 0; i < spec->values->len; i++)
        g_ptr_array_add(column->values, cJSON_Duplicate(g_array_index(spec->values, cJSON *, i), TRUE));
    return TRUE;
}

static gboolean
read_range(const AxisSpec *spec, const Field *field, AxisColumn *column, GError **error)
{
    const RangeSpec range = {spec->from, spec->to, spec->step, spec->count, spec->scale == SCALE_LOGARITHMIC};

    column->is_range = TRUE;
    if (range_values(&range, field, AXES_MAX_POINTS, column->values, error))
        return TRUE;
    g_prefix_error(error, "%s: ", column->where);
    return FALSE;
}

static gboolean
label_values(const AxisSpec *spec, const Field *field, AxisColumn *column, GError **error)
{
    const guint n = column->values->len;

    if (spec->labels->len > 0 && spec->labels->len != n)
        return fail(column->where, AXES_ERROR_VALUES, error, "has %u labels for %u values, expected one each",
                    spec->labels->len, n);
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(column->cells, spec->labels->len > 0 ? csv_quote(g_array_index(spec->labels, char *, i))
                                                             : cell_text(field, g_ptr_array_index(column->values, i)));
    return TRUE;
}

/* Reads one pointer's values into axes as the next column. */
static gboolean
add_column(Axes *axes, const AxisSpec *spec, const cJSON *resolved, const char *where, GError **error)
{
    AxisColumn *column = g_new0(AxisColumn, 1);
    g_autoptr(GString) name = g_string_new(NULL);

    column->values = g_ptr_array_new_with_free_func((GDestroyNotify)cJSON_Delete);
    column->cells = g_ptr_array_new_with_free_func(g_free);
    column->where = g_strdup(where);
    column->axis = axes->axes->len;
    g_ptr_array_add(axes->columns, column);
    if (!spec->pointer)
        return fail(where, AXES_ERROR_POINTER, error, "has no pointer, expected one such as \"/hosts/0/memory\"");
    column->pointer = g_strdup(spec->pointer);
    const Field *field = find_fields(resolved, column, name, error);
    if (!field)
        return FALSE;
    column->name =
        g_strconcat(spec->name ? spec->name : name->str, spec->labels->len > 0 ? "" : range_unit_suffix(field), NULL);
    const gboolean is_list = spec->values->len > 0;
    if (!is_list && !spec->from && !spec->to)
        return fail(where, AXES_ERROR_VALUES, error, "is empty, expected values or a range \"from\" … \"to\"");
    if (!(is_list ? read_list(spec, column, error) : read_range(spec, field, column, error)))
        return FALSE;
    return label_values(spec, field, column, error);
}

/* ---- axes ---- */

static gboolean
add_zipped(Axes *axes, const AxisSpec *spec, const cJSON *resolved, const char *where, GError **error)
{
    if (spec->pointer || spec->values->len > 0 || spec->from || spec->to || spec->name)
        return fail(where, AXES_ERROR_VALUES, error,
                    "has \"zip\" and keys of its own, expected them in the zipped axes");
    for (guint i = 0; i < spec->zip->len; i++) {
        g_autofree char *own = g_strdup_printf("%s/zip/%u", where, i);
        if (!add_column(axes, &g_array_index(spec->zip, AxisSpec, i), resolved, own, error))
            return FALSE;
    }
    const AxisColumn *first = axes_column(axes, axes->columns->len - spec->zip->len);
    for (guint i = axes->columns->len - spec->zip->len; i < axes->columns->len; i++) {
        const AxisColumn *column = axes_column(axes, i);
        if (column->values->len != first->values->len)
            return fail(column->where, AXES_ERROR_VALUES, error, "has %u values, expected %u as in %s",
                        column->values->len, first->values->len, first->where);
    }
    return TRUE;
}

static gboolean
add_axis(Axes *axes, const AxisSpec *spec, const cJSON *resolved, guint number, GError **error)
{
    g_autofree char *where = g_strdup_printf("/sweep/axes/%u", number);
    Axis axis = {.first = axes->columns->len};
    const gboolean zipped = spec->zip && spec->zip->len > 0;

    if (!(zipped ? add_zipped(axes, spec, resolved, where, error) : add_column(axes, spec, resolved, where, error)))
        return FALSE;
    axis.n_columns = axes->columns->len - axis.first;
    axis.length = axes_column(axes, axis.first)->values->len;
    g_array_append_val(axes->axes, axis);
    return TRUE;
}

/* Two columns may not share a name or a value; a later one may set what lies inside of an earlier one's. */
static gboolean
check_pointers(const AxisColumn *earlier, const AxisColumn *later, const char *first, const char *second,
               GError **error)
{
    const gsize n = strlen(second);

    if (g_str_equal(first, second))
        return fail(later->where, AXES_ERROR_CLASH, error, "%s is the pointer of %s too, expected each value once",
                    second, earlier->where);
    return strncmp(first, second, n) != 0 || first[n] != '/' ||
           fail(later->where, AXES_ERROR_CLASH, error, "%s holds what %s sets, expected the outer value first", second,
                earlier->where);
}

static gboolean
check_clash(const AxisColumn *earlier, const AxisColumn *later, GError **error)
{
    for (guint i = 0; i < earlier->pointers->len; i++)
        for (guint k = 0; k < later->pointers->len; k++)
            if (!check_pointers(earlier, later, g_ptr_array_index(earlier->pointers, i),
                                g_ptr_array_index(later->pointers, k), error))
                return FALSE;
    if (g_str_equal(earlier->name, later->name))
        return fail(later->where, AXES_ERROR_CLASH, error, "the column %s is that of %s too, expected a \"name\"",
                    later->name, earlier->where);
    return TRUE;
}

static gboolean
check_clashes(const Axes *axes, GError **error)
{
    for (guint later = 1; later < axes->columns->len; later++)
        for (guint earlier = 0; earlier < later; earlier++)
            if (!check_clash(axes_column(axes, earlier), axes_column(axes, later), error))
                return FALSE;
    return TRUE;
}

static gboolean
count_points(Axes *axes, const SweepSpec *spec, GError **error)
{
    double points = 1;

    for (guint i = 0; i < axes->axes->len; i++)
        points *= g_array_index(axes->axes, Axis, i).length;
    if (points * (double)spec->repeats > AXES_MAX_POINTS)
        return fail("/sweep", AXES_ERROR_SIZE, error, "has %.15g runs (points times repeats), expected at most %d",
                    points * (double)spec->repeats, AXES_MAX_POINTS);
    axes->n_points = (guint)points;
    for (guint i = axes->axes->len, stride = 1; i > 0; i--) {
        Axis *axis = &g_array_index(axes->axes, Axis, i - 1);
        axis->stride = stride;
        stride *= axis->length;
    }
    return TRUE;
}

Axes *
axes_new(const SweepSpec *spec, const cJSON *resolved, GError **error)
{
    g_autoptr(Axes) axes = g_new0(Axes, 1);

    axes->columns = g_ptr_array_new_with_free_func((GDestroyNotify)free_column);
    axes->axes = g_array_new(FALSE, TRUE, sizeof(Axis));
    for (guint i = 0; i < spec->axes->len; i++)
        if (!add_axis(axes, &g_array_index(spec->axes, AxisSpec, i), resolved, i, error))
            return NULL;
    return check_clashes(axes, error) && count_points(axes, spec, error) ? g_steal_pointer(&axes) : NULL;
}

void
axes_free(Axes *axes)
{
    if (!axes)
        return;
    g_ptr_array_unref(axes->columns);
    g_array_unref(axes->axes);
    g_free(axes);
}

guint
axes_points(const Axes *axes)
{
    return axes->n_points;
}

guint
axes_count(const Axes *axes)
{
    return axes->axes->len;
}

guint
axes_length(const Axes *axes, guint axis)
{
    return g_array_index(axes->axes, Axis, axis).length;
}

guint
axes_point(const Axes *axes, guint axis, guint value)
{
    return g_array_index(axes->axes, Axis, axis).stride * value;
}

guint
axes_columns(const Axes *axes)
{
    return axes->columns->len;
}

const AxisColumn *
axes_column(const Axes *axes, guint column)
{
    return g_ptr_array_index(axes->columns, column);
}

guint
axes_value(const Axes *axes, guint point, guint column)
{
    const Axis *axis = &g_array_index(axes->axes, Axis, axes_column(axes, column)->axis);

    return point / axis->stride % axis->length;
}
