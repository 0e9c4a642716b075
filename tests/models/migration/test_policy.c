#include "models/migration/policy.h"
#include "tests/check_main.h"

static const Policy xen45 = {.max_rounds = 29, .min_pages = 50, .few_basis = FEW_OF_ROUND, .max_factor = 3};
static const Policy xen46 = {.max_rounds = 5, .min_pages = 50, .few_basis = FEW_DIRTY};

START_TEST(stops_when_fewer_than_fifty_pages_were_sent_or_skipped)
{
    PolicyCounters counters = {.rounds = 2, .set_pages = 1000, .round_sent = 30, .round_skipped = 19, .dirty = 900};

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
    PolicyCounters counters = {.rounds = 1, .set_pages = 1000, .round_sent = 10, .dirty = 50};

    ck_assert_int_eq(policy_stop_reason(&xen46, &counters), STOP_NOT_YET);
    counters.dirty = 49;
    ck_assert_int_eq(policy_stop_reason(&xen46, &counters), STOP_FEW_PAGES);
    counters.dirty = 500;
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

int
main(void)
{
    TCase *tcase = tcase_create("policy");

    tcase_add_test(tcase, stops_when_fewer_than_fifty_pages_were_sent_or_skipped);
    tcase_add_test(tcase, stops_after_twenty_nine_rounds);
    tcase_add_test(tcase, stops_when_more_than_three_times_the_memory_was_sent);
    tcase_add_test(tcase, migration_v2_looks_at_dirty_pages_and_stops_after_five_rounds);
    tcase_add_test(tcase, a_limit_of_zero_is_off);
    return check_main("policy", tcase, NULL);
}
