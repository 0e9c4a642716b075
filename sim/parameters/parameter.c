#include "sim/parameters/parameter.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/override.h"
#include "sim/scenario/units.h"

#include <math.h>

#define CHANCE_SHIFT 1000 /* chosen: far above any number of seeds in use */

static const char *const kind_words[] = {"fitted", "assumed", "chance", NULL};

/* What a text measures, or -1. Every unit belongs to one dimension. */
static int
dimension_of(const char *text, double *value)
{
    for (UnitsDimension d = UNITS_SIZE; d <= UNITS_FREQUENCY; d++)
        if (units_parse(text, d, value, NULL))
            return (int)d;
    return -1;
}

gboolean
parameter_is_scalable(const cJSON *value)
{
    double number = 0;

    if (cJSON_IsNumber(value))
        return value->valuedouble != 0;
    return cJSON_IsString(value) && dimension_of(value->valuestring, &number) >= 0 && number != 0;
}

double
parameter_rounded(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    return g_ascii_strtod(g_ascii_formatd(text, sizeof text, "%.12g", value), NULL);
}

static double
whole(double value, double factor)
{
    const double scaled = round(value * factor);

    return scaled != value ? scaled : value + (factor > 1 ? 1 : -1);
}

/* fmin and fmax pass over NAN. */
static double
clipped(const Parameter *parameter, double value)
{
    return fmin(fmax(value, parameter->least), parameter->most);
}

/* In the unit that it is written in, but for a limit. */
static cJSON *
scaled_quantity(const Parameter *parameter, const char *text, double factor)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE], *unit = NULL;
    const double amount = g_ascii_strtod(text, &unit) * factor;
    g_autofree char *scaled = g_strconcat(g_ascii_formatd(digits, sizeof digits, "%.12g", amount), unit, NULL);
    double value = 0;
    const int dimension = dimension_of(scaled, &value);

    if (clipped(parameter, value) == value)
        return cJSON_CreateString(scaled);
    g_autofree char *limit = units_print(clipped(parameter, value), (UnitsDimension)dimension);
    return cJSON_CreateString(limit);
}

cJSON *
parameter_scaled(const Parameter *parameter, const Place *place, double factor)
{
    if (parameter->instead[0])
        return cJSON_Duplicate(parameter->instead[factor > 1], TRUE);
    const double number = place->value->valuedouble, own = 1 + place->share * (factor - 1);

    if (cJSON_IsString(place->value))
        return scaled_quantity(parameter, place->value->valuestring, own);
    return cJSON_CreateNumber(
        clipped(parameter, number == floor(number) ? whole(number, own) : parameter_rounded(number * own)));
}

double
parameter_in_si(const cJSON *value)
{
    double number = value->valuedouble;

    if (cJSON_IsString(value))
        (void)dimension_of(value->valuestring, &number);
    return number;
}

double
parameter_step(const Parameter *parameter, double factor)
{
    if (parameter->places->len == 0 || parameter->instead[0])
        return 0;
    const Place *place = &g_array_index(parameter->places, Place, 0);
    g_autoptr(cJSON) scaled = parameter_scaled(parameter, place, factor);
    return parameter_rounded((parameter_in_si(scaled) / parameter_in_si(place->value) - 1) / place->share * 100);
}

static char *
value_text(const cJSON *value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (cJSON_IsBool(value))
        return g_strdup(cJSON_IsTrue(value) ? "true" : "false");
    return cJSON_IsString(value) ? g_strdup(value->valuestring)
                                 : g_strdup(g_ascii_formatd(text, sizeof text, "%.12g", value->valuedouble));
}

char *
parameter_text(const Parameter *parameter, double factor)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < parameter->places->len; i++) {
        const Place *place = &g_array_index(parameter->places, Place, i);
        g_autoptr(cJSON) scaled =
            factor == 1 ? cJSON_Duplicate(place->value, TRUE) : parameter_scaled(parameter, place, factor);
        g_autofree char *text = value_text(scaled);
        if (!g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
            g_ptr_array_add(texts, g_steal_pointer(&text));
    }
    g_ptr_array_add(texts, NULL);
    return g_strjoinv(" ", (char **)texts->pdata);
}

void
parameter_override(const Parameter *parameter, double factor)
{
    if (parameter->kind == PARAMETER_CHANCE)
        override_shift_seeds(factor < 1 ? CHANCE_SHIFT : 2 * CHANCE_SHIFT);
    for (guint i = 0; i < parameter->places->len; i++) {
        const Place *place = &g_array_index(parameter->places, Place, i);
        g_autoptr(cJSON) scaled = parameter_scaled(parameter, place, factor);
        override_add(place->file, place->pointer, scaled);
    }
}

const char *
parameter_kind_text(ParameterKind kind)
{
    return kind_words[kind];
}
