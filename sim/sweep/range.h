/* Ranges of values between two ends that the scenario would write: numbers, or quantities with units. */
#ifndef TANDEM_SIM_SWEEP_RANGE_H
#define TANDEM_SIM_SWEEP_RANGE_H

#include "sim/scenario/fields.h"

#define RANGE_ERROR range_error_quark()
GQuark range_error_quark(void);
typedef enum {
    RANGE_ERROR_VALUES, /* it makes no sense */
    RANGE_ERROR_SIZE    /* more values than anybody waits for */
} RangeError;

typedef struct {
    const cJSON *from, *to;
    const cJSON *step; /* NULL: by count */
    double count;      /* NAN: by step */
    gboolean logarithmic;
} RangeSpec;

/* Appends the range's values (cJSON, owned by the array) as the field writes them: a size "1MiB", an integer 3. Values
 * between the ends have ten significant digits, sizes and integers are rounded to whole ones, once each. A mistake's
 * message reads on from the axis. */
gboolean range_values(const RangeSpec *range, const Field *field, guint max, GPtrArray *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The value in SI; FALSE: the field holds no amount, or the value is not one. */
gboolean range_amount(const Field *field, const cJSON *value, double *amount);

/* "_bytes", "_Bps", "_s", "_per_s", or "" for what has no unit. */
const char *range_unit_suffix(const Field *field);

#endif
