#include "sim/scenario/resolve.h"

#include "sim/scenario/group_check.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/key_text.h"
#include "sim/scenario/law.h"
#include "sim/scenario/list_rules.h"
#include "sim/scenario/origin.h"
#include "sim/scenario/override.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/scalar.h"

#include <string.h>

static cJSON *resolve_field(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error);
static cJSON *resolve_object(Resolver *r, const FieldTable *table, const cJSON *value, const PointerStep *at,
                             GError **error);
static cJSON *keep_preset(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error);

/* ---- values, lists ---- */

static cJSON *
resolve_law(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (r->members == 0)
        return resolver_fail(r, at, RESOLVE_ERROR_VALUE, error,
                             "is a law, by which the members of a group differ, expected one value, or a \"count\"");
    const guint before = r->errors ? r->errors->len : 0;
    g_autoptr(cJSON) law = resolve_object(r, &law_table, value, at, error);
    if (!law || !r->root || (r->errors && r->errors->len > before)) /* nothing, or not all of it, is there to check */
        return g_steal_pointer(&law);
    return law_check(r, field, law, at, error) ? g_steal_pointer(&law) : NULL;
}

static cJSON *
resolve_value(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (field->kind == FIELD_KIND_OBJECT) {
        g_autoptr(cJSON) whole = keep_preset(r, field, value, at, error);
        return whole ? resolve_object(r, field->table, whole, at, error) : NULL;
    }
    if (law_fits(field) && cJSON_HasObjectItem(value, law_table.tag))
        return resolve_law(r, field, value, at, error);
    return scalar_check(r, field, value, at, error) ? cJSON_Duplicate(value, TRUE) : NULL;
}

static cJSON *
resolve_list(Resolver *r, const Field *field, const cJSON *list, const PointerStep *at, GError **error)
{
    g_autoptr(cJSON) out = cJSON_CreateArray();
    const cJSON *item;
    guint index = 0;

    origin_copy(out, list);
    if (!cJSON_IsArray(list))
        return scalar_fail_type(r, field, list, at, error);
    if (!list_rules_check_length(r, field, list, at, error) && !resolver_goes_on(r, error))
        return NULL;
    cJSON_ArrayForEach(item, list)
    {
        const PointerStep step = {at, NULL, index++};
        cJSON *element = resolve_value(r, field, item, &step, error);
        if (!element && !resolver_goes_on(r, error))
            return NULL;
        cJSON_AddItemToArray(out, element ? element : cJSON_CreateNull());
    }
    return list_rules_check_names(r, field, out, at, error) ? g_steal_pointer(&out) : NULL;
}

static cJSON *
resolve_field(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    return field->list ? resolve_list(r, field, value, at, error) : resolve_value(r, field, value, at, error);
}

/* ---- profiles ---- */

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
            return scalar_fail_type(r, &text, value, &step, error) != NULL;
    }
    if (sources && !cJSON_IsObject(sources))
        return resolver_fail(r, &in_sources, RESOLVE_ERROR_TYPE, error, "is no object, expected one of texts") != NULL;
    cJSON_ArrayForEach(item, sources)
    {
        const PointerStep step = {&in_sources, item->string, 0};
        if (!cJSON_IsString(item))
            return scalar_fail_type(r, &source, item, &step, error) != NULL;
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
    alone.is_base = FALSE;
    if (written)
        origin_mark(written, file);
    alone.members = 0;
    if (!written || !override_apply(file, written, error) || !drop_documentation(&alone, written, error))
        return NULL;
    if (!cJSON_IsObject(written))
        return resolver_fail(&alone, &root, RESOLVE_ERROR_TYPE, error, "is no object, expected a profile's values");
    g_autoptr(cJSON) values = expand(&alone, table, written, &root, error);
    if (!values)
        return NULL;
    cJSON_DeleteItemFromObjectCaseSensitive(values, "profile");
    g_autoptr(GPtrArray) mistakes = r->errors ? g_ptr_array_new_with_free_func(g_free) : NULL;
    alone.errors = mistakes;
    g_autoptr(cJSON) checked = resolve_members(&alone, table, values, &root, error);
    return checked && resolver_take(r, mistakes, error) ? g_steal_pointer(&values) : NULL;
}

/* Of a profile that is not there and need not be. */
static const cJSON *
no_values(Resolver *r)
{
    cJSON *none = g_hash_table_lookup(r->profiles, "");

    if (!none)
        g_hash_table_insert(r->profiles, g_strdup(""), none = cJSON_CreateObject());
    return none;
}

/* The values of a profile, borrowed from r. */
static const cJSON *
find_profile(Resolver *r, const FieldTable *table, const char *name, const PointerStep *at, GError **error)
{
    g_autofree char *file = scalar_is_name(name) ? profile_file(table->profiles, name) : NULL;
    if (!file)
        return r->known && g_hash_table_contains(r->known, name)
                   ? no_values(r)
                   : resolver_fail_profile(r, table->profiles, name, at, error);
    g_autofree char *id = g_strconcat(table->id, ":", file, NULL);
    const cJSON *known = g_hash_table_lookup(r->profiles, id);
    if (known)
        return known;
    if (g_ptr_array_find_with_equal_func(r->loading, file, g_str_equal, NULL))
        return resolver_fail(r, at, RESOLVE_ERROR_PROFILE, error,
                             "the profile \"%s\" leads back to itself, expected no circle", name);
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
        return scalar_fail_type(r, &field, value, at, error);
    }
    if (!table->profiles || !cJSON_HasObjectItem(written, "profile"))
        return g_steal_pointer(&written);
    g_autoptr(cJSON) name = cJSON_DetachItemFromObjectCaseSensitive(written, "profile");
    if (!cJSON_IsString(name))
        return name ? scalar_fail_type(r, &name_field, name, &step, error) : g_steal_pointer(&written);
    const cJSON *values = find_profile(r, table, name->valuestring, cJSON_IsString(value) ? at : &step, error);
    if (!values)
        return NULL;
    cJSON *merged = profile_merge(table, values, written);
    cJSON_AddItemToObject(merged, "profile", g_steal_pointer(&name));
    return merged;
}

/* ---- defaults ---- */

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
    g_autoptr(cJSON) preset = field->list ? NULL : fields_preset(field);
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
    g_autoptr(cJSON) given = item ? cJSON_Duplicate(item, TRUE) : fields_preset(field);
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

/* Adds the tag's word to out and sets chosen. A profile on its own may leave the case open: chosen stays NULL. */
static gboolean
resolve_tag(Resolver *r, const FieldTable *table, const cJSON *object, cJSON *out, const FieldCase **chosen,
            const PointerStep *at, GError **error)
{
    const PointerStep step = {at, table->tag, 0};
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, table->tag);
    g_autofree const char **words = fields_case_words(table);
    const Field field = {table->tag, FIELD_KIND_ENUM, .words = words};

    if (!item && !table->tag_preset) {
        g_autofree char *expected = key_text_expected_value(&field);
        return !r->root ||
               resolver_fail(r, &step, RESOLVE_ERROR_KEY, error, "is missing, expected %s", expected) != NULL;
    }
    if (item && !scalar_check(r, &field, item, &step, error))
        return FALSE;
    const char *word = item ? item->valuestring : table->tag_preset;
    *chosen = fields_case(table, word);
    cJSON_AddStringToObject(out, table->tag, word);
    if (item)
        origin_copy(cJSON_GetObjectItemCaseSensitive(out, table->tag), item);
    return TRUE;
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
    static const Field comment = {"$comment", FIELD_KIND_STRING};
    g_autoptr(cJSON) present = cJSON_CreateObject();
    const cJSON *item;

    cJSON_ArrayForEach(item, object)
    {
        const PointerStep step = {at, item->string, 0};
        if (is_handled(table, item->string, at))
            continue;
        if (strcmp(item->string, "$comment") == 0) { /* for whoever reads the file */
            if (!scalar_check(r, &comment, item, &step, error) && !resolver_goes_on(r, error))
                return NULL;
            continue;
        }
        const Field *field = fields_find(table, chosen, item->string);
        if (!field) {
            resolver_fail_key(r, table, chosen, &step, error);
            if (!resolver_goes_on(r, error))
                return NULL;
            continue;
        }
        cJSON *value = resolve_field(r, field, item, &step, error);
        if (!value && !resolver_goes_on(r, error))
            return NULL;
        cJSON_AddItemToObject(present, item->string, value ? value : cJSON_CreateNull()); /* wrong, but not missing */
    }
    return g_steal_pointer(&present);
}

static cJSON *
resolve_absent(Resolver *r, const Field *field, const PointerStep *step, GError **error)
{
    g_autoptr(cJSON) preset = fields_preset(field);
    g_autofree char *expected = key_text_expected(field);

    if (!preset)
        return resolver_fail(r, step, RESOLVE_ERROR_KEY, error, "is missing, expected %s", expected);
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
        if (!value && !(value = resolve_absent(r, fields, &step, error)) && !resolver_goes_on(r, error))
            return FALSE;
        if (value)
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
    if (table->tag && !resolve_tag(r, table, object, out, &chosen, at, error) && !resolver_goes_on(r, error))
        return NULL;
    g_autoptr(cJSON) present = resolve_present(r, table, chosen, object, at, error);
    if (!present)
        return NULL;
    if (table->groups && !group_check_keys(r, table, object, at, error) && !resolver_goes_on(r, error))
        return NULL;
    if (!r->root) /* a profile on its own is only checked */
        return g_steal_pointer(&out);
    if ((table->groups && !complete(r, fields_of_group, present, out, at, error)) ||
        !complete(r, table->fields, present, out, at, error) ||
        (chosen && !complete(r, chosen->fields, present, out, at, error)))
        return NULL;
    return g_steal_pointer(&out);
}

static cJSON *
resolve_object(Resolver *r, const FieldTable *table, const cJSON *value, const PointerStep *at, GError **error)
{
    g_autoptr(cJSON) expanded = expand(r, table, value, at, error);
    const guint around = r->members;

    if (table->groups) /* one of which the count is wrong is a group too */
        r->members = MAX(group_names_count(expanded), cJSON_HasObjectItem(expanded, "count") ? 1 : 0);
    cJSON *resolved = expanded ? resolve_members(r, table, expanded, at, error) : NULL;
    r->members = around;
    return resolved;
}

/* Adds the profiles that the tree names. */
static void
add_profiles(GHashTable *names, const cJSON *value)
{
    for (const cJSON *item = value->child; item; item = item->next) {
        if (cJSON_IsString(item) && item->string && strcmp(item->string, "profile") == 0)
            g_hash_table_add(names, item->valuestring);
        add_profiles(names, item);
    }
}

static cJSON *
resolve_all(Resolver *resolver, const FieldTable *table, const cJSON *tree, GError **error)
{
    const PointerStep root = {NULL};

    resolver_open(resolver);
    cJSON *resolved = resolve_object(resolver, table, tree, &root, error);
    resolver_close(resolver);
    return resolved;
}

cJSON *
resolve_tree(const FieldTable *table, const cJSON *tree, const char *file, GError **error)
{
    g_return_val_if_fail(table && tree && file, NULL);

    Resolver resolver = {file, table, tree};
    return resolve_all(&resolver, table, tree, error);
}

cJSON *
resolve_again(const FieldTable *table, const cJSON *tree, const cJSON *resolved, const char *file, GError **error)
{
    g_return_val_if_fail(table && tree && resolved && file, NULL);

    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    Resolver resolver = {file, table, tree, .known = known};
    add_profiles(known, resolved);
    return resolve_all(&resolver, table, tree, error);
}

cJSON *
resolve_gathering(const FieldTable *table, const cJSON *tree, const char *file, GPtrArray *errors)
{
    g_return_val_if_fail(table && tree && file && errors, NULL);

    g_autoptr(GError) error = NULL;
    const guint before = errors->len;
    Resolver resolver = {file, table, tree, .errors = errors};
    g_autoptr(cJSON) resolved = resolve_all(&resolver, table, tree, &error);
    if (!resolved)
        (void)resolver_goes_on(&resolver, &error);
    return errors->len == before ? g_steal_pointer(&resolved) : NULL;
}

gboolean
resolve_check_base(const FieldTable *table, const cJSON *tree, const char *file, GError **error)
{
    g_return_val_if_fail(table && tree && file, FALSE);

    Resolver resolver = {file, table, .is_base = TRUE};
    g_autoptr(cJSON) checked = resolve_all(&resolver, table, tree, error);
    return checked != NULL;
}

cJSON *
resolve_profile(const FieldTable *table, const char *name, GError **error)
{
    g_return_val_if_fail(table && table->profiles && name, NULL);

    const PointerStep root = {NULL};
    g_autofree char *shown = g_build_filename(table->profiles, name, NULL);
    Resolver resolver = {shown, table};
    resolver_open(&resolver);
    const cJSON *values = find_profile(&resolver, table, name, &root, error);
    cJSON *copy = values ? cJSON_Duplicate(values, TRUE) : NULL;
    resolver_close(&resolver);
    return copy;
}

cJSON *
resolve_value_at(const FieldTable *table, const cJSON *tree, char **tokens)
{
    g_return_val_if_fail(table && tree && tokens && tokens[0], NULL);

    Resolver resolver = {"", table, tree};

    resolver_open(&resolver);
    cJSON *value = value_at(&resolver, table, tree, tokens);
    resolver_close(&resolver);
    return value;
}
