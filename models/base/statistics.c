#include "models/base/statistics.h"

#include <math.h>

#define MSER_GROUP 5u /* the 5 of MSER-5 */
#define MSER_LEAST 20u

void
statistics_batches_init(StatisticsBatches *batches)
{
    *batches = (StatisticsBatches){.joined = 1};
}

/* Neighbours become one batch, so that batches stay few and grow long (and so less correlated). */
static void
batches_join(StatisticsBatches *batches)
{
    batches->batches /= 2;
    batches->joined *= 2;
    for (guint i = 0; i < batches->batches; i++) {
        batches->numerators[i] = batches->numerators[2 * i] + batches->numerators[2 * i + 1];
        batches->denominators[i] = batches->denominators[2 * i] + batches->denominators[2 * i + 1];
    }
}

void
statistics_batches_add(StatisticsBatches *batches, double numerator, double denominator)
{
    batches->open_numerator += numerator;
    batches->open_denominator += denominator;
    if (++batches->open < batches->joined)
        return;
    batches->numerators[batches->batches] = batches->open_numerator;
    batches->denominators[batches->batches] = batches->open_denominator;
    batches->open = 0;
    batches->open_numerator = batches->open_denominator = 0;
    if (++batches->batches == STATISTICS_BATCHES_MAX)
        batches_join(batches);
}

/* Ratio estimator: r = sum(y)/sum(x); its error is that of the mean of (y_i - r x_i) / mean(x) (Law, section 9.5.3). */
StatisticsInterval
statistics_batches_interval(const StatisticsBatches *batches, double confidence)
{
    const guint n = batches->batches;
    double y = 0, x = 0, squares = 0;

    for (guint i = 0; i < n; i++) {
        y += batches->numerators[i];
        x += batches->denominators[i];
    }
    StatisticsInterval interval = {x > 0 ? y / x : 0, INFINITY, confidence, n};
    if (n < 2 || x <= 0)
        return interval;
    for (guint i = 0; i < n; i++) {
        const double residual = (batches->numerators[i] - interval.mean * batches->denominators[i]) / (x / n);
        squares += residual * residual;
    }
    const double error = sqrt(squares / (n - 1) / n);
    interval.half_width = statistics_student(0.5 + confidence / 2, n - 1) * error;
    return interval;
}

StatisticsInterval
statistics_interval(const double *values, gsize n, double confidence)
{
    double sum = 0, squares = 0;

    for (gsize i = 0; i < n; i++)
        sum += values[i];
    StatisticsInterval interval = {n ? sum / (double)n : 0, INFINITY, confidence, (guint)n};
    if (n < 2)
        return interval;
    for (gsize i = 0; i < n; i++)
        squares += (values[i] - interval.mean) * (values[i] - interval.mean);
    const double error = sqrt(squares / (double)(n - 1) / (double)n);
    interval.half_width = statistics_student(0.5 + confidence / 2, (double)(n - 1)) * error;
    return interval;
}

gboolean
statistics_is_narrow(const StatisticsInterval *interval, double relative, guint batches_min)
{
    return interval->batches >= batches_min && interval->half_width <= relative * fabs(interval->mean);
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

void
statistics_sort(GArray *values)
{
    g_array_sort(values, compare);
}

GArray *
statistics_sorted(const double *values, guint n)
{
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof *values, n);

    g_array_append_vals(sorted, values, n);
    statistics_sort(sorted);
    return sorted;
}

double
statistics_nearest_rank(const GArray *sorted, double share)
{
    const double rank = ceil(share * sorted->len);

    return sorted->len == 0 ? NAN : g_array_index(sorted, double, rank < 1 ? 0 : (guint)rank - 1);
}

/* White (1997): drop the d leading groups for which sum over the rest of (X_i - mean)^2 / (m - d)^2 is least. Sums are
 * taken from the back, so that every d costs one step. */
gsize
statistics_warm_up(const double *values, gsize n)
{
    const gsize groups = n / MSER_GROUP;
    double sum = 0, squares = 0, best = G_MAXDOUBLE;
    gsize best_d = 0;

    if (n < MSER_LEAST)
        return n;
    for (gsize d = groups; d-- > 0;) {
        double mean = 0;
        for (gsize i = 0; i < MSER_GROUP; i++)
            mean += values[d * MSER_GROUP + i] / MSER_GROUP;
        /* Welford's step: squares stays the sum of squared deviations, without cancellation */
        const double left = (double)(groups - d);
        const double step = mean - (left > 1 ? sum / (left - 1) : mean);
        sum += mean;
        squares += step * step * (left - 1) / left;
        if (left >= 4 && squares / (left * left) <= best) {
            best = squares / (left * left);
            best_d = d;
        }
    }
    return best_d > groups / 2 ? n : best_d * MSER_GROUP;
}

/* Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), evaluated by Lentz's method. */
static double
beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)); /* not 0: x is below the mean */
    double value = d;

    for (int m = 1; m < 500; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        value *= d * c;
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        value *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return value;
}

/* The regularized incomplete beta function I_x(a, b). */
static double
beta_share(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));

    /* the fraction converges quickly on the side below the mean only */
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* P(T > t) = I_{f / (f + t^2)}(f/2, 1/2) / 2 for t >= 0 (Abramowitz and Stegun 26.7.1), solved for t by bisection. */
double
statistics_student(double p, double freedom)
{
    g_return_val_if_fail(p > 0 && p < 1 && freedom >= 1, 0);

    if (p < 0.5)
        return -statistics_student(1 - p, freedom);
    double low = 0, high = 1;
    while (beta_share(freedom / 2, 0.5, freedom / (freedom + high * high)) / 2 > 1 - p && high < 1e9)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; i++) {
        const double middle = (low + high) / 2;
        const double above = beta_share(freedom / 2, 0.5, freedom / (freedom + middle * middle)) / 2;
        if (above > 1 - p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}
