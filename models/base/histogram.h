/* A histogram of positive values (latencies, seconds) whose percentiles are within 0.4 % of the sample's own.
 *
 * Log-linear buckets: every power of two is cut into HISTOGRAM_STEPS equal buckets, which are the exponent and the
 * first mantissa bits of the double, so that the bucket is one shift of its bits. A percentile is reported as its
 * bucket's middle: relative error at most 1 / (2 * HISTOGRAM_STEPS) = 0.39 %. Count, sum, least and greatest are exact.
 *
 * Scope: HISTOGRAM_LEAST (0.9 ns) to HISTOGRAM_GREATEST (18 minutes and more); values outside go to the end buckets,
 * where percentiles are bounded by the exact least and greatest.
 */
#ifndef TANDEM_MODELS_BASE_HISTOGRAM_H
#define TANDEM_MODELS_BASE_HISTOGRAM_H

#include <glib.h>
#include <string.h>

#define HISTOGRAM_BITS        7u
#define HISTOGRAM_STEPS       (1u << HISTOGRAM_BITS)
#define HISTOGRAM_EXPONENT    (-30) /* least power of two kept apart */
#define HISTOGRAM_OCTAVES     41u
#define HISTOGRAM_BUCKETS     (HISTOGRAM_OCTAVES * HISTOGRAM_STEPS)
#define HISTOGRAM_FIRST_INDEX ((gint64)(1023 + HISTOGRAM_EXPONENT) << HISTOGRAM_BITS)

typedef struct {
    guint64 count;
    double sum;
    double least, greatest;
    guint32 *buckets; /* owned, HISTOGRAM_BUCKETS */
} Histogram;

void histogram_init(Histogram *histogram);
void histogram_clear(Histogram *histogram);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Histogram, histogram_clear)

void histogram_reset(Histogram *histogram);

/* Adds all of `other` to histogram. */
void histogram_merge(Histogram *histogram, const Histogram *other);

/* The least value with at least share (0 … 1) of all values at or below it; 0 when empty. */
double histogram_percentile(const Histogram *histogram, double share);

/* How many values are from `least` on, to a bucket; *excess: by how much they are above `above`, together, to 0.4 %. */
guint64 histogram_beyond(const Histogram *histogram, double least, double above, double *excess);

double histogram_mean(const Histogram *histogram); /* 0 when empty */

static inline void
histogram_add(Histogram *histogram, double value)
{
    guint64 bits;

    memcpy(&bits, &value, sizeof bits);
    const gint64 index = (gint64)(bits >> (52 - HISTOGRAM_BITS)) - HISTOGRAM_FIRST_INDEX;
    histogram->buckets[CLAMP(index, 0, (gint64)HISTOGRAM_BUCKETS - 1)]++;
    histogram->count++;
    histogram->sum += value;
    histogram->least = MIN(histogram->least, value);
    histogram->greatest = MAX(histogram->greatest, value);
}

#endif
