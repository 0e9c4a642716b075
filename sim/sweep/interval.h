/* Mean, standard deviation and the 95 % Student interval of a few values.
 *
 * Source: Student, "The probable error of a mean", Biometrika 6(1), 1908; quantiles by the incomplete beta function
 * (Press et al., Numerical Recipes, section 6.4). half width = t(0.975, n - 1) * sd / sqrt(n).
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

#endif
