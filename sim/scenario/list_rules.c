#include "sim/scenario/list_rules.h"

#include "sim/scenario/group_check.h"

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

    return !key || group_check_names(r, field->table, key, list, at, error);
}
