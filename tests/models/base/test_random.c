#include "models/base/random.h"
#include "tests/check_main.h"

#include <math.h>

START_TEST(same_name_gives_same_numbers_and_another_name_others)
{
    RandomStream a, b, c;

    random_init(&a, 7, "dirty", "vm1");
    random_init(&b, 7, "dirty", "vm1");
    random_init(&c, 7, "dirty", "vm2");
    for (int i = 0; i < 100; i++) {
        const guint64 x = random_u64(&a);
        ck_assert_uint_eq(x, random_u64(&b));
        ck_assert_uint_ne(x, random_u64(&c));
    }
}
END_TEST

START_TEST(below_is_uniform)
{
    RandomStream r;
    int counts[7] = {0};
    const int draws = 70000;

    random_init(&r, 1, "test", "below");
    for (int i = 0; i < draws; i++)
        counts[random_below(&r, 7)]++;
    double chi2 = 0;
    for (int i = 0; i < 7; i++)
        chi2 += pow(counts[i] - draws / 7.0, 2) / (draws / 7.0);
    ck_assert_double_lt(chi2, 22.5); /* 6 degrees of freedom, p = 0.001 */
}
END_TEST

/* Mean and variance of each distribution within five standard errors. */
START_TEST(poisson_has_its_mean_and_variance)
{
    const double means[] = {0.01, 0.7, 9.9, 10.1, 55.0, 4000.0};
    RandomStream r;

    random_init(&r, 1, "test", "poisson");
    for (gsize m = 0; m < G_N_ELEMENTS(means); m++) {
        const int n = 200000;
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++) {
            const double k = (double)random_poisson(&r, means[m]);
            sum += k;
            squares += (k - means[m]) * (k - means[m]);
        }
        ck_assert_double_lt(fabs(sum / n - means[m]), 5 * sqrt(means[m] / n));
        const double variance_se = sqrt((means[m] + 2 * means[m] * means[m]) / n);
        ck_assert_double_lt(fabs(squares / n - means[m]), 5 * variance_se);
    }
}
END_TEST

/* Cells of k that expect at least `least` draws each; what is left goes to the last one. */
static double
binomial_chi_square(RandomStream *r, guint64 n, double p, int draws, int *cells)
{
    const double least = 50;
    g_autofree int *counts = g_new0(int, n + 1);
    double chi2 = 0, expected = 0, observed = 0, left = draws;

    for (int i = 0; i < draws; i++)
        counts[random_binomial(r, n, p)]++;
    *cells = 0;
    for (guint64 k = 0; k <= n; k++) {
        const double ways = lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
        const double here = draws * exp(ways + (double)k * log(p) + (double)(n - k) * log1p(-p));
        expected += here;
        observed += counts[k];
        left -= here;
        if ((expected < least || left < least) && k < n)
            continue;
        chi2 += (observed - expected) * (observed - expected) / expected;
        (*cells)++;
        expected = observed = 0;
    }
    return chi2;
}

/* Each law of both methods, on both sides of where they meet, cell by cell: chi-square over m cells is m - 1 on average
 * with a variance of 2 (m - 1), and six deviations above that are passed by chance once in 10^6 even for few cells. */
START_TEST(binomial_has_its_law)
{
    const struct {
        guint64 n;
        double p;
    } laws[] = {{1, 0.3},  {5, 0.999},       {20, 0.3},       {20, 0.5},     {21, 0.5},       {1000, 0.0099},
                {30, 0.4}, {1000, 0.0101},   {1024, 0.9},     {100, 0.1},    {131072, 1e-5},  {118000, 0.0065},
                {64, 0.5}, {131072, 0.9999}, {131072, 0.125}, {1024, 0.003}, {131072, 0.4375}};
    RandomStream r;

    random_init(&r, 1, "test", "binomial");
    for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
        int cells;
        const double chi2 = binomial_chi_square(&r, laws[i].n, laws[i].p, 200000, &cells);
        ck_assert_int_ge(cells, 2);
        ck_assert_msg(chi2 < cells - 1 + 6 * sqrt(2.0 * (cells - 1)) + 12, "n %d, p %g: %g over %d cells",
                      (int)laws[i].n, laws[i].p, chi2, cells);
    }
    ck_assert_uint_eq(random_binomial(&r, 7, 0), 0);
    ck_assert_uint_eq(random_binomial(&r, 7, 1), 7);
    ck_assert_uint_eq(random_binomial(&r, 0, 0.5), 0);
}
END_TEST

/* A trial of rate x succeeds with probability 1 - exp(-x): means within five standard errors on both sides of where
 * failures are rarer, and of where the method changes. */
START_TEST(successes_are_those_of_a_decay)
{
    const double x[] = {1e-9, 1e-4, 0.01, 0.3, 0.69, 0.7, 2, 30};
    RandomStream r;

    random_init(&r, 1, "test", "trial");
    for (gsize i = 0; i < G_N_ELEMENTS(x); i++) {
        const RandomTrial trial = random_trial(x[i]);
        const double n = 1000, draws = 20000, p = -expm1(-x[i]);
        double sum = 0;
        for (int k = 0; k < draws; k++)
            sum += (double)random_successes(&r, (guint64)n, &trial);
        ck_assert_double_le(fabs(sum / draws - n * p), 5 * sqrt(n * p * (1 - p) / draws) + 1e-3);
    }
}
END_TEST

/* Place by place, with the bound of binomial_has_its_law. */
START_TEST(place_has_its_law)
{
    const struct {
        guint64 n, m, k;
    } laws[] = {{10, 4, 2}, {10, 4, 1}, {10, 4, 4}, {50, 20, 7}, {12, 12, 3}, {7, 1, 1}, {30, 29, 15}, {500, 3, 2}};
    const int draws = 200000;
    RandomStream r;

    random_init(&r, 1, "test", "place");
    for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
        const double n = (double)laws[i].n, m = (double)laws[i].m, k = (double)laws[i].k;
        int counts[501] = {0}, cells = 0;
        double chi2 = 0;
        for (int d = 0; d < draws; d++)
            counts[random_place(&r, laws[i].n, laws[i].m, laws[i].k)]++;
        for (double x = k; x <= n - m + k; x++) {
            const double ways = lgamma(x) - lgamma(k) - lgamma(x - k + 1) + lgamma(n - x + 1) - lgamma(m - k + 1) -
                                lgamma(n - x - m + k + 1) - lgamma(n + 1) + lgamma(m + 1) + lgamma(n - m + 1);
            const double expected = draws * exp(ways);
            if (expected < 10)
                continue;
            chi2 += pow(counts[(int)x] - expected, 2) / expected;
            cells++;
        }
        ck_assert_msg(chi2 < cells - 1 + 6 * sqrt(2.0 * (cells - 1)) + 12, "n %g, m %g, k %g: %g over %d cells", n, m,
                      k, chi2, cells);
    }
    for (int d = 0; d < 1000; d++) { /* as many as a large guest has */
        const guint64 place = random_place(&r, 1u << 24, 1u << 23, 1u << 22);
        ck_assert_double_lt(fabs((double)place - 0x1p23), 6 * 0x1p11 * sqrt(2)); /* of a half, in sqrt(n)/2 */
    }
}
END_TEST

START_TEST(exponential_and_normal_have_their_moments)
{
    RandomStream r;
    const int n = 400000;
    double e = 0, z = 0, z2 = 0;

    random_init(&r, 1, "test", "continuous");
    for (int i = 0; i < n; i++) {
        e += random_exponential(&r, 3.0);
        const double x = random_normal(&r);
        z += x;
        z2 += x * x;
    }
    ck_assert_double_lt(fabs(e / n - 3.0), 5 * 3.0 / sqrt(n));
    ck_assert_double_lt(fabs(z / n), 5 / sqrt(n));
    ck_assert_double_lt(fabs(z2 / n - 1.0), 5 * sqrt(2.0 / n));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("random");

    tcase_add_test(tcase, same_name_gives_same_numbers_and_another_name_others);
    tcase_add_test(tcase, below_is_uniform);
    tcase_add_test(tcase, poisson_has_its_mean_and_variance);
    tcase_add_test(tcase, binomial_has_its_law);
    tcase_add_test(tcase, successes_are_those_of_a_decay);
    tcase_add_test(tcase, place_has_its_law);
    tcase_add_test(tcase, exponential_and_normal_have_their_moments);
    return check_main("random", tcase, NULL);
}
