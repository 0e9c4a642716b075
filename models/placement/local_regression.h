/* Local regression (Loess) of a line through the last values of a series, plain and robust.
 *
 * Source: W. S. Cleveland, "Robust locally weighted regression and smoothing scatterplots", JASA 74, 1979, as OpenStack
 * Neat has it: neat/locals/overload/statistics.py loess_parameter_estimates, loess_robust_parameter_estimates,
 * tricube_weights, tricube_bisquare_weights.
 *
 *   there                     | here      | meaning
 *   x, y                      | i + 1, y  | the i-th of n values stands at i + 1
 *   tricube_weights           | weights   | (1 - ((n-1-i)/(n-1))^3)^3 for i >= 2; those of i = 0 and 1 are that of 2
 *   tricube_bisquare_weights  |           | times (1 - (r_i/(6 M))^2)^2, M the median of |r|, r the residuals
 *   p[0], p[1]                | a, b      | the line a + b x
 *
 * Neat multiplies each residual by its weight and minimizes the sum of the squares, so that the square of a weight
 * counts; and its second weight is not cut to 0 where a residual is beyond 6 M, as Cleveland's is. Both are kept.
 *
 * Departure: where M is 0 Neat divides by it; here the line of the first weights stands.
 */
#ifndef TANDEM_MODELS_PLACEMENT_LOCAL_REGRESSION_H
#define TANDEM_MODELS_PLACEMENT_LOCAL_REGRESSION_H

#include <glib.h>

typedef struct {
    double a, b;
} RegressionLine;

double regression_at(const RegressionLine *line, double x);

/* The middle of n >= 1 values; of an even number the mean of both. Changes nothing. */
double regression_median(const double *values, guint n);

/* n >= 3 weights, the last one 1. */
void regression_tricube(double *weights, guint n);
/* The same, made robust against the residuals of a first line; FALSE: their median is 0, and weights is as before. */
gboolean regression_bisquare(double *weights, const double *residuals, guint n);

/* Minimizes the sum of (weights[i] (y[i] - a - b (i + 1)))^2. weights NULL: all are 1. */
RegressionLine regression_fit(const double *y, const double *weights, guint n);
/* n >= 3 values; robust: twice, the second time with weights that outliers have lost. */
RegressionLine regression_local(const double *y, guint n, gboolean robust);

#endif
