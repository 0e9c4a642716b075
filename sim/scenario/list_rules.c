#include "sim/scenario/list_rules.h"

#include <string.h>

gboolean
list_rules_check_length(const Resolver *r, const Field *field, const cJSON *list, const PointerStep *at, GError **error)
{
    const guint n = (guint)cJSON_GetArraySize(list);
    const char *relation = field->min_items == field->max_items ? "exactly"
                           : n < field->min_items               ? "at least"
                                                                : "at most";

    if (n >= field->min_items && (field->max_items == 0 || n <= field->max_items))
        return TRUE;
    return resolver_fail(r, at, RESOLVE_ERROR_VALUE, error, "has %u element%s, expected %s %u", n, n == 1 ? "" : "s",
                         relation, n < field->min_items ? field->min_items : field->max_items) != NULL;
}

static const char *
name_key(const FieldTable *table)
{
    for (const Field *f = table->fields; f && f->key; f++)
        if (f->kind == FIELD_KIND_NAME && !f->list)
            return f->key;
    return NULL;
}

gboolean
list_rules_check_names(const Resolver *r, const Field *field, const cJSON *list, const PointerStep *at, GError **error)
{
    const char *key = field->kind == FIELD_KIND_OBJECT ? name_key(field->table) : NULL;
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal); /* name → 1 + index */
    const cJSON *item;
    guint index = 0;

    if (!key)
        return TRUE;
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
        } else if (name)
            g_hash_table_insert(first, name, GUINT_TO_POINTER(index));
    }
    return TRUE;
}
