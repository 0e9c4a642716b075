#include "models/base/random.h"
#include "models/base/statistics.h"
#include "tests/check_main.h"

#include <math.h>

/* f = 1 is Cauchy and f = 2 has a closed form too; the other values are those of every printed table (3 decimals). */
START_TEST(student_quantiles_are_those_of_the_tables)
{
    const struct {
        double p, freedom, t;
    } table[] = {{0.975, 4, 2.776},  {0.975, 9, 2.262},  {0.995, 9, 3.250},  {0.95, 19, 1.729},
                 {0.975, 30, 2.042}, {0.995, 60, 2.660}, {0.975, 120, 1.980}};

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        ck_assert_double_eq_tol(statistics_student(table[i].p, table[i].freedom), table[i].t, 0.0005);
    for (double p = 0.01; p < 1; p += 0.07) {
        ck_assert_double_eq_tol(statistics_student(p, 1), tan(G_PI * (p - 0.5)),
                                1e-9 * (1 + fabs(tan(G_PI * p))) + 1e-7);
        const double exact = (2 * p - 1) / sqrt(2 * p * (1 - p));
        ck_assert_double_eq_tol(statistics_student(p, 2), exact, 1e-9);
    }
}
END_TEST

/* 2,000 intervals of 10 normal values at 95 %: hits are binomial, 5 standard errors are 2.4 %. */
START_TEST(ninety_five_of_a_hundred_intervals_hold_the_mean)
{
    RandomStream random;
    int hits = 0;

    random_init(&random, 3, "test", "statistics");
    for (int run = 0; run < 2000; run++) {
        double values[10];
        for (int i = 0; i < 10; i++)
            values[i] = 5 + random_normal(&random);
        const StatisticsInterval interval = statistics_interval(values, 10, 0.95);
        hits += fabs(interval.mean - 5) <= interval.half_width;
    }
    ck_assert_double_eq_tol(hits / 2000.0, 0.95, 0.025);
}
END_TEST

/* Batches of an autoregressive series (correlation 0.9, so single values would give intervals four times too narrow):
 * 400 intervals at 95 %, 5 standard errors are 5.4 %. */
START_TEST(batch_means_hold_the_mean_of_a_correlated_series)
{
    RandomStream random;
    int hits = 0;

    random_init(&random, 4, "test", "statistics");
    for (int run = 0; run < 400; run++) {
        StatisticsBatches batches;
        double x = random_normal(&random) / sqrt(1 - 0.81);
        statistics_batches_init(&batches);
        for (int i = 0; i < 10000; i++) {
            x = 0.9 * x + random_normal(&random);
            statistics_batches_add(&batches, 5 + x, 1);
        }
        const StatisticsInterval interval = statistics_batches_interval(&batches, 0.95);
        ck_assert_uint_ge(interval.batches, STATISTICS_BATCHES_MAX / 2);
        ck_assert_uint_lt(interval.batches, STATISTICS_BATCHES_MAX);
        hits += fabs(interval.mean - 5) <= interval.half_width;
    }
    ck_assert_double_eq_tol(hits / 400.0, 0.95, 0.055);
}
END_TEST

START_TEST(a_transient_is_cut_off_and_a_trend_is_not_called_steady)
{
    double values[500];
    RandomStream random;

    random_init(&random, 5, "test", "statistics");
    for (int i = 0; i < 500; i++)
        values[i] = 10 + random_normal(&random) + (i < 100 ? 30 * exp(-i / 25.0) : 0);
    const gsize cut = statistics_warm_up(values, 500);
    ck_assert_uint_ge(cut, 50); /* 30 exp(-50/25) = 4 standard deviations */
    ck_assert_uint_le(cut, 200);
    for (int i = 0; i < 500; i++)
        values[i] = i;
    ck_assert_uint_eq(statistics_warm_up(values, 500), 500);
    for (int i = 0; i < 500; i++)
        values[i] = 3;
    ck_assert_uint_eq(statistics_warm_up(values, 500), 0);
    ck_assert_uint_eq(statistics_warm_up(values, 19), 19);
}
END_TEST

START_TEST(a_narrow_interval_needs_both_batches_and_width)
{
    const StatisticsInterval interval = {100, 0.9, 0.95, 20};

    ck_assert(statistics_is_narrow(&interval, 0.01, 20));
    ck_assert(!statistics_is_narrow(&interval, 0.005, 20));
    ck_assert(!statistics_is_narrow(&interval, 0.01, 21));
}
END_TEST

/* By hand, of 10, 20, 30 and 40: half of them are no more than 20, three quarters no more than 30. */
START_TEST(a_nearest_rank_is_the_least_value_that_the_share_does_not_exceed)
{
    const double values[] = {30, 10, 40, 20};
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(double));

    ck_assert(isnan(statistics_nearest_rank(array, 0.5)));
    g_array_append_vals(array, values, G_N_ELEMENTS(values));
    statistics_sort(array);
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        ck_assert_double_eq(g_array_index(array, double, i), 10 * (i + 1));
    const struct {
        double share, value;
    } ranks[] = {{0, 10}, {0.25, 10}, {0.26, 20}, {0.5, 20}, {0.75, 30}, {0.99, 40}, {1, 40}};
    for (guint i = 0; i < G_N_ELEMENTS(ranks); i++)
        ck_assert_double_eq(statistics_nearest_rank(array, ranks[i].share), ranks[i].value);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("statistics");

    tcase_add_test(tcase, student_quantiles_are_those_of_the_tables);
    tcase_add_test(tcase, ninety_five_of_a_hundred_intervals_hold_the_mean);
    tcase_add_test(tcase, batch_means_hold_the_mean_of_a_correlated_series);
    tcase_add_test(tcase, a_transient_is_cut_off_and_a_trend_is_not_called_steady);
    tcase_add_test(tcase, a_nearest_rank_is_the_least_value_that_the_share_does_not_exceed);
    tcase_add_test(tcase, a_narrow_interval_needs_both_batches_and_width);
    return check_main("statistics", tcase, NULL);
}
