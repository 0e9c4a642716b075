/* Output analysis of a simulation: how long it warms up, what its means are, and how sure of them it is.
 *
 * Source: A. M. Law, "Simulation Modeling and Analysis", 5th ed., chapter 9 (batch means); K. P. White, "An effective
 * truncation heuristic for bias reduction in simulation output", Simulation 69(6), 1997 (MSER, here on means of five
 * observations: MSER-5); B. W. Schmeiser, "Batch size effects in the analysis of simulation output", Operations
 * Research 30(3), 1982 (10 to 30 batches are enough, so batches are joined when they become many).
 *
 * symbol   | here                | meaning
 * n        | batches in use      | number of complete batches
 * X_i      | means[i]            | mean of batch i
 * t(p, f)  | statistics_student  | quantile of Student's distribution with f degrees of freedom
 * h        | half_width          | t(1 - alpha/2, n - 1) * S / sqrt(n)
 *
 * Scope: one quantity at a time; no multivariate or quantile intervals. Of samples too large to be kept,
 * models/base/histogram.h has the percentiles.
 */
#ifndef TANDEM_MODELS_BASE_STATISTICS_H
#define TANDEM_MODELS_BASE_STATISTICS_H

#include <glib.h>

/* A mean with the half-width of its confidence interval; half_width is INFINITY where nothing bounds it: of fewer than
 * two batches, or of batches that hold nothing. */
typedef struct {
    double mean;
    double half_width;
    double confidence; /* 0.95: 95 % */
    guint batches;
} StatisticsInterval;

#define STATISTICS_BATCHES_MAX 64u /* joined in pairs to 32 when full */

/* Batch means of a quantity that is a ratio of two sums (a rate: completions over seconds; a mean: latency sum over
 * completions). The caller closes a batch by handing in both sums; batches have equal denominators in expectation. */
typedef struct {
    double numerators[STATISTICS_BATCHES_MAX];
    double denominators[STATISTICS_BATCHES_MAX];
    guint batches; /* complete ones */
    guint joined;  /* hand-ins that make one batch now: 1, 2, 4 … */
    guint open;    /* hand-ins in the open batch */
    double open_numerator, open_denominator;
} StatisticsBatches;

void statistics_batches_init(StatisticsBatches *batches);
void statistics_batches_add(StatisticsBatches *batches, double numerator, double denominator);
StatisticsInterval statistics_batches_interval(const StatisticsBatches *batches, double confidence);

/* The interval of the mean of n independent values. */
StatisticsInterval statistics_interval(const double *values, gsize n, double confidence);

/* True when the interval has at least batches_min batches and its half-width is at most relative * |mean|. */
gboolean statistics_is_narrow(const StatisticsInterval *interval, double relative, guint batches_min);

/* Puts an array of double in rising order. */
void statistics_sort(GArray *values);
/* n values in rising order, as an array of double. (transfer full) */
GArray *statistics_sorted(const double *values, guint n);

/* The smallest of the sorted values that at least this share of them, 0 to 1, does not exceed (the nearest rank): an
 * observed value, so the lower median at 0.5. NAN of none. */
double statistics_nearest_rank(const GArray *sorted, double share);

/* MSER-5: how many of the n leading observations to drop. n itself means: no steady state seen (the best truncation is
 * in the second half), observe longer. n < 20 also answers n. */
gsize statistics_warm_up(const double *values, gsize n);

/* The p-quantile of Student's t with `freedom` degrees of freedom; 0 < p < 1, freedom >= 1. */
double statistics_student(double p, double freedom);

#endif
