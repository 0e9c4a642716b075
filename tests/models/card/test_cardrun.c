#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include <math.h>

static const CardMix SM4_4K = {CARD_SM4, 4096, 1, 0};

static Card *
card_of(const CardLoad *load)
{
    const CardSpec spec = fixture_sjk1828();
    Card *card = card_new(&spec, 3, 0);
    guint vm;

    ck_assert_int_eq(card_attach(card, card_add_path(card, &FIXTURE_PATH_VSOCK), "vm", load, &vm), CARD_ATTACHED);
    return card;
}

START_TEST(stops_when_both_intervals_are_narrow)
{
    const CardLoad load = {CARD_LOAD_POISSON, &SM4_4K, 1, .rate_per_s = 40000};
    const CardRunRule loose = {.relative = 0.05}, tight = {.relative = 0.003};
    g_autoptr(Card) a = card_of(&load);
    g_autoptr(Card) b = card_of(&load);
    const CardRunReport quick = cardrun_measure(a, &loose), slow = cardrun_measure(b, &tight);

    ck_assert(quick.steady && quick.narrow && slow.steady && slow.narrow);
    ck_assert_double_le(slow.requests_per_s.half_width, 0.003 * slow.requests_per_s.mean);
    ck_assert_double_le(slow.latency_s.half_width, 0.003 * slow.latency_s.mean);
    ck_assert_double_lt(card_now_s(a), card_now_s(b));
    ck_assert_uint_ge(quick.requests_per_s.batches, 20);
}
END_TEST

/* The queue of 4096 fills for longer than the pilot may last: latencies grow all the while. */
START_TEST(a_growing_queue_is_not_called_steady)
{
    const CardLoad load = {CARD_LOAD_POISSON, &SM4_4K, 1, .rate_per_s = 100000, .queue_limit = 1000000};
    const CardRunRule rule = {.requests_max = 50000};
    g_autoptr(Card) card = card_of(&load);
    const CardRunReport report = cardrun_measure(card, &rule);
    g_autoptr(CardResult) result = cardresult_new(card);

    ck_assert(!report.steady && !report.narrow);
    ck_assert(result->unstable);
    ck_assert_double_gt(result->offered, 1);
}
END_TEST

START_TEST(ends_with_its_load_or_its_limit)
{
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 1, .request_limit = 700};
    const CardLoad endless = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 1};
    const CardRunRule rule = {.limit_s = 0.05}, none = {0};
    g_autoptr(Card) over = card_of(&load);
    g_autoptr(Card) limited = card_of(&endless);

    ck_assert(!cardrun_measure(over, &none).narrow);
    ck_assert(!cardrun_measure(limited, &rule).steady);
    ck_assert_double_le(card_now_s(limited), 0.05);
}
END_TEST

/* 200 callers arrive at one instant: the first answers come much sooner than those of the steady state, and are cut. */
START_TEST(the_first_answers_are_cut_off)
{
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 200};
    const CardRunRule rule = {.relative = 0.005};
    g_autoptr(Card) card = card_of(&load);
    const CardRunReport report = cardrun_measure(card, &rule);

    ck_assert(report.steady);
    ck_assert_double_gt(report.warm_up_s, report.latency_s.mean);
    /* response time law: 200 callers without thinking */
    ck_assert_double_eq_tol(report.latency_s.mean * report.requests_per_s.mean / 200, 1, 0.01);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardrun");

    tcase_add_test(tcase, stops_when_both_intervals_are_narrow);
    tcase_add_test(tcase, a_growing_queue_is_not_called_steady);
    tcase_add_test(tcase, ends_with_its_load_or_its_limit);
    tcase_add_test(tcase, the_first_answers_are_cut_off);
    return check_main("cardrun", tcase, NULL);
}
