#include "sim/parameters/parameters.h"

#include "sim/scenario/data_folder.h"
#include "sim/scenario/fields.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

#define SEPARATOR ": "

static const char *const listed_kinds[] = {"fitted", "assumed", NULL};

GQuark
parameters_error_quark(void)
{
    return g_quark_from_static_string("tandem-parameters-error");
}

/* ---- the file ---- */

typedef struct {
    char *at;
    char *part, *except; /* one of them */
} WithinSpec;

typedef struct {
    char *name;
    ParameterKind kind;
    GArray *at;     /* of char * */
    GArray *within; /* of WithinSpec */
    char *source;
    char *listed;
    GArray *instead; /* of cJSON * */
    double least, most;
} ParameterSpec;

typedef struct {
    char *description;
    GArray *parameters; /* of ParameterSpec */
    GArray *headlines;  /* of Headline */
} ListSpec;

static const Field within_fields[] = {
    {"at", FIELD_STRING(WithinSpec, at), .required = TRUE, .help = "where a sum stands that has the parameter in it"},
    {"part", FIELD_STRING(WithinSpec, part), .help = "pointer in the same file to the value that is the parameter"},
    {"except", FIELD_STRING(WithinSpec, except), .help = "or to the value that is the rest of the sum"},
    {NULL},
};
static const FieldTable within_table = {"within", sizeof(WithinSpec), within_fields,
                                        .help = "a sum that the parameter is one part of"};

static const Field parameter_fields[] = {
    {"name", FIELD_NAME(ParameterSpec, name), .required = TRUE, .help = "what tables and --parameter call it"},
    {"kind", FIELD_ENUM(ParameterSpec, kind), .words = listed_kinds, .required = TRUE,
     .help = "fitted to a stated or measured value, or assumed"},
    {"at", FIELD_LIST(ParameterSpec, at, STRING),
     .help = "where it stands, \"guests/qi-meng-vm: /workload/rate\"; several move together"},
    {"within", FIELD_LIST(ParameterSpec, within, OBJECT), .table = &within_table, .help = "sums that it is a part of"},
    {"source", FIELD_STRING(ParameterSpec, source), .required = TRUE, .help = "why it has its value"},
    {"listed", FIELD_STRING(ParameterSpec, listed), .help = "its name in the fitted parameters of tandem reproduce"},
    {"instead", FIELD_LIST(ParameterSpec, instead, VALUE), .max_items = 2,
     .help = "of a word or a switch: what stands there on the lower and on the higher side"},
    {"least", FIELD_NUMBER(ParameterSpec, least), .help = "no value goes below it, in SI"},
    {"most", FIELD_NUMBER(ParameterSpec, most), .help = "no value goes above it, in SI"},
    {NULL},
};
static const FieldTable parameter_table = {"parameter", sizeof(ParameterSpec), parameter_fields,
                                           .help = "a value that somebody fitted or assumed"};

static const Field headline_fields[] = {
    {"finding", FIELD_STRING(Headline, finding), .required = TRUE, .help = "id of a claim, ID.MEASURE, or prediction"},
    {"title", FIELD_STRING(Headline, title), .required = TRUE, .help = "its panel's title"},
    {NULL},
};
static const FieldTable headline_table = {"headline", sizeof(Headline), headline_fields,
                                          .help = "a number that has a panel in the figure"};

static const Field list_fields[] = {
    {"description", FIELD_STRING(ListSpec, description), .required = TRUE, .help = "what it belongs to"},
    {"parameters", FIELD_LIST(ListSpec, parameters, OBJECT), .table = &parameter_table, .required = TRUE,
     .min_items = 1, .help = "all of them"},
    {"headlines", FIELD_LIST(ListSpec, headlines, OBJECT), .table = &headline_table, .max_items = 12,
     .help = "panels of the figure"},
    {NULL},
};
static const FieldTable list_table = {"parameter-list", sizeof(ListSpec), list_fields,
                                      .help = "the fitted and assumed parameters behind a paper's claims"};

static void
clear_place(gpointer data)
{
    Place *place = data;

    g_free(place->file);
    g_free(place->pointer);
    cJSON_Delete(place->value);
}

static void
free_parameter(gpointer data)
{
    Parameter *parameter = data;

    g_free(parameter->name);
    g_free(parameter->source);
    g_free(parameter->listed);
    g_array_unref(parameter->places);
    for (int side = 0; side < 2; side++)
        cJSON_Delete(parameter->instead[side]);
    g_free(parameter);
}

static Parameter *
new_parameter(const char *name, ParameterKind kind, const char *source)
{
    Parameter *parameter = g_new0(Parameter, 1);

    parameter->name = g_strdup(name);
    parameter->kind = kind;
    parameter->source = g_strdup(source);
    parameter->least = parameter->most = NAN;
    parameter->places = g_array_new(FALSE, FALSE, sizeof(Place));
    g_array_set_clear_func(parameter->places, clear_place);
    return parameter;
}

static void
clear_headline(gpointer data)
{
    Headline *headline = data;

    g_free(headline->finding);
    g_free(headline->title);
}

void
parameters_free(ParameterList *list)
{
    if (!list)
        return;
    g_free(list->path);
    g_ptr_array_unref(list->parameters);
    g_array_unref(list->headlines);
    g_hash_table_unref(list->listed);
    g_free(list);
}

/* ---- reading ---- */

/* "guests/qi-meng-vm" → "configs/guests/qi-meng-vm.json"; a scenario's file is written in full. */
static char *
place_file(const char *name)
{
    return g_str_has_prefix(name, "scenarios/") ? g_strdup(name) : g_strdup_printf("configs/%s.json", name);
}

/* The value at a pointer, when it is one that can be scaled, if it has to be. shown names it in the message. */
static const cJSON *
look_up(cJSON *tree, const char *pointer, gboolean scaled, const char *shown, GError **error)
{
    const cJSON *value = pointer_get(tree, pointer, error);

    if (!value) {
        g_prefix_error(error, "%s: ", shown);
        return NULL;
    }
    if (!scaled || parameter_is_scalable(value))
        return value;
    g_autofree char *found = wording_value(value);
    g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_PLACE,
                "%s: is %s, expected a number or a quantity with a unit, and not 0", shown, found);
    return NULL;
}

/* The share of value that within's part is. FALSE: it is no part of it. */
static gboolean
read_share(cJSON *tree, const WithinSpec *within, const cJSON *value, const char *shown, double *share, GError **error)
{
    if (!within->part == !within->except) {
        g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_PLACE, "%s: expected one of part and except", shown);
        return FALSE;
    }
    const cJSON *other = look_up(tree, within->part ? within->part : within->except, TRUE, shown, error);
    if (!other)
        return FALSE;
    *share = parameter_in_si(other) / parameter_in_si(value);
    if (within->except)
        *share = parameter_rounded(1 - *share);
    if (*share > 0 && *share <= 1)
        return TRUE;
    g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_PLACE, "%s: has no such part, expected a sum of it and more",
                shown);
    return FALSE;
}

/* at: "FILE: POINTER"; within: NULL when the whole value is the parameter. The message reads on from where it is
 * written. */
static gboolean
read_place(Parameter *parameter, const char *at, const WithinSpec *within, GError **error)
{
    const char *separator = strstr(at, SEPARATOR);
    g_autofree char *quoted = wording_quote(at);
    double share = 1;

    if (!separator) {
        g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_PLACE,
                    "is %s, expected FILE: POINTER such as \"guests/qi-meng-vm: /workload/rate\"", quoted);
        return FALSE;
    }
    g_autofree char *name = g_strndup(at, (gsize)(separator - at));
    const char *pointer = separator + strlen(SEPARATOR);
    g_autofree char *file = place_file(name);
    g_autofree char *path = data_folder_file(file);
    g_autoptr(cJSON) tree = json_text_load(path, error);
    if (!tree)
        g_prefix_error(error, "%s: ", quoted);
    const cJSON *value = tree ? look_up(tree, pointer, !parameter->instead[0], quoted, error) : NULL;
    if (!value || (within && !read_share(tree, within, value, quoted, &share, error)))
        return FALSE;
    const Place place = {g_steal_pointer(&file), g_strdup(pointer), cJSON_Duplicate(value, TRUE), share};
    g_array_append_val(parameter->places, place);
    return TRUE;
}

static gboolean
read_places(Parameter *parameter, const ParameterSpec *spec, GError **error)
{
    for (guint i = 0; i < spec->at->len; i++)
        if (!read_place(parameter, g_array_index(spec->at, char *, i), NULL, error)) {
            g_prefix_error(error, "/at/%u: ", i);
            return FALSE;
        }
    for (guint i = 0; i < spec->within->len; i++) {
        const WithinSpec *within = &g_array_index(spec->within, WithinSpec, i);
        if (!read_place(parameter, within->at, within, error)) {
            g_prefix_error(error, "/within/%u: ", i);
            return FALSE;
        }
    }
    if (parameter->places->len > 0)
        return TRUE;
    g_set_error_literal(error, PARAMETERS_ERROR, PARAMETERS_ERROR_PLACE, ": has no place, expected at or within");
    return FALSE;
}

static gboolean
take_parameter(ParameterList *list, const ParameterSpec *spec, GError **error)
{
    Parameter *parameter = new_parameter(spec->name, spec->kind, spec->source);

    g_ptr_array_add(list->parameters, parameter);
    parameter->listed = g_strdup(spec->listed);
    parameter->least = spec->least;
    parameter->most = spec->most;
    for (guint side = 0; side < 2 && spec->instead->len > 0; side++)
        parameter->instead[side] =
            cJSON_Duplicate(g_array_index(spec->instead, cJSON *, MIN(side, spec->instead->len - 1)), TRUE);
    g_hash_table_add(list->listed, g_strdup(spec->listed ? spec->listed : spec->name));
    if (read_places(parameter, spec, error))
        return TRUE;
    g_prefix_error(error, "%s: /parameters/%u", list->path, list->parameters->len - 1);
    return FALSE;
}

static gboolean
take_list(ParameterList *list, const ListSpec *spec, GError **error)
{
    for (guint i = 0; i < spec->headlines->len; i++) {
        const Headline *headline = &g_array_index(spec->headlines, Headline, i);
        const Headline copy = {g_strdup(headline->finding), g_strdup(headline->title)};
        g_array_append_val(list->headlines, copy);
    }
    for (guint i = 0; i < spec->parameters->len; i++)
        if (!take_parameter(list, &g_array_index(spec->parameters, ParameterSpec, i), error))
            return FALSE;
    return TRUE;
}

static gboolean
read_list(ParameterList *list, GError **error)
{
    g_autoptr(cJSON) tree = json_text_load(list->path, error);
    g_autoptr(cJSON) resolved = tree ? resolve_tree(&list_table, tree, list->path, error) : NULL;
    ListSpec spec = {0};

    if (!resolved)
        return FALSE;
    fields_read(&list_table, resolved, &spec);
    const gboolean well = take_list(list, &spec, error);
    fields_clear(&list_table, &spec);
    return well;
}

ParameterList *
parameters_load(const char *name, GError **error)
{
    g_autoptr(ParameterList) list = g_new0(ParameterList, 1);

    g_autofree char *file = g_strdup_printf("configs/parameters/%s.json", name);
    list->path = data_folder_file(file);
    list->parameters = g_ptr_array_new_with_free_func(free_parameter);
    list->headlines = g_array_new(FALSE, FALSE, sizeof(Headline));
    g_array_set_clear_func(list->headlines, clear_headline);
    list->listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return read_list(list, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- choosing ---- */

static const char **
names_of(const ParameterList *list)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < list->parameters->len; i++)
        g_ptr_array_add(names, ((Parameter *)g_ptr_array_index(list->parameters, i))->name);
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}

gboolean
parameters_keep(ParameterList *list, const char *const *names, GError **error)
{
    g_autofree const char **known = names_of(list);

    for (const char *const *name = names; *name; name++)
        if (!g_strv_contains(known, *name)) {
            g_autofree char *quoted = wording_quote(*name);
            g_autofree char *choice = wording_choice(*name, known);
            g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_NAME, "no parameter %s in %s, %s", quoted, list->path,
                        choice);
            return FALSE;
        }
    for (guint i = list->parameters->len; i > 0; i--)
        if (!g_strv_contains(names, ((Parameter *)g_ptr_array_index(list->parameters, i - 1))->name))
            g_ptr_array_remove_index(list->parameters, i - 1);
    return TRUE;
}

void
parameters_add_chance(ParameterList *list)
{
    g_ptr_array_add(list->parameters, new_parameter("other-seeds", PARAMETER_CHANCE,
                                                    "other random numbers: the noise under all the rest"));
}
