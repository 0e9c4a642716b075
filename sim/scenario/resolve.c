#include "sim/scenario/resolve.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/override.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/units.h"
#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 }; /* chosen: fits a column of a listing */

typedef struct {
    const char *file;
    const cJSON *root;    /* where references are looked up; NULL: a profile on its own, which need not be complete */
    GHashTable *profiles; /* id and file → the profile's values, its own profile merged in */
    GHashTable *names;    /* "/hosts" → the set of names in that list */
    GPtrArray *loading;   /* files of the profiles that are being loaded */
} Resolver;

static cJSON *resolve_field(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error);
static cJSON *resolve_object(Resolver *r, const FieldTable *table, const cJSON *value, const PointerStep *at,
                             GError **error);
static cJSON *keep_preset(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error);

GQuark
resolve_error_quark(void)
{
    return g_quark_from_static_string("resolve-error-quark");
}

/* Sets error to "FILE: POINTER: message"; the root has no pointer to show. Returns NULL for the caller to return. */
static gpointer G_GNUC_PRINTF(5, 6)
    fail(const Resolver *r, const PointerStep *at, ResolveError code, GError **error, const char *format, ...)
{
    g_autofree char *where = pointer_text(at);
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, RESOLVE_ERROR, code, "%s: %s%s%s", r->file, where, *where ? ": " : "", message);
    return NULL;
}

/* ---- scalars ---- */

static gboolean
is_quantity(FieldKind kind)
{
    return kind >= FIELD_KIND_SIZE && kind <= FIELD_KIND_FREQUENCY;
}

static UnitsDimension
dimension_of(FieldKind kind)
{
    static const UnitsDimension dimensions[] = {
        [FIELD_KIND_SIZE] = UNITS_SIZE,
        [FIELD_KIND_DATA_RATE] = UNITS_DATA_RATE,
        [FIELD_KIND_TIME] = UNITS_TIME,
        [FIELD_KIND_FREQUENCY] = UNITS_FREQUENCY,
    };
    return dimensions[kind];
}

static char *
join(const char *before, const char *const *words)
{
    g_autofree char *list = g_strjoinv(", ", (char **)words);

    return g_strconcat(before, list, NULL);
}

static char *
expected_value(const Field *field)
{
    switch (field->kind) {
    case FIELD_KIND_BOOLEAN:
        return g_strdup("true or false");
    case FIELD_KIND_INTEGER:
        return g_strdup("an integer");
    case FIELD_KIND_NUMBER:
        return g_strdup("a number");
    case FIELD_KIND_STRING:
        return g_strdup("text");
    case FIELD_KIND_NAME:
        return g_strdup("a name (1 to 64 letters, digits, '.', '_', '-', first a letter or digit)");
    case FIELD_KIND_REFERENCE:
        return g_strconcat("a name in ", field->refers, NULL);
    case FIELD_KIND_ENUM:
        return join("one of ", field->words);
    case FIELD_KIND_OBJECT:
        return g_strdup(field->table->profiles ? "an object or the name of a profile" : "an object");
    case FIELD_KIND_VALUE:
        return g_strdup("any value");
    default:
        return g_strdup(units_expected(dimension_of(field->kind)));
    }
}

char *
resolve_expected(const Field *field)
{
    g_autofree char *value = expected_value(field);

    return field->list ? g_strconcat("a list, each element ", value, NULL) : g_steal_pointer(&value);
}

static gpointer
fail_type(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    g_autofree char *found = wording_value(value);
    g_autofree char *expected = field->list ? g_strdup("a list") : expected_value(field);

    return fail(r, at, RESOLVE_ERROR_TYPE, error, "is %s, expected %s", found, expected);
}

/* A bound as the table writes it, in SI. */
static double
bound_value(const Field *field, const char *bound)
{
    double value = g_ascii_strtod(bound, NULL);

    if (is_quantity(field->kind) && !units_parse(bound, dimension_of(field->kind), &value, NULL))
        g_error("field %s: the bound %s is not %s", field->key, bound, units_expected(dimension_of(field->kind)));
    return value;
}

/* shown is the value as the user wrote it. */
static gboolean
check_bounds(const Resolver *r, const Field *field, double value, const char *shown, const PointerStep *at,
             GError **error)
{
    const char *relation = NULL, *bound = NULL;

    if (field->min && !(value >= bound_value(field, field->min)))
        relation = "at least", bound = field->min;
    else if (field->above && !(value > bound_value(field, field->above)))
        relation = "more than", bound = field->above;
    else if (field->max && !(value <= bound_value(field, field->max)))
        relation = "at most", bound = field->max;
    else if (field->below && !(value < bound_value(field, field->below)))
        relation = "less than", bound = field->below;
    if (!relation)
        return TRUE;
    fail(r, at, RESOLVE_ERROR_VALUE, error, "is %s, expected %s %s", shown, relation, bound);
    return FALSE;
}

static gboolean
check_number(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    const double number = value->valuedouble;
    char shown[G_ASCII_DTOSTR_BUF_SIZE];

    if (!cJSON_IsNumber(value))
        return fail_type(r, field, value, at, error) != NULL;
    g_ascii_formatd(shown, sizeof shown, "%.15g", number);
    if (field->kind == FIELD_KIND_INTEGER && number != floor(number))
        return fail(r, at, RESOLVE_ERROR_TYPE, error, "is the number %s, expected an integer", shown) != NULL;
    if (field->kind == FIELD_KIND_INTEGER && fabs(number) > 0x1p53) /* beyond it doubles skip integers */
        return fail(r, at, RESOLVE_ERROR_VALUE, error, "is the number %s, expected an integer within ±2^53", shown) !=
               NULL;
    return check_bounds(r, field, number, shown, at, error);
}

static gboolean
check_quantity(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    const UnitsDimension dimension = dimension_of(field->kind);
    g_autoptr(GError) problem = NULL;
    double amount;

    if (cJSON_IsNumber(value)) {
        g_autofree char *found = wording_value(value);
        return fail(r, at, RESOLVE_ERROR_VALUE, error, "is %s without a unit, expected %s", found,
                    units_expected(dimension)) != NULL;
    }
    if (!cJSON_IsString(value))
        return fail_type(r, field, value, at, error) != NULL;
    if (!units_parse(value->valuestring, dimension, &amount, &problem))
        return fail(r, at, RESOLVE_ERROR_VALUE, error, "%s", problem->message) != NULL;
    g_autofree char *shown = wording_quote(value->valuestring);
    return check_bounds(r, field, amount, shown, at, error);
}

static gboolean
is_name(const char *text)
{
    const gsize n = strlen(text);

    return n > 0 && n <= NAME_MAX_BYTES && g_ascii_isalnum(text[0]) &&
           strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-") == n;
}

static gboolean
check_name(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (!r->root)
        return fail(r, at, RESOLVE_ERROR_KEY, error, "is a name in a profile, expected it where the profile is used") !=
               NULL;
    if (!is_name(value->valuestring))
        return fail_type(r, field, value, at, error) != NULL;
    return TRUE;
}

static gboolean
check_word(const Resolver *r, const char *const *words, const char *word, const PointerStep *at, GError **error)
{
    if (g_strv_contains(words, word))
        return TRUE;
    g_autofree char *quoted = wording_quote(word);
    g_autofree char *choice = wording_choice(word, words);
    return fail(r, at, RESOLVE_ERROR_VALUE, error, "is %s, %s", quoted, choice) != NULL;
}

/* ---- references ---- */

/* The names in a list of the document as written: a profile cannot give a name, so none is missed. */
static GHashTable *
names_in(Resolver *r, const char *list)
{
    GHashTable *names = g_hash_table_lookup(r->names, list);
    const cJSON *item;

    if (names)
        return names;
    names = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON_ArrayForEach(item, pointer_get((cJSON *)r->root, list, NULL))
    {
        char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name"));
        if (name)
            g_hash_table_add(names, name);
    }
    g_hash_table_insert(r->names, g_strdup(list), names);
    return names;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
reference_choice(Resolver *r, char **lists, const char *name)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    for (; *lists; lists++) {
        g_autoptr(GList) names = g_hash_table_get_keys(names_in(r, *lists));
        for (GList *n = names; n; n = n->next)
            g_ptr_array_add(all, n->data);
    }
    g_ptr_array_sort(all, compare_names);
    g_ptr_array_add(all, NULL);
    return wording_choice(name, (const char *const *)all->pdata);
}

static gboolean
check_reference(Resolver *r, const Field *field, const char *name, const PointerStep *at, GError **error)
{
    g_auto(GStrv) lists = g_strsplit(field->refers, " ", -1);

    if (!r->root)
        return TRUE;
    for (char **list = lists; *list; list++)
        if (g_hash_table_contains(names_in(r, *list), name))
            return TRUE;
    g_autofree char *quoted = wording_quote(name);
    g_autofree char *places = g_strjoinv(" or ", lists);
    g_autofree char *choice = reference_choice(r, lists, name);
    return fail(r, at, RESOLVE_ERROR_REFERENCE, error, "no %s in %s, %s", quoted, places, choice) != NULL;
}

/* ---- values, lists ---- */

static gboolean
check_text(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (!cJSON_IsString(value))
        return fail_type(r, field, value, at, error) != NULL;
    switch (field->kind) {
    case FIELD_KIND_NAME:
        return check_name(r, field, value, at, error);
    case FIELD_KIND_REFERENCE:
        return check_reference(r, field, value->valuestring, at, error);
    case FIELD_KIND_ENUM:
        return check_word(r, field->words, value->valuestring, at, error);
    default:
        return TRUE;
    }
}

static gboolean
check_scalar(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (field->kind == FIELD_KIND_VALUE)
        return TRUE;
    if (field->kind == FIELD_KIND_BOOLEAN)
        return cJSON_IsBool(value) || fail_type(r, field, value, at, error) != NULL;
    if (field->kind == FIELD_KIND_INTEGER || field->kind == FIELD_KIND_NUMBER)
        return check_number(r, field, value, at, error);
    if (is_quantity(field->kind))
        return check_quantity(r, field, value, at, error);
    return check_text(r, field, value, at, error);
}

static cJSON *
resolve_value(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (field->kind == FIELD_KIND_OBJECT) {
        g_autoptr(cJSON) whole = keep_preset(r, field, value, at, error);
        return whole ? resolve_object(r, field->table, whole, at, error) : NULL;
    }
    return check_scalar(r, field, value, at, error) ? cJSON_Duplicate(value, TRUE) : NULL;
}

static gboolean
check_length(const Resolver *r, const Field *field, const cJSON *list, const PointerStep *at, GError **error)
{
    const guint n = (guint)cJSON_GetArraySize(list);
    const char *relation = field->min_items == field->max_items ? "exactly"
                           : n < field->min_items               ? "at least"
                                                                : "at most";

    if (n >= field->min_items && (field->max_items == 0 || n <= field->max_items))
        return TRUE;
    return fail(r, at, RESOLVE_ERROR_VALUE, error, "has %u element%s, expected %s %u", n, n == 1 ? "" : "s", relation,
                n < field->min_items ? field->min_items : field->max_items) != NULL;
}

static const char *
name_key(const FieldTable *table)
{
    for (const Field *f = table->fields; f && f->key; f++)
        if (f->kind == FIELD_KIND_NAME && !f->list)
            return f->key;
    return NULL;
}

static gboolean
check_names_differ(const Resolver *r, const char *key, const cJSON *list, const PointerStep *at, GError **error)
{
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal); /* name → 1 + index */
    const cJSON *item;
    guint index = 0;

    cJSON_ArrayForEach(item, list)
    {
        const PointerStep element = {at, NULL, index++}, step = {&element, key, 0};
        char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, key));
        const guint taken = name ? GPOINTER_TO_UINT(g_hash_table_lookup(first, name)) : 0;
        if (taken)
            return fail(r, &step, RESOLVE_ERROR_NAME, error,
                        "\"%s\" is taken by element %u, expected a name of its own", name, taken - 1) != NULL;
        if (name)
            g_hash_table_insert(first, name, GUINT_TO_POINTER(index));
    }
    return TRUE;
}

static cJSON *
resolve_list(Resolver *r, const Field *field, const cJSON *list, const PointerStep *at, GError **error)
{
    g_autoptr(cJSON) out = cJSON_CreateArray();
    const cJSON *item;
    guint index = 0;

    if (!cJSON_IsArray(list))
        return fail_type(r, field, list, at, error);
    if (!check_length(r, field, list, at, error))
        return NULL;
    cJSON_ArrayForEach(item, list)
    {
        const PointerStep step = {at, NULL, index++};
        cJSON *element = resolve_value(r, field, item, &step, error);
        if (!element)
            return NULL;
        cJSON_AddItemToArray(out, element);
    }
    const char *key = field->kind == FIELD_KIND_OBJECT ? name_key(field->table) : NULL;
    return !key || check_names_differ(r, key, out, at, error) ? g_steal_pointer(&out) : NULL;
}

static cJSON *
resolve_field(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    return field->list ? resolve_list(r, field, value, at, error) : resolve_value(r, field, value, at, error);
}

/* ---- profiles ---- */

static gpointer
fail_profile(const Resolver *r, const char *folder, const char *name, const PointerStep *at, GError **error)
{
    g_auto(GStrv) names = profile_names(folder);
    g_autofree char *quoted = wording_quote(name);
    g_autofree char *choice = wording_choice(name, (const char *const *)names);

    return fail(r, at, RESOLVE_ERROR_PROFILE, error, "no profile %s in configs/%s, %s", quoted, folder, choice);
}

static cJSON *expand(Resolver *r, const FieldTable *table, const cJSON *value, const PointerStep *at, GError **error);
static cJSON *resolve_members(Resolver *r, const FieldTable *table, const cJSON *object, const PointerStep *at,
                              GError **error);

/* What documents a profile, or serves editors, is not a value. */
static gboolean
drop_documentation(const Resolver *r, cJSON *profile, GError **error)
{
    static const char *const texts[] = {"description", "$schema"};
    static const Field text = {"text", FIELD_KIND_STRING}, source = {"sources", FIELD_KIND_STRING};
    const PointerStep root = {NULL};
    g_autoptr(cJSON) sources = cJSON_DetachItemFromObjectCaseSensitive(profile, "sources");
    const PointerStep in_sources = {&root, "sources", 0};
    const cJSON *item;

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(cJSON) value = cJSON_DetachItemFromObjectCaseSensitive(profile, texts[i]);
        const PointerStep step = {&root, texts[i], 0};
        if (value && !cJSON_IsString(value))
            return fail_type(r, &text, value, &step, error) != NULL;
    }
    if (sources && !cJSON_IsObject(sources))
        return fail(r, &in_sources, RESOLVE_ERROR_TYPE, error, "is no object, expected one of texts") != NULL;
    cJSON_ArrayForEach(item, sources)
    {
        const PointerStep step = {&in_sources, item->string, 0};
        if (!cJSON_IsString(item))
            return fail_type(r, &source, item, &step, error) != NULL;
    }
    return TRUE;
}

/* Loads, expands and checks one profile on its own, so that its mistakes are reported in its own file. */
static cJSON *
load_profile(Resolver *r, const FieldTable *table, const char *file, GError **error)
{
    Resolver alone = *r;
    const PointerStep root = {NULL};
    g_autoptr(cJSON) written = json_text_load(file, error);

    alone.file = file;
    alone.root = NULL;
    if (!written || !override_apply(file, written, error) || !drop_documentation(&alone, written, error))
        return NULL;
    if (!cJSON_IsObject(written))
        return fail(&alone, &root, RESOLVE_ERROR_TYPE, error, "is no object, expected a profile's values");
    g_autoptr(cJSON) values = expand(&alone, table, written, &root, error);
    if (!values)
        return NULL;
    cJSON_DeleteItemFromObjectCaseSensitive(values, "profile");
    g_autoptr(cJSON) checked = resolve_members(&alone, table, values, &root, error);
    return checked ? g_steal_pointer(&values) : NULL;
}

/* The values of a profile, borrowed from r. */
static const cJSON *
find_profile(Resolver *r, const FieldTable *table, const char *name, const PointerStep *at, GError **error)
{
    g_autofree char *file = is_name(name) ? profile_file(table->profiles, name) : NULL;
    if (!file || !g_file_test(file, G_FILE_TEST_EXISTS))
        return fail_profile(r, table->profiles, name, at, error);

    g_autofree char *id = g_strconcat(table->id, ":", file, NULL);
    const cJSON *known = g_hash_table_lookup(r->profiles, id);
    if (known)
        return known;
    if (g_ptr_array_find_with_equal_func(r->loading, file, g_str_equal, NULL))
        return fail(r, at, RESOLVE_ERROR_PROFILE, error, "the profile \"%s\" leads back to itself, expected no circle",
                    name);
    g_ptr_array_add(r->loading, file);
    cJSON *values = load_profile(r, table, file, error);
    g_ptr_array_remove_index(r->loading, r->loading->len - 1);
    if (values)
        g_hash_table_insert(r->profiles, g_steal_pointer(&id), values);
    return values;
}

/* value as an object whose profile, if it names one, is merged in; "profile" stays, for the reader of a result. */
static cJSON *
expand(Resolver *r, const FieldTable *table, const cJSON *value, const PointerStep *at, GError **error)
{
    static const Field name_field = {"profile", FIELD_KIND_STRING};
    const PointerStep step = {at, "profile", 0};
    g_autoptr(cJSON) written = profile_open(table, value);

    if (!cJSON_IsObject(written)) {
        const Field field = {"", FIELD_KIND_OBJECT, .table = table};
        return fail_type(r, &field, value, at, error);
    }
    if (!table->profiles || !cJSON_HasObjectItem(written, "profile"))
        return g_steal_pointer(&written);
    g_autoptr(cJSON) name = cJSON_DetachItemFromObjectCaseSensitive(written, "profile");
    if (!cJSON_IsString(name))
        return name ? fail_type(r, &name_field, name, &step, error) : g_steal_pointer(&written);
    const cJSON *values = find_profile(r, table, name->valuestring, cJSON_IsString(value) ? at : &step, error);
    if (!values)
        return NULL;
    cJSON *merged = profile_merge(table, values, written);
    cJSON_AddItemToObject(merged, "profile", g_steal_pointer(&name));
    return merged;
}

/* ---- defaults ---- */

cJSON *
resolve_preset(const Field *field)
{
    const gboolean text =
        is_quantity(field->kind) || (field->kind >= FIELD_KIND_STRING && field->kind <= FIELD_KIND_ENUM);

    if (!field->preset)
        return field->list && !field->required ? cJSON_CreateArray() : NULL;
    if (!field->list && (text || (field->kind == FIELD_KIND_OBJECT && field->preset[0] != '{')))
        return cJSON_CreateString(field->preset);
    cJSON *value = cJSON_Parse(field->preset);
    if (!value)
        g_error("field %s: the preset %s is not JSON", field->key, field->preset);
    return value;
}

/* TRUE when value does not name the case of a tagged object that the default is: another one, or none where it must
 * name one. The default's word may stand in its profile. Sets error when that profile is wrong. */
static gboolean
is_other_case(Resolver *r, const FieldTable *table, const cJSON *value, const cJSON *preset, const PointerStep *at,
              GError **error)
{
    const cJSON *tag = table->tag ? cJSON_GetObjectItemCaseSensitive(value, table->tag) : NULL;
    const char *word = cJSON_GetStringValue(tag);

    if (!word)
        return table->tag && (tag || !table->tag_preset);
    g_autoptr(cJSON) expanded = expand(r, table, preset, at, error);
    const char *own = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(expanded, table->tag));
    return expanded && g_strcmp0(word, own ? own : table->tag_preset) != 0;
}

/* value with what else the field's default holds: naming one key of something keeps the rest of it. A value that names
 * a profile of its own, or another case, starts afresh. (transfer full) */
static cJSON *
keep_preset(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(cJSON) preset = field->list ? NULL : resolve_preset(field);
    g_autoptr(cJSON) whole = cJSON_Duplicate(value, TRUE);

    if (!preset || !cJSON_IsObject(value) || (field->table->profiles && cJSON_HasObjectItem(value, "profile")))
        return g_steal_pointer(&whole);
    g_autoptr(cJSON) opened = profile_open(field->table, preset);
    if (is_other_case(r, field->table, value, opened, at, &problem))
        return g_steal_pointer(&whole);
    if (problem) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, opened)
    {
        if (!cJSON_GetObjectItemCaseSensitive(whole, item->string))
            cJSON_AddItemToObject(whole, item->string, cJSON_Duplicate(item, TRUE));
    }
    return g_steal_pointer(&whole);
}

/* What stands at tokens below value, an object of that table, given by the file, a profile or a default. */
static cJSON *
value_at(Resolver *r, const FieldTable *table, const cJSON *value, char **tokens)
{
    const PointerStep root = {NULL};
    g_autoptr(cJSON) object = expand(r, table, value, &root, NULL);
    const char *word = table->tag ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, table->tag)) : NULL;
    const Field *field = object ? fields_find(table, word ? fields_case(table, word) : NULL, tokens[0]) : NULL;

    if (!field)
        return NULL;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field->key);
    g_autoptr(cJSON) given = item ? cJSON_Duplicate(item, TRUE) : resolve_preset(field);
    if (!given || !tokens[1])
        return g_steal_pointer(&given);
    if (field->kind != FIELD_KIND_OBJECT)
        return NULL;
    if (field->list) {
        const cJSON *element = pointer_child(given, tokens[1]);
        return element && tokens[2] ? value_at(r, field->table, element, tokens + 2) : NULL;
    }
    g_autoptr(cJSON) whole = keep_preset(r, field, given, &root, NULL);
    return whole ? value_at(r, field->table, whole, tokens + 1) : NULL;
}

/* ---- objects ---- */

static const char **
case_words(const FieldTable *table)
{
    GPtrArray *words = g_ptr_array_new();

    for (const FieldCase *c = table->cases; c && c->word; c++)
        g_ptr_array_add(words, (char *)c->word);
    g_ptr_array_add(words, NULL);
    return (const char **)g_ptr_array_free(words, FALSE);
}

/* Adds the tag's word to out and sets chosen. A profile on its own may leave the case open: chosen stays NULL. */
static gboolean
resolve_tag(Resolver *r, const FieldTable *table, const cJSON *object, cJSON *out, const FieldCase **chosen,
            const PointerStep *at, GError **error)
{
    const PointerStep step = {at, table->tag, 0};
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, table->tag);
    g_autofree const char **words = case_words(table);
    const Field field = {table->tag, FIELD_KIND_ENUM, .words = words};

    if (!item && !table->tag_preset) {
        g_autofree char *expected = expected_value(&field);
        return !r->root || fail(r, &step, RESOLVE_ERROR_KEY, error, "is missing, expected %s", expected) != NULL;
    }
    if (item && !check_text(r, &field, item, &step, error))
        return FALSE;
    const char *word = item ? item->valuestring : table->tag_preset;
    *chosen = fields_case(table, word);
    cJSON_AddStringToObject(out, table->tag, word);
    return TRUE;
}

static void
add_keys(GPtrArray *keys, const Field *fields)
{
    for (; fields && fields->key; fields++)
        g_ptr_array_add(keys, (char *)fields->key);
}

static gpointer
fail_key(const Resolver *r, const FieldTable *table, const FieldCase *chosen, const PointerStep *step, GError **error)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();

    if (table->tag)
        g_ptr_array_add(keys, (char *)table->tag);
    add_keys(keys, table->fields);
    for (const FieldCase *c = table->cases; c && c->word; c++)
        if (!chosen || c == chosen)
            add_keys(keys, c->fields);
    if (table->profiles)
        g_ptr_array_add(keys, (char *)"profile");
    g_ptr_array_add(keys, NULL);
    g_autofree char *choice = wording_choice(step->key, (const char *const *)keys->pdata);
    return fail(r, step, RESOLVE_ERROR_KEY, error, "unknown key, %s", choice);
}

static gboolean
is_handled(const FieldTable *table, const char *key, const PointerStep *at)
{
    return (table->tag && strcmp(key, table->tag) == 0) || (table->profiles && strcmp(key, "profile") == 0) ||
           (!at->up && strcmp(key, "$schema") == 0); /* editors find the schema by it */
}

/* The members that are there, each resolved; NULL with error set when one is unknown or wrong. */
static cJSON *
resolve_present(Resolver *r, const FieldTable *table, const FieldCase *chosen, const cJSON *object,
                const PointerStep *at, GError **error)
{
    g_autoptr(cJSON) present = cJSON_CreateObject();
    const cJSON *item;

    cJSON_ArrayForEach(item, object)
    {
        const PointerStep step = {at, item->string, 0};
        if (is_handled(table, item->string, at))
            continue;
        const Field *field = fields_find(table, chosen, item->string);
        if (!field)
            return fail_key(r, table, chosen, &step, error);
        cJSON *value = resolve_field(r, field, item, &step, error);
        if (!value)
            return NULL;
        cJSON_AddItemToObject(present, item->string, value);
    }
    return g_steal_pointer(&present);
}

static cJSON *
resolve_absent(Resolver *r, const Field *field, const PointerStep *step, GError **error)
{
    g_autoptr(cJSON) preset = resolve_preset(field);
    g_autofree char *expected = resolve_expected(field);

    if (!preset)
        return fail(r, step, RESOLVE_ERROR_KEY, error, "is missing, expected %s", expected);
    return resolve_field(r, field, preset, step, error);
}

/* Moves the fields from present to out in the table's order, with defaults for those that are absent. */
static gboolean
complete(Resolver *r, const Field *fields, cJSON *present, cJSON *out, const PointerStep *at, GError **error)
{
    for (; fields && fields->key; fields++) {
        const PointerStep step = {at, fields->key, 0};
        cJSON *value = cJSON_DetachItemFromObjectCaseSensitive(present, fields->key);
        if (!value && !fields->required && !fields->preset && !fields->list)
            continue;
        if (!value && !(value = resolve_absent(r, fields, &step, error)))
            return FALSE;
        cJSON_AddItemToObject(out, fields->key, value);
    }
    return TRUE;
}

static cJSON *
resolve_members(Resolver *r, const FieldTable *table, const cJSON *object, const PointerStep *at, GError **error)
{
    g_autoptr(cJSON) out = cJSON_CreateObject();
    const FieldCase *chosen = NULL;
    const cJSON *profile = table->profiles ? cJSON_GetObjectItemCaseSensitive(object, "profile") : NULL;

    if (profile)
        cJSON_AddItemToObject(out, "profile", cJSON_Duplicate(profile, TRUE));
    if (table->tag && !resolve_tag(r, table, object, out, &chosen, at, error))
        return NULL;
    g_autoptr(cJSON) present = resolve_present(r, table, chosen, object, at, error);
    if (!present)
        return NULL;
    if (!r->root) /* a profile on its own is only checked */
        return g_steal_pointer(&out);
    if (!complete(r, table->fields, present, out, at, error) ||
        (chosen && !complete(r, chosen->fields, present, out, at, error)))
        return NULL;
    return g_steal_pointer(&out);
}

static cJSON *
resolve_object(Resolver *r, const FieldTable *table, const cJSON *value, const PointerStep *at, GError **error)
{
    g_autoptr(cJSON) expanded = expand(r, table, value, at, error);

    return expanded ? resolve_members(r, table, expanded, at, error) : NULL;
}

static void
open_resolver(Resolver *r)
{
    r->profiles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cJSON_Delete);
    r->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    r->loading = g_ptr_array_new();
}

static void
close_resolver(Resolver *r)
{
    g_hash_table_unref(r->profiles);
    g_hash_table_unref(r->names);
    g_ptr_array_unref(r->loading);
}

cJSON *
resolve_tree(const FieldTable *table, const cJSON *tree, const char *file, GError **error)
{
    g_return_val_if_fail(table && tree && file, NULL);

    const PointerStep root = {NULL};
    Resolver resolver = {file, tree};

    open_resolver(&resolver);
    cJSON *resolved = resolve_object(&resolver, table, tree, &root, error);
    close_resolver(&resolver);
    return resolved;
}

cJSON *
resolve_value_at(const FieldTable *table, const cJSON *tree, char **tokens)
{
    g_return_val_if_fail(table && tree && tokens && tokens[0], NULL);

    Resolver resolver = {"", tree};

    open_resolver(&resolver);
    cJSON *value = value_at(&resolver, table, tree, tokens);
    close_resolver(&resolver);
    return value;
}
