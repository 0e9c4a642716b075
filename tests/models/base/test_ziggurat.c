#include "models/base/ziggurat.h"
#include "tests/check_main.h"

#include <math.h>

/* 40 cells of equal probability, the last of which holds the tail: chi-square with 39 degrees of freedom, p = 0.001. */
START_TEST(draws_are_exponential)
{
    const int cells = 40, draws = 2000000;
    int counts[40] = {0};
    double chi2 = 0, least = 0;
    RandomStream random;
    Ziggurat ziggurat;

    ziggurat_init(&ziggurat);
    random_init(&random, 1, "test", "ziggurat");
    for (int i = 0; i < draws; i++) {
        const double x = ziggurat_exponential(&ziggurat, &random);
        least = MIN(least, x);
        counts[MIN(cells - 1, (int)(cells * -expm1(-x)))]++;
    }
    ck_assert_double_eq(least, 0); /* none is negative */
    for (int i = 0; i < cells; i++)
        chi2 += pow(counts[i] - draws / (double)cells, 2) / (draws / (double)cells);
    ck_assert_double_lt(chi2, 72.1);
}
END_TEST

/* Moments k! of the standard exponential, each within five standard errors. */
START_TEST(moments_are_factorials)
{
    const int draws = 1000000;
    double sums[5] = {0};
    const double moments[] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320};
    RandomStream random;
    Ziggurat ziggurat;

    ziggurat_init(&ziggurat);
    random_init(&random, 2, "test", "ziggurat");
    for (int i = 0; i < draws; i++) {
        const double x = ziggurat_exponential(&ziggurat, &random);
        for (int k = 1; k <= 4; k++)
            sums[k] += pow(x, k);
    }
    for (int k = 1; k <= 4; k++) {
        const double error = sqrt((moments[2 * k] - moments[k] * moments[k]) / draws);
        ck_assert_double_lt(fabs(sums[k] / draws - moments[k]), 5 * error);
    }
}
END_TEST

START_TEST(the_tail_begins_where_the_paper_says)
{
    Ziggurat ziggurat;

    ziggurat_init(&ziggurat);
    ck_assert_double_eq_tol(ziggurat.edges[1], 7.69711747013104972, 1e-9); /* Marsaglia and Tsang, n = 256 */
    for (guint i = 0; i < ZIGGURAT_LAYERS; i++)
        ck_assert_double_gt(ziggurat.edges[i], ziggurat.edges[i + 1]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("ziggurat");

    tcase_add_test(tcase, draws_are_exponential);
    tcase_add_test(tcase, moments_are_factorials);
    tcase_add_test(tcase, the_tail_begins_where_the_paper_says);
    return check_main("ziggurat", tcase, NULL);
}
