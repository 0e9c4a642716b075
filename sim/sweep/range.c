#include "sim/sweep/range.h"

#include "sim/scenario/key_text.h"

#include <math.h>

GQuark
range_error_quark(void)
{
    return g_quark_from_static_string("tandem-range-error");
}

static const char *const suffixes[] = {
    [FIELD_KIND_SIZE] = "_bytes",
    [FIELD_KIND_DATA_RATE] = "_Bps",
    [FIELD_KIND_TIME] = "_s",
    [FIELD_KIND_FREQUENCY] = "_per_s",
};

static gboolean
is_whole(const Field *field)
{
    return field->kind == FIELD_KIND_INTEGER || field->kind == FIELD_KIND_SIZE;
}

const char *
range_unit_suffix(const Field *field)
{
    return fields_is_quantity(field->kind) ? suffixes[field->kind] : "";
}

gboolean
range_amount(const Field *field, const cJSON *value, double *amount)
{
    if (fields_is_quantity(field->kind))
        return cJSON_IsString(value) && units_parse(value->valuestring, fields_dimension(field->kind), amount, NULL);
    if (!cJSON_IsNumber(value))
        return FALSE;
    *amount = value->valuedouble;
    return TRUE;
}

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
fail(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(RANGE_ERROR, RANGE_ERROR_VALUES, format, arguments));
    va_end(arguments);
    return FALSE;
}

/* An end of the range, or its step. */
static gboolean
read_amount(const Field *field, const cJSON *value, const char *key, double *amount, GError **error)
{
    g_autofree char *expected = key_text_expected(field);

    if (!value)
        return fail(error, "has a range without \"%s\", expected %s", key, expected);
    return range_amount(field, value, amount) || fail(error, "\"%s\" is not %s", key, expected);
}

/* An amount as the field writes it. */
static cJSON *
new_value(const Field *field, double amount)
{
    if (!fields_is_quantity(field->kind))
        return cJSON_CreateNumber(amount);
    g_autofree char *text = units_print(amount, fields_dimension(field->kind));
    return cJSON_CreateString(text);
}

static double
rounded(const Field *field, double amount)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (is_whole(field))
        return round(amount);
    return g_ascii_strtod(g_ascii_formatd(text, sizeof text, "%.10g", amount), NULL);
}

typedef struct {
    double from, to, count; /* of values, both ends included */
    double step;            /* NAN: by count */
    gboolean logarithmic;
} Span;

static double
span_value(const Span *span, double i)
{
    if (i == 0)
        return span->from;
    if (isnan(span->step) && i == span->count - 1)
        return span->to;
    if (!isnan(span->step))
        return span->logarithmic ? span->from * pow(span->step, i) : span->from + i * span->step;
    const double share = i / (span->count - 1);
    return span->logarithmic ? span->from * pow(span->to / span->from, share)
                             : span->from + share * (span->to - span->from);
}

/* How many steps fit; a hair is allowed, so that 0.1 steps from 0 to 1 are eleven values. */
static gboolean
count_steps(const RangeSpec *range, const Field *field, Span *span, GError **error)
{
    const double hair = 1e-9;

    if (!(range->logarithmic ? cJSON_IsNumber(range->step) : TRUE))
        return fail(error, "\"step\" of a logarithmic range is its factor, expected a number above 1");
    if (range->logarithmic)
        span->step = range->step->valuedouble;
    else if (!read_amount(field, range->step, "step", &span->step, error))
        return FALSE;
    if (span->from > span->to)
        return fail(error, "\"from\" is above \"to\", expected it below, or \"count\" instead of \"step\"");
    if (!(span->step > (range->logarithmic ? 1 : 0)))
        return fail(error, "\"step\" leads nowhere, expected more than %s", range->logarithmic ? "1" : "0");
    const double steps =
        range->logarithmic ? log(span->to / span->from) / log(span->step) : (span->to - span->from) / span->step;
    span->count = floor(steps + hair) + 1;
    return TRUE;
}

static gboolean
read_span(const RangeSpec *range, const Field *field, Span *span, GError **error)
{
    *span = (Span){.count = range->count, .step = NAN, .logarithmic = range->logarithmic};
    if (!fields_is_quantity(field->kind) && field->kind != FIELD_KIND_INTEGER && field->kind != FIELD_KIND_NUMBER)
        return fail(error, "is a range over what has no order, expected values");
    if (!read_amount(field, range->from, "from", &span->from, error) ||
        !read_amount(field, range->to, "to", &span->to, error))
        return FALSE;
    if (range->logarithmic && !(span->from > 0 && span->to > 0))
        return fail(error, "is a logarithmic range with an end of 0 or less, expected both above 0");
    if (!range->step == isnan(range->count))
        return fail(error, "has %s of \"count\" and \"step\", expected one", range->step ? "both" : "neither");
    if (range->step)
        return count_steps(range, field, span, error);
    if (range->count != floor(range->count))
        return fail(error, "\"count\" is %g, expected a whole number", range->count);
    return TRUE;
}

gboolean
range_values(const RangeSpec *range, const Field *field, guint max, GPtrArray *out, GError **error)
{
    Span span;
    double last = NAN;

    if (!read_span(range, field, &span, error))
        return FALSE;
    if (!(span.count <= max)) {
        g_set_error(error, RANGE_ERROR, RANGE_ERROR_SIZE, "has %.15g values, expected at most %u", span.count, max);
        return FALSE;
    }
    for (double i = 0; i < span.count; i++) {
        const double amount = rounded(field, span_value(&span, i));
        if (amount != last)
            g_ptr_array_add(out, new_value(field, amount));
        last = amount;
    }
    return TRUE;
}
