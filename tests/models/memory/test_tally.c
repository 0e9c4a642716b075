/* Counting dirty pages against knowing each of them, as a log that is fetched and pages that are sent; that whole
 * migrations have the same law is models/migration/test_backlog's and test_round_robin's. */
#include "models/memory/tally.h"

#include "models/memory/dirty.h"
#include "tests/check_main.h"

#include <math.h>

#define PAGES 1000u

static const Workload uniform = {.kind = WORKLOAD_UNIFORM, .first_page = 200, .pages = 600, .rate_pages_s = 300};

static Tally *
new_tally(guint64 seed, guint64 used_pages)
{
    RandomStream random;

    random_init(&random, seed, "dirty", "tally");
    return tally_new(&uniform, PAGES, used_pages, &random);
}

/* Sends everything that is to be sent. */
static guint64
send_all(Tally *tally)
{
    guint64 sent = 0;
    gboolean used;

    for (guint64 n = tally_next(tally, &used); n > 0; n = tally_next(tally, &used)) {
        tally_send(tally, n);
        sent += n;
    }
    return sent;
}

START_TEST(all_pages_are_sent_first)
{
    g_autoptr(Tally) tally = new_tally(1, 700);
    gboolean used;

    tally_begin(tally, 0);
    ck_assert_uint_eq(tally_stale(tally, 0), PAGES);
    ck_assert_uint_eq(tally_next(tally, &used), 200);
    ck_assert(used);
    ck_assert_uint_eq(send_all(tally), PAGES);
    ck_assert_uint_eq(tally_stale(tally, 0), 0);
}
END_TEST

START_TEST(pages_that_were_never_written_come_after_the_others)
{
    g_autoptr(Tally) tally = new_tally(1, 700);

    tally_begin(tally, 0);
    const TallySent first = tally_take(tally, 0, 700, TALLY_SEND), rest = tally_take(tally, 0, 700, TALLY_SEND);
    ck_assert_uint_eq(first.used, 700);
    ck_assert_uint_eq(first.unused, 0);
    ck_assert_uint_eq(rest.used, 0);
    ck_assert_uint_eq(rest.unused, 300);
    ck_assert(!tally_has_more(tally));
}
END_TEST

/* A fetch tells what the expected number of pages were written: 600 (1 - exp(-1/2 t)), in 400 runs of standard
 * deviation sqrt(600 p (1 - p)) within five standard errors (one in two million). */
START_TEST(a_fetch_finds_what_was_written)
{
    const double t_s = 0.5 + _i, p = -expm1(-300.0 / 600 * t_s);
    double sum = 0;

    for (guint64 seed = 0; seed < 400; seed++) {
        g_autoptr(Tally) tally = new_tally(seed, PAGES);
        tally_begin(tally, 0);
        send_all(tally);
        sum += (double)tally_fetch(tally, t_s);
    }
    ck_assert_double_lt(fabs(sum / 400 - 600 * p), 5 * sqrt(600 * p * (1 - p) / 400));
}
END_TEST

/* Pages that wait for their turn are not new when they are written again. */
START_TEST(what_is_to_be_sent_anyway_is_not_new)
{
    g_autoptr(Tally) tally = new_tally(1, PAGES);

    tally_begin(tally, 0);
    ck_assert_uint_eq(tally_fetch(tally, 1e6), 0);
    ck_assert_uint_eq(send_all(tally), PAGES);
    ck_assert_uint_eq(tally_fetch(tally, 2e6), 600);
    ck_assert_uint_eq(tally_fetch(tally, 3e6), 0);
}
END_TEST

/* In the middle of the working set, of which all is dirty again: what lies ahead is not new, what lies behind is, and
 * comes last. */
START_TEST(a_fetch_on_the_way_parts_what_is_ahead_from_what_is_behind)
{
    g_autoptr(Tally) tally = new_tally(1, PAGES);
    gboolean used;

    tally_begin(tally, 0);
    ck_assert_uint_eq(tally_next(tally, &used), 200);
    tally_send(tally, 200);
    ck_assert_uint_eq(tally_next(tally, &used), 600);
    tally_send(tally, 250);
    ck_assert_uint_eq(tally_fetch(tally, 1e6), 250);
    ck_assert_uint_eq(tally_next(tally, &used), 350);
    tally_send(tally, 350);
    ck_assert_uint_eq(tally_next(tally, &used), 200);
    tally_send(tally, 200);
    ck_assert_uint_eq(tally_next(tally, &used), 250);
    tally_send(tally, 250);
    ck_assert_uint_eq(tally_next(tally, &used), 0);
}
END_TEST

/* As long as nothing was sent, the next page is the one that it was before the fetch. */
START_TEST(looking_for_the_next_pages_takes_no_turn)
{
    g_autoptr(Tally) tally = new_tally(1, PAGES);
    gboolean used;

    tally_begin(tally, 0);
    tally_send(tally, tally_next(tally, &used)); /* before the working set */
    ck_assert_uint_eq(tally_next(tally, &used), 600);
    tally_send(tally, 600);
    ck_assert_uint_eq(tally_next(tally, &used), 200);
    tally_fetch(tally, 1e6); /* everything up to the last page that was sent */
    ck_assert_uint_eq(tally_next(tally, &used), 200);
    tally_send(tally, 200);
    ck_assert_uint_eq(tally_next(tally, &used), 600);
}
END_TEST

/* Pieces are joined again behind whoever sends: a thousand laps with a fetch each need no more of them than there are
 * fetches in a lap. */
START_TEST(pieces_do_not_heap_up)
{
    g_autoptr(Tally) tally = new_tally(1, PAGES);
    gboolean used;
    guint most = 0;

    tally_begin(tally, 0);
    for (guint i = 0; i < 10000; i++) {
        const guint64 next = tally_next(tally, &used);
        tally_send(tally, MIN(next, 40));
        tally_fetch(tally, i * 0.1);
        most = MAX(most, tally->n_pieces);
    }
    ck_assert_uint_le(most, 40); /* some 15 fetches in a lap of 600 pages, and the pieces before and behind */
}
END_TEST

/* What the migration forgets stays in the count of what the destination lacks. */
START_TEST(forgotten_pages_are_out_of_date)
{
    g_autoptr(Tally) tally = new_tally(1, PAGES);

    tally_begin(tally, 0);
    send_all(tally);
    const guint64 fresh = tally_fetch(tally, 1);
    ck_assert_uint_gt(fresh, 0);
    for (guint i = 0; i < tally->n_pieces; i++)
        tally->pieces[i].to_send = 0;
    ck_assert_uint_ge(tally_stale(tally, 1), fresh);
}
END_TEST

START_TEST(skipped_pages_are_out_of_date_until_they_are_sent)
{
    g_autoptr(Tally) tally = new_tally(1, PAGES);

    tally_begin(tally, 0);
    const TallySent sent = tally_take(tally, 1, PAGES, TALLY_SKIP);
    ck_assert_uint_lt(sent.used, PAGES);
    ck_assert_uint_eq(tally->stale, PAGES - sent.used);
    ck_assert(!tally_has_more(tally));
    tally_rewind(tally);
    ck_assert_uint_eq(tally_fetch(tally, 1), PAGES - sent.used);
    ck_assert_uint_eq(tally_take(tally, 1, PAGES, TALLY_LAST).used, PAGES - sent.used);
    ck_assert_uint_eq(tally_stale(tally, 1), 0);
}
END_TEST

static gboolean
is_counted(const Workload *workload, guint translation, gboolean with_background)
{
    const guint64 background[] = {1, 2, 3};
    RandomStream random;

    random_init(&random, 1, "dirty", "guest");
    g_autoptr(DirtyLog) log = dirty_new(100, &random, 0);
    dirty_set_workload(log, 0, workload);
    dirty_set_translation(log, 0, translation);
    if (with_background)
        dirty_set_background(log, 0, background, 3, 1);
    g_autoptr(Tally) tally = dirty_tally(log, 100);
    return tally != NULL;
}

START_TEST(pages_are_known_where_it_matters_which)
{
    const Workload few = {.kind = WORKLOAD_UNIFORM, .pages = 50, .rate_pages_s = 1};
    const Workload hot = {.kind = WORKLOAD_HOT_COLD, .pages = 50, .rate_pages_s = 1, .hot_pages = 5, .hot_share = 0.9};
    const Workload zipf = {.kind = WORKLOAD_ZIPF, .pages = 50, .rate_pages_s = 1, .exponent = 1};
    const Workload sweep = {.kind = WORKLOAD_SWEEP, .pages = 50, .rate_pages_s = 1};
    const Workload replay = {.kind = WORKLOAD_REPLAY};

    ck_assert(is_counted(&few, 0, FALSE));
    ck_assert(is_counted(&hot, 0, FALSE));
    ck_assert(is_counted(&(Workload){.kind = WORKLOAD_IDLE}, 0, FALSE));
    ck_assert(!is_counted(&few, 8, FALSE));
    ck_assert(!is_counted(&few, 0, TRUE));
    ck_assert(!is_counted(&zipf, 0, FALSE));
    ck_assert(!is_counted(&sweep, 0, FALSE));
    ck_assert(!is_counted(&replay, 0, FALSE));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tally");

    tcase_add_test(tcase, all_pages_are_sent_first);
    tcase_add_test(tcase, pages_that_were_never_written_come_after_the_others);
    tcase_add_loop_test(tcase, a_fetch_finds_what_was_written, 0, 4);
    tcase_add_test(tcase, what_is_to_be_sent_anyway_is_not_new);
    tcase_add_test(tcase, a_fetch_on_the_way_parts_what_is_ahead_from_what_is_behind);
    tcase_add_test(tcase, looking_for_the_next_pages_takes_no_turn);
    tcase_add_test(tcase, pieces_do_not_heap_up);
    tcase_add_test(tcase, forgotten_pages_are_out_of_date);
    tcase_add_test(tcase, skipped_pages_are_out_of_date_until_they_are_sent);
    tcase_add_test(tcase, pages_are_known_where_it_matters_which);
    return check_main("tally", tcase, NULL);
}
