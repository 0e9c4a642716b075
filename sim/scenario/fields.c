#include "sim/scenario/fields.h"

#include "sim/scenario/origin.h"

#include <math.h>
#include <string.h>

static const gsize element_sizes[] = {
    [FIELD_KIND_BOOLEAN] = sizeof(gboolean), [FIELD_KIND_INTEGER] = sizeof(gint64),
    [FIELD_KIND_NUMBER] = sizeof(double),    [FIELD_KIND_SIZE] = sizeof(double),
    [FIELD_KIND_DATA_RATE] = sizeof(double), [FIELD_KIND_TIME] = sizeof(double),
    [FIELD_KIND_FREQUENCY] = sizeof(double), [FIELD_KIND_STRING] = sizeof(char *),
    [FIELD_KIND_NAME] = sizeof(char *),      [FIELD_KIND_REFERENCE] = sizeof(char *),
    [FIELD_KIND_ENUM] = sizeof(int),         [FIELD_KIND_VALUE] = sizeof(cJSON *),
};

static const char *const rule_words[] = {
    [GROUP_ROUND_ROBIN] = "round-robin", [GROUP_BLOCK] = "block", [GROUP_DRAWN] = "drawn", [GROUP_MESH] = "mesh", NULL};

const Field fields_of_group[] = {
    {"count", FIELD_KIND_INTEGER, .min = "1", .max = GROUP_MEMBERS_MOST,
     .help = "a group: so many of these, NAME-1, NAME-2, …; absent: one, NAME"},
    {"by", FIELD_KIND_ENUM, .words = rule_words,
     .help =
         "which member of another group, where this group names one, each of its members takes. round-robin, also when "
         "absent: the first the first, and so on, again and again; block: neighbours the same one; drawn: any of "
         "them; mesh, of a cable's two ends: each of the one with each of the other"},
    {NULL},
};
const FieldTable group_table = {"group", 0, fields_of_group,
                                .help = "further keys of an element of a list, which then stands for many"};

const FieldCase *
fields_case(const FieldTable *table, const char *word)
{
    for (const FieldCase *c = table->cases; c && c->word; c++)
        if (strcmp(c->word, word) == 0)
            return c;
    return NULL;
}

const char **
fields_case_words(const FieldTable *table)
{
    GPtrArray *words = g_ptr_array_new();

    for (const FieldCase *c = table->cases; c && c->word; c++)
        g_ptr_array_add(words, (char *)c->word);
    g_ptr_array_add(words, NULL);
    return (const char **)g_ptr_array_free(words, FALSE);
}

static const Field *
find_in(const Field *fields, const char *key)
{
    for (; fields && fields->key; fields++)
        if (strcmp(fields->key, key) == 0)
            return fields;
    return NULL;
}

const Field *
fields_find(const FieldTable *table, const FieldCase *chosen, const char *key)
{
    const Field *found = find_in(table->fields, key);

    if (!found && table->groups)
        found = find_in(fields_of_group, key);
    if (found || chosen)
        return found ? found : find_in(chosen->fields, key);
    for (const FieldCase *c = table->cases; !found && c && c->word; c++)
        found = find_in(c->fields, key);
    return found;
}

gboolean
fields_is_quantity(FieldKind kind)
{
    return kind >= FIELD_KIND_SIZE && kind <= FIELD_KIND_FREQUENCY;
}

UnitsDimension
fields_dimension(FieldKind kind)
{
    static const UnitsDimension dimensions[] = {
        [FIELD_KIND_SIZE] = UNITS_SIZE,
        [FIELD_KIND_DATA_RATE] = UNITS_DATA_RATE,
        [FIELD_KIND_TIME] = UNITS_TIME,
        [FIELD_KIND_FREQUENCY] = UNITS_FREQUENCY,
    };
    return dimensions[kind];
}

cJSON *
fields_preset(const Field *field)
{
    const gboolean text =
        fields_is_quantity(field->kind) || (field->kind >= FIELD_KIND_STRING && field->kind <= FIELD_KIND_ENUM);

    if (!field->preset)
        return field->list && !field->required ? cJSON_CreateArray() : NULL;
    if (!field->list && (text || (field->kind == FIELD_KIND_OBJECT && field->preset[0] != '{')))
        return cJSON_CreateString(field->preset);
    cJSON *value = cJSON_Parse(field->preset);
    if (!value)
        g_error("field %s: the preset %s is not JSON", field->key, field->preset);
    origin_mark(value, NULL);
    return value;
}

static double
quantity(const Field *field, const cJSON *item)
{
    const char *text = item->valuestring;
    g_autoptr(GError) error = NULL;
    double value = NAN;

    if (cJSON_IsNumber(item)) /* a member's, which was drawn; nobody can write it */
        return item->valuedouble;
    if (!units_parse(text, fields_dimension(field->kind), &value, &error))
        g_error("fields_read: not a resolved tree: %s", error->message);
    return value;
}

static int
word_index(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    g_error("fields_read: not a resolved tree: unknown word %s", word);
}

static void read_object(const FieldTable *table, const cJSON *resolved, const FieldsMembers *members, guint8 *out);

/* One value of the field's kind into *out; objects go inline. */
static void
read_value(const Field *field, const cJSON *item, const FieldsMembers *members, gpointer out)
{
    switch (field->kind) {
    case FIELD_KIND_BOOLEAN:
        *(gboolean *)out = cJSON_IsTrue(item) ? TRUE : FALSE;
        break;
    case FIELD_KIND_INTEGER:
        if (field->narrow)
            *(guint *)out = (guint)item->valuedouble;
        else
            *(gint64 *)out = (gint64)item->valuedouble;
        break;
    case FIELD_KIND_NUMBER:
        *(double *)out = item->valuedouble;
        break;
    case FIELD_KIND_SIZE:
    case FIELD_KIND_DATA_RATE:
    case FIELD_KIND_TIME:
    case FIELD_KIND_FREQUENCY:
        *(double *)out = quantity(field, item);
        break;
    case FIELD_KIND_STRING:
    case FIELD_KIND_NAME:
    case FIELD_KIND_REFERENCE:
        *(char **)out = g_strdup(item->valuestring);
        break;
    case FIELD_KIND_ENUM:
        *(int *)out = word_index(field->words, item->valuestring);
        break;
    case FIELD_KIND_OBJECT:
        read_object(field->table, item, members, out);
        break;
    case FIELD_KIND_VALUE:
        *(cJSON **)out = cJSON_Duplicate(item, TRUE);
        break;
    }
}

/* The element of a list, or all for which it stands, at the array's end. */
static void
read_element(const Field *field, const cJSON *item, const FieldsMembers *members, GArray *array)
{
    const gsize size = g_array_get_element_size(array), first = array->len;
    guint n = 1;
    gpointer opened = members ? members->open(field, item, &n, members->data) : NULL;

    g_array_set_size(array, (guint)first + n);
    for (guint i = 0; i < n; i++)
        read_value(field, opened ? members->member(opened, i) : item, members, array->data + (first + i) * size);
    if (opened)
        members->close(opened);
}

static GArray *
read_list(const Field *field, const cJSON *list, const FieldsMembers *members)
{
    const gsize size = field->kind == FIELD_KIND_OBJECT ? field->table->size : element_sizes[field->kind];
    GArray *array = g_array_sized_new(FALSE, TRUE, (guint)size, (guint)cJSON_GetArraySize(list));
    const cJSON *item;

    cJSON_ArrayForEach(item, list) read_element(field, item, members, array);
    return array;
}

static gboolean
is_double(FieldKind kind)
{
    return kind >= FIELD_KIND_NUMBER && kind <= FIELD_KIND_FREQUENCY;
}

static void
read_field(const Field *field, const cJSON *item, const FieldsMembers *members, gpointer out)
{
    if (field->list) {
        *(GArray **)out = read_list(field, item, members);
    } else if (!item) {
        if (is_double(field->kind))
            *(double *)out = NAN;
    } else if (field->kind == FIELD_KIND_OBJECT) {
        gpointer object = g_malloc0(field->table->size);
        read_value(field, item, members, object);
        *(gpointer *)out = object;
    } else {
        read_value(field, item, members, out);
    }
}

static void
read_fields(const Field *fields, const cJSON *object, const FieldsMembers *members, guint8 *out)
{
    for (; fields && fields->key; fields++)
        read_field(fields, cJSON_GetObjectItemCaseSensitive(object, fields->key), members, out + fields->offset);
}

static void
read_object(const FieldTable *table, const cJSON *resolved, const FieldsMembers *members, guint8 *out)
{
    read_fields(table->fields, resolved, members, out);
    if (table->tag) {
        const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(resolved, table->tag));
        const FieldCase *chosen = word ? fields_case(table, word) : NULL;
        g_return_if_fail(chosen);
        *(int *)(gpointer)(out + table->tag_offset) = (int)(chosen - table->cases);
        read_fields(chosen->fields, resolved, members, out);
    }
}

void
fields_read_members(const FieldTable *table, const cJSON *resolved, const FieldsMembers *members, gpointer out)
{
    g_return_if_fail(table && cJSON_IsObject(resolved) && out);

    read_object(table, resolved, members, out);
}

void
fields_read(const FieldTable *table, const cJSON *resolved, gpointer out)
{
    fields_read_members(table, resolved, NULL, out);
}

static void
clear_value(const Field *field, gpointer value)
{
    if (field->kind == FIELD_KIND_OBJECT)
        fields_clear(field->table, value);
    else if (field->kind == FIELD_KIND_VALUE)
        cJSON_Delete(*(cJSON **)value);
    else if (element_sizes[field->kind] == sizeof(char *) && field->kind >= FIELD_KIND_STRING)
        g_free(*(char **)value);
}

static void
clear_field(const Field *field, gpointer at)
{
    if (field->list) {
        GArray *array = *(GArray **)at;
        const gsize size = array ? g_array_get_element_size(array) : 0;
        for (guint i = 0; array && i < array->len; i++)
            clear_value(field, array->data + i * size);
        g_clear_pointer((GArray **)at, g_array_unref);
    } else if (field->kind == FIELD_KIND_OBJECT) {
        if (*(gpointer *)at)
            fields_clear(field->table, *(gpointer *)at);
        g_clear_pointer((gpointer *)at, g_free);
    } else {
        clear_value(field, at);
    }
}

static void
clear_fields(const Field *fields, guint8 *in)
{
    for (; fields && fields->key; fields++)
        clear_field(fields, in + fields->offset);
}

void
fields_clear(const FieldTable *table, gpointer in)
{
    g_return_if_fail(table && in);

    clear_fields(table->fields, in);
    if (table->tag)
        clear_fields(table->cases[*(int *)((guint8 *)in + table->tag_offset)].fields, in);
    memset(in, 0, table->size);
}
