/* What QEMU's post-copy has had since: a limit of the background, and a channel for what is asked for. */
#include "tests/check_main.h"
#include "tests/models/migration/qemu_rig.h"

#define ALL     32768u /* 128 MiB: 11 s at the link's 12 MB/s */
#define ON_WIRE (PAGE + 8)
#define LATENCY 1e-4

/* Of a guest that is pulled from the beginning. */
typedef struct {
    double pull_s; /* from its hand-over to the last page */
    FaultCounts faults;
} Pull;

static QemuRules
pulling(void)
{
    QemuRules how = qemu_rig_rules();

    how.postcopy_syncs = 1;
    return how;
}

static Pull
pull(const QemuRules *how, double writes_per_s)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = ALL, .rate_pages_s = writes_per_s};
    Rig rig;

    rig_begin(&rig, ALL, ALL, writes_per_s > 0 ? &workload : NULL, how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_eq(rig.hand_overs, 1);
    ck_assert_uint_eq(qemu_pages_left(rig.qemu), 0);
    ck_assert_uint_eq(qemu_totals(rig.qemu).data_pages, ALL); /* each once */
    ck_assert_double_eq_tol(rig.sent_bytes, qemu_totals(rig.qemu).bytes, 1);
    const Pull pull = {rig.now_s - rig.handed_over_s, qemu_report(rig.qemu).faults};
    rig_clear(&rig);
    return pull;
}

static double
mean_wait_s(const Pull *pull)
{
    ck_assert_uint_gt(pull->faults.requests, 50);
    return pull->faults.waited_s / (double)pull->faults.requests;
}

/* Each window of 100 ms carries up to a page more than its allowance of 400 kB, and its flushes wake late by nothing.
 */
START_TEST(background_pages_are_held_to_their_bandwidth)
{
    QemuRules how = pulling();

    how.postcopy_bandwidth_Bps = 4e6;
    const double per_window = floor(400e3 / ON_WIRE) + 1;
    ck_assert_double_eq_tol(pull(&how, 0).pull_s, ALL / per_window * 0.1, 0.2);
    how.postcopy_bandwidth_Bps = 1e9; /* the link is slower */
    ck_assert_double_eq_tol(pull(&how, 0).pull_s, ALL * ON_WIRE / 12e6, 0.01);
}
END_TEST

/* A socket that the limit keeps empty has nothing to wait behind but what a window puts there at its beginning, 400 kB
 * or 33 ms of the wire: a third of requests meet it, half of it on average. */
START_TEST(requests_are_not_held)
{
    QemuRules how = pulling();

    how.postcopy_bandwidth_Bps = 4e6;
    const Pull slow = pull(&how, 20);
    const double page_s = ON_WIRE / 12e6, burst_s = 400e3 / 12e6;
    ck_assert_double_le(slow.faults.longest_s, LATENCY + burst_s + 3 * page_s);
    ck_assert_double_eq_tol(mean_wait_s(&slow), LATENCY + page_s + burst_s * burst_s / 2 / 0.1, 2e-3);
}
END_TEST

/* Without a channel of its own a request waits behind what the socket holds, from the writer's wake at 2/3 B to B: five
 * sixths of B / r on average, and half of a flush that is collected or waits for room. With one it shares the wire for
 * the time of its page: twice that. Of one in some hundred the page is in the socket already, where it is left. */
START_TEST(a_request_does_not_wait_behind_the_background)
{
    QemuRules how = pulling();
    const double page_s = ON_WIRE / 12e6, full_s = how.buffer_bytes / 12e6;
    const Pull without = pull(&how, 100);

    ck_assert_double_eq_tol(mean_wait_s(&without), LATENCY + 5.0 / 6 * full_s + 17 * page_s, 0.05 * full_s);
    how.preempt = TRUE;
    const Pull with = pull(&how, 100);
    ck_assert_double_ge(mean_wait_s(&with), LATENCY + 2 * page_s - 1e-9);
    ck_assert_double_le(mean_wait_s(&with), LATENCY + 2 * page_s + 0.01 * full_s);
    ck_assert_uint_gt(with.faults.requests, without.faults.requests); /* it gets further meanwhile */
}
END_TEST

/* A host page goes as a whole: 512 pages, at half of the wire while the background has the other half. */
START_TEST(a_host_page_that_is_asked_for_preempts_another_one)
{
    QemuRules how = pulling();

    how.host_pages = 512;
    how.preempt = TRUE;
    const double host_s = 512 * ON_WIRE / 12e6;
    const Pull with = pull(&how, 1000);
    ck_assert_uint_gt(with.faults.requests, 5);
    ck_assert_double_le(with.faults.longest_s, LATENCY + 2 * host_s + 1e-3);
    how.preempt = FALSE;
    ck_assert_double_ge(pull(&how, 1000).faults.longest_s, LATENCY + host_s + 2.0 / 3 * how.buffer_bytes / 12e6);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("qemu_postcopy");

    tcase_add_test(tcase, background_pages_are_held_to_their_bandwidth);
    tcase_add_test(tcase, requests_are_not_held);
    tcase_add_test(tcase, a_request_does_not_wait_behind_the_background);
    tcase_add_test(tcase, a_host_page_that_is_asked_for_preempts_another_one);
    return check_main("qemu_postcopy", tcase, NULL);
}
