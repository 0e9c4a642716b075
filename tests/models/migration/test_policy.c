#include "models/migration/policy.h"
#include "tests/check_main.h"

static const Policy xen45 = {.max_rounds = 29, .min_pages = 50, .few_basis = FEW_OF_ROUND, .max_factor = 3};
static const Policy xen46 = {.max_rounds = 5, .min_pages = 50, .few_basis = FEW_DIRTY};

START_TEST(stops_when_fewer_than_fifty_pages_were_sent_or_skipped)
{
    PolicyCounters counters = {.rounds = 2, .set_pages = 1000, .round_sent = 30, .round_skipped = 19, .left = 900};

    ck_assert_int_eq(policy_stop_reason(&xen45, &counters), STOP_FEW_PAGES);
    counters.round_skipped = 20;
    ck_assert_int_eq(policy_stop_reason(&xen45, &counters), STOP_NOT_YET);
}
END_TEST

START_TEST(stops_after_twenty_nine_rounds)
{
    PolicyCounters counters = {.rounds = 28, .set_pages = 1000, .round_sent = 100};

    ck_assert_int_eq(policy_stop_reason(&xen45, &counters), STOP_NOT_YET);
    counters.rounds = 29;
    ck_assert_int_eq(policy_stop_reason(&xen45, &counters), STOP_ROUNDS);
}
END_TEST

START_TEST(stops_when_more_than_three_times_the_memory_was_sent)
{
    PolicyCounters counters = {.rounds = 3, .set_pages = 1000, .round_sent = 900, .total_sent = 3000};

    ck_assert_int_eq(policy_stop_reason(&xen45, &counters), STOP_NOT_YET);
    counters.total_sent = 3001;
    ck_assert_int_eq(policy_stop_reason(&xen45, &counters), STOP_MANY_SENT);
}
END_TEST

START_TEST(migration_v2_looks_at_dirty_pages_and_stops_after_five_rounds)
{
    PolicyCounters counters = {.rounds = 1, .set_pages = 1000, .round_sent = 10, .left = 50};

    ck_assert_int_eq(policy_stop_reason(&xen46, &counters), STOP_NOT_YET);
    counters.left = 49;
    ck_assert_int_eq(policy_stop_reason(&xen46, &counters), STOP_FEW_PAGES);
    counters.left = 500;
    counters.rounds = 5;
    ck_assert_int_eq(policy_stop_reason(&xen46, &counters), STOP_ROUNDS);
}
END_TEST

START_TEST(a_limit_of_zero_is_off)
{
    const Policy endless = {.max_rounds = 1000};
    const PolicyCounters counters = {.rounds = 999, .set_pages = 1, .total_sent = 1000000};

    ck_assert_int_eq(policy_stop_reason(&endless, &counters), STOP_NOT_YET);
}
END_TEST

START_TEST(stops_when_what_is_left_is_expected_to_fit_the_downtime)
{
    const Policy policy = {.max_rounds = 1000, .downtime_limit_s = 0.3};
    PolicyCounters counters = {.rounds = 1, .set_pages = 1000, .expected_s = 0.31, .allowed_s = 0.3};

    ck_assert_int_eq(policy_stop_reason(&policy, &counters), STOP_NOT_YET);
    counters.expected_s = 0.29;
    ck_assert_int_eq(policy_stop_reason(&policy, &counters), STOP_DOWNTIME);
}
END_TEST

/* 150 ms, 250 ms, … 1050 ms from the tenth round on; two rounds later when it begins after the third. */
START_TEST(downtime_limit_ramps_and_then_stays)
{
    Policy policy = {.downtime_limit_s = 0.15, .downtime_step_s = 0.1, .downtime_most_s = 1.05};
    const Policy fixed = {.downtime_limit_s = 0.3};
    DowntimeRamp ramp = {0};

    ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, 1, 5), 0.15, 1e-12);
    ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, 2, 5), 0.25, 1e-12);
    ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, 10, 5), 1.05, 1e-12);
    ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, 50, 5), 1.05, 1e-12);
    ck_assert_double_eq(policy_downtime_s(&fixed, &ramp, 50, 5), 0.3);
    policy.downtime_after = 3;
    ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, 3, 5), 0.15, 1e-12);
    ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, 4, 5), 0.25, 1e-12);
}
END_TEST

/* KubeVirt's tuneDowntime with its defaults: 278 ms when the third iteration begins later than 10 s, then a step each
 * 10 s, the last one cut off at the ceiling. */
START_TEST(downtime_limit_ramps_in_time_as_kubevirts)
{
    const Policy policy = {.downtime_limit_s = 0.15,
                           .downtime_step_s = 0.128,
                           .downtime_most_s = 1.05,
                           .downtime_after = 3,
                           .downtime_every_s = 10};
    static const struct {
        guint rounds;
        double elapsed_s, allowed_s;
    } rows[] = {{1, 0, 0.15},     {2, 60, 0.15},   {3, 70, 0.278},   {4, 79.9, 0.278}, {9, 80, 0.406},
                {9, 85, 0.406},   {30, 95, 0.534}, {30, 105, 0.662}, {30, 115, 0.79},  {30, 125, 0.918},
                {30, 135, 1.046}, {30, 145, 1.05}, {30, 1000, 1.05}};
    DowntimeRamp ramp = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_double_eq_tol(policy_downtime_s(&policy, &ramp, rows[i].rounds, rows[i].elapsed_s), rows[i].allowed_s,
                                1e-12);
}
END_TEST

/* Nothing was sent, so nothing tells a dirty rate: as fast as is allowed. */
START_TEST(a_round_of_no_length_sets_no_rate_limit_below_the_most)
{
    const Policy policy = {.rate_first_Bps = 1e6, .rate_step_Bps = 1e5, .rate_most_Bps = 6e7};

    ck_assert_double_eq(policy_rate_Bps(&policy, 0, 0), 6e7);
}
END_TEST

START_TEST(stops_when_no_round_was_better_for_so_long)
{
    const Policy policy = {.max_rounds = 1000, .stall_rounds = 3};
    PolicyCounters counters = {.rounds = 9, .set_pages = 1000, .left = 500, .stalled = 2};

    ck_assert_int_eq(policy_stop_reason(&policy, &counters), STOP_NOT_YET);
    counters.stalled = 3;
    ck_assert_int_eq(policy_stop_reason(&policy, &counters), STOP_STALLED);
}
END_TEST

/* NSDI 2005, section 5.3, with section 6's 100 and 500 Mb/s: in bytes per second. */
START_TEST(adaptive_rate_is_the_dirty_rate_and_fifty_megabits)
{
    const Policy policy = {
        .max_rounds = 1000, .rate_first_Bps = 12.5e6, .rate_step_Bps = 6.25e6, .rate_most_Bps = 62.5e6};
    PolicyCounters counters = {.rounds = 2, .set_pages = 1000, .left = 500};

    ck_assert_double_eq_tol(policy_rate_Bps(&policy, 30e6, 2), 21.25e6, 1); /* 120 + 50 Mb/s */
    ck_assert_double_eq_tol(policy_rate_Bps(&policy, 1e6, 2), 12.5e6, 1);   /* not below the minimum */
    counters.rate_Bps = policy_rate_Bps(&policy, 112e6, 2);                 /* 448 + 50: below the maximum */
    ck_assert_int_eq(policy_stop_reason(&policy, &counters), STOP_NOT_YET);
    counters.rate_Bps = policy_rate_Bps(&policy, 114e6, 2);
    ck_assert_int_eq(policy_stop_reason(&policy, &counters), STOP_RATE);
    ck_assert_double_eq(policy_rate_Bps(&(Policy){.max_rounds = 1}, 1e9, 1), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("policy");

    tcase_add_test(tcase, stops_when_fewer_than_fifty_pages_were_sent_or_skipped);
    tcase_add_test(tcase, stops_after_twenty_nine_rounds);
    tcase_add_test(tcase, stops_when_more_than_three_times_the_memory_was_sent);
    tcase_add_test(tcase, migration_v2_looks_at_dirty_pages_and_stops_after_five_rounds);
    tcase_add_test(tcase, a_limit_of_zero_is_off);
    tcase_add_test(tcase, stops_when_what_is_left_is_expected_to_fit_the_downtime);
    tcase_add_test(tcase, downtime_limit_ramps_and_then_stays);
    tcase_add_test(tcase, downtime_limit_ramps_in_time_as_kubevirts);
    tcase_add_test(tcase, a_round_of_no_length_sets_no_rate_limit_below_the_most);
    tcase_add_test(tcase, stops_when_no_round_was_better_for_so_long);
    tcase_add_test(tcase, adaptive_rate_is_the_dirty_rate_and_fifty_megabits);
    return check_main("policy", tcase, NULL);
}
