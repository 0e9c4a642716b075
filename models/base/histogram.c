#include "models/base/histogram.h"

#include <math.h>

void
histogram_init(Histogram *histogram)
{
    histogram->buckets = g_new(guint32, HISTOGRAM_BUCKETS);
    histogram_reset(histogram);
}

void
histogram_clear(Histogram *histogram)
{
    g_free(histogram->buckets);
    *histogram = (Histogram){0};
}

void
histogram_reset(Histogram *histogram)
{
    memset(histogram->buckets, 0, HISTOGRAM_BUCKETS * sizeof *histogram->buckets);
    histogram->count = 0;
    histogram->sum = 0;
    histogram->least = G_MAXDOUBLE;
    histogram->greatest = 0;
}

void
histogram_merge(Histogram *histogram, const Histogram *other)
{
    for (gsize i = 0; i < HISTOGRAM_BUCKETS; i++)
        histogram->buckets[i] += other->buckets[i];
    histogram->count += other->count;
    histogram->sum += other->sum;
    histogram->least = MIN(histogram->least, other->least);
    histogram->greatest = MAX(histogram->greatest, other->greatest);
}

static double
bucket_middle(gsize index)
{
    const int exponent = HISTOGRAM_EXPONENT + (int)(index / HISTOGRAM_STEPS);
    const double mantissa = 1.0 + ((double)(index % HISTOGRAM_STEPS) + 0.5) / HISTOGRAM_STEPS;

    return ldexp(mantissa, exponent);
}

double
histogram_percentile(const Histogram *histogram, double share)
{
    g_return_val_if_fail(share >= 0 && share <= 1, 0);

    if (histogram->count == 0)
        return 0;
    const double wanted = share * (double)histogram->count;
    const double rank = MAX(1.0, ceil(wanted - 1e-9 * wanted)); /* 0.99 * 100 is a hair above 99 */
    guint64 seen = 0;
    gsize index = 0;

    if (rank >= (double)histogram->count)
        return histogram->greatest;
    while (index < HISTOGRAM_BUCKETS && (double)(seen += histogram->buckets[index]) < rank)
        index++;
    return CLAMP(bucket_middle(index), histogram->least, histogram->greatest);
}

guint64
histogram_beyond(const Histogram *histogram, double least, double above, double *excess)
{
    guint64 count = 0;

    *excess = 0;
    for (gsize i = 0; histogram->buckets && i < HISTOGRAM_BUCKETS; i++) {
        if (histogram->buckets[i] == 0)
            continue;
        const double middle = CLAMP(bucket_middle(i), histogram->least, histogram->greatest);
        if (middle < least)
            continue;
        count += histogram->buckets[i];
        *excess += histogram->buckets[i] * (middle - above);
    }
    return count;
}

double
histogram_mean(const Histogram *histogram)
{
    return histogram->count ? histogram->sum / (double)histogram->count : 0;
}
