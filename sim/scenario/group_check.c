#include "sim/scenario/group_check.h"

#include "sim/scenario/scalar.h"

#include <string.h>

/* ---- names ---- */

/* The elements' names are counted in elements: 1 + index, and in members: their count. */
typedef struct {
    GHashTable *first;  /* owned; name → 1 + index of its element */
    GHashTable *counts; /* owned; as group_names_new() gives them */
} Names;

static gboolean
check_member_name(const Resolver *r, const Names *names, const char *name, const PointerStep *step, GError **error)
{
    const char *group = group_names_owner(names->counts, name);

    if (!group)
        return TRUE;
    const guint element = GPOINTER_TO_UINT(g_hash_table_lookup(names->first, group)) - 1;
    return resolver_fail(r, step, RESOLVE_ERROR_NAME, error,
                         "\"%s\" is a member of the group \"%s\", element %u, expected a name of its own", name, group,
                         element) != NULL;
}

gboolean
group_check_names(const Resolver *r, const FieldTable *table, const char *key, const cJSON *list, const PointerStep *at,
                  GError **error)
{
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    const Names names = {first, counts};
    gboolean has_groups = FALSE;
    const cJSON *item;
    guint index = 0;

    cJSON_ArrayForEach(item, list)
    {
        const PointerStep element = {at, NULL, index++}, step = {&element, key, 0};
        char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, key));
        const guint taken = name ? GPOINTER_TO_UINT(g_hash_table_lookup(first, name)) : 0;
        if (taken) {
            resolver_fail(r, &step, RESOLVE_ERROR_NAME, error,
                          "\"%s\" is taken by element %u, expected a name of its own", name, taken - 1);
            if (!resolver_goes_on(r, error))
                return FALSE;
        }
        if (!name || taken)
            continue;
        g_hash_table_insert(first, name, GUINT_TO_POINTER(index));
        g_hash_table_insert(counts, name, GUINT_TO_POINTER(group_names_count(item)));
        has_groups = has_groups || (table->groups && group_names_count(item) > 0);
    }
    index = 0;
    for (item = has_groups ? list->child : NULL; item; item = item->next) {
        const PointerStep element = {at, NULL, index++}, step = {&element, key, 0};
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, key));
        if (name && !check_member_name(r, &names, name, &step, error) && !resolver_goes_on(r, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- keys ---- */

/* The last member's name is the longest. */
static gboolean
check_last_name(const Resolver *r, const cJSON *object, const PointerStep *at, GError **error)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "name"));
    const PointerStep step = {at, "name", 0};

    if (!name || !scalar_is_name(name))
        return TRUE;
    g_autofree char *last = group_names_member(name, group_names_count(object) - 1);
    return scalar_is_name(last) ||
           resolver_fail(r, &step, RESOLVE_ERROR_NAME, error,
                         "its last member's name \"%s\" is too long, expected at most 64 letters", last) != NULL;
}

/* The key that holds two references, as a cable's ends; NULL: the objects have none. */
static const Field *
pair_field(const FieldTable *table)
{
    for (const Field *field = table->fields; field && field->key; field++)
        if (field->kind == FIELD_KIND_REFERENCE && field->list && field->min_items == 2 && field->max_items == 2)
            return field;
    return NULL;
}

/* How many members the group has to which a value of the field refers; 0: it refers to none. */
static guint
members_of(Resolver *r, const Field *field, const cJSON *value)
{
    g_auto(GStrv) lists = g_strsplit(field->refers, " ", -1);
    guint count = 0;

    for (char **list = lists; cJSON_IsString(value) && *list; list++)
        if (group_names_find(resolver_names(r, *list), value->valuestring, &count) == GROUP_NAME_GROUP)
            return count;
    return 0;
}

static gboolean
check_mesh(Resolver *r, const FieldTable *table, const cJSON *object, const PointerStep *at, GError **error)
{
    const Field *pair = pair_field(table);
    const cJSON *ends = pair ? cJSON_GetObjectItemCaseSensitive(object, pair->key) : NULL;
    const PointerStep at_by = {at, "by", 0}, at_count = {at, "count", 0};
    const guint count = group_names_count(object);

    if (g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "by")), "mesh") != 0)
        return TRUE;
    const guint64 first = pair ? members_of(r, pair, cJSON_GetArrayItem(ends, 0)) : 0;
    const guint64 second = pair ? members_of(r, pair, cJSON_GetArrayItem(ends, 1)) : 0;
    if (first == 0 || second == 0)
        return resolver_fail(r, &at_by, RESOLVE_ERROR_VALUE, error,
                             "is \"mesh\", of two ends that are groups, expected these or another rule") != NULL;
    return count == first * second ||
           resolver_fail(r, &at_count, RESOLVE_ERROR_VALUE, error,
                         "is %u, expected %" G_GUINT64_FORMAT
                         ", for each of the one end's %u members with each of the other's %u",
                         count, first * second, (guint)first, (guint)second) != NULL;
}

gboolean
group_check_keys(Resolver *r, const FieldTable *table, const cJSON *object, const PointerStep *at, GError **error)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(object, "count");
    const cJSON *by = cJSON_GetObjectItemCaseSensitive(object, "by");
    const PointerStep at_count = {at, "count", 0}, at_by = {at, "by", 0};

    if (!r->root && !r->is_base && (count || by))
        return resolver_fail(r, count ? &at_count : &at_by, RESOLVE_ERROR_KEY, error,
                             "is a group's in a profile, expected it where the profile is used") != NULL;
    if (!count)
        return !by || resolver_fail(r, &at_by, RESOLVE_ERROR_KEY, error,
                                    "is of groups, expected a \"count\" beside it, or no \"by\"") != NULL;
    if (group_names_count(object) == 0) /* it is wrong, which has been told */
        return TRUE;
    if (!check_last_name(r, object, at, error) && !resolver_goes_on(r, error))
        return FALSE;
    return !r->root || check_mesh(r, table, object, at, error);
}
