/* Counts in bins, and the phases of a disturbance. */
#include "models/application/applog.h"
#include "tests/check_main.h"

#include <math.h>

START_TEST(bins_have_what_ended_in_them)
{
    g_auto(AppLog) log;

    applog_init(&log, 1, 0, 1);
    applog_note_offered(&log, 0.2);
    applog_note_answered(&log, 0.7, 0.5);
    applog_note_waiting(&log, 0.9, 3);
    applog_note_answered(&log, 2.5, 1.5);
    applog_note_lost(&log, 2.6);
    applog_close(&log, 4);
    const AppBin *bins = (const AppBin *)log.bins->data;
    ck_assert_uint_eq(log.bins->len, 4);
    ck_assert_uint_eq(bins[0].counts.offered, 1);
    ck_assert_uint_eq(bins[0].counts.answered, 1);
    ck_assert_uint_eq(bins[0].waiting, 3);
    ck_assert_double_eq(bins[0].worst_s, 0.5);
    ck_assert_uint_eq(bins[1].counts.answered, 0);
    ck_assert_double_eq(bins[2].worst_s, 1.5);
    ck_assert_uint_eq(bins[2].counts.lost, 1);
}
END_TEST

static void
expect(AppLog *log, AppPhase phase)
{
    ck_assert_int_eq(log->phase, phase);
}

START_TEST(phases_are_before_during_after_later)
{
    g_auto(AppLog) log;

    applog_init(&log, 1, 0, 1);
    expect(&log, APP_BEFORE);
    applog_note_migration(&log, 10, TRUE);
    expect(&log, APP_DURING);
    applog_note_stop(&log, 20, TRUE);
    applog_note_waiting(&log, 21, 50);
    applog_note_stop(&log, 22, FALSE);
    expect(&log, APP_AFTER);
    applog_note_migration(&log, 22.5, FALSE);
    expect(&log, APP_AFTER); /* somebody waits still */
    applog_note_waiting(&log, 25, 0);
    applog_note_drained(&log, 25);
    expect(&log, APP_LATER);
    ck_assert_double_eq(log.drain_s, 3);
    applog_close(&log, 30);
    const double seconds[] = {10, 12, 3, 5};
    for (guint i = 0; i < APP_PHASES; i++)
        ck_assert_double_eq(log.accounts[i].seconds, seconds[i]);
}
END_TEST

/* As under post-copy: the guest runs, and the migration goes on. */
START_TEST(after_lasts_until_the_migration_is_over_too)
{
    g_auto(AppLog) log;

    applog_init(&log, 1, 0, 1);
    applog_note_migration(&log, 1, TRUE);
    applog_note_stop(&log, 2, TRUE);
    applog_note_stop(&log, 3, FALSE);
    applog_note_drained(&log, 3);
    expect(&log, APP_AFTER);
    ck_assert_double_eq(log.drain_s, 0);
    applog_note_migration(&log, 9, FALSE);
    expect(&log, APP_LATER);
}
END_TEST

START_TEST(a_migration_that_never_stopped_the_guest_ends_by_itself)
{
    g_auto(AppLog) log;

    applog_init(&log, 1, 0, 1);
    applog_note_migration(&log, 1, TRUE);
    applog_note_migration(&log, 5, FALSE);
    expect(&log, APP_LATER);
    ck_assert(isnan(log.drain_s));
}
END_TEST

START_TEST(two_that_stop_are_back_when_both_are)
{
    g_auto(AppLog) log;

    applog_init(&log, 1, 0, 1);
    applog_note_stop(&log, 1, TRUE);
    applog_note_stop(&log, 2, TRUE);
    applog_note_stop(&log, 3, FALSE);
    expect(&log, APP_DURING);
    applog_note_stop(&log, 4, FALSE);
    expect(&log, APP_AFTER);
    applog_note_drained(&log, 4);
    expect(&log, APP_LATER);
}
END_TEST

START_TEST(the_warm_up_is_not_counted_but_in_bins_and_totals)
{
    g_auto(AppLog) log;
    g_auto(Histogram) all;

    applog_init(&log, 1, 5, 1);
    applog_note_offered(&log, 1);
    applog_note_answered(&log, 2, 1);
    applog_note_waiting(&log, 3, 99);
    applog_note_waiting(&log, 4, 0);
    applog_note_offered(&log, 6);
    applog_note_answered(&log, 7, 0.25);
    applog_close(&log, 10);
    applog_responses(&log, &all);
    ck_assert_uint_eq(log.total.answered, 2);
    ck_assert_uint_eq(applog_counts(&log).answered, 1);
    ck_assert_uint_eq(all.count, 1);
    ck_assert_double_eq(all.greatest, 0.25);
    ck_assert_double_eq(applog_seconds(&log), 5);
    ck_assert_uint_eq(log.waiting_max, 0);
    ck_assert_uint_eq(g_array_index(log.bins, AppBin, 2).counts.answered, 1);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("log");

    tcase_add_test(cases, bins_have_what_ended_in_them);
    tcase_add_test(cases, phases_are_before_during_after_later);
    tcase_add_test(cases, after_lasts_until_the_migration_is_over_too);
    tcase_add_test(cases, a_migration_that_never_stopped_the_guest_ends_by_itself);
    tcase_add_test(cases, two_that_stop_are_back_when_both_are);
    tcase_add_test(cases, the_warm_up_is_not_counted_but_in_bins_and_totals);
    return check_main("applog", cases, NULL);
}
