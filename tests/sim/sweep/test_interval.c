#include "models/base/statistics.h"
#include "sim/sweep/interval.h"
#include "tests/check_main.h"

#include <math.h>

START_TEST(quantiles_are_those_of_the_tables)
{
    /* any statistics book; three decimals are printed, so half of the last one is the tolerance */
    static const struct {
        guint freedom;
        double t;
    } rows[] = {{1, 12.706}, {2, 4.303}, {3, 3.182}, {4, 2.776}, {9, 2.262}, {29, 2.045}, {99, 1.984}, {100000, 1.960}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_double_eq_tol(statistics_student(0.975, rows[i].freedom), rows[i].t, 0.0005);
}
END_TEST

START_TEST(mean_deviation_and_interval_of_known_values)
{
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9}; /* mean 5, squares 32 */
    const Interval interval = interval_of(values, 8);

    ck_assert_double_eq_tol(interval.mean, 5, 1e-15);
    ck_assert_double_eq_tol(interval.sd, sqrt(32.0 / 7), 1e-15);
    ck_assert_double_eq_tol(interval.half_width, 2.364624 * sqrt(32.0 / 7) / sqrt(8), 1e-6); /* t has 7 digits */
}
END_TEST

START_TEST(equal_values_have_no_deviation_and_one_value_has_no_interval)
{
    const double equal[] = {0.1, 0.1, 0.1};

    ck_assert_double_eq(interval_of(equal, 3).sd, 0);
    ck_assert_double_eq(interval_of(equal, 1).mean, 0.1);
    ck_assert(isnan(interval_of(equal, 1).sd) && isnan(interval_of(equal, 1).half_width));
    ck_assert(isnan(interval_of(equal, 0).mean));
}
END_TEST

/* The values of Wilson's interval in A. Agresti and B. A. Coull, "Approximate is better than exact for interval
 * estimation of binomial proportions", The American Statistician 52(2), 1998, formula 2, to four digits. */
START_TEST(a_share_has_wilsons_interval_also_where_all_or_none_hold)
{
    const double ten_of_twenty[20] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, none[10] = {0}, all[3] = {1, 1, 1};
    const ShareInterval half = interval_of_share(ten_of_twenty, 20), zero = interval_of_share(none, 10),
                        one = interval_of_share(all, 3);

    ck_assert_double_eq(half.share, 0.5);
    ck_assert_double_eq_tol(half.low, 0.2993, 5e-5);
    ck_assert_double_eq_tol(half.high, 0.7007, 5e-5);
    ck_assert_double_eq(zero.low, 0);
    ck_assert_double_eq_tol(zero.high, 0.2775, 5e-5);
    ck_assert_double_eq(one.high, 1);
    ck_assert_double_eq_tol(one.low, 3 / (3 + 1.96 * 1.96), 5e-5); /* 1 / (1 + z^2 / n) */
    ck_assert(isnan(interval_of_share(none, 0).share));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("interval");

    tcase_add_test(tcase, quantiles_are_those_of_the_tables);
    tcase_add_test(tcase, mean_deviation_and_interval_of_known_values);
    tcase_add_test(tcase, equal_values_have_no_deviation_and_one_value_has_no_interval);
    tcase_add_test(tcase, a_share_has_wilsons_interval_also_where_all_or_none_hold);
    return check_main("interval", tcase, NULL);
}
