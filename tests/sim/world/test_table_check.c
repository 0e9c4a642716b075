/* The rules of tables_agree: a leg, a vTPM's commands and a socket's log as they should be, and each broken by hand. */
#include "sim/world/table_check.h"

#include "sim/parts/migration/leg_tables.h"
#include "sim/parts/socket/socket_results.h"
#include "sim/parts/vtpm/vtpm_results.h"
#include "tests/sim/world/worlds.h"

#define PAGES      1000u
#define PAGE_BYTES 4096.0
#define PATH_BPS   1e8

static GArray *rounds;
static LegTables leg;

static CopyRound *
round_number(guint number)
{
    return &g_array_index(rounds, CopyRound, number - 1);
}

static void
add_round(CopyPhase phase, double start_s, double duration_s, guint64 pages)
{
    const CopyRound round = {.phase = phase,
                             .start_s = start_s,
                             .duration_s = duration_s,
                             .sent = pages,
                             .bytes = (double)pages * PAGE_BYTES,
                             .final = phase == PHASE_STOP_AND_COPY};

    g_array_append_val(rounds, round);
}

static void
set_step(MigrationStep step, double start_s, double duration_s)
{
    leg.steps[step] = (TableStep){TRUE, start_s, duration_s};
}

/* Two live rounds and the last one under Xen: suspend 10 ms, pages 1 ms, device state 2 ms, commitment 3 ms, resume 4
 * ms. */
static void
setup(void)
{
    rounds = g_array_new(FALSE, FALSE, sizeof(CopyRound));
    add_round(PHASE_PUSH, 1.2, 0.05, PAGES);
    add_round(PHASE_PUSH, 1.25, 0.01, 100);
    add_round(PHASE_STOP_AND_COPY, 1.28, 0.001, 20);
    leg = (LegTables){.start_s = 1,
                      .end_s = 1.3,
                      .run_end_s = 2,
                      .downtime = {0.01, 0.001, 0.002, 0.003, 0.004},
                      .downtime_s = 0.02,
                      .resumed = TRUE,
                      .copied = TRUE,
                      .totals = {.sent_pages = PAGES + 120,
                                 .data_pages = PAGES + 120,
                                 .bytes = (PAGES + 120) * PAGE_BYTES,
                                 .rounds = rounds},
                      .set_pages = PAGES,
                      .content_bytes = (PAGES + 120) * PAGE_BYTES,
                      .path_Bps = PATH_BPS,
                      .members = 1};
    set_step(STEP_PRE_MIGRATION, 1, 0.1);
    set_step(STEP_RESERVATION, 1.1, 0.1);
    set_step(STEP_PRECOPY, 1.2, 0.07); /* 10 ms of it for requests to a card */
    set_step(STEP_STOP_AND_COPY, 1.27, 0.013);
    set_step(STEP_COMMITMENT, 1.283, 0.003);
    set_step(STEP_ACTIVATION, 1.286, 0.014);
}

static void
teardown(void)
{
    g_array_unref(rounds);
}

static void
holds(void)
{
    g_autofree char *fault = leg_tables_fault(&leg);

    ck_assert_msg(!fault, "%s", fault);
}

static void
breaks(const char *text)
{
    g_autofree char *fault = leg_tables_fault(&leg);

    ck_assert_msg(fault && strstr(fault, text), "expected \"%s\", got \"%s\"", text, fault ? fault : "nothing");
}

/* The same leg by QEMU: synchronizations of 1 ms between its rounds, the last live one up to the guest's stop. */
static void
make_qemu(void)
{
    leg.rounds.by_sync = TRUE;
    leg.rounds.syncs = 3;
    leg.rounds.sync_s = 1e-3;
    round_number(2)->start_s = 1.2505;
    round_number(2)->duration_s = 1.28 - 1.2505;
    round_number(3)->start_s = 1.2805;
}

/* And by post-copy: the last round is the package, and the rest is pulled behind it. */
static void
make_postcopy(void)
{
    make_qemu();
    leg.totals.stop = STOP_POSTCOPY;
    add_round(PHASE_PULL, 1.283, 0.1, 10);
    round_number(3)->duration_s = 1.283 - 1.2805;
    leg.totals.sent_pages = leg.totals.data_pages += 10;
    leg.totals.bytes += 10 * PAGE_BYTES;
    set_step(STEP_PULL, 1.286, 0.1);
    set_step(STEP_ACTIVATION, 1.386, 0.014);
    leg.end_s = 1.4;
}

START_TEST(legs_as_they_should_be_hold)
{
    holds();
    make_qemu();
    holds();
}
END_TEST

START_TEST(a_post_copy_leg_holds)
{
    make_postcopy();
    holds();
}
END_TEST

START_TEST(a_step_of_negative_duration_is_seen)
{
    leg.steps[STEP_PRECOPY].duration_s = -0.07;
    breaks("step precopy lasts");
}
END_TEST

START_TEST(a_gap_between_steps_is_seen)
{
    leg.steps[STEP_COMMITMENT].start_s += 1e-4;
    breaks("step commitment begins");
}
END_TEST

START_TEST(steps_that_leave_the_leg_are_seen)
{
    leg.end_s = 1.31;
    breaks("the last step ends");
}
END_TEST

START_TEST(a_leg_after_the_runs_end_is_seen)
{
    leg.run_end_s = 1.2;
    breaks("the last step ends");
}
END_TEST

START_TEST(a_round_of_negative_duration_is_seen)
{
    round_number(2)->duration_s = -2e-9; /* twice the clock's grain */
    breaks("round 2 lasts");
}
END_TEST

START_TEST(a_round_of_no_number_is_seen)
{
    round_number(2)->duration_s = NAN;
    breaks("round 2 lasts");
}
END_TEST

START_TEST(rounds_with_a_gap_are_seen)
{
    round_number(2)->start_s += 1e-3;
    breaks("round 2 begins");
}
END_TEST

START_TEST(rounds_that_overlap_are_seen)
{
    round_number(1)->duration_s += 1e-3;
    breaks("round 2 begins");
}
END_TEST

START_TEST(a_first_round_after_its_steps_begin_is_seen)
{
    round_number(1)->start_s += 1e-3;
    breaks("round 1 begins");
}
END_TEST

START_TEST(more_than_a_synchronization_between_qemus_rounds_is_seen)
{
    make_qemu();
    round_number(2)->start_s += 1e-3;
    breaks("round 2 begins");
}
END_TEST

START_TEST(a_round_that_leaves_its_step_is_seen)
{
    round_number(3)->duration_s = 0.01;
    breaks("round 3, ");
    round_number(3)->duration_s = 0.001;
    leg.steps[STEP_PRECOPY].duration_s = 0.055;
    leg.steps[STEP_STOP_AND_COPY].start_s = 1.255;
    leg.steps[STEP_STOP_AND_COPY].duration_s = 0.028;
    leg.downtime.suspend_s = 0.025;
    breaks("round 2, ");
}
END_TEST

START_TEST(a_live_round_after_the_last_one_is_seen)
{
    make_qemu();
    round_number(3)->phase = PHASE_PUSH;
    breaks("round 3, ");
}
END_TEST

START_TEST(a_final_round_that_is_none_is_seen)
{
    round_number(2)->final = TRUE;
    breaks("is final in one column");
}
END_TEST

START_TEST(more_pages_in_a_round_than_there_are_are_seen)
{
    round_number(1)->skipped = (guint64)-1; /* what a difference below zero becomes */
    breaks("round 1 has");
}
END_TEST

START_TEST(a_sum_of_pages_that_is_off_is_seen)
{
    leg.totals.sent_pages++;
    breaks("the rounds sent 1120 pages, the leg 1121");
}
END_TEST

START_TEST(pages_of_no_kind_are_seen)
{
    leg.totals.data_pages--;
    breaks("are not 1120");
}
END_TEST

START_TEST(a_sum_of_bytes_that_is_off_is_seen)
{
    round_number(2)->bytes -= 100;
    breaks("the rounds have");
}
END_TEST

START_TEST(bytes_that_cannot_carry_their_pages_are_seen)
{
    round_number(1)->bytes -= 1e6;
    leg.totals.bytes -= 1e6;
    breaks("cannot carry");
}
END_TEST

START_TEST(a_round_too_few_is_seen)
{
    make_qemu();
    leg.rounds.syncs = 4;
    breaks("3 rounds of 4 synchronizations");
}
END_TEST

START_TEST(parts_that_do_not_make_up_the_downtime_are_seen)
{
    leg.downtime_s = 0.021;
    breaks("the parts of the downtime are 0.020000000 s");
    leg.downtime.pages_s = -0.001;
    breaks("a part of the downtime");
}
END_TEST

START_TEST(a_round_that_is_faster_than_the_path_is_seen)
{
    leg.path_Bps = 8e7; /* 4 MB in 50 ms are 82 MB/s */
    breaks("round 1 moves");
}
END_TEST

/* Cut in its third round, of which there is no row: pages that are in the sum only, a downtime that goes on. */
START_TEST(a_leg_that_was_cut_short_is_held_to_what_it_has)
{
    g_array_set_size(rounds, 2);
    leg.copied = leg.resumed = FALSE;
    leg.downtime = (Downtime){.suspend_s = 0.01};
    leg.end_s = 1.28;
    set_step(STEP_STOP_AND_COPY, 1.27, 0.01);
    leg.steps[STEP_COMMITMENT].begun = leg.steps[STEP_ACTIVATION].begun = FALSE;
    leg.downtime_s = 0.01;
    holds();
    leg.totals.sent_pages = leg.totals.data_pages = PAGES;
    breaks("the rounds sent 1100 pages, the leg 1000");
}
END_TEST

static GArray *
three_commands(void)
{
    GArray *commands = g_array_new(FALSE, FALSE, sizeof(VtpmCommand));
    const VtpmCommand all[] = {{1, 0, 0.1, FALSE, {0}}, {2, 0.2, 0.4, TRUE, {0}}, {2, 0.5, 0.6, FALSE, {0}}};

    g_array_append_vals(commands, all, 3);
    return commands;
}

START_TEST(commands_out_of_order_and_miscounted_are_seen)
{
    g_autoptr(GArray) commands = three_commands();
    g_autofree char *none = vtpm_results_fault(commands, 2, 1);
    g_autofree char *miscounted = vtpm_results_fault(commands, 3, 1);
    g_autofree char *late = vtpm_results_fault(commands, 2, 0.55);

    ck_assert_ptr_null(none);
    ck_assert_str_eq(miscounted, "2 commands are done, expected 3");
    ck_assert_ptr_nonnull(late);
    g_array_index(commands, VtpmCommand, 2).issued_s = 0.3;
    g_autofree char *overlap = vtpm_results_fault(commands, 2, 1);
    ck_assert_ptr_nonnull(strstr(overlap, "command 3"));
}
END_TEST

START_TEST(a_time_line_or_a_period_that_misses_bytes_is_seen)
{
    SocketLog log;

    socketlog_init(&log, 0);
    socketlog_bytes(&log, 0.1, 1000, TRUE);
    socketlog_period(&log, 0.2, "during.vm");
    socketlog_bytes(&log, 0.7, 500, FALSE);
    socketlog_message(&log, 0.7, 0.1);
    socketlog_end(&log, 1);
    g_autofree char *none = socket_results_fault(&log, 1);
    ck_assert_msg(!none, "%s", none);

    g_array_index(log.periods, SocketPeriod, 1).bytes = 400;
    g_autofree char *period = socket_results_fault(&log, 1);
    ck_assert_ptr_nonnull(strstr(period, "periods up to"));
    g_array_index(log.periods, SocketPeriod, 1).bytes = 500;
    g_array_index(log.bins, SocketBin, 0).bytes++;
    g_autofree char *bin = socket_results_fault(&log, 1);
    ck_assert_ptr_nonnull(strstr(bin, "the time line has 1501"));
    socketlog_clear(&log);
}
END_TEST

/* One migration of two legs. */
START_TEST(every_leg_of_a_run_is_checked)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vm-then-vtpm");
    g_autofree char *json = result_to_json(result);
    const char *invariant = strstr(json, "\"tables_agree\"");

    ck_assert_ptr_nonnull(invariant);
    ck_assert_ptr_nonnull(strstr(invariant, "\"checks\":\t4,")); /* the migration, its legs, the commands */
}
END_TEST

int
main(void)
{
    TCase *legs = tcase_create("legs"), *others = tcase_create("others");

    tcase_add_checked_fixture(legs, setup, teardown);
    tcase_add_test(legs, legs_as_they_should_be_hold);
    tcase_add_test(legs, a_post_copy_leg_holds);
    tcase_add_test(legs, a_step_of_negative_duration_is_seen);
    tcase_add_test(legs, a_gap_between_steps_is_seen);
    tcase_add_test(legs, steps_that_leave_the_leg_are_seen);
    tcase_add_test(legs, a_leg_after_the_runs_end_is_seen);
    tcase_add_test(legs, a_round_of_negative_duration_is_seen);
    tcase_add_test(legs, a_round_of_no_number_is_seen);
    tcase_add_test(legs, rounds_with_a_gap_are_seen);
    tcase_add_test(legs, rounds_that_overlap_are_seen);
    tcase_add_test(legs, a_first_round_after_its_steps_begin_is_seen);
    tcase_add_test(legs, more_than_a_synchronization_between_qemus_rounds_is_seen);
    tcase_add_test(legs, a_round_that_leaves_its_step_is_seen);
    tcase_add_test(legs, a_live_round_after_the_last_one_is_seen);
    tcase_add_test(legs, a_final_round_that_is_none_is_seen);
    tcase_add_test(legs, more_pages_in_a_round_than_there_are_are_seen);
    tcase_add_test(legs, a_sum_of_pages_that_is_off_is_seen);
    tcase_add_test(legs, pages_of_no_kind_are_seen);
    tcase_add_test(legs, a_sum_of_bytes_that_is_off_is_seen);
    tcase_add_test(legs, bytes_that_cannot_carry_their_pages_are_seen);
    tcase_add_test(legs, a_round_too_few_is_seen);
    tcase_add_test(legs, parts_that_do_not_make_up_the_downtime_are_seen);
    tcase_add_test(legs, a_round_that_is_faster_than_the_path_is_seen);
    tcase_add_test(legs, a_leg_that_was_cut_short_is_held_to_what_it_has);
    tcase_add_test(others, commands_out_of_order_and_miscounted_are_seen);
    tcase_add_test(others, a_time_line_or_a_period_that_misses_bytes_is_seen);
    tcase_add_test(others, every_leg_of_a_run_is_checked);
    return check_main("table_check", legs, others, NULL);
}
