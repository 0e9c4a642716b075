/* What is said to a copying machine while it works: it obeys within a batch or a window, and loses no page. */
#include "models/memory/image.h"
#include "models/migration/precopy.h"
#include "models/migration/qemu.h"
#include "tests/check_main.h"
#include "tests/models/migration/plain_qemu.h"

#include <math.h>

#define PAGE     4096.0
#define PAGES    16384u
#define WRITTEN  8192u /* at the top of memory */
#define RATE_BPS 12e6
#define SAID_S   7.3 /* in the middle of round 2 */
#define BATCH_S  (1024 * PAGE / RATE_BPS)
#define WINDOW_S 0.25 /* of QEMU: an iteration of 50 ms, a window of 100 ms, a wait for a third of the socket */
#define NEVER_S  1000.0

typedef enum { XEN, XEN_THAT_SKIPS, XEN_COUNTED, XEN_COUNTED_THAT_SKIPS, QEMU, N_MECHANISMS } Mechanism;

typedef struct {
    Mechanism mechanism;
    DirtyLog *log;
    Image *image;
    Tally *tally;
    PageSet set;
    Precopy *precopy;
    Qemu *qemu;
    double now_s, stopped_s, suspended_s;
    double sent_before, sent_after; /* bytes, of the time that the command came */
    gboolean obeyed, handed_over;
} Rig;

/* Of the next rig; its guest never converges. */
static Policy policy;
static double rate_pages_s;

static void
rig_begin(Rig *rig, Mechanism mechanism)
{
    const Workload workload = {
        .kind = WORKLOAD_UNIFORM, .first_page = PAGES - WRITTEN, .pages = WRITTEN, .rate_pages_s = rate_pages_s};
    const gboolean skips = mechanism == XEN_THAT_SKIPS || mechanism == XEN_COUNTED_THAT_SKIPS;
    const PrecopyRules xens = {.policy = policy, .batch_pages = 1024, .peek_skip = skips, .first_round_skips = skips};
    const QemuRules qemus = plain_qemu_rules(&policy);
    RandomStream random;

    *rig = (Rig){.mechanism = mechanism, .suspended_s = NAN};
    random_init(&random, 1, "dirty", "guest");
    rig->log = dirty_new(PAGES, &random, 0);
    dirty_set_workload(rig->log, 0, &workload);
    if (mechanism == XEN_COUNTED || mechanism == XEN_COUNTED_THAT_SKIPS)
        rig->tally = dirty_tally(rig->log, PAGES);
    else
        rig->image = image_new(rig->log);
    page_set_init(&rig->set, PAGE);
    rig->set.tally = rig->tally;
    page_set_add(&rig->set, rig->log, rig->image, 0, PAGES);
    if (mechanism == QEMU)
        rig->qemu = qemu_new(&rig->set, &qemus);
    else
        rig->precopy = precopy_new(&rig->set, &xens);
}

static void
rig_end(Rig *rig)
{
    qemu_free(rig->qemu);
    precopy_free(rig->precopy);
    tally_free(rig->tally);
    image_free(rig->image);
    dirty_free(rig->log);
}

static CopyTotals
totals(const Rig *rig)
{
    return rig->qemu ? qemu_totals(rig->qemu) : precopy_totals(rig->precopy);
}

static gboolean
say(Rig *rig, const CopyCommand *command)
{
    return rig->qemu ? qemu_command(rig->qemu, command) : precopy_command(rig->precopy, rig->now_s, command);
}

static void
do_action(Rig *rig, const CopyAction *action, double said_s)
{
    if (action->kind == COPY_SEND) {
        *(rig->now_s < said_s ? &rig->sent_before : &rig->sent_after) += action->bytes;
        rig->now_s = MAX(rig->now_s + action->bytes / RATE_BPS, action->until_s);
    }
    if (action->kind == COPY_SUSPEND) {
        rig->suspended_s = rig->now_s;
        dirty_set_speed(rig->log, rig->now_s, 0);
    }
    if (action->kind == COPY_HAND_OVER) {
        rig->handed_over = TRUE;
        dirty_set_speed(rig->log, rig->now_s, 1);
    }
}

/* Until it has finished, or that long; plans end where the command comes, as their owner knows its date. */
static void
run(Rig *rig, double said_s, const CopyCommand *command, double most_s)
{
    gboolean said = FALSE;

    for (CopyAction action = {0}; action.kind != COPY_FINISHED && rig->now_s < most_s;) {
        if (!said && rig->now_s >= said_s) {
            rig->obeyed = say(rig, command);
            said = TRUE;
        }
        const CopyReach reach = {.rate_Bps = RATE_BPS,
                                 .alone_Bps = RATE_BPS,
                                 .max_batches = G_MAXUINT,
                                 .until_s = said ? INFINITY : said_s,
                                 .latency_s = 1e-4,
                                 .steady = TRUE,
                                 .plans = TRUE};
        action = rig->qemu ? qemu_next(rig->qemu, rig->now_s, &reach) : precopy_next(rig->precopy, rig->now_s, &reach);
        do_action(rig, &action, said_s);
    }
    rig->stopped_s = rig->now_s;
}

static guint64
lacking(const Rig *rig)
{
    return rig->tally ? tally_stale(rig->tally, dirty_guest_s(rig->log, rig->now_s))
                      : image_differing_pages(rig->image, rig->now_s);
}

static void
setup(void)
{
    rate_pages_s = 2e4;
    policy = (Policy){.max_rounds = 1000, .downtime_limit_s = 0.1};
}

static void
check_rounds(const Rig *rig)
{
    const GArray *rounds = totals(rig).rounds;
    double bytes = 0;
    guint64 sent = 0;

    for (guint i = 0; i < rounds->len; i++) {
        const CopyRound *round = &g_array_index(rounds, CopyRound, i);
        ck_assert_uint_le(round->sent + round->skipped, PAGES);
        ck_assert_uint_le(round->dirtied, PAGES);
        ck_assert_int_eq(round->final, i == rounds->len - 1);
        bytes += round->bytes;
        sent += round->sent;
    }
    ck_assert_uint_eq(sent, totals(rig).sent_pages);
    ck_assert_double_le(totals(rig).bytes, bytes + 1);
}

START_TEST(told_to_stop_it_stops_within_a_batch_and_loses_no_page)
{
    const CopyCommand stop = {COMMAND_SUSPEND, NAN, STOP_TOLD};
    Rig rig;

    rig_begin(&rig, (Mechanism)_i);
    run(&rig, SAID_S, &stop, NEVER_S);
    ck_assert(rig.obeyed);
    ck_assert_double_ge(rig.suspended_s, SAID_S);
    ck_assert_double_le(rig.suspended_s, SAID_S + (_i == QEMU ? WINDOW_S : BATCH_S));
    ck_assert_int_eq(totals(&rig).stop, STOP_TOLD);
    ck_assert_uint_eq(lacking(&rig), 0);
    check_rounds(&rig);
    rig_end(&rig);
}
END_TEST

/* In round 1, of which more than a half has had its turn: the guest has written 8,192 pages again and again, and what
 * is left is drawn, so that two runs differ by some pages. */
START_TEST(counted_or_not_a_round_that_is_cut_leaves_as_many_pages)
{
    const CopyCommand stop = {COMMAND_SUSPEND, NAN, STOP_TOLD};
    const Mechanism one = _i == 0 ? XEN : XEN_THAT_SKIPS, other = _i == 0 ? XEN_COUNTED : XEN_COUNTED_THAT_SKIPS;
    Rig each, counted;

    rate_pages_s = 1500;
    rig_begin(&each, one);
    run(&each, 4.5, &stop, NEVER_S);
    rig_begin(&counted, other);
    run(&counted, 4.5, &stop, NEVER_S);
    check_rounds(&counted);
    ck_assert_double_eq_tol((double)totals(&counted).sent_pages, (double)totals(&each).sent_pages,
                            0.02 * (double)totals(&each).sent_pages);
    rig_end(&each);
    rig_end(&counted);
}
END_TEST

/* Nothing has been sent by then: all goes while the guest stands. */
START_TEST(told_before_the_first_page_it_has_no_live_round)
{
    const CopyCommand stop = {COMMAND_SUSPEND, NAN, STOP_TIME_UP};
    Rig rig;

    rig_begin(&rig, (Mechanism)_i);
    run(&rig, 0, &stop, NEVER_S);
    ck_assert_double_eq(rig.suspended_s, 0);
    ck_assert_uint_eq(totals(&rig).sent_pages, PAGES);
    ck_assert_int_eq(totals(&rig).stop, STOP_TIME_UP);
    ck_assert_uint_eq(lacking(&rig), 0);
    rig_end(&rig);
}
END_TEST

/* Half of memory is left at each look, 2.8 s at this rate: with 3 s it fits. Xen looks at a round's end, QEMU, which
 * has that much left at the end of a pass, in a window. */
START_TEST(a_longer_downtime_limit_ends_rounds_that_never_converge)
{
    const CopyCommand more = {COMMAND_DOWNTIME_LIMIT, 3, STOP_NOT_YET};
    Rig rig, never;

    rig_begin(&never, (Mechanism)_i);
    run(&never, NEVER_S, &more, 60);
    ck_assert(isnan(never.suspended_s));
    rig_end(&never);
    rig_begin(&rig, (Mechanism)_i);
    run(&rig, SAID_S, &more, 60);
    ck_assert(rig.obeyed);
    ck_assert_double_ge(rig.suspended_s, SAID_S);
    ck_assert_double_le(rig.suspended_s, SAID_S + (_i == QEMU ? WINDOW_S : 8192 * PAGE / RATE_BPS));
    ck_assert_int_eq(totals(&rig).stop, STOP_DOWNTIME);
    ck_assert_uint_eq(lacking(&rig), 0);
    rig_end(&rig);
}
END_TEST

/* A limit that grows by itself grows no more. */
START_TEST(a_limit_that_is_set_stays)
{
    const CopyCommand less = {COMMAND_DOWNTIME_LIMIT, 0.05, STOP_NOT_YET};
    Rig rig;

    policy.downtime_step_s = 1;
    policy.downtime_most_s = 10;
    rig_begin(&rig, (Mechanism)_i);
    run(&rig, 0.1, &less, 60);
    ck_assert(isnan(rig.suspended_s));
    rig_end(&rig);
}
END_TEST

/* From the date on a tenth, but for what the socket holds then. */
START_TEST(a_limit_of_the_rate_holds_from_its_date_on)
{
    const CopyCommand slow = {COMMAND_MAX_BANDWIDTH, RATE_BPS / 10, STOP_NOT_YET};
    Rig rig;

    rig_begin(&rig, QEMU);
    run(&rig, 4, &slow, 14);
    ck_assert(rig.obeyed);
    ck_assert_double_eq_tol(rig.sent_before, 4 * RATE_BPS, 0.02 * 4 * RATE_BPS);
    const double after_s = rig.now_s - 4;
    ck_assert_double_ge(after_s, 10);
    ck_assert_double_eq_tol(rig.sent_after - 1.2e6, after_s * RATE_BPS / 10, 0.05 * after_s * RATE_BPS / 10);
    rig_end(&rig);
}
END_TEST

/* QEMU knows nothing of the pause: its downtime begins where the rest fits the limit, and what is dirty and has not had
 * its turn goes with this pass, what the log has with the next. */
START_TEST(a_paused_guest_is_migrated_by_the_loops_rules)
{
    const CopyCommand stop = {COMMAND_SUSPEND, NAN, STOP_TIME_UP};
    Rig rig;

    rig_begin(&rig, QEMU);
    run(&rig, SAID_S, &stop, NEVER_S);
    const QemuReport report = qemu_report(rig.qemu);
    ck_assert_double_le(report.downtime_s, 1.1 * policy.downtime_limit_s);
    ck_assert_double_ge(rig.stopped_s - rig.suspended_s, 2 * policy.downtime_limit_s);
    guint begun = 0; /* after the pause */
    for (guint i = 0; i < totals(&rig).rounds->len; i++)
        begun += g_array_index(totals(&rig).rounds, CopyRound, i).start_s > rig.suspended_s;
    ck_assert_uint_ge(begun, 2);
    ck_assert_uint_eq(lacking(&rig), 0);
    rig_end(&rig);
}
END_TEST

/* A paused guest's rest keeps to the limit. */
START_TEST(what_is_left_of_a_paused_guest_keeps_to_the_limit)
{
    const CopyCommand slow = {COMMAND_MAX_BANDWIDTH, RATE_BPS / 4, STOP_NOT_YET};
    const CopyCommand stop = {COMMAND_SUSPEND, NAN, STOP_TOLD};
    Rig rig;

    rig_begin(&rig, QEMU);
    ck_assert(say(&rig, &slow));
    run(&rig, 4, &stop, NEVER_S);
    const double left = totals(&rig).bytes - 4 * RATE_BPS / 4;
    ck_assert_double_eq_tol(rig.stopped_s - rig.suspended_s, left / (RATE_BPS / 4), 0.5);
    rig_end(&rig);
}
END_TEST

START_TEST(post_copy_hands_over_within_a_window)
{
    const CopyCommand pull = {COMMAND_POSTCOPY, NAN, STOP_POSTCOPY_TOLD};
    Rig rig;

    rig_begin(&rig, QEMU);
    run(&rig, SAID_S, &pull, NEVER_S);
    ck_assert(rig.obeyed && rig.handed_over);
    ck_assert_double_le(rig.suspended_s, SAID_S + WINDOW_S);
    ck_assert_int_eq(totals(&rig).stop, STOP_POSTCOPY_TOLD);
    ck_assert(policy_stop_pulls(totals(&rig).stop));
    ck_assert_uint_eq(qemu_pages_left(rig.qemu), 0);
    rig_end(&rig);
}
END_TEST

START_TEST(once_stopped_it_hears_nothing_more)
{
    static const CopyCommand commands[] = {{COMMAND_SUSPEND, NAN, STOP_TIME_UP},
                                           {COMMAND_POSTCOPY, NAN, STOP_POSTCOPY_TOLD},
                                           {COMMAND_DOWNTIME_LIMIT, 1, STOP_NOT_YET},
                                           {COMMAND_MAX_BANDWIDTH, 1e6, STOP_NOT_YET}};
    const CopyCommand stop = {COMMAND_SUSPEND, NAN, STOP_TOLD};
    Rig rig;

    rig_begin(&rig, (Mechanism)_i);
    run(&rig, SAID_S, &stop, NEVER_S);
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        ck_assert(!say(&rig, &commands[i]));
    ck_assert_int_eq(totals(&rig).stop, STOP_TOLD);
    rig_end(&rig);
}
END_TEST

START_TEST(xen_has_neither_post_copy_nor_a_limit_of_the_rate)
{
    const CopyCommand pull = {COMMAND_POSTCOPY, NAN, STOP_POSTCOPY_TOLD}, slow = {COMMAND_MAX_BANDWIDTH, 1e6, 0};
    Rig rig;

    rig_begin(&rig, XEN);
    ck_assert(!say(&rig, &pull));
    ck_assert(!say(&rig, &slow));
    rig_end(&rig);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("commands");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, told_to_stop_it_stops_within_a_batch_and_loses_no_page, 0, N_MECHANISMS);
    tcase_add_loop_test(tcase, counted_or_not_a_round_that_is_cut_leaves_as_many_pages, 0, 2);
    tcase_add_loop_test(tcase, told_before_the_first_page_it_has_no_live_round, 0, N_MECHANISMS);
    tcase_add_loop_test(tcase, a_longer_downtime_limit_ends_rounds_that_never_converge, 0, N_MECHANISMS);
    tcase_add_loop_test(tcase, a_limit_that_is_set_stays, 0, N_MECHANISMS);
    tcase_add_test(tcase, a_limit_of_the_rate_holds_from_its_date_on);
    tcase_add_test(tcase, a_paused_guest_is_migrated_by_the_loops_rules);
    tcase_add_test(tcase, what_is_left_of_a_paused_guest_keeps_to_the_limit);
    tcase_add_test(tcase, post_copy_hands_over_within_a_window);
    tcase_add_loop_test(tcase, once_stopped_it_hears_nothing_more, 0, N_MECHANISMS);
    tcase_add_test(tcase, xen_has_neither_post_copy_nor_a_limit_of_the_rate);
    return check_main("commands", tcase, NULL);
}
