#include "models/placement/local_regression.h"
#include "tests/check_main.h"
#include "tests/models/placement/neat_traces.h"

#include <math.h>

/* What Neat's own tests expect of these series (tests/locals/overload/test_statistics.py, there to so many digits). */
static const double series[] = {2, 4, 7, -20, 22, -1, 0, -1, 7, 15, 8, 4, -4, 11, 11, 12, 3, 12, 18, 1};

START_TEST(neats_series_gives_neats_estimates)
{
    const RegressionLine plain = regression_local(series, G_N_ELEMENTS(series), FALSE);
    const RegressionLine robust = regression_local(series, G_N_ELEMENTS(series), TRUE);

    /* 2.2639 is cut, not rounded: 2.26397 */
    ck_assert_double_eq_tol(plain.a, 2.2639, 1e-4);
    ck_assert_double_eq_tol(plain.b, 0.3724, 1e-4);
    ck_assert_double_eq_tol(robust.a, 2.4547, 1e-4);
    ck_assert_double_eq_tol(robust.b, 0.3901, 1e-4);
}
END_TEST

START_TEST(weights_are_neats)
{
    const double five[] = {0.669, 0.669, 0.669, 0.953, 1};
    const double ten[] = {0.148, 0.148, 0.148, 0.348, 0.568, 0.759, 0.892, 0.967, 0.995, 1};
    const double residuals[] = {1, 1, 2, 2, 4, 6, 9};
    const double bisquare[] = {0.329, 0.329, 0.329, 0.633, 0.705, 0.554, 0.191};
    double weights[10];

    /* their tables are cut to three digits and compared to two there */
    regression_tricube(weights, 5);
    for (guint i = 0; i < 5; i++)
        ck_assert_double_eq_tol(weights[i], five[i], 1.1e-3);
    regression_tricube(weights, 10);
    for (guint i = 0; i < 10; i++)
        ck_assert_double_eq_tol(weights[i], ten[i], 1.1e-3);
    regression_tricube(weights, 7);
    ck_assert(regression_bisquare(weights, residuals, 7));
    for (guint i = 0; i < 7; i++)
        ck_assert_double_eq_tol(weights[i], bisquare[i], 1.1e-3);
}
END_TEST

START_TEST(a_line_is_found_and_stands_where_no_residual_is_left)
{
    double y[30], zeros[30] = {0};

    for (guint i = 0; i < 30; i++)
        y[i] = 0.25 + 0.5 * (i + 1); /* exact in binary */
    const RegressionLine robust = regression_local(y, 30, TRUE), flat = regression_local(zeros, 30, TRUE);

    ck_assert_double_eq_tol(robust.a, 0.25, 1e-9);
    ck_assert_double_eq_tol(robust.b, 0.5, 1e-9);
    ck_assert_double_eq(flat.a, 0); /* Neat divides 0 by 0 here */
    ck_assert_double_eq(flat.b, 0);
    ck_assert_double_eq_tol(regression_at(&robust, 31), 15.75, 1e-9);
}
END_TEST

START_TEST(medians_of_even_numbers_are_the_mean_of_both)
{
    ck_assert_double_eq(regression_median((const double[]){9, 1, 4}, 3), 4);
    ck_assert_double_eq(regression_median((const double[]){9, 1, 4, 2}, 4), 3);
}
END_TEST

/* The sum of squares that a line leaves. */
static double
cost(const double *y, const double *weights, guint n, double a, double b)
{
    double sum = 0;

    for (guint i = 0; i < n; i++)
        sum += pow(weights[i] * (y[i] - a - b * (i + 1)), 2);
    return sum;
}

/* An independent minimum: descent along both coordinates with shrinking steps, on the weights as they are defined. */
static RegressionLine
descend(const double *y, const double *weights, guint n)
{
    RegressionLine line = {0, 0};

    /* along a and along the line that turns about the mean of x, which are nearly independent */
    for (double step = 1; step > 1e-9; step /= 2)
        for (gboolean better = TRUE; better;) {
            better = FALSE;
            for (guint way = 0; way < 4; way++) {
                const double s = way % 2 ? step : -step;
                const RegressionLine next =
                    way < 2 ? (RegressionLine){line.a + s, line.b} : (RegressionLine){line.a - s * 20, line.b + s};

                if (cost(y, weights, n, next.a, next.b) < cost(y, weights, n, line.a, line.b)) {
                    line = next;
                    better = TRUE;
                }
            }
        }
    return line;
}

START_TEST(an_independent_minimization_finds_the_same_lines_in_neats_traces)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];

    neat_traces_read(traces);
    for (guint t = 0; t < NEAT_TRACES; t += 3)
        for (guint from = 0; from + 30 <= NEAT_VALUES; from += 60) {
            const double *y = traces[t] + from;
            double weights[30], residuals[30];

            for (guint i = 0; i < 30; i++)
                weights[i] = pow(1 - pow((29. - MAX(i, 2)) / 29, 3), 3);
            const RegressionLine first = descend(y, weights, 30), mine = regression_local(y, 30, FALSE);

            /* the descent ends 1e-9 from its minimum in each coordinate, times 20 in a */
            ck_assert_double_eq_tol(regression_at(&mine, 30), regression_at(&first, 30), 1e-6);
            for (guint i = 0; i < 30; i++)
                residuals[i] = fabs(y[i] - regression_at(&mine, i + 1));
            const double m = regression_median(residuals, 30);

            if (m == 0)
                continue;
            for (guint i = 0; i < 30; i++)
                weights[i] *= pow(1 - pow(residuals[MAX(i, 2)] / (6 * m), 2), 2);
            const RegressionLine second = descend(y, weights, 30), robust = regression_local(y, 30, TRUE);

            ck_assert_double_eq_tol(regression_at(&robust, 30.04), regression_at(&second, 30.04), 1e-6);
        }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("local_regression");

    tcase_add_test(tcase, neats_series_gives_neats_estimates);
    tcase_add_test(tcase, weights_are_neats);
    tcase_add_test(tcase, a_line_is_found_and_stands_where_no_residual_is_left);
    tcase_add_test(tcase, medians_of_even_numbers_are_the_mean_of_both);
    tcase_add_test(tcase, an_independent_minimization_finds_the_same_lines_in_neats_traces);
    return check_main("local_regression", tcase, NULL);
}
