#include "sim/cli/shown_values.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/law.h"
#include "sim/scenario/origin.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/profile.h"

#include <string.h>

typedef struct {
    GArray *rows;
    GHashTable *files; /* of profiles: path → cJSON, owned; a NULL where it cannot be read */
} Walk;

static void walk_object(Walk *walk, const FieldTable *table, const cJSON *object, const char *pointer);

static void
clear_row(gpointer data)
{
    ShownValue *row = data;

    g_free(row->pointer);
    g_free(row->value);
    g_free(row->from);
    g_free(row->note);
}

/* "FOLDER/NAME" when the file lies in a folder of configs/, else NULL. (transfer full) */
static char *
profile_of(const char *file)
{
    g_auto(GStrv) places = profile_places();

    for (char **place = places; *place; place++) {
        const gsize length = strlen(*place);
        if (strncmp(file, *place, length) == 0 && file[length] == '/' && g_str_has_suffix(file, ".json"))
            return g_strndup(file + length + 1, strlen(file + length + 1) - strlen(".json"));
    }
    return NULL;
}

char *
shown_values_place(const char *where)
{
    char *profile = profile_of(where);

    return profile ? profile : g_strdup(where);
}

/* ---- sources ---- */

static cJSON *
file_tree(Walk *walk, const char *file)
{
    gpointer known = NULL;

    if (!g_hash_table_lookup_extended(walk->files, file, NULL, &known)) {
        known = json_text_load(file, NULL);
        g_hash_table_insert(walk->files, g_strdup(file), known);
    }
    return known;
}

/* What a profile's "sources" say of the value that stands at pointer in it: "/costs/suspend" is "costs.suspend" there,
 * or is meant with "costs". */
static const char *
source_at(const cJSON *sources, const char *pointer)
{
    g_autofree char *key = g_strdelimit(g_strdup(pointer + 1), "/", '.');

    while (TRUE) {
        const char *source = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(sources, key));
        char *dot = strrchr(key, '.');
        if (source || !dot)
            return source;
        *dot = '\0';
    }
}

/* In the profile the value stands at some end of the pointer: at the longest that leads to something there. */
static const char *
source_of(Walk *walk, const char *file, const char *pointer)
{
    cJSON *tree = file_tree(walk, file);

    for (const char *end = pointer; tree && end; end = strchr(end + 1, '/'))
        if (pointer_get(tree, end, NULL))
            return source_at(cJSON_GetObjectItemCaseSensitive(tree, "sources"), end);
    return NULL;
}

/* ---- rows ---- */

static char *
value_text(const cJSON *value)
{
    if (cJSON_IsString(value))
        return g_strdup(value->valuestring);
    char *printed = cJSON_PrintUnformatted(value);
    char *text = g_strdup(printed);
    cJSON_free(printed);
    return text;
}

static void
add_row(Walk *walk, const char *pointer, const cJSON *value, const char *help)
{
    const char *where = origin_of(value);
    g_autofree char *profile = where ? profile_of(where) : NULL;
    const char *source = profile ? source_of(walk, where, pointer) : NULL;
    const ShownValue row = {g_strdup(pointer), value_text(value),
                            where ? shown_values_place(where) : g_strdup("default"),
                            g_strdup(source ? source
                                     : help ? help
                                            : "")};

    g_array_append_val(walk->rows, row);
}

static void
walk_value(Walk *walk, const Field *field, const cJSON *value, const char *pointer)
{
    if (field->kind == FIELD_KIND_OBJECT && cJSON_IsObject(value))
        walk_object(walk, field->table, value, pointer);
    else if (law_fits(field) && cJSON_IsObject(value))
        walk_object(walk, &law_table, value, pointer);
    else
        add_row(walk, pointer, value, field->help);
}

/* A list of objects, one by one; another list, or an empty one, as a value. */
static void
walk_field(Walk *walk, const Field *field, const cJSON *value, const char *pointer)
{
    const cJSON *item;
    guint index = 0;

    if (!field->list || field->kind != FIELD_KIND_OBJECT || cJSON_GetArraySize(value) == 0) {
        walk_value(walk, field, value, pointer);
        return;
    }
    cJSON_ArrayForEach(item, value)
    {
        g_autofree char *element = g_strdup_printf("%s/%u", pointer, index++);
        walk_value(walk, field, item, element);
    }
}

static void
walk_fields(Walk *walk, const Field *fields, const cJSON *object, const char *pointer)
{
    for (; fields && fields->key; fields++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, fields->key);
        g_autoptr(cJSON) preset = item ? NULL : fields_preset(fields);
        g_autofree char *at = g_strdup_printf("%s/%s", pointer, fields->key);
        if (item || preset)
            walk_field(walk, fields, item ? item : preset, at);
    }
}

static void
walk_word(Walk *walk, const cJSON *object, const char *key, const char *pointer, const char *help)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    g_autofree char *at = g_strdup_printf("%s/%s", pointer, key);

    if (item)
        add_row(walk, at, item, help);
}

static void
walk_object(Walk *walk, const FieldTable *table, const cJSON *object, const char *pointer)
{
    const char *word = table->tag ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, table->tag)) : NULL;
    const FieldCase *chosen = word                ? fields_case(table, word)
                              : table->tag_preset ? fields_case(table, table->tag_preset)
                                                  : NULL;

    if (table->profiles)
        walk_word(walk, object, "profile", pointer, "whose values hold unless given here");
    if (table->tag)
        walk_word(walk, object, table->tag, pointer, chosen ? chosen->help : NULL);
    if (table->groups)
        walk_fields(walk, fields_of_group, object, pointer);
    walk_fields(walk, table->fields, object, pointer);
    if (chosen)
        walk_fields(walk, chosen->fields, object, pointer);
}

static void
free_tree(gpointer tree)
{
    cJSON_Delete(tree);
}

GArray *
shown_values(const FieldTable *table, const cJSON *object)
{
    Walk walk = {g_array_new(FALSE, FALSE, sizeof(ShownValue)),
                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_tree)};

    g_array_set_clear_func(walk.rows, clear_row);
    walk_object(&walk, table, object, "");
    g_hash_table_unref(walk.files);
    return walk.rows;
}
