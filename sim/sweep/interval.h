/* Mean, standard deviation and the 95 % Student interval of a few values; a share of them and its Wilson interval.
 *
 * Source: Student, "The probable error of a mean", Biometrika 6(1), 1908; quantiles by the incomplete beta function
 * (Press et al., Numerical Recipes, section 6.4). half width = t(0.975, n - 1) * sd / sqrt(n).
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22(158), 1927: the shares
 * from which k of n are at most z standard deviations away. It stays within 0 and 1 and has a width where all or none
 * hold, which the normal interval has not: of 20 in 20 the true share may be 0.84.
 */
#ifndef TANDEM_SIM_SWEEP_INTERVAL_H
#define TANDEM_SIM_SWEEP_INTERVAL_H

#include <glib.h>

typedef struct {
    guint n;
    double mean;
    double sd;         /* of the sample, n - 1; NAN below two values */
    double half_width; /* likewise */
} Interval;

Interval interval_of(const double *values, guint n);

typedef struct {
    double share; /* NAN of no values */
    double low, high;
} ShareInterval;

/* Of n values those that are not 0. */
ShareInterval interval_of_share(const double *values, guint n);

#endif
