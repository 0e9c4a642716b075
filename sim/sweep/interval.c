#include "sim/sweep/interval.h"

#include <math.h>

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double
beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), h = d;

    for (int m = 1; m < 500; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return h;
}

/* I_x(a, b) */
static double
incomplete_beta(double a, double b, double x)
{
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));

    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* P(T > t), t > 0 */
static double
upper_tail(double t, double freedom)
{
    return 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

double
interval_student_975(guint freedom)
{
    double low = 1.9, high = 12.8; /* t is 1.96 for ever and 12.706 for one degree */

    g_return_val_if_fail(freedom >= 1, NAN);
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        if (upper_tail(middle, freedom) > 0.025)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

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
        interval.half_width = interval_student_975(n - 1) * interval.sd / sqrt(n);
    }
    return interval;
}
