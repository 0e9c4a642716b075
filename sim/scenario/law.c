#include "sim/scenario/law.h"

#include "sim/scenario/scalar.h"

#include <math.h>

static const Field choice_fields[] = {
    {"values", FIELD_LIST(Law, values, VALUE), .required = TRUE, .min_items = 1, .help = "what the key can be"},
    {"weights", FIELD_LIST(Law, weights, NUMBER), .min = "0", .help = "how often each comes; absent: all alike"},
    {NULL},
};
static const Field ordered_fields[] = {
    {"values", FIELD_LIST(Law, values, VALUE), .required = TRUE, .min_items = 1, .help = "what the key is, in order"},
    {NULL},
};
#define RANGE_FIELDS                                                                                                   \
    {"from", FIELD_VALUE(Law, from), .required = TRUE, .help = "least value, written as the key's"},                   \
        {"to", FIELD_VALUE(Law, to), .required = TRUE, .help = "largest value"},                                       \
    {                                                                                                                  \
        "step", FIELD_VALUE(Law, step),                                                                                \
            .help = "only from and so many of these more; absent: any value, of sizes whole bytes"                     \
    }
static const Field uniform_fields[] = {RANGE_FIELDS, {NULL}};
static const Field normal_fields[] = {
    {"mean", FIELD_VALUE(Law, middle), .required = TRUE, .help = "of the law before it is cut off"},
    {"deviation", FIELD_VALUE(Law, deviation), .required = TRUE, .help = "its standard deviation"},
    RANGE_FIELDS,
    {NULL},
};
static const Field lognormal_fields[] = {
    {"median", FIELD_VALUE(Law, middle), .required = TRUE, .help = "half of the values are less"},
    {"sigma", FIELD_NUMBER(Law, sigma), .required = TRUE, .above = "0", .max = "10",
     .help = "standard deviation of the logarithm"},
    RANGE_FIELDS,
    {NULL},
};
static const Field law_fields[] = {{NULL}};
static const FieldCase law_cases[] = {
    [LAW_CHOICE] = {"choice", choice_fields, "one of several values, drawn"},
    [LAW_CYCLE] = {"cycle", ordered_fields, "the values one after the other, again and again"},
    [LAW_BLOCK] = {"block", ordered_fields, "the first members the first value, the next ones the second, …"},
    [LAW_UNIFORM] = {"uniform", uniform_fields, "drawn between two values, all alike"},
    [LAW_NORMAL] = {"normal", normal_fields, "drawn by a normal law, again until it lies between two values"},
    [LAW_LOGNORMAL] = {"lognormal", lognormal_fields, "drawn by a log-normal law, likewise"},
    {NULL},
};
const FieldTable law_table = {"law",
                              sizeof(Law),
                              law_fields,
                              .tag = "law",
                              FIELD_TAG(Law, kind),
                              .cases = law_cases,
                              .help = "in a group, instead of any number or quantity: how its members differ in it"};

gboolean
law_fits(const Field *field)
{
    return field->kind == FIELD_KIND_INTEGER || field->kind == FIELD_KIND_NUMBER || fields_is_quantity(field->kind);
}

/* ---- whether its values fit ---- */

static double
amount_of(const Field *field, const cJSON *value)
{
    double amount = value->valuedouble;

    if (fields_is_quantity(field->kind) &&
        !units_parse(value->valuestring, fields_dimension(field->kind), &amount, NULL))
        g_error("law: an unchecked value of %s", field->key);
    return amount;
}

/* Of the values of that key, which may be absent, each is one that the field can have. */
static gboolean
check_key(Resolver *r, const Field *field, const cJSON *law, const char *key, const PointerStep *at, GError **error)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(law, key);
    const PointerStep step = {at, key, 0};
    const cJSON *item;
    guint index = 0;

    if (!value || !cJSON_IsArray(value))
        return !value || scalar_check(r, field, value, &step, error);
    cJSON_ArrayForEach(item, value)
    {
        const PointerStep element = {&step, NULL, index++};
        if (!scalar_check(r, field, item, &element, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_order(Resolver *r, const Field *field, const cJSON *law, const PointerStep *at, GError **error)
{
    const cJSON *from = cJSON_GetObjectItemCaseSensitive(law, "from");
    const cJSON *to = cJSON_GetObjectItemCaseSensitive(law, "to");
    const cJSON *step = cJSON_GetObjectItemCaseSensitive(law, "step");
    const PointerStep at_to = {at, "to", 0}, at_step = {at, "step", 0};

    if (from && amount_of(field, from) > amount_of(field, to))
        return resolver_fail(r, &at_to, RESOLVE_ERROR_VALUE, error, "is less than \"from\", expected at least that") !=
               NULL;
    return !step || amount_of(field, step) > 0 ||
           resolver_fail(r, &at_step, RESOLVE_ERROR_VALUE, error, "is 0, expected more") != NULL;
}

static gboolean
check_weights(Resolver *r, const cJSON *law, const PointerStep *at, GError **error)
{
    const cJSON *weights = cJSON_GetObjectItemCaseSensitive(law, "weights"), *item;
    const int n = cJSON_GetArraySize(weights), values = cJSON_GetArraySize(cJSON_GetObjectItem(law, "values"));
    const PointerStep step = {at, "weights", 0};
    double sum = 0;

    cJSON_ArrayForEach(item, weights) sum += item->valuedouble;
    if (n > 0 && n != values)
        return resolver_fail(r, &step, RESOLVE_ERROR_VALUE, error, "has %d elements, expected %d, one for each value",
                             n, values) != NULL;
    return n == 0 || sum > 0 ||
           resolver_fail(r, &step, RESOLVE_ERROR_VALUE, error, "are all 0, expected one that can be drawn") != NULL;
}

gboolean
law_check(Resolver *r, const Field *field, const cJSON *law, const PointerStep *at, GError **error)
{
    static const char *const bounded[] = {"values", "from", "to", "mean", "median"}, *const free_keys[] = {"deviation",
                                                                                                           "step"};
    Field unbounded = *field;

    unbounded.min = unbounded.above = unbounded.max = unbounded.below = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(bounded); i++)
        if (!check_key(r, field, law, bounded[i], at, error))
            return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(free_keys); i++)
        if (!check_key(r, &unbounded, law, free_keys[i], at, error))
            return FALSE;
    return check_order(r, field, law, at, error) && check_weights(r, law, at, error);
}

/* ---- what it gives ---- */

#define DRAWS_MOST 1000 /* chosen: a law of which so few values lie in its range gives the end of it that is nearer */

static double
drawn_between(const Law *law, const Field *field, RandomStream *random, double from, double to)
{
    const double middle = law->middle ? amount_of(field, law->middle) : 0;
    double value = 0;

    if (law->kind == LAW_UNIFORM)
        return from + (to - from) * random_unit(random);
    for (guint i = 0; i < DRAWS_MOST; i++) {
        const double normal = random_normal(random);
        value = law->kind == LAW_NORMAL ? middle + normal * amount_of(field, law->deviation)
                                        : middle * exp(normal * law->sigma);
        if (value >= from && value <= to)
            return value;
    }
    return CLAMP(value, from, to);
}

/* Of whole things, and of "step" when there is one, as many as fit between both ends. */
static double
whole_steps(const Law *law, const Field *field, double value, double from, double to)
{
    const gboolean whole = field->kind == FIELD_KIND_INTEGER || field->kind == FIELD_KIND_SIZE;
    const double step = law->step ? amount_of(field, law->step) : whole ? 1 : 0;

    if (step > 0)
        value = from + MIN(round((value - from) / step), floor((to - from) / step)) * step;
    return whole ? round(value) : value;
}

static guint
drawn_choice(const Law *law, RandomStream *random)
{
    double sum = 0;

    if (law->weights->len == 0)
        return (guint)random_below(random, law->values->len);
    for (guint i = 0; i < law->weights->len; i++)
        sum += g_array_index(law->weights, double, i);
    double left = random_unit(random) * sum;
    guint last = 0;
    for (guint i = 0; i < law->weights->len; i++) {
        const double weight = g_array_index(law->weights, double, i);
        if (weight > 0)
            last = i;
        if (left < weight)
            return i;
        left -= weight;
    }
    return last; /* the sum was rounded */
}

double
law_draw(const Law *law, const Field *field, guint index, guint n, RandomStream *random)
{
    const guint k = law->values ? law->values->len : 0;

    if (law->kind == LAW_CHOICE)
        return amount_of(field, g_array_index(law->values, cJSON *, drawn_choice(law, random)));
    if (law->kind == LAW_CYCLE)
        return amount_of(field, g_array_index(law->values, cJSON *, index % k));
    if (law->kind == LAW_BLOCK)
        return amount_of(field, g_array_index(law->values, cJSON *, (guint64)index * k / n));
    const double from = amount_of(field, law->from), to = amount_of(field, law->to);
    return whole_steps(law, field, drawn_between(law, field, random, from, to), from, to);
}
