#include "models/placement/overload.h"

#include "models/base/statistics.h"
#include "models/placement/local_regression.h"

#include <math.h>

double
overload_mad(const double *values, guint n)
{
    const double median = regression_median(values, n);
    g_autofree double *distances = g_new(double, n);

    for (guint i = 0; i < n; i++)
        distances[i] = fabs(median - values[i]);
    return regression_median(distances, n);
}

/* statistics.py iqr: ranks are rounded, halves upwards, and counted from 1 */
static guint
rank_of(double share, guint n)
{
    const double rank = floor(share * (n + 1) + 0.5);

    return (guint)CLAMP(rank, 1, n) - 1;
}

double
overload_iqr(const double *values, guint n)
{
    g_return_val_if_fail(n > 0, NAN);
    g_autoptr(GArray) sorted = statistics_sorted(values, n);

    return g_array_index(sorted, double, rank_of(0.75, n)) - g_array_index(sorted, double, rank_of(0.25, n));
}

static gboolean
reaches(const OverloadRules *rules, double utilization, double dispersion)
{
    const double threshold = 1 - rules->safety * dispersion;

    return rules->strictly ? utilization > threshold : utilization >= threshold;
}

/* statistics.py loess_abstract */
static gboolean
line_reaches(const OverloadRules *rules, const double *utilization, guint n, double migration_steps)
{
    const double *last = utilization + n - rules->length;
    RegressionLine line;

    if (rules->rule == OVERLOAD_LINE) {
        line = regression_fit(last, NULL, rules->length);
        migration_steps = ceil(migration_steps);
    } else {
        line = regression_local(last, rules->length, rules->rule == OVERLOAD_LRR);
    }
    return rules->safety * regression_at(&line, rules->length + migration_steps) >= rules->threshold;
}

static gboolean
is_too_short(const OverloadRules *rules, guint n)
{
    switch (rules->rule) {
    case OVERLOAD_MAD:
    case OVERLOAD_IQR:
    case OVERLOAD_LR:
    case OVERLOAD_LRR:
    case OVERLOAD_LINE:
        return n < rules->length;
    default:
        return FALSE;
    }
}

gboolean
overload_detect(const OverloadRules *rules, OverloadState *state, const double *utilization, guint n,
                double migration_steps)
{
    if (n == 0)
        return FALSE;
    const double last = utilization[n - 1];

    if (is_too_short(rules, n))
        return rules->fallback > 0 && last > rules->fallback;
    switch (rules->rule) {
    case OVERLOAD_THRESHOLD:
        return last > rules->threshold; /* trivial.py threshold: strictly */
    case OVERLOAD_MAD:
        return reaches(rules, last, overload_mad(utilization, n));
    case OVERLOAD_IQR:
        return reaches(rules, last, overload_iqr(utilization, n));
    case OVERLOAD_LR:
    case OVERLOAD_LRR:
    case OVERLOAD_LINE:
        return line_reaches(rules, utilization, n, migration_steps);
    case OVERLOAD_MHOD:
        return mhod_detect(&rules->mhod, &state->mhod, utilization, n, migration_steps);
    case OVERLOAD_NEVER:
        break;
    }
    return FALSE;
}
