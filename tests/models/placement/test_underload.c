#include "models/placement/underload.h"
#include "tests/check_main.h"

START_TEST(the_mean_of_the_last_values_is_at_most_the_threshold)
{
    const UnderloadRules rules = UNDERLOAD_RULES_NEAT;

    ck_assert(underload_detect(&rules, (const double[]){1, 1, 0.4, 0.6}, 4)); /* 0.5: at the threshold */
    ck_assert(!underload_detect(&rules, (const double[]){0, 0, 0.4, 0.62}, 4));
    ck_assert(underload_detect(&rules, (const double[]){0.5}, 1));
    ck_assert(!underload_detect(&rules, NULL, 0));
    ck_assert(!underload_detect(&(UnderloadRules){-1, 2}, (const double[]){0, 0}, 2));
}
END_TEST

START_TEST(the_least_utilized_host_has_work_and_is_not_full)
{
    const double utilization[] = {0, 0.4, 0.2, 0.2, 1};
    gboolean excluded[5] = {FALSE};

    ck_assert_int_eq(underload_least_utilized(utilization, excluded, 5), 2);
    excluded[2] = TRUE;
    ck_assert_int_eq(underload_least_utilized(utilization, excluded, 5), 3);
    excluded[3] = excluded[1] = TRUE;
    ck_assert_int_eq(underload_least_utilized(utilization, excluded, 5), -1);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("underload");

    tcase_add_test(tcase, the_mean_of_the_last_values_is_at_most_the_threshold);
    tcase_add_test(tcase, the_least_utilized_host_has_work_and_is_not_full);
    return check_main("underload", tcase, NULL);
}
