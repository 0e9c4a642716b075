#include "models/placement/nova_downtime.h"
#include "tests/check_main.h"

#include <math.h>

#define GIB (1024.0 * 1024 * 1024)

/* The docstring of downtime_steps: 10 steps, 30 s a GiB, 3 GiB, 400 ms. */
START_TEST(the_docstrings_rows)
{
    const double ms[] = {40, 76, 112, 148, 184, 220, 256, 292, 328, 364, 400};
    NovaMigrationRules rules = NOVA_MIGRATION_RULES_DEFAULT;

    rules.downtime_ms = 400;
    rules.delay_s_per_GiB = 30;
    for (guint i = 0; i <= rules.steps; i++) {
        double after_s, limit_ms;

        nova_downtime_step(&rules, 3, i, &after_s, &limit_ms);
        ck_assert_double_eq(after_s, 90.0 * i);
        ck_assert_double_eq(limit_ms, ms[i]);
    }
}
END_TEST

/* The defaults: base 50, offset 45, each 75 s of a GiB. */
START_TEST(the_defaults_rows)
{
    const NovaMigrationRules rules = NOVA_MIGRATION_RULES_DEFAULT;

    for (guint i = 0; i <= rules.steps; i++) {
        double after_s, limit_ms;

        nova_downtime_step(&rules, 4, i, &after_s, &limit_ms);
        ck_assert_double_eq(after_s, 300.0 * i);
        ck_assert_double_eq(limit_ms, 50 + 45 * i);
    }
}
END_TEST

START_TEST(a_step_counts_when_its_date_is_past)
{
    const NovaMigrationRules rules = NOVA_MIGRATION_RULES_DEFAULT;

    ck_assert(isnan(nova_downtime_ms(&rules, 4, 0)));
    ck_assert_double_eq(nova_downtime_ms(&rules, 4, 0.5), 50);
    ck_assert_double_eq(nova_downtime_ms(&rules, 4, 300), 50);
    ck_assert_double_eq(nova_downtime_ms(&rules, 4, 300.5), 95);
    ck_assert_double_eq(nova_downtime_ms(&rules, 4, 1e6), 500);
}
END_TEST

START_TEST(at_least_two_gibibytes_count_and_delays_are_whole_seconds)
{
    const NovaMigrationRules rules = NOVA_MIGRATION_RULES_DEFAULT;
    double after_s, limit_ms;

    ck_assert_double_eq(nova_data_GiB(GIB / 2), 2);
    ck_assert_double_eq(nova_data_GiB(3.5 * GIB), 3.5);
    nova_downtime_step(&rules, 3.51, 2, &after_s, &limit_ms); /* 263.25 s is cut before it is multiplied */
    ck_assert_double_eq(after_s, 526);
}
END_TEST

START_TEST(a_migration_that_takes_too_long_is_ended_as_said)
{
    NovaMigrationRules rules = NOVA_MIGRATION_RULES_DEFAULT;

    ck_assert_int_eq(nova_timeout(&rules, 2, 1600), NOVA_GOES_ON);
    ck_assert_int_eq(nova_timeout(&rules, 2, 1600.5), NOVA_IS_ABORTED);
    rules.permit_post_copy = TRUE; /* abort is abort */
    ck_assert_int_eq(nova_timeout(&rules, 2, 1601), NOVA_IS_ABORTED);
    rules.action = NOVA_FORCE_COMPLETE;
    ck_assert_int_eq(nova_timeout(&rules, 2, 1601), NOVA_TURNS_POST_COPY);
    rules.permit_post_copy = FALSE;
    ck_assert_int_eq(nova_timeout(&rules, 2, 1601), NOVA_IS_PAUSED);
    rules.completion_s_per_GiB = 0;
    ck_assert_int_eq(nova_timeout(&rules, 2, 1e9), NOVA_GOES_ON);
}
END_TEST

START_TEST(one_at_a_time_leaves_a_host)
{
    NovaMigrationRules rules = NOVA_MIGRATION_RULES_DEFAULT;

    ck_assert(nova_may_start(&rules, 0));
    ck_assert(!nova_may_start(&rules, 1));
    rules.concurrent = 0;
    ck_assert(nova_may_start(&rules, 1000));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("nova_downtime");

    tcase_add_test(tcase, the_docstrings_rows);
    tcase_add_test(tcase, the_defaults_rows);
    tcase_add_test(tcase, a_step_counts_when_its_date_is_past);
    tcase_add_test(tcase, at_least_two_gibibytes_count_and_delays_are_whole_seconds);
    tcase_add_test(tcase, a_migration_that_takes_too_long_is_ended_as_said);
    tcase_add_test(tcase, one_at_a_time_leaves_a_host);
    return check_main("nova_downtime", tcase, NULL);
}
