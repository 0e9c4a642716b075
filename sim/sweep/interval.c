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
