#include "tests/models/migration/law.h"
#include "tests/models/migration/qemu_rig.h"

/* Everything once, at link speed: headers and state included, and the socket's drain is the last part of it. */
START_TEST(idle_guest_is_sent_once_at_the_links_rate)
{
    const QemuRules how = qemu_rig_rules();
    Rig rig;

    rig_begin(&rig, 32768, 32768, NULL, &how);
    ck_assert(rig_run(&rig, 1000));
    const double pages_bytes = 32768 * (PAGE + 8), bytes = pages_bytes + how.state_bytes;
    const CopyTotals totals = qemu_totals(rig.qemu);
    const QemuReport report = qemu_report(rig.qemu);
    ck_assert_uint_eq(totals.data_pages, 32768);
    ck_assert_uint_eq(totals.zero_pages, 0);
    /* section headers of some 200 iterations beside */
    ck_assert_double_eq_tol(totals.bytes, bytes, 300 * 18);
    ck_assert_double_eq_tol(rig.sent_bytes, totals.bytes, 1);
    /* three synchronizations, before which the wire has at most drained one buffer for nothing */
    ck_assert_double_eq_tol(rig.now_s, totals.bytes / rig.rate_Bps, 3 * how.sync_s);
    /* QEMU's clock stops when the last byte is in the socket: up to one buffer earlier */
    ck_assert_double_lt(report.total_s, rig.now_s - 0.6 * how.buffer_bytes / rig.rate_Bps);
    ck_assert_double_ge(report.total_s, rig.now_s - how.buffer_bytes / rig.rate_Bps - 1e-9);
    ck_assert_uint_eq(report.syncs, 3);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, rig.now_s), 0);
    rig_clear(&rig);
}
END_TEST

START_TEST(zero_pages_cost_nine_bytes)
{
    const QemuRules how = qemu_rig_rules();
    Rig rig;

    rig_begin(&rig, 32768, 1024, NULL, &how);
    ck_assert(rig_run(&rig, 1000));
    const CopyTotals totals = qemu_totals(rig.qemu);
    ck_assert_uint_eq(totals.data_pages, 1024);
    ck_assert_uint_eq(totals.zero_pages, 32768 - 1024);
    ck_assert_double_eq_tol(totals.bytes, 1024 * (PAGE + 8) + (32768 - 1024) * 9 + how.state_bytes, 20 * 18);
    rig_clear(&rig);
}
END_TEST

/* What is left when it decides to stop is below bandwidth x limit: the link's, within the swing of a third of the
 * buffer per 100 ms window (docs/models/qemu.md). */
START_TEST(stops_when_what_is_left_fits_the_downtime_limit)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 1000};
    const QemuRules how = qemu_rig_rules();
    Rig rig;

    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    const QemuReport report = qemu_report(rig.qemu);
    const double swing_bytes = how.buffer_bytes / 3 * 3; /* 300 ms of limit over a 100 ms window */
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_DOWNTIME);
    ck_assert_double_lt((double)report.left_pages * PAGE, 0.3 * rig.rate_Bps + swing_bytes);
    ck_assert_uint_gt(report.left_pages, 0);
    ck_assert_uint_eq(rig.suspends, 1);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, rig.now_s), 0);
    rig_clear(&rig);
}
END_TEST

/* 20 MB/s of new dirty pages over 12 MB/s: never below the limit; a share of the processor later it is. */
START_TEST(auto_converge_ends_what_else_never_converges)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 6000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(!rig_run(&rig, 200));
    ck_assert_uint_eq(rig.suspends, 0);
    rig_clear(&rig);

    how.throttle.on = TRUE;
    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 200));
    const QemuReport report = qemu_report(rig.qemu);
    ck_assert_double_ge(report.throttle, 0.2);
    ck_assert_double_le(report.throttle, 0.99);
    ck_assert_double_eq_tol(rig.slowest, 1 - report.throttle, 1e-9);
    rig_clear(&rig);
}
END_TEST

/* 0.4 of what is sent meanwhile is dirtied, in each of several periods: never above one half, however long it goes on.
 */
START_TEST(each_period_is_judged_by_itself)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 65536, .rate_pages_s = 1170};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.throttle.on = TRUE;
    how.policy.downtime_limit_s = 0.02;
    rig_begin(&rig, 65536, 65536, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_ge(qemu_report(rig.qemu).syncs, 5);
    ck_assert_double_eq(rig.slowest, 1);
    ck_assert_double_eq(qemu_report(rig.qemu).throttle, 0);
    rig_clear(&rig);
}
END_TEST

/* All of the working set is dirty again after each round: as many pages left as before is no progress. */
START_TEST(as_many_pages_left_is_a_stall)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 1e6};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.policy.stall_rounds = 4;
    rig_begin(&rig, 16384, 16384, &workload, &how);
    ck_assert(rig_run(&rig, 300));
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_STALLED);
    rig_clear(&rig);
}
END_TEST

/* 28,400 are left after round 1, fewer after the second one. */
START_TEST(few_pages_are_pages_left)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 6000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.policy.min_pages = 27500;
    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_FEW_PAGES);
    ck_assert_uint_ge(qemu_report(rig.qemu).syncs, 4); /* set-up, after round 1, after round 2, at the stop */
    ck_assert_uint_lt(qemu_report(rig.qemu).left_pages, 27500);
    rig_clear(&rig);
}
END_TEST

/* Zero pages are pages sent, as everywhere: after round 1 the memory was sent once. */
START_TEST(the_factor_of_memory_counts_zero_pages)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 16384, .rate_pages_s = 20000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.policy.max_factor = 0.9;
    rig_begin(&rig, 32768, 16384, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_MANY_SENT);
    ck_assert_uint_eq(qemu_report(rig.qemu).syncs, 3); /* set-up, after round 1, at the stop */
    rig_clear(&rig);
}
END_TEST

/* Fewer than the round before is no progress: fewer than ever is. What is left goes up and down around 18,000. */
START_TEST(progress_is_fewer_pages_than_ever_before)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 6000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.policy.stall_rounds = 6;
    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 3000));
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_STALLED);
    ck_assert_uint_le(qemu_report(rig.qemu).syncs, 40);
    rig_clear(&rig);
}
END_TEST

/* With limit 0 only an empty bitmap stops it, and then what was dirtied during the whole pass is the downtime. */
START_TEST(downtime_limit_zero_stops_only_when_nothing_is_left)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 500};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.policy.downtime_limit_s = 0;
    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    const QemuReport report = qemu_report(rig.qemu);
    ck_assert_uint_eq(report.left_pages, 0);
    ck_assert_uint_eq(report.syncs, 2);
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_NOTHING);
    /* 11 s at 500 writes/s to 8192 pages leave about 4,000 */
    ck_assert_double_gt(report.downtime_s, 3000 * PAGE / rig.rate_Bps);
    rig_clear(&rig);
}
END_TEST

/* A window carries its allowance and at most one page and a section more. */
START_TEST(max_bandwidth_holds_and_above_the_link_does_nothing)
{
    QemuRules how = qemu_rig_rules();
    Rig rig, free_rig;

    how.max_bandwidth_Bps = 6e6;
    rig_begin(&rig, 16384, 16384, NULL, &how);
    ck_assert(rig_run(&rig, 1000));
    const double windows_s = 16384 * (PAGE + 8) / (600000 + (PAGE + 8) / 2) * 0.1;
    /* the last 300 ms worth of pages go at link speed */
    ck_assert_double_eq_tol(rig.now_s, windows_s - 0.15, 0.25);
    rig_clear(&rig);

    how.max_bandwidth_Bps = 50e6;
    rig_begin(&rig, 16384, 16384, NULL, &how);
    how.max_bandwidth_Bps = 0;
    rig_begin(&free_rig, 16384, 16384, NULL, &how);
    ck_assert(rig_run(&rig, 1000) && rig_run(&free_rig, 1000));
    ck_assert_double_eq_tol(rig.now_s, free_rig.now_s, 0.01);
    rig_clear(&rig);
    rig_clear(&free_rig);
}
END_TEST

START_TEST(stop_rules_of_any_precopy_hold_here_too)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 6000};
    const struct {
        Policy policy;
        StopReason reason;
    } rows[] = {
        {{.max_rounds = 0, .downtime_limit_s = 0.3}, STOP_NOT_LIVE},
        {{.max_rounds = 4, .downtime_limit_s = 0.3}, STOP_ROUNDS},
        {{.max_rounds = 1000, .downtime_limit_s = 0.3, .max_factor = 2}, STOP_MANY_SENT},
        {{.max_rounds = 1000, .downtime_limit_s = 0.3, .stall_rounds = 3}, STOP_STALLED},
        {{.max_rounds = 1000, .downtime_limit_s = 0.15, .downtime_step_s = 2, .downtime_most_s = 12}, STOP_DOWNTIME},
        {{.max_rounds = 1000,
          .downtime_limit_s = 0.15,
          .downtime_step_s = 2,
          .downtime_most_s = 12,
          .downtime_every_s = 15,
          .downtime_after = 3},
         STOP_DOWNTIME},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        QemuRules how = qemu_rig_rules();
        Rig rig;
        how.policy = rows[i].policy;
        rig_begin(&rig, 32768, 32768, &workload, &how);
        ck_assert_msg(rig_run(&rig, 1000), "row %zu", i);
        ck_assert_int_eq(qemu_totals(rig.qemu).stop, rows[i].reason);
        ck_assert_uint_eq(page_set_differing_pages(&rig.set, rig.now_s), 0);
        rig_clear(&rig);
    }
}
END_TEST

/* The guest is away for its device state and the bytes queued before it; then every page comes once. */
START_TEST(postcopy_hands_over_after_device_state_and_sends_each_page_once)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 16384, .rate_pages_s = 4000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.postcopy_syncs = 1;
    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    const QemuReport report = qemu_report(rig.qemu);
    const CopyTotals totals = qemu_totals(rig.qemu);
    ck_assert_uint_eq(rig.hand_overs, 1);
    ck_assert_double_eq_tol(rig.handed_over_s, how.sync_s + how.state_bytes / rig.rate_Bps, 1e-3);
    ck_assert_uint_eq(totals.sent_pages, 32768);
    ck_assert_uint_eq(qemu_pages_left(rig.qemu), 0);
    ck_assert_uint_eq(report.syncs, 2);
    ck_assert_int_eq(totals.stop, STOP_POSTCOPY);
    ck_assert_int_eq(g_array_index(totals.rounds, CopyRound, totals.rounds->len - 1).phase, PHASE_PULL);
    rig_clear(&rig);
}
END_TEST

/* A demanded page waits for the bytes already in the socket (at least two thirds of it, at most all and one flush), its
 * own, and its request's way; not for the background pages behind it. */
START_TEST(demanded_pages_overtake_background_pages)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 4000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.postcopy_syncs = 1;
    rig_begin(&rig, 32768, 32768, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    const FaultCounts faults = qemu_report(rig.qemu).faults;
    const double flush_bytes = 32 * (PAGE + 8);
    ck_assert_uint_gt(faults.requests, 20);
    ck_assert_double_le(faults.longest_s, (how.buffer_bytes + 2 * flush_bytes) / rig.rate_Bps + 1e-3);
    ck_assert_double_ge(faults.waited_s / (double)faults.requests, 0.3 * how.buffer_bytes / rig.rate_Bps);
    ck_assert_double_le(faults.waited_s, rig.now_s - rig.handed_over_s);
    rig_clear(&rig);
}
END_TEST

START_TEST(idle_guest_asks_for_nothing)
{
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.postcopy_syncs = 1;
    rig_begin(&rig, 8192, 8192, NULL, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_eq(qemu_report(rig.qemu).faults.requests, 0);
    rig_clear(&rig);
}
END_TEST

/* 2,900 pages/s arrive in order from page 0, after a request from the page asked for. */
START_TEST(recorded_writes_ask_for_pages_that_are_missing_then)
{
    static const WorkloadWrite writes[] = {
        {0.2, 9},                              /* has come */
        {0.5, 8000},                           /* missing: asked for, and the background goes on behind it */
        {0.6, 8001}, {0.9, 8000}, {1.2, 5000}, /* missing still */
        {9, 16383},                            /* all have come */
    };
    const Workload workload = {.kind = WORKLOAD_REPLAY, .writes = writes, .n_writes = G_N_ELEMENTS(writes)};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.postcopy_syncs = 1;
    rig_begin(&rig, 16384, 16384, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_eq(qemu_report(rig.qemu).faults.requests, 2);
    rig_clear(&rig);
}
END_TEST

/* Of a published table: 400 distinct pages in each of two seconds, most of them missing. */
START_TEST(intervals_ask_for_missing_pages_too)
{
    static const WorkloadInterval intervals[] = {{1, 400},
                                                 {1, 400}}; /* a clearing before round 1, another at the switch */
    Workload workload = {
        .kind = WORKLOAD_INTERVALS, .pages = 16384, .intervals = intervals, .n_intervals = 2, .exponent = 1};

    for (int at_clears = 0; at_clears < 2; at_clears++) {
        QemuRules how = qemu_rig_rules();
        Rig rig;
        workload.at_clears = at_clears;
        how.postcopy_syncs = 1;
        rig_begin(&rig, 16384, 16384, &workload, &how);
        ck_assert(rig_run(&rig, 1000));
        ck_assert_uint_ge(qemu_report(rig.qemu).faults.requests, 20);
        ck_assert_uint_le(qemu_report(rig.qemu).faults.requests, 800);
        rig_clear(&rig);
    }
}
END_TEST

/* At the switch it stands at page 2,000 of 16,384; what is missing is behind it, or far ahead and comes before it. */
START_TEST(a_sweep_goes_on_from_where_it_was)
{
    const Workload workload = {.kind = WORKLOAD_SWEEP, .pages = 16384, .rate_pages_s = 1000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.postcopy_after_s = 2;
    rig_begin(&rig, 16384, 16384, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_POSTCOPY);
    ck_assert_uint_eq(qemu_report(rig.qemu).faults.requests, 0);
    rig_clear(&rig);
}
END_TEST

/* What it writes to is there while other pages are missing: it asks for no more, and the pull goes on. */
START_TEST(a_small_sweep_whose_pages_are_there_does_not_hold_the_pull_up)
{
    const Workload workload = {.kind = WORKLOAD_SWEEP, .pages = 25, .rate_pages_s = 1000};
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.postcopy_syncs = 1;
    rig_begin(&rig, 16384, 16384, &workload, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_le(qemu_report(rig.qemu).faults.requests, 25);
    ck_assert_uint_eq(qemu_pages_left(rig.qemu), 0);
    rig_clear(&rig);
}
END_TEST

/* Rounds follow each other without gap or overlap, whichever rule ends them, and hold every byte on the wire. */
START_TEST(rounds_fill_the_time_and_hold_all_bytes)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 6000};

    for (int rule = 0; rule < 4; rule++) {
        QemuRules how = qemu_rig_rules();
        Rig rig;
        how.policy.max_rounds = rule == 0 ? 3 : 1000000;
        how.policy.stall_rounds = rule == 1 ? 2 : 0;
        how.throttle.on = rule == 2;
        how.sync_waits = rule == 2;
        how.postcopy_syncs = rule == 3 ? 3 : 0;
        rig_begin(&rig, 32768, 32768, &workload, &how);
        ck_assert(rig_run(&rig, 3000));
        const CopyTotals totals = qemu_totals(rig.qemu);
        double bytes = 0, throttle = 0;
        for (guint i = 0; i < totals.rounds->len; i++) {
            const CopyRound *round = &g_array_index(totals.rounds, CopyRound, i);
            const double next_s =
                i + 1 < totals.rounds->len ? g_array_index(totals.rounds, CopyRound, i + 1).start_s : rig.now_s;
            bytes += round->bytes;
            ck_assert_double_ge(round->throttle, throttle); /* it only rises */
            throttle = round->throttle;
            ck_assert_double_ge(round->duration_s, 0);
            /* a synchronization lies between two rounds: it takes 0.5 ms, and a pause under throttling */
            ck_assert_double_ge(next_s - round->start_s - round->duration_s, -1e-9);
            if (rule != 2)
                ck_assert_double_le(next_s - round->start_s - round->duration_s, how.sync_s + 1e-9);
        }
        ck_assert_double_eq_tol(bytes, totals.bytes, 1);
        ck_assert_double_eq(throttle, qemu_report(rig.qemu).throttle);
        ck_assert((throttle > 0) == (rule == 2));
        rig_clear(&rig);
    }
}
END_TEST

/* How far one action reaches changes nothing while the rate holds. */
START_TEST(looking_ahead_changes_nothing)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 1000};
    const QemuRules how = qemu_rig_rules();
    const guint reaches[] = {1, 16, 100000};
    double ends_s[3];
    guint64 pages[3];

    for (int i = 0; i < 3; i++) {
        Rig rig;
        rig_begin(&rig, 32768, 32768, &workload, &how);
        for (;;) {
            const CopyReach reach = {
                .rate_Bps = rig.rate_Bps, .alone_Bps = rig.rate_Bps, .max_batches = reaches[i], .until_s = INFINITY};
            const CopyAction action = qemu_next(rig.qemu, rig.now_s, &reach);
            if (action.kind == COPY_FINISHED)
                break;
            if (action.kind == COPY_SEND)
                rig.now_s = MAX(rig.now_s + action.bytes / rig.rate_Bps, action.until_s);
            else
                dirty_set_speed(rig.log, rig.now_s, 0);
        }
        ends_s[i] = rig.now_s;
        pages[i] = qemu_totals(rig.qemu).sent_pages;
        rig_clear(&rig);
    }
    for (int i = 1; i < 3; i++) {
        /* sums of bytes in another order: a page's difference could move one iteration */
        ck_assert_double_eq_tol(ends_s[i], ends_s[0], 1e-6);
        ck_assert_uint_eq(pages[i], pages[0]);
    }
}
END_TEST

/* ---- counted pages ---- */

#define LAW_RUNS  1200
#define LAW_PAGES 6000u

static const char *const law_names[] = {"time",
                                        "synchronizations",
                                        "sent",
                                        "zero pages",
                                        "dirtied in round 1",
                                        "left when it stopped",
                                        "downtime",
                                        "bytes",
                                        "throttle",
                                        "pages of round 2"};

static const struct {
    guint64 used_pages;
    Workload workload;
    double downtime_limit_s;
    guint max_rounds;
    gboolean auto_converge;
} law_cases[] = {
    /* converges in a few rounds */
    {LAW_PAGES, {.kind = WORKLOAD_UNIFORM, .first_page = 700, .pages = 4000, .rate_pages_s = 1500}, 0.1, 1000, FALSE},
    /* does not: a synchronization after every few iterations, in the middle of the working set */
    {LAW_PAGES, {.kind = WORKLOAD_UNIFORM, .first_page = 10, .pages = 2000, .rate_pages_s = 2300}, 0.1, 40, FALSE},
    /* two rates and two kinds of pages, so that it matters what is behind and what is ahead */
    {2500,
     {.kind = WORKLOAD_HOT_COLD,
      .first_page = 700,
      .pages = 4000,
      .rate_pages_s = 2500,
      .hot_pages = 600,
      .hot_share = 0.7},
     0.15,
     25,
     FALSE},
    /* pages that cost next to nothing between those that cost a page: what comes first decides how long a round takes
     */
    {1500,
     {.kind = WORKLOAD_HOT_COLD, .pages = 3000, .rate_pages_s = 9000, .hot_pages = 1200, .hot_share = 0.35},
     0.3,
     25,
     FALSE},
    /* the guest is slowed down */
    {LAW_PAGES, {.kind = WORKLOAD_UNIFORM, .pages = 3000, .rate_pages_s = 6000}, 0.1, 1000, TRUE},
    /* nothing may be left: every page once more while the guest stands */
    {LAW_PAGES,
     {.kind = WORKLOAD_HOT_COLD, .pages = LAW_PAGES, .rate_pages_s = 900, .hot_pages = 5, .hot_share = 0.9},
     0,
     1000,
     FALSE},
};

static Showing
qemu_showing(const Rig *rig)
{
    const CopyTotals totals = qemu_totals(rig->qemu);
    const QemuReport report = qemu_report(rig->qemu);
    const CopyRound *first = &g_array_index(totals.rounds, CopyRound, 0);
    const CopyRound *second = &g_array_index(totals.rounds, CopyRound, 1);

    return (Showing){{rig->now_s, report.syncs, (double)totals.sent_pages, (double)totals.zero_pages,
                      (double)first->dirtied, (double)report.left_pages, report.downtime_s, totals.bytes,
                      report.throttle, (double)second->sent}};
}

static Showing
qemu_migrate(int which, guint64 seed, gboolean counted)
{
    QemuRules how = qemu_rig_rules();
    RandomStream random;
    Rig rig = {.rate_Bps = 12e6, .slowest = 1};

    how.policy.downtime_limit_s = law_cases[which].downtime_limit_s;
    how.policy.max_rounds = law_cases[which].max_rounds;
    how.throttle.on = law_cases[which].auto_converge;
    random_init(&random, seed, "dirty", counted ? "counted" : "page by page");
    g_autoptr(DirtyLog) log = rig.log = dirty_new(LAW_PAGES, &random, 0);
    dirty_set_workload(rig.log, 0, &law_cases[which].workload);
    page_set_init(&rig.set, PAGE);
    page_set_add(&rig.set, rig.log, NULL, 0, law_cases[which].used_pages);
    g_autoptr(Tally) tally = counted ? dirty_tally(log, law_cases[which].used_pages) : NULL;
    rig.set.tally = tally;
    g_autoptr(Qemu) qemu = rig.qemu = qemu_new(&rig.set, &how);
    ck_assert(rig_run(&rig, 1e4));
    ck_assert_uint_eq(qemu_pages_left(qemu), 0);
    ck_assert_uint_eq(tally ? tally_stale(tally, dirty_guest_s(log, rig.now_s)) : 0, 0);
    return qemu_showing(&rig);
}

/* Both ways are independent runs. */
START_TEST(counting_pages_has_the_law_of_knowing_them)
{
    static Showing pages[LAW_RUNS], counts[LAW_RUNS];

    for (int i = 0; i < LAW_RUNS; i++) {
        pages[i] = qemu_migrate(_i, (guint64)i, FALSE);
        counts[i] = qemu_migrate(_i, (guint64)i, TRUE);
    }
    law_assert_same(pages, counts, LAW_RUNS, law_names, G_N_ELEMENTS(law_names));
}
END_TEST

int
main(void)
{
    TCase *counted = tcase_create("counted pages");
    TCase *precopy = tcase_create("precopy"), *converge = tcase_create("auto_converge"),
          *postcopy = tcase_create("postcopy");

    tcase_add_test(precopy, idle_guest_is_sent_once_at_the_links_rate);
    tcase_add_test(precopy, zero_pages_cost_nine_bytes);
    tcase_add_test(precopy, stops_when_what_is_left_fits_the_downtime_limit);
    tcase_add_test(precopy, downtime_limit_zero_stops_only_when_nothing_is_left);
    tcase_add_test(precopy, max_bandwidth_holds_and_above_the_link_does_nothing);
    tcase_add_test(precopy, stop_rules_of_any_precopy_hold_here_too);
    tcase_add_test(precopy, looking_ahead_changes_nothing);
    tcase_add_test(converge, auto_converge_ends_what_else_never_converges);
    tcase_add_test(converge, each_period_is_judged_by_itself);
    tcase_add_test(precopy, as_many_pages_left_is_a_stall);
    tcase_add_test(precopy, few_pages_are_pages_left);
    tcase_add_test(precopy, the_factor_of_memory_counts_zero_pages);
    tcase_add_test(precopy, progress_is_fewer_pages_than_ever_before);
    tcase_add_test(postcopy, postcopy_hands_over_after_device_state_and_sends_each_page_once);
    tcase_add_test(postcopy, demanded_pages_overtake_background_pages);
    tcase_add_test(postcopy, idle_guest_asks_for_nothing);
    tcase_add_test(postcopy, recorded_writes_ask_for_pages_that_are_missing_then);
    tcase_add_test(postcopy, intervals_ask_for_missing_pages_too);
    tcase_add_test(postcopy, a_sweep_goes_on_from_where_it_was);
    tcase_add_test(postcopy, a_small_sweep_whose_pages_are_there_does_not_hold_the_pull_up);
    tcase_add_test(precopy, rounds_fill_the_time_and_hold_all_bytes);
    tcase_add_loop_test(counted, counting_pages_has_the_law_of_knowing_them, 0, (int)G_N_ELEMENTS(law_cases));
    return check_main("qemu", precopy, converge, postcopy, counted, NULL);
}
