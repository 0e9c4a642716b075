/* Whether two ways of simulating show the same law: many runs of each, and several numbers that a run shows. */
#ifndef TANDEM_TESTS_MODELS_MIGRATION_LAW_H
#define TANDEM_TESTS_MODELS_MIGRATION_LAW_H

#include "tests/check_main.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#define LAW_SHOWINGS_MAX 12

/* What one run shows of itself. */
typedef struct {
    double values[LAW_SHOWINGS_MAX];
} Showing;

static inline int
law_compare_values(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The largest distance between the two distributions; sorts both. */
static inline double
law_kolmogorov_smirnov(double *a, double *b, int n)
{
    double distance = 0;

    qsort(a, (size_t)n, sizeof *a, law_compare_values);
    qsort(b, (size_t)n, sizeof *b, law_compare_values);
    for (int i = 0, k = 0; i < n && k < n;) {
        const double at = MIN(a[i], b[k]);
        while (i < n && a[i] <= at)
            i++;
        while (k < n && b[k] <= at)
            k++;
        distance = MAX(distance, abs(i - k) / (double)n);
    }
    return distance;
}

static inline double
law_mean_and_variance(const double *x, int n, double *variance)
{
    double sum = 0, squares = 0;

    for (int i = 0; i < n; i++)
        sum += x[i];
    for (int i = 0; i < n; i++)
        squares += (x[i] - sum / n) * (x[i] - sum / n);
    *variance = squares / (n - 1);
    return sum / n;
}

/* Means within five standard errors; distributions within the distance that two samples of one law pass once in 10^6
 * (2 exp(-2 d^2) = 10^-6 at d = 2.7; discrete laws pass it more rarely). */
static inline void
law_assert_same(const Showing *one, const Showing *other, int n, const char *const *names, int n_names)
{
    g_autofree double *a = g_new(double, n), *b = g_new(double, n);

    for (int s = 0; s < n_names; s++) {
        double variance_a, variance_b;
        for (int i = 0; i < n; i++) {
            a[i] = one[i].values[s];
            b[i] = other[i].values[s];
        }
        const double mean_a = law_mean_and_variance(a, n, &variance_a);
        const double mean_b = law_mean_and_variance(b, n, &variance_b);
        ck_assert_msg(fabs(mean_a - mean_b) <= 5 * sqrt((variance_a + variance_b) / n) + 1e-9, "%s: %g and %g",
                      names[s], mean_a, mean_b);
        const double distance = law_kolmogorov_smirnov(a, b, n);
        ck_assert_msg(distance < 2.7 * sqrt(2.0 / n), "%s: distance %g", names[s], distance);
    }
}

#endif
