#include "models/memory/zipf.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

static const double exponents[] = {0.2, 0.7, 0.999999999, 1, 1.3, 2, 5};

/* Against the plain sum, smallest term first; 1e-12 is the header's promise. */
START_TEST(sums_equal_the_plain_sums)
{
    const guint64 ranges[][2] = {{0, 1},      {0, 64},   {3, 65},      {63, 64},        {64, 65},
                                 {0, 100000}, {64, 128}, {1024, 2048}, {99000, 100000}, {5, 5}};

    for (gsize e = 0; e < G_N_ELEMENTS(exponents); e++)
        for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
            double sum = 0;
            for (guint64 k = ranges[i][1]; k > ranges[i][0]; k--)
                sum += pow((double)k, -exponents[e]);
            const double got = zipf_sum(exponents[e], ranges[i][0], ranges[i][1]);
            ck_assert_msg(fabs(got - sum) <= 1e-12 * sum, "exponent %g, %lu..%lu: %.17g, not %.17g", exponents[e],
                          ranges[i][0], ranges[i][1], got, sum);
        }
}
END_TEST

static double
chi_square(const guint *counts, const double *weights, guint64 pages, double draws, double *degrees)
{
    double total = 0, chi2 = 0, pooled = 0, pooled_count = 0;

    *degrees = -1;
    for (guint64 k = 0; k < pages; k++)
        total += weights[k];
    for (guint64 k = 0; k < pages; k++) {
        const double expected = draws * weights[k] / total;
        if (expected < 10) { /* too few for a cell of its own */
            pooled += expected;
            pooled_count += counts[k];
            continue;
        }
        chi2 += pow(counts[k] - expected, 2) / expected;
        (*degrees)++;
    }
    if (pooled >= 5) {
        chi2 += pow(pooled_count - pooled, 2) / pooled;
        (*degrees)++;
    }
    return chi2;
}

/* Whole law (excess = 0) and its excess over the last page, on steep and on flat ranges. */
START_TEST(draws_follow_the_law)
{
    const guint64 ranges[][2] = {{0, 40}, {0, 1000}, {1, 3}, {40, 70}, {64, 128}, {1000, 1300}};
    const guint draws = 25000;

    for (gsize e = 0; e < G_N_ELEMENTS(exponents); e++)
        for (gsize i = 0; i < 2 * G_N_ELEMENTS(ranges); i++) {
            const gboolean excess = i % 2;
            const ZipfRange range = zipf_range(exponents[e], ranges[i / 2][0], ranges[i / 2][1]);
            const guint64 pages = range.end - range.first;
            g_autofree guint *counts = g_new0(guint, pages);
            g_autofree double *weights = g_new0(double, pages);
            RandomStream random = guest_random(e * 100 + i);
            double degrees;
            for (guint d = 0; d < draws; d++) {
                const guint64 k = excess ? zipf_draw_excess(&random, &range) : zipf_draw(&random, &range);
                ck_assert(k >= range.first && k < range.end);
                counts[k - range.first]++;
            }
            for (guint64 k = 0; k < pages; k++)
                weights[k] = zipf_weight(exponents[e], range.first + k) - (excess ? range.least : 0);
            const double chi2 = chi_square(counts, weights, pages, draws, &degrees);
            if (degrees > 0)
                ck_assert_msg(chi2 < chi_square_bound(degrees), "exponent %g, range %zu, excess %d: %g of %g degrees",
                              exponents[e], i / 2, excess, chi2, degrees);
        }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("zipf");

    tcase_add_test(tcase, sums_equal_the_plain_sums);
    tcase_add_test(tcase, draws_follow_the_law);
    return check_main("zipf", tcase, NULL);
}
