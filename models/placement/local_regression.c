#include "models/placement/local_regression.h"

#include "models/base/statistics.h"

#include <math.h>

double
regression_at(const RegressionLine *line, double x)
{
    return line->a + line->b * x;
}

double
regression_median(const double *values, guint n)
{
    g_return_val_if_fail(n > 0, NAN);
    g_autoptr(GArray) sorted = statistics_sorted(values, n);

    return (g_array_index(sorted, double, (n - 1) / 2) + g_array_index(sorted, double, n / 2)) / 2;
}

void
regression_tricube(double *weights, guint n)
{
    g_return_if_fail(n >= 3);
    const double spread = n - 1;

    for (guint i = 2; i < n; i++)
        weights[i] = pow(1 - pow((spread - i) / spread, 3), 3);
    weights[0] = weights[1] = weights[2];
}

gboolean
regression_bisquare(double *weights, const double *residuals, guint n)
{
    g_autofree double *sizes = g_new(double, n);

    for (guint i = 0; i < n; i++)
        sizes[i] = fabs(residuals[i]);
    const double six_m = 6 * regression_median(sizes, n);

    if (six_m == 0)
        return FALSE;
    for (guint i = 2; i < n; i++)
        weights[i] *= pow(1 - pow(residuals[i] / six_m, 2), 2);
    weights[0] = weights[1] = weights[2];
    return TRUE;
}

RegressionLine
regression_fit(const double *y, const double *weights, guint n)
{
    double sum = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;

    for (guint i = 0; i < n; i++) {
        const double w = weights ? weights[i] * weights[i] : 1, x = i + 1;

        sum += w;
        sum_x += w * x;
        sum_y += w * y[i];
        sum_xx += w * x * x;
        sum_xy += w * x * y[i];
    }
    const double b = (sum * sum_xy - sum_x * sum_y) / (sum * sum_xx - sum_x * sum_x);

    return (RegressionLine){(sum_y - b * sum_x) / sum, b};
}

RegressionLine
regression_local(const double *y, guint n, gboolean robust)
{
    g_autofree double *weights = g_new(double, n);

    regression_tricube(weights, n);
    const RegressionLine line = regression_fit(y, weights, n);

    if (!robust)
        return line;
    g_autofree double *residuals = g_new(double, n);

    for (guint i = 0; i < n; i++)
        residuals[i] = y[i] - regression_at(&line, i + 1);
    return regression_bisquare(weights, residuals, n) ? regression_fit(y, weights, n) : line;
}
