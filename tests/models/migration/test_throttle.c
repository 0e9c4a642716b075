#include "tests/check_main.h"
#include "tests/models/migration/qemu_rig.h"

START_TEST(a_guest_that_forgets_pauses_is_not_slowed_until_they_are_longer)
{
    const ThrottleRules throttle = {TRUE, 0.5, 0.2, 0.1, 0.99, 0.01, FALSE};

    ck_assert_double_eq(throttle_speed(&(Throttle){.share = 0.8}, &throttle, 0.05), 1);  /* pauses of 40 ms */
    ck_assert_double_eq(throttle_speed(&(Throttle){.share = 0.82}, &throttle, 0.05), 1); /* 45.6 ms and a tick of 2 */
    ck_assert_double_eq_tol(throttle_speed(&(Throttle){.share = 0.83}, &throttle, 0.05), 0.17, 1e-12); /* 48.8 and it */
    ck_assert_double_eq_tol(throttle_speed(&(Throttle){.share = 0.9}, &throttle, 0.05), 0.1, 1e-12);   /* 90 ms */
    ck_assert_double_eq_tol(throttle_speed(&(Throttle){.share = 0.2}, &throttle, 0), 0.8, 1e-12);
}
END_TEST

/* At one half a processor sleeps 10 ms of each 20; whoever needs it waits for the rest of the sleep, if it sleeps. */
START_TEST(waits_for_the_rest_of_a_pause)
{
    const ThrottleRules rules = {TRUE, 0.5, 0.2, 0.1, 0.99, 0.01, FALSE};
    const Throttle half = {.share = 0.5};

    ck_assert_double_eq_tol(throttle_wait_s(&half, &rules, 0.000, 0), 0.010, 1e-12);
    ck_assert_double_eq_tol(throttle_wait_s(&half, &rules, 0.046, 0), 0.004, 1e-12);
    ck_assert_double_eq_tol(throttle_wait_s(&half, &rules, 0.055, 0), 0, 1e-12);
    ck_assert_double_eq_tol(throttle_wait_s(&half, &rules, 0.046, 0.15), 0.001, 1e-12); /* 3 ms later in its period */
    ck_assert_double_eq(throttle_wait_s(&(Throttle){0}, &rules, 0.046, 0), 0);
}
END_TEST

/* The second high period throttles 20 %, each second one after it 10 % more, at most 99 %. */
START_TEST(throttle_rises_every_second_high_period)
{
    const ThrottleRules throttle = {TRUE, 0.5, 0.2, 0.1, 0.99, 0.01, FALSE};
    const double expected[] = {0, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.8, 0.8, 0.9, 0.9, 0.99};
    Throttle state = {0};

    ck_assert(!throttle_period(&state, &throttle, 50, 100)); /* not more than half */
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        (void)throttle_period(&state, &throttle, 51, 100);
        ck_assert_double_eq_tol(state.share, expected[i], 1e-12);
    }
}
END_TEST

/* A step is no larger than what takes the dirty rate to the threshold, in whole percent (mig_throttle_guest_down). */
START_TEST(tailslow_steps_no_further_than_it_must)
{
    const ThrottleRules throttle = {TRUE, 0.5, 0.2, 0.1, 0.99, 0.01, TRUE};
    Throttle state = {.share = 0.5, .high = 1};

    ck_assert(throttle_period(&state, &throttle, 53, 100)); /* 50 % x 50 / 53 = 47.2, so 47 % may be left: 3 more */
    ck_assert_double_eq_tol(state.share, 0.53, 1e-12);
    state.high = 1;
    ck_assert(
        throttle_period(&state, &throttle, 100, 100)); /* half of 47 % would do: 24 more, of which 10 are allowed */
    ck_assert_double_eq_tol(state.share, 0.63, 1e-12);
}
END_TEST

/* 256 MiB whose every page is dirtied over and over, at 12 MB/s: a pass lasts 22 s, the stop condition is never near.
 */
typedef struct {
    guint syncs;
    double throttle;
} AfterAMinute;

static AfterAMinute
after_a_minute(gboolean auto_converge, double sync_period_s)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 65536, .rate_pages_s = 20000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.throttle.on = auto_converge;
    how.sync_period_s = sync_period_s;
    rig_begin(&rig, 65536, 65536, &workload, &how);
    ck_assert(!rig_run(&rig, 60));
    const AfterAMinute after = {qemu_report(rig.qemu).syncs, qemu_report(rig.qemu).throttle};
    rig_clear(&rig);
    return after;
}

/* By the loop alone one at the set-up and one a pass, at 22 and 44 s; by 60 s there were two high periods. With ticks
 * of 5 s the first pass is left alone; the tick at 25 s finds a count that has moved, those from 30 s on look. What the
 * loop's own synchronization at the second pass's end finds depends on the ticks; 7 at 30 … 60 s are the least. */
START_TEST(a_long_pass_is_looked_into_every_five_seconds_once_the_first_is_over)
{
    const AfterAMinute without = after_a_minute(TRUE, NAN), with = after_a_minute(TRUE, 5);

    ck_assert_uint_eq(without.syncs, 3);
    ck_assert_double_eq_tol(without.throttle, 0.2, 1e-12);
    ck_assert_uint_ge(with.syncs, 2 + 6);
    ck_assert_uint_le(with.syncs, 2 + 8);
    ck_assert_double_ge(with.throttle, 0.2 + 2 * 0.1 - 1e-9);
}
END_TEST

/* A guest that nobody may throttle has no timer. */
START_TEST(without_auto_converge_the_key_does_nothing)
{
    ck_assert_uint_eq(after_a_minute(FALSE, 5).syncs, 3);
}
END_TEST

/* Passes that are shorter than a tick are what the timer finds at each of them: it never looks by itself. */
START_TEST(short_passes_are_left_alone)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 4096, .rate_pages_s = 20000};
    QemuRules how = qemu_rig_rules();
    guint syncs[2];

    how.throttle.on = TRUE;
    how.throttle.trigger = 1e9;
    for (int i = 0; i < 2; i++) {
        Rig rig;
        how.sync_period_s = i == 0 ? NAN : 5;
        rig_begin(&rig, 4096, 4096, &workload, &how);
        ck_assert(!rig_run(&rig, 60));
        syncs[i] = qemu_report(rig.qemu).syncs;
        rig_clear(&rig);
    }
    ck_assert_uint_ge(syncs[0], 30);
    ck_assert_uint_eq(syncs[0], syncs[1]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("throttle");

    tcase_add_test(tcase, a_guest_that_forgets_pauses_is_not_slowed_until_they_are_longer);
    tcase_add_test(tcase, waits_for_the_rest_of_a_pause);
    tcase_add_test(tcase, throttle_rises_every_second_high_period);
    tcase_add_test(tcase, tailslow_steps_no_further_than_it_must);
    tcase_add_test(tcase, a_long_pass_is_looked_into_every_five_seconds_once_the_first_is_over);
    tcase_add_test(tcase, without_auto_converge_the_key_does_nothing);
    tcase_add_test(tcase, short_passes_are_left_alone);
    return check_main("throttle", tcase, NULL);
}
