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

int
main(void)
{
    TCase *tcase = tcase_create("interval");

    tcase_add_test(tcase, quantiles_are_those_of_the_tables);
    tcase_add_test(tcase, mean_deviation_and_interval_of_known_values);
    tcase_add_test(tcase, equal_values_have_no_deviation_and_one_value_has_no_interval);
    return check_main("interval", tcase, NULL);
}
