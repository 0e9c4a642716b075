#include "models/memory/dirty.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

#include <malloc.h>

/* Between fetches a bit once seen stays, peeks agree with each other, and bits beyond the last page stay 0. */
START_TEST(bits_stay_until_fetched_and_end_with_the_last_page)
{
    const guint64 sizes[] = {1, 2, 63, 64, 65, 127, 128, 1023, 1024, 1025, 2047, 2049, 5000};
    const guint64 pages = sizes[_i % 13];
    RandomStream random = guest_random((guint64)_i);
    const Workload w = {.kind = _i % 2 ? WORKLOAD_ZIPF : WORKLOAD_UNIFORM,
                        .pages = pages,
                        .rate_pages_s = (double)pages,
                        .exponent = 1};
    g_autoptr(DirtyLog) log = guest_log(pages, (guint64)_i, &w);
    const gsize n_words = dirty_words(log);
    g_autofree guint64 *seen = g_new0(guint64, n_words), *out = g_new(guint64, n_words);

    ck_assert_uint_eq(n_words, (pages + 63) / 64);
    for (int i = 1; i < 30; i++) {
        dirty_peek(log, 0.1 * i, 0, n_words, out);
        bitmap_and_not(seen, out, n_words);
        ck_assert(!bitmap_any(seen, n_words));
        memcpy(seen, out, n_words * sizeof *out);
        ck_assert_uint_eq(out[n_words - 1] & ~bitmap_last_mask(pages), 0);
        if (random_below(&random, 6) > 0)
            continue;
        ck_assert_uint_eq(dirty_fetch_and_clear(log, 0.1 * i, out), bitmap_count(seen, n_words));
        ck_assert_mem_eq(out, seen, n_words * sizeof *out);
        dirty_peek(log, 0.1 * i, 0, n_words, seen);
        ck_assert(!bitmap_any(seen, n_words));
    }
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1e9, out),
                      w.kind == WORKLOAD_UNIFORM ? pages : bitmap_count(out, n_words));
    ck_assert_uint_eq(out[n_words - 1] & ~bitmap_last_mask(pages), 0);
}
END_TEST

START_TEST(a_suspended_guest_writes_nothing)
{
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = 5000, .rate_pages_s = 1e6};
    g_autoptr(DirtyLog) log = guest_log(5000, 1, &w);
    g_autofree guint64 *watched = g_new0(guint64, dirty_words(log));

    dirty_set_speed(log, 1, 0);
    ck_assert(!dirty_is_active(log, 1));
    ck_assert_uint_gt(dirty_fetch_and_clear(log, 1, NULL), 0);
    dirty_watch(log, watched);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1e6, NULL), 0);
    ck_assert(!bitmap_any(watched, dirty_words(log)));
    dirty_set_speed(log, 1e6, 1);
    ck_assert(dirty_is_active(log, 1e6));
    ck_assert_uint_gt(dirty_fetch_and_clear(log, 1e6 + 1, NULL), 0);
}
END_TEST

typedef struct {
    guint n;
    double at_s, speed;
} Told;

static void
note_speed(double at_s, double speed, gpointer data)
{
    Told *told = data;

    *told = (Told){told->n + 1, at_s, speed};
}

static void
expect_told(const Told *told, guint n, double at_s, double speed)
{
    ck_assert_uint_eq(told->n, n);
    ck_assert_double_eq(told->at_s, at_s);
    ck_assert_double_eq(told->speed, speed);
}

START_TEST(whoever_follows_the_speed_is_told_of_throttles_stops_and_waits)
{
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = 50, .rate_pages_s = 1};
    g_autoptr(DirtyLog) log = guest_log(50, 1, &w);
    Told told = {0};

    dirty_follow_speed(log, note_speed, &told);
    dirty_set_speed(log, 1, 0.25);
    expect_told(&told, 1, 1, 0.25);
    dirty_hold(log, 2, 1);
    expect_told(&told, 2, 2, 0);
    dirty_set_speed(log, 3, 0.5); /* it waits still */
    expect_told(&told, 3, 3, 0);
    dirty_hold(log, 4, 0);
    expect_told(&told, 4, 4, 0.5);
    dirty_hold(log, 4.5, 0.25); /* one processor of four */
    expect_told(&told, 5, 4.5, 0.375);
    dirty_follow_speed(log, NULL, NULL);
    dirty_set_speed(log, 5, 1);
    ck_assert_uint_eq(told.n, 5);
}
END_TEST

/* The guest has half of a processor, which is all that its writes need: they go on, and what follows its speed is told
 * of the half, also when a wait for pages begins and ends. */
START_TEST(writes_may_go_on_faster_than_their_guest)
{
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = 50, .rate_pages_s = 1};
    g_autoptr(DirtyLog) log = guest_log(50, 1, &w);
    Told told = {0};

    dirty_follow_speed(log, note_speed, &told);
    dirty_set_speeds(log, 1, 0.5, 1);
    expect_told(&told, 1, 1, 0.5);
    ck_assert_double_eq(dirty_speed(log), 1);
    ck_assert_double_eq(dirty_told_speed(log), 0.5);
    dirty_hold(log, 2, 1);
    dirty_hold(log, 3, 0);
    expect_told(&told, 3, 3, 0.5);
    dirty_set_speed(log, 4, 0.25);
    expect_told(&told, 4, 4, 0.25);
    ck_assert_double_eq(dirty_speed(log), 0.25);
}
END_TEST

/* Time at quarter speed is guest time divided by four: the same seed gives the same bits, of every kind. */
START_TEST(a_throttled_guest_does_the_same_later)
{
    const Workload *w = &guests[_i].workload;
    g_autoptr(DirtyLog) full = guest_log(guests[_i].guest_pages, 3, w);
    g_autoptr(DirtyLog) slow = guest_log(guests[_i].guest_pages, 3, w);
    const gsize n_words = dirty_words(full);
    g_autofree guint64 *a = g_new(guint64, n_words), *b = g_new(guint64, n_words);

    dirty_set_speed(slow, 0, 0.25);
    for (int i = 1; i < 9; i++) { /* powers of two, so that both clocks are exact */
        dirty_peek(full, i * 0x1p-6, 0, n_words, a);
        dirty_peek(slow, i * 0x1p-4, 0, n_words, b);
        ck_assert_mem_eq(a, b, n_words * sizeof *a);
    }
    ck_assert(bitmap_any(a, n_words) || guests[_i].guest_pages == 130);
}
END_TEST

/* Two phases: pages of the first by its probability over its time, of the second over the rest. */
START_TEST(a_new_workload_takes_over_at_its_date)
{
    const Workload one = {.kind = WORKLOAD_UNIFORM, .pages = 1000, .rate_pages_s = 1000};
    const Workload two = {
        .kind = WORKLOAD_ZIPF, .first_page = 500, .pages = 1000, .rate_pages_s = 500, .exponent = 0.5};
    g_autofree double *p = guest_probabilities(&two, 0.7);
    g_autofree double *counts = g_new0(double, 1500);
    guint64 bits[24];
    ChiSquare chi = {0};
    const double n = 1000;

    for (guint64 seed = 0; seed < 1000; seed++) {
        g_autoptr(DirtyLog) log = guest_log(1500, seed, &one);
        dirty_peek(log, 0.1, 5, 3, bits);
        dirty_set_workload(log, 0.3, &two);
        dirty_fetch_and_clear(log, 1, bits);
        for (guint64 page = 0; bitmap_next(bits, 24, &page); page++)
            counts[page]++;
    }
    for (guint64 page = 0; page < 1500; page++) {
        const double clean = (page < 1000 ? exp(-0.3) : 1) * (page < 500 ? 1 : 1 - p[page - 500]);
        chi_square_add(&chi, counts[page] - n * (1 - clean), n * clean * (1 - clean));
    }
    chi_square_assert(chi, "phases");
}
END_TEST

/* Checking a run must not change it: the same seed gives the same bits, watched or not. */
START_TEST(watching_changes_no_bit)
{
    const Workload *w = &guests[_i % N_GUESTS].workload;
    const guint64 pages = guests[_i % N_GUESTS].guest_pages, seed = (guint64)_i;
    g_autoptr(DirtyLog) with = guest_log(pages, seed, w);
    g_autoptr(DirtyLog) without = guest_log(pages, seed, w);
    g_autofree guint64 *a = g_new(guint64, bitmap_words(pages)), *b = g_new(guint64, bitmap_words(pages));
    g_autofree guint64 *watched = g_new0(guint64, bitmap_words(pages));
    RandomStream random = guest_random(seed);
    double now_s = 0;

    dirty_watch(with, watched);
    for (int i = 0; i < 40; i++) {
        now_s += random_exponential(&random, 0.4);
        const gboolean fetch = random_below(&random, 5) == 0;
        if (fetch) {
            dirty_fetch_and_clear(with, now_s, a);
            dirty_fetch_and_clear(without, now_s, b);
        } else {
            dirty_peek(with, now_s, 0, dirty_words(with), a);
            dirty_peek(without, now_s, 0, dirty_words(with), b);
        }
        ck_assert_mem_eq(a, b, bitmap_words(pages) * sizeof *a);
        ck_assert_mem_eq(watched, a, bitmap_words(pages) * sizeof *a); /* since the last fetch */
        if (fetch)
            memset(watched, 0, bitmap_words(pages) * sizeof *watched);
    }
}
END_TEST

/* A page that is dirty already is still watched: it is seen written in a share 1 - e^(-rt) of the spans. */
START_TEST(rewrites_of_dirty_pages_are_seen)
{
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = 3000, .rate_pages_s = 3000};
    const double t_s = _i ? 0.2 : 0.0005, p = -expm1(-t_s);
    g_autoptr(DirtyLog) log = guest_log(3000, 4, &w);
    const gsize n_words = dirty_words(log);
    const int spans = 300;
    double written = 0;
    g_autofree guint64 *watched = g_new0(guint64, n_words);

    dirty_advance(log, 100, 0, n_words);
    dirty_watch(log, watched);
    for (int i = 1; i <= spans; i++) {
        dirty_advance(log, 100 + i * t_s, 0, n_words);
        written += (double)bitmap_count(watched, n_words);
        memset(watched, 0, n_words * sizeof *watched);
    }
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 100 + spans * t_s, NULL), 3000);
    const double n = 3000.0 * spans;
    ck_assert_double_lt(fabs(written - n * p), 5 * sqrt(n * p * (1 - p)));
}
END_TEST

START_TEST(a_foreign_write_dirties_its_page)
{
    const Workload idle = {.kind = WORKLOAD_IDLE};
    g_autoptr(DirtyLog) log = guest_log(1025, 1, &idle);
    guint64 bits[17], watched[17] = {0};

    dirty_set_speed(log, 0, 0);
    dirty_watch(log, watched);
    dirty_write(log, 5, 1024);
    dirty_write(log, 6, 1024);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 6, bits), 1);
    ck_assert(bitmap_test(bits, 1024));
    ck_assert(bitmap_test(watched, 1024));
}
END_TEST

START_TEST(activity_ends_with_the_workload)
{
    const WorkloadWrite writes[] = {{1, 5}, {3, 6}};
    const WorkloadInterval intervals[] = {{2, 3}, {2, 0}};
    const Workload replay = {.kind = WORKLOAD_REPLAY, .writes = writes, .n_writes = 2};
    const Workload counts = {.kind = WORKLOAD_INTERVALS, .pages = 5, .intervals = intervals, .n_intervals = 2};
    const Workload still = {.kind = WORKLOAD_UNIFORM, .pages = 5};
    const Workload busy = {.kind = WORKLOAD_SWEEP, .pages = 5, .rate_pages_s = 1e-9};
    g_autoptr(DirtyLog) log = guest_log(10, 1, &replay);

    ck_assert(dirty_is_active(log, 2.9) && !dirty_is_active(log, 3));
    dirty_set_workload(log, 10, &counts);
    ck_assert(dirty_is_active(log, 11.9) && !dirty_is_active(log, 12));
    dirty_set_workload(log, 20, &still);
    ck_assert(!dirty_is_active(log, 20));
    dirty_set_workload(log, 30, &busy);
    ck_assert(dirty_is_active(log, 1e9));
}
END_TEST

#ifndef TANDEM_SANITIZED /* whose allocator has no such books */
/* Bits, region times and counts, and Zipf sums of a 64 GiB guest stay within 6 MB. */
START_TEST(a_log_of_64_gib_takes_less_than_6_mb)
{
    const guint64 pages = G_GUINT64_CONSTANT(1) << 24;
    const Workload kinds[] = {
        {.kind = WORKLOAD_ZIPF, .pages = pages, .rate_pages_s = 1e6, .exponent = 1},
        {.kind = WORKLOAD_INTERVALS, .pages = pages, .intervals = (WorkloadInterval[]){{1, 100000}}, .n_intervals = 1},
    };
    const struct mallinfo2 before = mallinfo2();
    g_autoptr(DirtyLog) log = guest_log(pages, 1, &kinds[_i]);

    ck_assert_uint_gt(dirty_fetch_and_clear(log, 1, NULL), 50000);
    const struct mallinfo2 after = mallinfo2();
    ck_assert_uint_lt(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd, 6000000);
}
END_TEST
#endif

static TCase *
log_case(void)
{
    TCase *tcase = tcase_create("log");

    tcase_add_loop_test(tcase, bits_stay_until_fetched_and_end_with_the_last_page, 0, 26);
    tcase_add_test(tcase, a_suspended_guest_writes_nothing);
    tcase_add_loop_test(tcase, a_throttled_guest_does_the_same_later, 0, N_GUESTS);
    tcase_add_test(tcase, a_new_workload_takes_over_at_its_date);
    tcase_add_test(tcase, a_foreign_write_dirties_its_page);
    tcase_add_test(tcase, activity_ends_with_the_workload);
    tcase_add_test(tcase, whoever_follows_the_speed_is_told_of_throttles_stops_and_waits);
    tcase_add_test(tcase, writes_may_go_on_faster_than_their_guest);
#ifndef TANDEM_SANITIZED
    tcase_add_loop_test(tcase, a_log_of_64_gib_takes_less_than_6_mb, 0, 2);
#endif
    return tcase;
}

static TCase *
watched_case(void)
{
    TCase *tcase = tcase_create("watched");

    tcase_add_loop_test(tcase, watching_changes_no_bit, 0, 3 * N_GUESTS);
    tcase_add_loop_test(tcase, rewrites_of_dirty_pages_are_seen, 0, 2);
    return tcase;
}

int
main(void)
{
    return check_main("dirty", log_case(), watched_case(), NULL);
}
