/* QEMU's dirty-limit: the rule by itself, step by step, and a guest that it holds. */
#include "models/migration/dirty_limit.h"

#include "tests/check_main.h"
#include "tests/models/migration/qemu_rig.h"

#define MIB_BPS 0x1p20

static const DirtyLimitRules hundred = {.trigger = 0.5, .rate_Bps = 100 * MIB_BPS, .period_s = 1, .ring_pages = 4096};

/* A ring of 16 MiB at 400 MiB/s is full after 40 ms. 75 % too much: it sleeps 40 x 75 / 25 = 120 ms, which is the
 * quota. */
START_TEST(far_away_it_goes_in_proportion)
{
    DirtyLimit limit = {.in_service = TRUE};

    ck_assert_double_eq_tol(dirty_limit_adjust(&limit, &hundred, PAGE, 400 * MIB_BPS, 1), 0.25, 1e-12);
    ck_assert_double_eq_tol(limit.sleep_s, 0.12, 1e-12);
}
END_TEST

/* At 150 of 100 MiB/s, a third too much, a tenth of a ring's time is added, which is 16 / 400 s for ever after. Within
 * 25 MiB/s nothing is done, and what dirties nothing does not sleep. */
START_TEST(near_by_it_goes_in_steps_and_then_rests)
{
    DirtyLimit limit = {.in_service = TRUE, .fastest_Bps = 400 * MIB_BPS, .sleep_s = 0.05};

    (void)dirty_limit_adjust(&limit, &hundred, PAGE, 150 * MIB_BPS, 0.5);
    ck_assert_double_eq_tol(limit.sleep_s, 0.054, 1e-12);
    (void)dirty_limit_adjust(&limit, &hundred, PAGE, 70 * MIB_BPS, 0.5);
    ck_assert_double_eq_tol(limit.sleep_s, 0.05, 1e-12);
    ck_assert_double_eq(dirty_limit_adjust(&limit, &hundred, PAGE, 124 * MIB_BPS, 0.5), 0.5);
    ck_assert_double_eq_tol(limit.sleep_s, 0.05, 1e-12);
    ck_assert_double_eq(dirty_limit_adjust(&limit, &hundred, PAGE, 0, 0.5), 1);
    ck_assert_double_eq(limit.sleep_s, 0);
}
END_TEST

START_TEST(it_sleeps_no_longer_than_ninety_nine_rings)
{
    DirtyLimit limit = {.in_service = TRUE, .sleep_s = 3.9};

    (void)dirty_limit_adjust(&limit, &hundred, PAGE, 400 * MIB_BPS, 1);
    ck_assert_double_eq_tol(limit.sleep_s, 99 * 0.04, 1e-9);
}
END_TEST

/* 240 MiB/s of a guest of 1 GiB over 100 MiB/s: limited to 40 MiB/s and the tolerance it converges, and else never. */
static gboolean
converges(guint vcpus, double rate_Bps, double *share)
{
    const Workload workload = {.kind = WORKLOAD_SWEEP, .pages = 262144, .rate_pages_s = 61440};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.dirty_limit = hundred;
    how.dirty_limit.rate_Bps = rate_Bps;
    how.vcpus = vcpus;
    rig_begin(&rig, 262144, 262144, &workload, &how);
    rig.rate_Bps = 100 * MIB_BPS;
    const gboolean converged = rig_run(&rig, 200);
    *share = qemu_report(rig.qemu).throttle;
    rig_clear(&rig);
    return converged;
}

START_TEST(a_guest_that_is_held_converges)
{
    double share;

    ck_assert(!converges(1, 0, &share));
    ck_assert_double_eq(share, 0);
    ck_assert(converges(1, 40 * MIB_BPS, &share));
    ck_assert_double_ge(share, 1 - 65.0 / 240);
    ck_assert_double_le(share, 1 - 15.0 / 240);
}
END_TEST

/* Each of two processors may dirty as much: together twice. */
START_TEST(the_quota_is_of_each_processor)
{
    double one, two;

    ck_assert(converges(1, 60 * MIB_BPS, &one));
    (void)converges(2, 60 * MIB_BPS, &two);
    ck_assert_double_le(two, one - 0.1);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("dirty_limit");

    tcase_add_test(tcase, far_away_it_goes_in_proportion);
    tcase_add_test(tcase, near_by_it_goes_in_steps_and_then_rests);
    tcase_add_test(tcase, it_sleeps_no_longer_than_ninety_nine_rings);
    tcase_add_test(tcase, a_guest_that_is_held_converges);
    tcase_add_test(tcase, the_quota_is_of_each_processor);
    return check_main("dirty_limit", tcase, NULL);
}
