#include "sim/scenario/schema.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/key_text.h"
#include "sim/scenario/law.h"
#include "sim/scenario/profile.h"

typedef struct {
    cJSON *tables;        /* by id */
    GHashTable *in_group; /* ids of tables whose objects stand in groups, which may have laws for numbers */
    gboolean has_laws;    /* the one that is being described */
} Definitions;

static void add_definition(Definitions *defs, const FieldTable *table, gboolean root);

static cJSON *
words_array(const char *const *words)
{
    cJSON *array = cJSON_CreateArray();

    for (; words && *words; words++)
        cJSON_AddItemToArray(array, cJSON_CreateString(*words));
    return array;
}

static void
add_reference(cJSON *to, const FieldTable *table)
{
    g_autofree char *reference = g_strconcat("#/$defs/", table->id, NULL);

    cJSON_AddStringToObject(to, "$ref", reference);
}

static void
add_quantity(cJSON *to, UnitsDimension dimension)
{
    g_autofree char *pattern = units_pattern(dimension);

    cJSON_AddStringToObject(to, "type", "string");
    cJSON_AddStringToObject(to, "pattern", pattern);
}

static void
add_bound(cJSON *to, const char *keyword, const char *bound)
{
    if (bound)
        cJSON_AddNumberToObject(to, keyword, g_ascii_strtod(bound, NULL));
}

static void
add_number(cJSON *to, const Field *field)
{
    cJSON_AddStringToObject(to, "type", field->kind == FIELD_KIND_INTEGER ? "integer" : "number");
    add_bound(to, "minimum", field->min);
    add_bound(to, "exclusiveMinimum", field->above);
    add_bound(to, "maximum", field->max);
    add_bound(to, "exclusiveMaximum", field->below);
}

/* What one value of the field's kind must be, into the schema object to. */
static void
add_plain_kind(Definitions *defs, cJSON *to, const Field *field)
{
    switch (field->kind) {
    case FIELD_KIND_BOOLEAN:
        cJSON_AddStringToObject(to, "type", "boolean");
        break;
    case FIELD_KIND_INTEGER:
    case FIELD_KIND_NUMBER:
        add_number(to, field);
        break;
    case FIELD_KIND_SIZE:
    case FIELD_KIND_DATA_RATE:
    case FIELD_KIND_TIME:
    case FIELD_KIND_FREQUENCY:
        add_quantity(to, fields_dimension(field->kind));
        break;
    case FIELD_KIND_ENUM:
        cJSON_AddItemToObject(to, "enum", words_array(field->words));
        break;
    case FIELD_KIND_NAME:
        cJSON_AddStringToObject(to, "type", "string");
        cJSON_AddStringToObject(to, "pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
        break;
    case FIELD_KIND_STRING:
    case FIELD_KIND_REFERENCE:
        cJSON_AddStringToObject(to, "type", "string");
        break;
    case FIELD_KIND_OBJECT:
        add_definition(defs, field->table, FALSE);
        add_reference(to, field->table);
        break;
    case FIELD_KIND_VALUE:
        break;
    }
}

/* The same, or a law. */
static void
add_kind(Definitions *defs, cJSON *to, const Field *field)
{
    if (!defs->has_laws || !law_fits(field)) {
        add_plain_kind(defs, to, field);
        return;
    }
    cJSON *choices = cJSON_AddArrayToObject(to, "anyOf"), *plain = cJSON_CreateObject(), *law = cJSON_CreateObject();
    cJSON_AddItemToArray(choices, plain);
    cJSON_AddItemToArray(choices, law);
    add_plain_kind(defs, plain, field);
    add_definition(defs, &law_table, FALSE);
    add_reference(law, &law_table);
}

static void
add_property(Definitions *defs, cJSON *properties, const Field *field)
{
    cJSON *property = cJSON_AddObjectToObject(properties, field->key);
    g_autofree char *text = key_text_description(field); /* an editor shows it beside the key */
    cJSON *preset = fields_preset(field);

    cJSON_AddStringToObject(property, "description", text);
    if (field->list) {
        cJSON_AddStringToObject(property, "type", "array");
        if (field->min_items)
            cJSON_AddNumberToObject(property, "minItems", field->min_items);
        if (field->max_items)
            cJSON_AddNumberToObject(property, "maxItems", field->max_items);
        add_kind(defs, cJSON_AddObjectToObject(property, "items"), field);
    } else {
        add_kind(defs, property, field);
    }
    if (preset)
        cJSON_AddItemToObject(property, "default", preset);
}

/* Adds fields to the properties of a schema object and to what it requires. Where a profile may give values only a
 * name, which no profile can give, is required. */
static void
add_fields(Definitions *defs, cJSON *properties, cJSON *required, const Field *fields, gboolean profiled)
{
    for (; fields && fields->key; fields++) {
        add_property(defs, properties, fields);
        if (fields->required && (!profiled || fields->kind == FIELD_KIND_NAME))
            cJSON_AddItemToArray(required, cJSON_CreateString(fields->key));
    }
}

/* The profiles that there are; where there is none, any name: an empty enum is no schema. */
static void
add_names(cJSON *to, char **names)
{
    if (*names)
        cJSON_AddItemToObject(to, "enum", words_array((const char *const *)names));
    else
        cJSON_AddStringToObject(to, "type", "string");
}

/* A group's own keys are no laws. */
static void
add_group_fields(Definitions *defs, cJSON *properties, cJSON *required, const FieldTable *table)
{
    const gboolean has_laws = defs->has_laws;

    defs->has_laws = FALSE;
    if (table->groups)
        add_fields(defs, properties, required, fields_of_group, FALSE);
    defs->has_laws = has_laws;
}

static void
add_profile_property(cJSON *properties, const FieldTable *table)
{
    g_auto(GStrv) names = profile_names(table->profiles);
    cJSON *property = cJSON_AddObjectToObject(properties, "profile");
    g_autofree char *text =
        g_strdup_printf("a profile of configs/%s whose values hold unless given here", table->profiles);

    cJSON_AddStringToObject(property, "description", text);
    add_names(property, names);
}

static void
add_tag_property(cJSON *properties, const FieldTable *table, const char *word)
{
    cJSON *property = cJSON_AddObjectToObject(properties, table->tag);

    if (word) {
        cJSON_AddStringToObject(property, "const", word);
        return;
    }
    GString *text = g_string_new("");
    cJSON *words = cJSON_AddArrayToObject(property, "enum");
    for (const FieldCase *c = table->cases; c->word; c++) {
        cJSON_AddItemToArray(words, cJSON_CreateString(c->word));
        g_string_append_printf(text, "%s%s: %s", text->len ? "; " : "", c->word, c->help ? c->help : "");
    }
    cJSON_AddStringToObject(property, "description", text->str);
    if (table->tag_preset)
        cJSON_AddStringToObject(property, "default", table->tag_preset);
    g_string_free(text, TRUE);
}

/* What another scenario may give, which this one extends, is not required beside "extends". */
static void
add_required(cJSON *to, cJSON *required)
{
    static const char *const extends[] = {"extends", NULL};

    if (cJSON_GetArraySize(required) > 0 &&
        cJSON_HasObjectItem(cJSON_GetObjectItemCaseSensitive(to, "properties"), "extends")) {
        cJSON *choices = cJSON_AddArrayToObject(to, "anyOf"), *own = cJSON_CreateObject(),
              *other = cJSON_CreateObject();
        cJSON_AddItemToObject(own, "required", required);
        cJSON_AddItemToObject(other, "required", words_array(extends));
        cJSON_AddItemToArray(choices, own);
        cJSON_AddItemToArray(choices, other);
    } else if (cJSON_GetArraySize(required) > 0)
        cJSON_AddItemToObject(to, "required", required);
    else
        cJSON_Delete(required);
}

/* One closed object: the common fields and those of one case (or of none, for an object without a tag). chosen NULL
 * with a tag: the case comes from a profile, so that the fields of every case are allowed. */
static cJSON *
object_schema(Definitions *defs, const FieldTable *table, const FieldCase *chosen, gboolean root)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *required = cJSON_CreateArray();

    cJSON_AddStringToObject(object, "type", "object");
    if (chosen && chosen->help)
        cJSON_AddStringToObject(object, "description", chosen->help);
    cJSON *properties = cJSON_AddObjectToObject(object, "properties");
    if (root)
        cJSON_AddStringToObject(cJSON_AddObjectToObject(properties, "$schema"), "type", "string");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(properties, "$comment"), "type", "string");
    if (table->profiles)
        add_profile_property(properties, table);
    if (chosen)
        add_tag_property(properties, table, chosen->word);
    if (chosen && !(table->tag_preset && g_str_equal(chosen->word, table->tag_preset)))
        cJSON_AddItemToArray(required, cJSON_CreateString(table->tag));
    add_group_fields(defs, properties, required, table);
    add_fields(defs, properties, required, table->fields, table->profiles != NULL);
    if (chosen)
        add_fields(defs, properties, required, chosen->fields, table->profiles != NULL);
    add_required(object, required);
    cJSON_AddBoolToObject(object, "additionalProperties", FALSE);
    return object;
}

/* With a profile the case may come from there: its keys are those of any case. */
static cJSON *
open_case_schema(Definitions *defs, const FieldTable *table)
{
    static const Field none[] = {{NULL}};
    FieldTable untagged = *table;

    untagged.tag = NULL;
    untagged.cases = NULL;
    cJSON *object = object_schema(defs, &untagged, NULL, FALSE);
    cJSON *properties = cJSON_GetObjectItemCaseSensitive(object, "properties");
    add_tag_property(properties, table, NULL);
    for (const FieldCase *c = table->cases; c->word; c++)
        for (const Field *f = c->fields ? c->fields : none; f->key; f++)
            if (!cJSON_HasObjectItem(properties, f->key))
                add_property(defs, properties, f);
    const char *const required[] = {"profile", NULL};
    cJSON_AddItemToObject(object, "required", words_array(required));
    return object;
}

static cJSON *
table_schema(Definitions *defs, const FieldTable *table, gboolean root)
{
    if (!table->tag && !table->profiles)
        return object_schema(defs, table, NULL, root);
    cJSON *schema = cJSON_CreateObject();
    cJSON *choices = cJSON_AddArrayToObject(schema, "anyOf");
    if (table->profiles) {
        g_autofree char *text = g_strdup_printf("the name of a profile of configs/%s", table->profiles);
        g_auto(GStrv) names = profile_names(table->profiles);
        cJSON *name = cJSON_CreateObject();
        cJSON_AddStringToObject(name, "description", text);
        add_names(name, names);
        cJSON_AddItemToArray(choices, name);
    }
    if (!table->tag)
        cJSON_AddItemToArray(choices, object_schema(defs, table, NULL, root));
    for (const FieldCase *c = table->cases; table->tag && c->word; c++)
        cJSON_AddItemToArray(choices, object_schema(defs, table, c, root));
    if (table->tag && table->profiles)
        cJSON_AddItemToArray(choices, open_case_schema(defs, table));
    return schema;
}

static void
add_definition(Definitions *defs, const FieldTable *table, gboolean root)
{
    const gboolean has_laws = defs->has_laws;

    if (cJSON_HasObjectItem(defs->tables, table->id))
        return;
    cJSON_AddNullToObject(defs->tables, table->id); /* known from here on, and first in the order */
    defs->has_laws = g_hash_table_contains(defs->in_group, table->id);
    cJSON *schema = table_schema(defs, table, root);
    defs->has_laws = has_laws;
    if (table->help)
        cJSON_AddStringToObject(schema, "description", table->help);
    cJSON_ReplaceItemInObjectCaseSensitive(defs->tables, table->id, schema);
}

static void note_tables(GHashTable *in_group, GHashTable *seen, const FieldTable *table, gboolean grouped);

static void
note_fields(GHashTable *in_group, GHashTable *seen, const Field *fields, gboolean grouped)
{
    for (; fields && fields->key; fields++)
        if (fields->table)
            note_tables(in_group, seen, fields->table, grouped || (fields->list && fields->table->groups));
}

/* Adds the ids of the tables whose objects stand in groups, from this one on. */
static void
note_tables(GHashTable *in_group, GHashTable *seen, const FieldTable *table, gboolean grouped)
{
    if (!g_hash_table_add(grouped ? in_group : seen, (gpointer)table->id))
        return;
    note_fields(in_group, seen, table->fields, grouped);
    for (const FieldCase *c = table->cases; c && c->word; c++)
        note_fields(in_group, seen, c->fields, grouped);
}

char *
schema_text(const FieldTable *root, const char *title)
{
    g_return_val_if_fail(root && title, NULL);

    g_autoptr(cJSON) schema = cJSON_CreateObject();
    g_autoptr(GHashTable) in_group = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON_AddStringToObject(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(schema, "title", title);
    add_reference(schema, root);
    note_tables(in_group, seen, root, FALSE);
    Definitions defs = {cJSON_AddObjectToObject(schema, "$defs"), in_group, FALSE};
    add_definition(&defs, root, TRUE);
    char *printed = cJSON_Print(schema);
    char *text = g_strconcat(printed, "\n", NULL);
    cJSON_free(printed);
    return text;
}
