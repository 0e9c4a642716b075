#include "sim/scenario/pattern.h"

#include "sim/scenario/group_names.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/wording.h"

#include <string.h>

GQuark
pattern_error_quark(void)
{
    return g_quark_from_static_string("tandem-pattern-error");
}

gboolean
pattern_is(const char *token)
{
    return strchr(token, '*') != NULL;
}

int
pattern_first(char **tokens)
{
    for (int i = 0; tokens[i]; i++)
        if (pattern_is(tokens[i]))
            return i;
    return -1;
}

/* How many of the group's members have such a name. */
static guint
members_like(const GPatternSpec *like, const char *group, guint count)
{
    guint n = 0;

    for (guint i = 0; i < count; i++) {
        g_autofree char *name = group_names_member(group, i);
        n += g_pattern_spec_match_string((GPatternSpec *)like, name) ? 1 : 0;
    }
    return n;
}

/* Whether the element has such a name; of a group, FALSE with error set when some of its members have. */
static gboolean
is_like(const cJSON *element, gboolean groups, const char *token, const GPatternSpec *like, const char *where,
        GError **error)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(element, "name"));
    const guint count = groups ? group_names_count(element) : 0;

    if (g_str_equal(token, "*"))
        return TRUE;
    if (!name || g_pattern_spec_match_string((GPatternSpec *)like, name))
        return name != NULL;
    const guint n = members_like(like, name, count);
    if (n == 0 || n == count)
        return n > 0;
    g_set_error(error, PATTERN_ERROR, PATTERN_ERROR_PART,
                "%s/%s is %u of the %u members of the group \"%s\", expected none or all: a group has one value", where,
                token, n, count, name);
    return FALSE;
}

static GArray *
fail_nothing(const cJSON *list, const char *token, const char *where, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name"));
        if (name)
            g_ptr_array_add(names, name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *quoted = wording_quote(token);
    g_autofree char *choice = wording_choice(token, (const char *const *)names->pdata);
    g_set_error(error, PATTERN_ERROR, PATTERN_ERROR_NOTHING, "leads nowhere: nothing in %s is named like %s%s%s", where,
                quoted, names->len > 1 ? ", " : "", names->len > 1 ? choice : "");
    return NULL;
}

GArray *
pattern_elements(const FieldTable *table, const cJSON *list, const char *token, const char *where, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GPatternSpec) like = g_pattern_spec_new(token);
    const gboolean groups = group_names_may_be_groups(table, where);
    g_autoptr(GError) problem = NULL;
    const cJSON *item;
    guint index = 0;

    if (!cJSON_IsArray(list)) {
        g_set_error(error, PATTERN_ERROR, PATTERN_ERROR_LIST, "leads nowhere: %s is no list, in which \"%s\" could be",
                    *where ? where : "the top level", token);
        return NULL;
    }
    cJSON_ArrayForEach(item, list)
    {
        if (is_like(item, groups, token, like, where, &problem))
            g_array_append_val(found, index);
        if (problem) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        index++;
    }
    return found->len > 0 ? g_steal_pointer(&found) : fail_nothing(list, token, where, error);
}

/* What stands behind the first n tokens, or NULL. */
static const cJSON *
reached(const cJSON *tree, char **tokens, int n)
{
    const cJSON *at = tree;

    for (int i = 0; at && i < n; i++)
        at = pointer_child((cJSON *)at, tokens[i]);
    return at;
}

static gboolean
add_pointers(const FieldTable *table, const cJSON *tree, char **tokens, GPtrArray *all, GError **error)
{
    const int star = pattern_first(tokens);

    if (star < 0) {
        g_ptr_array_add(all, pointer_join(tokens, g_strv_length(tokens)));
        return TRUE;
    }
    g_autofree char *where = pointer_join(tokens, (guint)star);
    g_autoptr(GArray) indices = pattern_elements(table, reached(tree, tokens, star), tokens[star], where, error);
    gboolean good = indices != NULL;
    for (guint i = 0; good && i < indices->len; i++) {
        g_autofree char *index = g_strdup_printf("%u", g_array_index(indices, guint, i));
        char *pattern = tokens[star];
        tokens[star] = index;
        good = add_pointers(table, tree, tokens, all, error);
        tokens[star] = pattern;
    }
    return good;
}

GPtrArray *
pattern_pointers(const FieldTable *table, const cJSON *tree, const char *pointer, GError **error)
{
    g_auto(GStrv) tokens = pointer_split(pointer, error);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

    return tokens && add_pointers(table, tree, tokens, all, error) ? g_steal_pointer(&all) : NULL;
}
