#include "models/memory/dirty.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

/* Workloads that are computed or come from lists, seen through a log. */

/* Write i, from 1, at i / rate, to page (i - 1) % pages. The times looked at lie between two writes. */
START_TEST(a_sweep_writes_one_page_after_the_other)
{
    const guint64 guest_pages = 3500, first = (guint64)_i * 37, pages = _i % 3 ? 2100 : 1 + (guint64)_i;
    const Workload w = {.kind = WORKLOAD_SWEEP, .first_page = first, .pages = pages, .rate_pages_s = 1000};
    g_autoptr(DirtyLog) log = guest_log(guest_pages, 1, &w);
    const gsize n_words = dirty_words(log);
    g_autofree guint64 *expected = g_new0(guint64, n_words), *got = g_new(guint64, n_words);
    RandomStream random = guest_random((guint64)_i);
    guint64 written = 0;

    for (int look = 0; look < 40; look++) {
        const guint64 until = written + random_below(&random, look % 2 ? 50 : 3000);
        const double now_s = ((double)until + 0.5) / 1000;
        for (; written < until; written++)
            bitmap_set(expected, first + written % pages);
        const gsize word = random_below(&random, n_words);
        dirty_peek(log, now_s, word, 1, got); /* one region runs ahead of the others */
        ck_assert_uint_eq(got[0], expected[word]);
        if (look % 3 == 0)
            continue;
        ck_assert_uint_eq(dirty_fetch_and_clear(log, now_s, got), bitmap_count(expected, n_words));
        ck_assert_mem_eq(got, expected, n_words * sizeof *got);
        memset(expected, 0, n_words * sizeof *expected);
    }
}
END_TEST

START_TEST(a_replay_writes_what_was_recorded)
{
    const guint64 pages = 1500;
    const gsize n_writes = 4000;
    g_autofree WorkloadWrite *writes = g_new(WorkloadWrite, n_writes);
    RandomStream random = guest_random((guint64)_i);
    double t_s = 0;

    for (gsize i = 0; i < n_writes; i++) {
        t_s += i % 5 == 0 ? random_exponential(&random, 0.01) : 0; /* some at the same moment */
        writes[i] = (WorkloadWrite){t_s, random_below(&random, pages)};
    }
    const Workload w = {.kind = WORKLOAD_REPLAY, .writes = writes, .n_writes = n_writes};
    g_autoptr(DirtyLog) log = guest_log(pages, 1, &w);
    guint64 expected[24] = {0}, got[24];
    gsize next = 0;
    for (double now_s = 0; now_s < t_s + 0.1; now_s += random_exponential(&random, 0.05)) {
        for (; next < n_writes && writes[next].time_s <= now_s; next++)
            bitmap_set(expected, writes[next].page);
        dirty_peek(log, now_s, 3, 5, got);
        ck_assert_mem_eq(got, expected + 3, 5 * sizeof *got);
        if (random_below(&random, 2))
            continue;
        dirty_fetch_and_clear(log, now_s, got);
        ck_assert_mem_eq(got, expected, sizeof got);
        memset(expected, 0, sizeof expected);
    }
    ck_assert_uint_ge(next, n_writes - 50);
}
END_TEST

static const WorkloadInterval intervals[] = {{0.5, 700}, {2, 0}, {1, 1000}, {0.25, 1}, {1, 999}};

/* Exactly the listed number of distinct pages in each interval, from none to the whole working set, and nothing after
 * the last; looked at in between or not. */
START_TEST(intervals_write_exactly_their_distinct_pages)
{
    const Workload w = {.kind = WORKLOAD_INTERVALS,
                        .first_page = 50,
                        .pages = 1000,
                        .intervals = intervals,
                        .n_intervals = G_N_ELEMENTS(intervals)};
    g_autoptr(DirtyLog) log = guest_log(1200, (guint64)_i, &w);
    guint64 bits[19];
    double end_s = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(intervals); i++) {
        if (_i % 2)
            dirty_peek(log, end_s + intervals[i].duration_s / 3, 0, 19, bits);
        end_s += intervals[i].duration_s;
        ck_assert_uint_eq(dirty_fetch_and_clear(log, end_s, bits), intervals[i].pages);
        for (guint64 page = 0; bitmap_next(bits, 19, &page); page++)
            ck_assert(page >= 50 && page < 1050);
    }
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1e9, NULL), 0);
}
END_TEST

/* By a share x of an interval, Binomial(c, x) of its c pages are written (mean and variance within five standard
 * errors, the pages drawn evenly (chi-square over pages with the finite-population factor). */
START_TEST(an_intervals_writes_are_uniform_in_time_and_place)
{
    const double c = 700, x = 0.3, n = 3000;
    const Workload w = {.kind = WORKLOAD_INTERVALS, .pages = 1000, .intervals = intervals, .n_intervals = 1};
    double sum = 0, squares = 0, counts[1000] = {0}, chi2 = 0;

    for (guint64 seed = 0; seed < 3000; seed++) {
        g_autoptr(DirtyLog) log = guest_log(1000, seed, &w);
        guint64 bits[16];
        const double early = (double)dirty_fetch_and_clear(log, 0.5 * x, NULL);
        sum += early;
        squares += (early - c * x) * (early - c * x);
        dirty_peek(log, 0.5, 0, 16, bits);
        for (guint64 page = 0; bitmap_next(bits, 16, &page); page++)
            counts[page]++;
    }
    const double variance = c * x * (1 - x);
    ck_assert_double_lt(fabs(sum / n - c * x), 5 * sqrt(variance / n));
    ck_assert_double_lt(fabs(squares / n - variance), 5 * sqrt(2.0 / n) * variance);
    const double p = c * (1 - x) / 1000; /* of a page to be written late */
    for (int page = 0; page < 1000; page++)
        chi2 += pow(counts[page] - n * p, 2) / (n * p * (1 - p));
    ck_assert_double_lt(chi2, chi_square_bound(1000));
}
END_TEST

/* By a share u of an interval, Binomial(c, u^a) of its c pages are written; mean and variance within five standard
 * errors. The page drawn next does not depend on when. */
START_TEST(an_exponent_moves_an_intervals_writes_in_time)
{
    const double c = 700, u = 0.3, n = 2000, a = 0.25 * (1 << _i); /* 1/4, 1/2, 1, 2 */
    const Workload w = {
        .kind = WORKLOAD_INTERVALS, .pages = 1000, .intervals = intervals, .n_intervals = 2, .exponent = a};
    const double p = pow(u, a), variance = c * p * (1 - p);
    double sum = 0, squares = 0;

    for (guint64 seed = 0; seed < 2000; seed++) {
        g_autoptr(DirtyLog) log = guest_log(1000, seed, &w);
        const double early = (double)dirty_fetch_and_clear(log, 0.5 * u, NULL);
        sum += early;
        squares += (early - c * p) * (early - c * p);
        ck_assert_uint_eq((guint64)early + dirty_fetch_and_clear(log, 0.5, NULL), 700);
    }
    ck_assert_double_lt(fabs(sum / n - c * p), 5 * sqrt(variance / n));
    ck_assert_double_lt(fabs(squares / n - variance), 5 * sqrt(2.0 / n) * variance);
}
END_TEST

/* Nothing before the first clearing; then each clearing begins the next interval, whether it comes before or after the
 * present one's end; past the last there is nothing. */
START_TEST(intervals_at_clears_follow_the_migrations_rounds)
{
    const Workload w = {.kind = WORKLOAD_INTERVALS,
                        .pages = 1000,
                        .intervals = intervals,
                        .n_intervals = G_N_ELEMENTS(intervals),
                        .at_clears = TRUE};
    g_autoptr(DirtyLog) log = guest_log(1200, (guint64)_i, &w);
    double now_s = 7;

    ck_assert_uint_eq(dirty_fetch_and_clear(log, now_s, NULL), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(intervals); i++) {
        now_s += intervals[i].duration_s + 0.3 * (_i % 3);
        ck_assert_uint_eq(dirty_fetch_and_clear(log, now_s, NULL), intervals[i].pages);
    }
    ck_assert_uint_eq(dirty_fetch_and_clear(log, now_s + 9, NULL), 0);
}
END_TEST

/* A round of a quarter of its interval's time sees a quarter of its pages: 250 of 1000, five standard deviations. */
START_TEST(a_round_shorter_than_its_interval_drops_the_rest)
{
    const WorkloadInterval two[] = {{1, 1000}, {1, 0}};
    const Workload w = {
        .kind = WORKLOAD_INTERVALS, .pages = 1000, .intervals = two, .n_intervals = 2, .at_clears = TRUE};
    g_autoptr(DirtyLog) log = guest_log(1200, (guint64)_i, &w);

    dirty_fetch_and_clear(log, 3, NULL);
    ck_assert_double_lt(fabs((double)dirty_fetch_and_clear(log, 3.25, NULL) - 250), 5 * sqrt(1000 * 0.25 * 0.75));
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 9, NULL), 0);
}
END_TEST

/* Page k of 100 stands at 50 + k floor(1149 / 100); all of them are written, and nothing between them. */
START_TEST(a_spread_working_set_stands_evenly_spaced)
{
    const WorkloadInterval all = {1, 100};
    const Workload w = {.kind = WORKLOAD_INTERVALS,
                        .first_page = 50,
                        .pages = 100,
                        .spread_pages = 1149,
                        .intervals = &all,
                        .n_intervals = 1};
    g_autoptr(DirtyLog) log = guest_log(1200, (guint64)_i, &w);
    guint64 bits[19], expected[19] = {0};

    for (guint64 k = 0; k < 100; k++)
        bitmap_set(expected, 50 + 11 * k);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1, bits), 100);
    ck_assert_mem_eq(bits, expected, sizeof bits);
}
END_TEST

/* The order statistics of so few show in each number of them: of 3 writes, k by a share x with the binomial's chances.
 */
START_TEST(few_writes_of_an_interval_come_at_independent_moments)
{
    const WorkloadInterval three = {2, 3};
    const Workload w = {.kind = WORKLOAD_INTERVALS, .pages = 3, .intervals = &three, .n_intervals = 1};
    const double x = 0.1 + 0.2 * _i, n = 20000;
    const double chances[4] = {pow(1 - x, 3), 3 * x * pow(1 - x, 2), 3 * x * x * (1 - x), pow(x, 3)};
    double counts[4] = {0}, chi2 = 0;

    for (guint64 seed = 0; seed < 20000; seed++) {
        g_autoptr(DirtyLog) log = guest_log(3, seed, &w);
        counts[dirty_fetch_and_clear(log, 2 * x, NULL)]++;
    }
    for (int k = 0; k < 4; k++)
        chi2 += pow(counts[k] - n * chances[k], 2) / (n * chances[k]);
    ck_assert_double_lt(chi2, chi_square_bound(3));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("playback");

    tcase_add_loop_test(tcase, a_sweep_writes_one_page_after_the_other, 0, 30);
    tcase_add_loop_test(tcase, a_replay_writes_what_was_recorded, 0, 20);
    tcase_add_loop_test(tcase, intervals_write_exactly_their_distinct_pages, 0, 50);
    tcase_add_loop_test(tcase, few_writes_of_an_interval_come_at_independent_moments, 0, 5);
    tcase_add_loop_test(tcase, an_exponent_moves_an_intervals_writes_in_time, 0, 4);
    tcase_add_loop_test(tcase, intervals_at_clears_follow_the_migrations_rounds, 0, 20);
    tcase_add_loop_test(tcase, a_round_shorter_than_its_interval_drops_the_rest, 0, 5);
    tcase_add_loop_test(tcase, a_spread_working_set_stands_evenly_spaced, 0, 5);
    tcase_add_test(tcase, an_intervals_writes_are_uniform_in_time_and_place);
    return check_main("playback", tcase, NULL);
}
