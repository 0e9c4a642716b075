/* Quantities as text with units, to and from SI doubles.
 *
 *   size       "512MiB", "2MB", "64KiB", "4096B"              bytes, rounded to whole ones
 *   data rate  "100Mbps", "1Gb/s", "32MiB/s", "12.5MBps"      bytes per second; b is a bit, B is a byte
 *   time       "16.4us", "300ms", "2s", "1min", "1h"          seconds
 *   frequency  "2000/s", "1.2k/s", "2.4GHz"                   per second
 *
 * k, M, G, T are powers of 1000; Ki, Mi, Gi, Ti of 1024. A number without its unit is an error. Nothing here depends on
 * the locale.
 */
#ifndef TANDEM_SIM_SCENARIO_UNITS_H
#define TANDEM_SIM_SCENARIO_UNITS_H

#include <glib.h>

#define UNITS_ERROR (units_error_quark())
GQuark units_error_quark(void);

typedef enum {
    UNITS_ERROR_NUMBER,    /* does not begin with a number */
    UNITS_ERROR_MISSING,   /* a number without a unit */
    UNITS_ERROR_UNKNOWN,   /* a unit that nobody knows */
    UNITS_ERROR_DIMENSION, /* a time where a size is due */
    UNITS_ERROR_RANGE,     /* negative or too large */
} UnitsError;

typedef enum { UNITS_SIZE, UNITS_DATA_RATE, UNITS_TIME, UNITS_FREQUENCY } UnitsDimension;

/* Values are 0 or more and below 2^63 of the SI unit. The message reads on from "FILE: POINTER: " */
gboolean units_parse(const char *text, UnitsDimension dimension, double *value, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A short text (an amount of 1 or more where that is short) that units_parse reads back as exactly value, which is in
 * units_parse's range (and whole for a size). (transfer full) */
char *units_print(double value, UnitsDimension dimension);

/* `a size such as "512MiB"`. */
const char *units_expected(UnitsDimension dimension);

/* A regular expression (ECMA 262, as JSON Schema wants it) that accepts what units_parse accepts. (transfer full) */
char *units_pattern(UnitsDimension dimension);

#endif
