#include "sim/scenario/units.h"

#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *text;
    UnitsDimension dimension;
    double factor;   /* SI units in one of these */
    gboolean spoken; /* units_print uses it; the others are only understood */
} Unit;

#define KI 1024.0
#define MI (1024.0 * KI)
#define GI (1024.0 * MI)
#define TI (1024.0 * GI)

static const Unit units[] = {
    {"B", UNITS_SIZE, 1, TRUE},
    {"kB", UNITS_SIZE, 1e3, TRUE},
    {"MB", UNITS_SIZE, 1e6, TRUE},
    {"GB", UNITS_SIZE, 1e9, TRUE},
    {"TB", UNITS_SIZE, 1e12, TRUE},
    {"KiB", UNITS_SIZE, KI, TRUE},
    {"MiB", UNITS_SIZE, MI, TRUE},
    {"GiB", UNITS_SIZE, GI, TRUE},
    {"TiB", UNITS_SIZE, TI, TRUE},
    {"bps", UNITS_DATA_RATE, 1.0 / 8, TRUE},
    {"kbps", UNITS_DATA_RATE, 1e3 / 8, TRUE},
    {"Mbps", UNITS_DATA_RATE, 1e6 / 8, TRUE},
    {"Gbps", UNITS_DATA_RATE, 1e9 / 8, TRUE},
    {"Tbps", UNITS_DATA_RATE, 1e12 / 8, TRUE},
    {"b/s", UNITS_DATA_RATE, 1.0 / 8, FALSE},
    {"kb/s", UNITS_DATA_RATE, 1e3 / 8, FALSE},
    {"Mb/s", UNITS_DATA_RATE, 1e6 / 8, FALSE},
    {"Gb/s", UNITS_DATA_RATE, 1e9 / 8, FALSE},
    {"Tb/s", UNITS_DATA_RATE, 1e12 / 8, FALSE},
    {"B/s", UNITS_DATA_RATE, 1, TRUE},
    {"kB/s", UNITS_DATA_RATE, 1e3, TRUE},
    {"MB/s", UNITS_DATA_RATE, 1e6, TRUE},
    {"GB/s", UNITS_DATA_RATE, 1e9, TRUE},
    {"KiB/s", UNITS_DATA_RATE, KI, TRUE},
    {"MiB/s", UNITS_DATA_RATE, MI, TRUE},
    {"GiB/s", UNITS_DATA_RATE, GI, TRUE},
    {"Bps", UNITS_DATA_RATE, 1, FALSE},
    {"kBps", UNITS_DATA_RATE, 1e3, FALSE},
    {"MBps", UNITS_DATA_RATE, 1e6, FALSE},
    {"GBps", UNITS_DATA_RATE, 1e9, FALSE},
    {"KiBps", UNITS_DATA_RATE, KI, FALSE},
    {"MiBps", UNITS_DATA_RATE, MI, FALSE},
    {"GiBps", UNITS_DATA_RATE, GI, FALSE},
    {"ns", UNITS_TIME, 1e-9, TRUE},
    {"us", UNITS_TIME, 1e-6, TRUE},
    {"ms", UNITS_TIME, 1e-3, TRUE},
    {"s", UNITS_TIME, 1, TRUE},
    {"min", UNITS_TIME, 60, TRUE},
    {"h", UNITS_TIME, 3600, TRUE},
    {"d", UNITS_TIME, 86400, TRUE},
    {"/s", UNITS_FREQUENCY, 1, TRUE},
    {"k/s", UNITS_FREQUENCY, 1e3, TRUE},
    {"M/s", UNITS_FREQUENCY, 1e6, TRUE},
    {"G/s", UNITS_FREQUENCY, 1e9, TRUE},
    {"Hz", UNITS_FREQUENCY, 1, FALSE},
    {"kHz", UNITS_FREQUENCY, 1e3, FALSE},
    {"MHz", UNITS_FREQUENCY, 1e6, FALSE},
    {"GHz", UNITS_FREQUENCY, 1e9, FALSE},
};

static const struct {
    const char *noun;
    const char *expected;
} dimensions[] = {
    [UNITS_SIZE] = {"a size", "a size such as \"512MiB\""},
    [UNITS_DATA_RATE] = {"a data rate", "a data rate such as \"100Mbps\" or \"32MiB/s\""},
    [UNITS_TIME] = {"a time", "a time such as \"300ms\""},
    [UNITS_FREQUENCY] = {"a number per second", "a number per second such as \"2000/s\""},
};

GQuark
units_error_quark(void)
{
    return g_quark_from_static_string("units-error-quark");
}

const char *
units_expected(UnitsDimension dimension)
{
    return dimensions[dimension].expected;
}

static gsize
digits(const char *p)
{
    return strspn(p, "0123456789");
}

/* Bytes of the decimal number at the start of text, 0 when there is none: no hexadecimal, no "inf", as in JSON except
 * that leading zeros are harmless. */
static gsize
number_length(const char *text)
{
    const char *p = text + (*text == '-');
    gsize n = digits(p);

    if (n == 0)
        return 0;
    p += n;
    if (*p == '.' && (n = digits(p + 1)) > 0)
        p += 1 + n;
    if (*p == 'e' || *p == 'E') {
        const char *exponent = p + 1 + (p[1] == '+' || p[1] == '-');
        if ((n = digits(exponent)) > 0)
            p = exponent + n;
    }
    return (gsize)(p - text);
}

static const Unit *
find_unit(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (strcmp(units[i].text, text) == 0)
            return &units[i];
    return NULL;
}

/* How others write a unit. A bare prefix is answered with what the field counts by: memory in powers of two, rates in
 * bits. */
static const struct {
    const char *text, *meant;
} foreign[] = {
    {"m", "min"},       {"mins", "min"},      {"minutes", "min"}, {"minute", "min"},    {"sec", "s"},
    {"secs", "s"},      {"second", "s"},      {"seconds", "s"},   {"msec", "ms"},       {"usec", "us"},
    {"µs", "us"},       {"μs", "us"},         {"nsec", "ns"},     {"hr", "h"},          {"hrs", "h"},
    {"hour", "h"},      {"hours", "h"},       {"day", "d"},       {"days", "d"},        {"K", "KiB"},
    {"M", "MiB"},       {"G", "GiB"},         {"T", "TiB"},       {"Ki", "KiB"},        {"Mi", "MiB"},
    {"Gi", "GiB"},      {"Ti", "TiB"},        {"bytes", "B"},     {"kbit/s", "kbps"},   {"Mbit/s", "Mbps"},
    {"Gbit/s", "Gbps"}, {"kbit", "kbps"},     {"Mbit", "Mbps"},   {"Gbit", "Gbps"},     {"M", "Mbps"},
    {"G", "Gbps"},      {"MiB/sec", "MiB/s"}, {"MB/sec", "MB/s"}, {"per second", "/s"}, {"/sec", "/s"},
};

/* " (did you mean ...?)" when only the letters' case is wrong, or the unit is one that others write; nearer guesses
 * would guess among neighbours (MB, MiB). */
static char *
unit_hint(const char *unit, UnitsDimension dimension)
{
    for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++)
        if (strcmp(foreign[i].text, unit) == 0 && find_unit(foreign[i].meant)->dimension == dimension)
            return g_strdup_printf(" (did you mean \"%s\"?)", foreign[i].meant);
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (units[i].dimension == dimension && g_ascii_strcasecmp(units[i].text, unit) == 0)
            return g_strdup_printf(" (did you mean \"%s\"?)", units[i].text);
    return g_strdup("");
}

static gboolean
fail(GError **error, UnitsError code, const char *text, const char *problem, UnitsDimension dimension)
{
    g_autofree char *quoted = wording_quote(text);

    g_set_error(error, UNITS_ERROR, code, "%s %s, expected %s", quoted, problem, dimensions[dimension].expected);
    return FALSE;
}

static gboolean
fail_unit(GError **error, const char *text, const char *unit, UnitsDimension dimension)
{
    g_autofree char *quoted = wording_quote(text);
    g_autofree char *quoted_unit = wording_quote(unit);
    g_autofree char *hint = unit_hint(unit, dimension);

    g_set_error(error, UNITS_ERROR, UNITS_ERROR_UNKNOWN, "%s has the unknown unit %s, expected %s%s", quoted,
                quoted_unit, dimensions[dimension].expected, hint);
    return FALSE;
}

gboolean
units_parse(const char *text, UnitsDimension dimension, double *value, GError **error)
{
    g_return_val_if_fail(text && value, FALSE);

    const gsize length = number_length(text);
    if (length == 0)
        return fail(error, UNITS_ERROR_NUMBER, text, "does not begin with a number", dimension);
    if (text[length] == '\0')
        return fail(error, UNITS_ERROR_MISSING, text, "has no unit", dimension);

    const Unit *unit = find_unit(text + length);
    if (!unit)
        return fail_unit(error, text, text + length, dimension);
    if (unit->dimension != dimension) {
        g_autofree char *problem = g_strdup_printf("is %s", dimensions[unit->dimension].noun);
        return fail(error, UNITS_ERROR_DIMENSION, text, problem, dimension);
    }
    if (text[0] == '-')
        return fail(error, UNITS_ERROR_RANGE, text, "is negative", dimension);

    g_autofree char *number = g_strndup(text, length);
    const double amount = g_ascii_strtod(number, NULL) * unit->factor;
    if (!(amount < 0x1p63))
        return fail(error, UNITS_ERROR_RANGE, text, "is too large (the limit is 2^63-1)", dimension);
    *value = dimension == UNITS_SIZE ? rint(amount) : amount;
    return TRUE;
}

/* value in this unit, in the fewest digits that units_parse reads back exactly; NULL when 17 do not. */
static char *
print_in(double value, const Unit *unit)
{
    const double amount = value / unit->factor;

    for (int precision = 1; precision <= 17; precision++) {
        char format[8], number[G_ASCII_DTOSTR_BUF_SIZE];
        g_snprintf(format, sizeof format, "%%.%dg", precision);
        g_ascii_formatd(number, sizeof number, format, amount);
        if (strchr(number, 'e') && amount >= 1 && amount < 1e15) /* a whole number with fewer digits than places */
            g_ascii_formatd(number, sizeof number, "%.0f", amount);
        if (g_ascii_strtod(number, NULL) * unit->factor == value)
            return g_strconcat(number, unit->text, NULL);
    }
    return NULL;
}

char *
units_print(double value, UnitsDimension dimension)
{
    g_return_val_if_fail(value >= 0 && value < 0x1p63, NULL);

    char *best = NULL;
    gsize best_cost = G_MAXSIZE;
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (units[i].dimension != dimension || !units[i].spoken)
            continue;
        g_autofree char *text = print_in(value, &units[i]);
        /* "100Mbps" reads better than "0.1Gbps", though both are as long */
        const gsize cost = text ? strlen(text) + (value < units[i].factor ? 2 : 0) : G_MAXSIZE;
        if (cost < best_cost) {
            g_free(best);
            best = g_steal_pointer(&text);
            best_cost = cost;
        }
    }
    return best;
}

char *
units_pattern(UnitsDimension dimension)
{
    GString *pattern = g_string_new("^[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?(");
    const char *separator = "";

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (units[i].dimension != dimension)
            continue;
        g_string_append_printf(pattern, "%s%s", separator, units[i].text);
        separator = "|";
    }
    g_string_append(pattern, ")$");
    return g_string_free(pattern, FALSE);
}
