#include "sim/scenario/scalar.h"

#include "sim/scenario/key_text.h"
#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 }; /* chosen: fits a column of a listing */

gpointer
scalar_fail_type(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    g_autofree char *found = wording_value(value);
    g_autofree char *expected = field->list ? g_strdup("a list") : key_text_expected_value(field);

    return resolver_fail(r, at, RESOLVE_ERROR_TYPE, error, "is %s, expected %s", found, expected);
}

/* A bound as the table writes it, in SI. */
static double
bound_value(const Field *field, const char *bound)
{
    double value = g_ascii_strtod(bound, NULL);

    if (fields_is_quantity(field->kind) && !units_parse(bound, fields_dimension(field->kind), &value, NULL))
        g_error("field %s: the bound %s is not %s", field->key, bound, units_expected(fields_dimension(field->kind)));
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
    resolver_fail(r, at, RESOLVE_ERROR_VALUE, error, "is %s, expected %s %s", shown, relation, bound);
    return FALSE;
}

static gboolean
check_number(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    const double number = value->valuedouble;
    char shown[G_ASCII_DTOSTR_BUF_SIZE];

    if (!cJSON_IsNumber(value))
        return scalar_fail_type(r, field, value, at, error) != NULL;
    g_ascii_formatd(shown, sizeof shown, "%.15g", number);
    if (field->kind == FIELD_KIND_INTEGER && number != floor(number))
        return resolver_fail(r, at, RESOLVE_ERROR_TYPE, error, "is the number %s, expected an integer", shown) != NULL;
    if (field->kind == FIELD_KIND_INTEGER && fabs(number) > 0x1p53) /* beyond it doubles skip integers */
        return resolver_fail(r, at, RESOLVE_ERROR_VALUE, error, "is the number %s, expected an integer within ±2^53",
                             shown) != NULL;
    return check_bounds(r, field, number, shown, at, error);
}

static gboolean
check_quantity(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    const UnitsDimension dimension = fields_dimension(field->kind);
    g_autoptr(GError) problem = NULL;
    double amount;

    if (cJSON_IsNumber(value)) {
        g_autofree char *found = wording_value(value);
        return resolver_fail(r, at, RESOLVE_ERROR_VALUE, error, "is %s without a unit, expected %s", found,
                             units_expected(dimension)) != NULL;
    }
    if (!cJSON_IsString(value))
        return scalar_fail_type(r, field, value, at, error) != NULL;
    if (!units_parse(value->valuestring, dimension, &amount, &problem))
        return resolver_fail(r, at, RESOLVE_ERROR_VALUE, error, "%s", problem->message) != NULL;
    g_autofree char *shown = wording_quote(value->valuestring);
    return check_bounds(r, field, amount, shown, at, error);
}

gboolean
scalar_is_name(const char *text)
{
    const gsize n = strlen(text);

    return n > 0 && n <= NAME_MAX_BYTES && g_ascii_isalnum(text[0]) &&
           strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-") == n;
}

static gboolean
check_name(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (!r->root && !r->is_base)
        return resolver_fail(r, at, RESOLVE_ERROR_KEY, error,
                             "is a name in a profile, expected it where the profile is used") != NULL;
    if (!scalar_is_name(value->valuestring))
        return scalar_fail_type(r, field, value, at, error) != NULL;
    return TRUE;
}

static gboolean
check_word(const Resolver *r, const char *const *words, const char *word, const PointerStep *at, GError **error)
{
    if (g_strv_contains(words, word))
        return TRUE;
    g_autofree char *quoted = wording_quote(word);
    g_autofree char *choice = wording_choice(word, words);
    return resolver_fail(r, at, RESOLVE_ERROR_VALUE, error, "is %s, %s", quoted, choice) != NULL;
}

/* ---- references ---- */

static char *
reference_choice(Resolver *r, char **lists, const char *name)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    for (; *lists; lists++) {
        g_autoptr(GList) names = g_hash_table_get_keys(resolver_names(r, *lists));
        for (GList *n = names; n; n = n->next)
            g_ptr_array_add(all, n->data);
    }
    g_ptr_array_sort(all, wording_order);
    g_ptr_array_add(all, NULL);
    return wording_choice(name, (const char *const *)all->pdata);
}

/* A group's name stands for one of its members where a group names it, and for all of them in a list of any length. */
static gboolean
check_group_fits(const Resolver *r, const Field *field, const char *name, guint count, const PointerStep *at,
                 GError **error)
{
    if (r->members > 0 || (field->list && (field->max_items == 0 || field->min_items != field->max_items)))
        return TRUE;
    return resolver_fail(r, at, RESOLVE_ERROR_REFERENCE, error,
                         "\"%s\" is a group of %u, expected one of its members \"%s-1\", \"%s-2\", … here", name, count,
                         name, name) != NULL;
}

static gboolean
check_reference(Resolver *r, const Field *field, const char *name, const PointerStep *at, GError **error)
{
    g_auto(GStrv) lists = g_strsplit(field->refers, " ", -1);

    if (!r->root)
        return TRUE;
    for (char **list = lists; *list; list++) {
        guint count = 0;
        const GroupNameKind kind = group_names_find(resolver_names(r, *list), name, &count);
        if (kind != GROUP_NAME_UNKNOWN)
            return kind != GROUP_NAME_GROUP || check_group_fits(r, field, name, count, at, error);
    }
    g_autofree char *quoted = wording_quote(name);
    g_autofree char *places = g_strjoinv(" or ", lists);
    g_autofree char *choice = reference_choice(r, lists, name);
    return resolver_fail(r, at, RESOLVE_ERROR_REFERENCE, error, "no %s in %s, %s", quoted, places, choice) != NULL;
}

/* ---- all of them ---- */

static gboolean
check_text(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (!cJSON_IsString(value))
        return scalar_fail_type(r, field, value, at, error) != NULL;
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

gboolean
scalar_check(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
{
    if (field->kind == FIELD_KIND_VALUE)
        return TRUE;
    if (field->kind == FIELD_KIND_BOOLEAN)
        return cJSON_IsBool(value) || scalar_fail_type(r, field, value, at, error) != NULL;
    if (field->kind == FIELD_KIND_INTEGER || field->kind == FIELD_KIND_NUMBER)
        return check_number(r, field, value, at, error);
    if (fields_is_quantity(field->kind))
        return check_quantity(r, field, value, at, error);
    return check_text(r, field, value, at, error);
}
