#include "models/base/histogram.h"
#include "models/base/random.h"
#include "tests/check_main.h"

#include <math.h>

static int
value_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Six decades of log-uniform values; the stated bound is half a bucket, 1/256. */
START_TEST(percentiles_are_within_half_a_bucket_of_the_sorted_sample)
{
    const double shares[] = {0.01, 0.5, 0.9, 0.99, 0.999, 1.0};
    const int n = 100000;
    g_autofree double *values = g_new(double, n);
    g_auto(Histogram) histogram;
    RandomStream random;

    histogram_init(&histogram);
    random_init(&random, 1, "test", "histogram");
    for (int i = 0; i < n; i++) {
        values[i] = pow(10, -7 + 6 * random_unit(&random));
        histogram_add(&histogram, values[i]);
    }
    qsort(values, n, sizeof *values, value_compare);
    for (gsize i = 0; i < G_N_ELEMENTS(shares); i++) {
        const double exact = values[(int)ceil(shares[i] * n - 1e-6) - 1];
        ck_assert_double_le(fabs(histogram_percentile(&histogram, shares[i]) / exact - 1), 1.0 / 256 + 1e-12);
    }
    ck_assert_double_eq(histogram_percentile(&histogram, 1), values[n - 1]);
    ck_assert_double_eq(histogram.least, values[0]);
}
END_TEST

START_TEST(merged_is_the_same_as_added_together)
{
    g_auto(Histogram) a, b, both;
    RandomStream random;

    histogram_init(&a);
    histogram_init(&b);
    histogram_init(&both);
    random_init(&random, 2, "test", "histogram");
    for (int i = 0; i < 1000; i++) {
        const double value = random_exponential(&random, 1e-5);
        histogram_add(i % 3 ? &a : &b, value);
        histogram_add(&both, value);
    }
    histogram_merge(&a, &b);
    ck_assert_uint_eq(a.count, both.count);
    ck_assert_double_eq(histogram_percentile(&a, 0.99), histogram_percentile(&both, 0.99));
    ck_assert_double_eq(a.greatest, both.greatest);
    ck_assert_double_eq_tol(histogram_mean(&a), histogram_mean(&both), 1e-15);
}
END_TEST

START_TEST(values_beyond_the_range_are_kept_by_the_exact_ends)
{
    g_auto(Histogram) histogram;

    histogram_init(&histogram);
    ck_assert_double_eq(histogram_percentile(&histogram, 0.5), 0);
    histogram_add(&histogram, 0);
    histogram_add(&histogram, 1e9);
    ck_assert_double_eq(histogram.least, 0);
    ck_assert_double_eq(histogram_percentile(&histogram, 1), 1e9);
    ck_assert_double_lt(histogram_percentile(&histogram, 0.5), 1e-8);
}
END_TEST

START_TEST(what_lies_beyond_a_value_is_counted_with_its_excess)
{
    g_auto(Histogram) histogram;
    double excess = -1;

    histogram_init(&histogram);
    ck_assert_uint_eq(histogram_beyond(&histogram, 1, 1, &excess), 0);
    ck_assert_double_eq(excess, 0);
    for (guint i = 0; i < 100; i++)
        histogram_add(&histogram, 0.001);
    histogram_add(&histogram, 0.02);
    histogram_add(&histogram, 1.5);
    ck_assert_uint_eq(histogram_beyond(&histogram, 0.01, 0.001, &excess), 2);
    ck_assert_double_eq_tol(excess, 1.518, 0.004 * 1.518);
    ck_assert_uint_eq(histogram_beyond(&histogram, 2, 0.001, &excess), 0);
    ck_assert_double_eq(excess, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("histogram");

    tcase_add_test(tcase, percentiles_are_within_half_a_bucket_of_the_sorted_sample);
    tcase_add_test(tcase, merged_is_the_same_as_added_together);
    tcase_add_test(tcase, values_beyond_the_range_are_kept_by_the_exact_ends);
    tcase_add_test(tcase, what_lies_beyond_a_value_is_counted_with_its_excess);
    return check_main("histogram", tcase, NULL);
}
