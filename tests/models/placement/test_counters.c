#include "models/placement/counters.h"
#include "tests/check_main.h"
#include "tests/models/placement/neat_traces.h"

#include <math.h>

static const CounterRules four = {.interval_s = 300, .length = 4};

START_TEST(the_last_values_are_kept_oldest_first)
{
    g_autoptr(Counters) counters = counters_new(&four, NULL);
    guint n;

    counters_seen(counters, 0, &n);
    ck_assert_uint_eq(n, 0);
    for (guint i = 0; i < 100; i++) {
        ck_assert(counters_read(counters, 300.0 * i, i));
        const double *seen = counters_seen(counters, 300.0 * i, &n);

        ck_assert_uint_eq(n, MIN(i + 1, 4));
        for (guint k = 0; k < n; k++)
            ck_assert_double_eq(seen[k], i + 1 - n + k);
    }
    counters_clear(counters);
    counters_seen(counters, 30000, &n);
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(a_late_reading_is_not_seen_before_its_delay)
{
    CounterRules rules = four;
    guint n;

    rules.delay_s = 450;
    g_autoptr(Counters) counters = counters_new(&rules, NULL);

    for (guint i = 0; i < 3; i++)
        counters_read(counters, 300.0 * i, 10 + i);
    counters_seen(counters, 449, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_double_eq(counters_last(counters_seen(counters, 450, &n), 1), 10);
    ck_assert_uint_eq(n, 1);
    const double *seen = counters_seen(counters, 1049, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_double_eq(seen[1], 11);
}
END_TEST

/* 20,000 readings of which 30 % are lost: binomial, 5 standard errors are 1.6 %. */
START_TEST(lost_readings_leave_no_gap_and_are_as_many_as_said)
{
    CounterRules rules = {.interval_s = 300, .length = 20000, .loss = 0.3};
    RandomStream stream;
    guint n, lost = 0;

    random_init(&stream, 1, "counter-loss", "vm1");
    g_autoptr(Counters) counters = counters_new(&rules, &stream);

    for (guint i = 0; i < 20000; i++)
        lost += !counters_read(counters, i, i);
    const double *seen = counters_seen(counters, 20000, &n);

    ck_assert_uint_eq(n + lost, 20000);
    ck_assert_double_eq_tol(lost / 20000.0, 0.3, 0.016);
    for (guint i = 1; i < n; i++)
        ck_assert(seen[i] > seen[i - 1]);
}
END_TEST

START_TEST(means_are_of_the_last_values_that_there_are)
{
    const double values[] = {1, 2, 4, 8};

    ck_assert_double_eq(counters_mean_of_last(values, 4, 2), 6);
    ck_assert_double_eq(counters_mean_of_last(values, 4, 100), 3.75);
    ck_assert(isnan(counters_mean_of_last(values, 0, 2)));
    ck_assert(isnan(counters_last(values, 0)));
    ck_assert_double_eq(counters_last(values, 4), 8);
}
END_TEST

/* The capacity is not exceeded, small wants are met, the others get the same. */
START_TEST(a_host_shares_what_it_has_and_never_more)
{
    const struct {
        double capacity, wanted[4], got[4];
    } table[] = {
        {10, {1, 2, 3, 4}, {1, 2, 3, 4}},    /* enough for all */
        {8, {1, 2, 3, 4}, {1, 2, 2.5, 2.5}}, /* two are met */
        {4, {4, 4, 4, 4}, {1, 1, 1, 1}},     /* none is */
        {6, {0, 5, 0.5, 5}, {0, 2.75, 0.5, 2.75}}, {0, {1, 2, 3, 4}, {0, 0, 0, 0}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        double got[4], sum = 0;
        const double all = counters_share(table[i].wanted, 4, table[i].capacity, got);

        for (guint k = 0; k < 4; k++) {
            ck_assert_double_eq_tol(got[k], table[i].got[k], 1e-12);
            sum += got[k];
        }
        ck_assert_double_eq_tol(all, sum, 1e-12);
        ck_assert(sum <= table[i].capacity + 1e-12);
    }
}
END_TEST

/* Eleven of Neat's traces at a time on one host, at each of their dates: equal wants meet the level to the last digit.
 */
START_TEST(neats_traces_are_shared_out_to_the_last_digit)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];
    double wanted[11], got[11];

    neat_traces_read(traces);
    for (guint first = 0; first + 11 <= NEAT_TRACES; first++)
        for (guint k = 0; k < NEAT_VALUES; k++) {
            double all = 0, level = 0, sum = 0;

            for (guint i = 0; i < 11; i++)
                all += wanted[i] = traces[first + i][k] * 2792;
            ck_assert_double_eq_tol(counters_share(wanted, 11, 10000, got), MIN(all, 10000), 1e-9);
            for (guint i = 0; i < 11; i++) {
                sum += got[i];
                level = MAX(level, got[i]);
                ck_assert(got[i] <= wanted[i]);
            }
            ck_assert_double_eq_tol(sum, MIN(all, 10000), 1e-6);
            for (guint i = 0; i < 11; i++) /* who got less than it wanted got as much as anybody */
                ck_assert(got[i] == wanted[i] || got[i] == level);
        }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("counters");

    tcase_add_test(tcase, the_last_values_are_kept_oldest_first);
    tcase_add_test(tcase, a_late_reading_is_not_seen_before_its_delay);
    tcase_add_test(tcase, lost_readings_leave_no_gap_and_are_as_many_as_said);
    tcase_add_test(tcase, means_are_of_the_last_values_that_there_are);
    tcase_add_test(tcase, a_host_shares_what_it_has_and_never_more);
    tcase_add_test(tcase, neats_traces_are_shared_out_to_the_last_digit);
    return check_main("counters", tcase, NULL);
}
