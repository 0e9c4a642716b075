#include "models/placement/underload.h"

#include "models/placement/counters.h"

gboolean
underload_detect(const UnderloadRules *rules, const double *utilization, guint n)
{
    return n > 0 && counters_mean_of_last(utilization, n, rules->last) <= rules->threshold;
}

gint
underload_least_utilized(const double *utilization, const gboolean *excluded, guint n)
{
    double least = 1; /* getUnderUtilizedHost: minUtilization = 1 */
    gint found = -1;

    for (guint i = 0; i < n; i++)
        if (!excluded[i] && utilization[i] > 0 && utilization[i] < least) {
            least = utilization[i];
            found = (gint)i;
        }
    return found;
}
