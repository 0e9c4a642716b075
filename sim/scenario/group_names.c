#include "sim/scenario/group_names.h"

#include "sim/scenario/pointer.h"

#include <string.h>

gboolean
group_names_may_be_groups(const FieldTable *table, const char *list)
{
    const Field *field = *list == '/' ? fields_find(table, NULL, list + 1) : NULL;

    return field && field->list && field->table && field->table->groups;
}

guint
group_names_count(const cJSON *element)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(element, "count");
    const double most = g_ascii_strtod(GROUP_MEMBERS_MOST, NULL);

    if (!cJSON_IsNumber(count) || !(count->valuedouble >= 1 && count->valuedouble <= most))
        return 0;
    return (guint)count->valuedouble;
}

GHashTable *
group_names_new(const FieldTable *table, const cJSON *root, const char *list)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    const gboolean groups = group_names_may_be_groups(table, list);
    const cJSON *item;

    cJSON_ArrayForEach(item, pointer_get((cJSON *)root, list, NULL))
    {
        char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name"));
        if (name)
            g_hash_table_insert(names, name, GUINT_TO_POINTER(groups ? group_names_count(item) : 0));
    }
    if (table->add_names)
        table->add_names(root, list, names);
    return names;
}

/* The K of "NAME-K", a number from 1 on as it is printed, or 0; length: that of NAME. */
static guint64
number_behind(const char *name, gsize *length)
{
    const char *dash = strrchr(name, '-');
    guint64 number = 0;

    if (!dash || dash[1] == '0' || !g_ascii_isdigit(dash[1]) ||
        !g_ascii_string_to_unsigned(dash + 1, 10, 1, G_MAXUINT, &number, NULL))
        return 0;
    *length = (gsize)(dash - name);
    return number;
}

const char *
group_names_owner(GHashTable *names, const char *name)
{
    gpointer key, count;
    gsize length = 0;
    const guint64 number = number_behind(name, &length);

    if (number == 0)
        return NULL;
    g_autofree char *group = g_strndup(name, length);
    if (!g_hash_table_lookup_extended(names, group, &key, &count) || number > GPOINTER_TO_UINT(count))
        return NULL;
    return key;
}

GroupNameKind
group_names_find(GHashTable *names, const char *name, guint *count)
{
    gpointer members;

    if (!g_hash_table_lookup_extended(names, name, NULL, &members))
        return group_names_owner(names, name) ? GROUP_NAME_MEMBER : GROUP_NAME_UNKNOWN;
    if (count)
        *count = GPOINTER_TO_UINT(members);
    return GPOINTER_TO_UINT(members) > 0 ? GROUP_NAME_GROUP : GROUP_NAME_SINGLE;
}

char *
group_names_member(const char *group, guint index)
{
    return g_strdup_printf("%s-%u", group, index + 1);
}
