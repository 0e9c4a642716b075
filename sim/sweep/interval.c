#include "sim/sweep/interval.h"

#include "models/base/statistics.h"

#include <math.h>

Interval
interval_of(const double *values, guint n)
{
    Interval interval = {n, NAN, NAN, NAN};
    double sum = 0, squares = 0;

    for (guint i = 0; i < n; i++) /* from the first one on: equal values have exactly their mean */
        sum += values[i] - values[0];
    if (n > 0)
        interval.mean = values[0] + sum / n;
    for (guint i = 0; i < n; i++)
        squares += (values[i] - interval.mean) * (values[i] - interval.mean);
    if (n > 1) {
        interval.sd = sqrt(squares / (n - 1));
        interval.half_width = statistics_student(0.975, n - 1) * interval.sd / sqrt(n);
    }
    return interval;
}

#define NORMAL_975 1.959963984540054 /* quantile of the standard normal distribution */

ShareInterval
interval_of_share(const double *values, guint n)
{
    const double z2 = NORMAL_975 * NORMAL_975;
    guint hold = 0;

    if (n == 0)
        return (ShareInterval){NAN, NAN, NAN};
    for (guint i = 0; i < n; i++)
        hold += values[i] != 0;
    const double share = (double)hold / n, middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    const double half = NORMAL_975 * sqrt(share * (1 - share) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
    /* where all or none hold the bound is the share itself, but for rounding */
    return (ShareInterval){share, hold == 0 ? 0 : middle - half, hold == n ? 1 : middle + half};
}
