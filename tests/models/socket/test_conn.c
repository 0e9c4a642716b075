/* Single branches of the four flows, by hand. */
#include "models/socket/conn.h"
#include "tests/check_main.h"

static const ConnConfig config = {.buffer_bytes = 8,
                                  .tcp_bytes = 8,
                                  .segment_bytes = 4,
                                  .key = {7, 7},
                                  .gid = {1, 1},
                                  .literal = 0,
                                  .listening = TRUE};

/* Runs one side's task until it ends or waits; adds up what the steps did. */
static void
run_task(const ConnConfig *c, ConnState *s, guint8 side, ConnEffect *sum)
{
    const ConnStep step = {CONN_STEP_TASK, side, 0};

    while (conn_enabled(c, s, step)) {
        ConnEffect effect;
        conn_step(c, s, step, &effect);
        if (sum) {
            sum->bytes += effect.bytes;
            sum->switches += effect.switches;
        }
    }
}

static void
call(const ConnConfig *c, ConnState *s, guint8 side, ConnCall what, guint64 bytes, gboolean nonblocking)
{
    conn_begin(c, s, side, what, bytes, nonblocking);
    run_task(c, s, side, NULL);
}

static void
connect_both(const ConnConfig *c, ConnState *s, guint8 host0, guint8 host1)
{
    conn_init(c, s, host0, host1);
    call(c, s, 0, CONN_CALL_CONNECT, 0, FALSE);
    call(c, s, 1, CONN_CALL_ACCEPT, 0, FALSE);
}

START_TEST(same_group_on_one_machine_gets_a_control_block)
{
    ConnState s;

    connect_both(&config, &s, 3, 3);
    ck_assert(conn_over_memory(&s));
    ck_assert_uint_eq(s.flow[0].sent + s.flow[1].sent + s.flow[0].received + s.flow[1].received, 0);
}
END_TEST

START_TEST(two_machines_or_two_groups_get_tcp)
{
    ConnConfig strangers = config;
    ConnState s;

    connect_both(&config, &s, 0, 1);
    ck_assert(s.established && !conn_over_memory(&s));
    strangers.gid[1] = 2;
    connect_both(&strangers, &s, 0, 0);
    ck_assert(s.established && !conn_over_memory(&s));
    ck_assert_int_eq(conn_analyse(&s, CONN_CALL_SEND), CONN_TO_TCP);
}
END_TEST

START_TEST(analyser_sorts_calls)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    ck_assert_int_eq(conn_analyse(&s, CONN_CALL_OTHER), CONN_BYPASS);
    ck_assert_int_eq(conn_analyse(&s, CONN_CALL_CONNECT), CONN_TO_CONTROL);
    ck_assert_int_eq(conn_analyse(&s, CONN_CALL_CLOSE), CONN_TO_CONTROL);
    ck_assert_int_eq(conn_analyse(&s, CONN_CALL_RECEIVE), CONN_TO_TRANSFER);
    connect_both(&config, &s, 0, 1);
    ck_assert_int_eq(conn_analyse(&s, CONN_CALL_RECEIVE), CONN_TO_TCP);
}
END_TEST

START_TEST(wrong_group_key_leaves_the_vm_stopped)
{
    ConnConfig wrong = config;
    ConnState s;

    wrong.key[1] = 8;
    ck_assert_int_eq(conn_init(&wrong, &s, 0, 0), VMGROUP_START_FAILED);
    ck_assert_uint_eq(s.side[1].at, CONN_AT_STOPPED);
    call(&wrong, &s, 0, CONN_CALL_CONNECT, 0, FALSE);
    ck_assert_uint_eq(s.side[0].result, CONN_REFUSED);
}
END_TEST

START_TEST(closed_port_refuses)
{
    ConnConfig deaf = config;
    ConnState s;

    deaf.listening = FALSE;
    conn_init(&deaf, &s, 0, 0);
    call(&deaf, &s, 0, CONN_CALL_CONNECT, 0, FALSE);
    ck_assert_uint_eq(s.side[0].result, CONN_REFUSED);
    ck_assert(!s.established && conn_reclaimed(&s));
}
END_TEST

START_TEST(no_bytes_are_sent_or_received_at_once)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    conn_begin(&config, &s, 0, CONN_CALL_SEND, 0, FALSE);
    conn_begin(&config, &s, 1, CONN_CALL_RECEIVE, 0, FALSE);
    ck_assert(conn_idle(&s, 0) && conn_idle(&s, 1));
    ck_assert_uint_eq(s.side[0].result, CONN_DONE);
}
END_TEST

START_TEST(blocking_send_sleeps_when_the_buffer_is_full_and_says_so)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 0, CONN_CALL_SEND, 11, FALSE);
    ck_assert_uint_eq(s.flow[0].sent, 8);
    ck_assert_str_eq(conn_waits_for(&config, &s, 0), "2.3.2.2 send: asleep in the queue");
    call(&config, &s, 1, CONN_CALL_RECEIVE, 5, FALSE);
    ck_assert_uint_eq(s.side[0].events, VMGROUP_EVENT_SEND);
    conn_step(&config, &s, (ConnStep){CONN_STEP_EVENT, 0, 0}, NULL);
    run_task(&config, &s, 0, NULL);
    ck_assert(conn_idle(&s, 0));
    ck_assert_uint_eq(s.flow[0].sent, 11);
    ck_assert_uint_eq(conn_bytes_in_flight(&s), 6);
}
END_TEST

/* An absurd size goes through in pieces of the buffer. */
START_TEST(huge_send_goes_through_piece_by_piece)
{
    const guint64 huge = 1000001;
    ConnState s;

    connect_both(&config, &s, 0, 0);
    conn_begin(&config, &s, 0, CONN_CALL_SEND, huge, FALSE);
    conn_begin(&config, &s, 1, CONN_CALL_RECEIVE, huge, FALSE);
    while (!conn_idle(&s, 1)) {
        for (guint8 i = 0; i < 2; i++) {
            run_task(&config, &s, i, NULL);
            if (s.side[i].events)
                conn_step(&config, &s, (ConnStep){CONN_STEP_EVENT, i, 0}, NULL);
        }
    }
    ck_assert_uint_eq(s.flow[0].received, huge);
    ck_assert_uint_eq(s.faults, 0);
}
END_TEST

START_TEST(nonblocking_calls_return_with_what_they_got)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 1, CONN_CALL_RECEIVE, 4, TRUE);
    ck_assert_uint_eq(s.side[1].result, CONN_AGAIN);
    call(&config, &s, 0, CONN_CALL_SEND, 11, TRUE);
    ck_assert_uint_eq(s.side[0].result, CONN_AGAIN);
    ck_assert_uint_eq(s.flow[0].sent, 8);
    call(&config, &s, 1, CONN_CALL_RECEIVE, 20, TRUE);
    ck_assert_uint_eq(s.flow[0].received, 8);
    ck_assert(conn_idle(&s, 1));
}
END_TEST

/* A receiver that sleeps is notified with each message until it has woken; or with the first. */
START_TEST(a_sleeper_is_notified_each_time_or_once)
{
    for (int once = 0; once <= 1; once++) {
        ConnConfig c = config;
        ConnState s;
        ConnEffect sum = {0};
        c.notify_once = once == 1;
        connect_both(&c, &s, 0, 0);
        call(&c, &s, 1, CONN_CALL_RECEIVE, 3, FALSE);
        for (int i = 0; i < 2; i++) {
            conn_begin(&c, &s, 0, CONN_CALL_SEND, 1, FALSE);
            run_task(&c, &s, 0, &sum);
        }
        ck_assert_uint_eq(sum.switches, once ? 2 : 4);
    }
}
END_TEST

START_TEST(a_receive_of_some_returns_with_what_there_is)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 1, CONN_CALL_RECEIVE_SOME, 5, FALSE);
    ck_assert_str_eq(conn_waits_for(&config, &s, 1), "2.3.3.2.2 receive: asleep in the queue");
    call(&config, &s, 0, CONN_CALL_SEND, 2, FALSE);
    conn_step(&config, &s, (ConnStep){CONN_STEP_EVENT, 1, 0}, NULL);
    run_task(&config, &s, 1, NULL);
    ck_assert(conn_idle(&s, 1));
    ck_assert_uint_eq(s.flow[0].received, 2);
    call(&config, &s, 0, CONN_CALL_SEND, 7, FALSE);
    call(&config, &s, 1, CONN_CALL_RECEIVE_SOME, 5, FALSE);
    ck_assert_uint_eq(s.flow[0].received, 7);
}
END_TEST

START_TEST(receive_ends_with_the_stream_on_both_paths)
{
    for (guint8 apart = 0; apart <= 1; apart++) {
        ConnState s;
        connect_both(&config, &s, 0, apart);
        call(&config, &s, 0, CONN_CALL_SEND, 3, FALSE);
        call(&config, &s, 0, CONN_CALL_CLOSE, 0, FALSE);
        while (conn_enabled(&config, &s, (ConnStep){CONN_STEP_NETWORK, 0, 0}))
            conn_step(&config, &s, (ConnStep){CONN_STEP_NETWORK, 0, 0}, NULL);
        call(&config, &s, 1, CONN_CALL_RECEIVE, 10, FALSE);
        ck_assert_uint_eq(s.side[1].result, CONN_END);
        ck_assert_uint_eq(s.flow[0].received, 3);
        call(&config, &s, 1, CONN_CALL_CLOSE, 0, FALSE);
        ck_assert(apart || conn_reclaimed(&s));
    }
}
END_TEST

START_TEST(send_to_a_closed_peer_breaks_the_pipe_on_both_paths)
{
    for (guint8 apart = 0; apart <= 1; apart++) {
        ConnState s;
        connect_both(&config, &s, 0, apart);
        call(&config, &s, 1, CONN_CALL_CLOSE, 0, FALSE);
        call(&config, &s, 0, CONN_CALL_SEND, 3, FALSE);
        if (conn_enabled(&config, &s, (ConnStep){CONN_STEP_NETWORK, 0, 0}))
            conn_step(&config, &s, (ConnStep){CONN_STEP_NETWORK, 0, 0}, NULL);
        call(&config, &s, 0, CONN_CALL_SEND, 3, FALSE);
        ck_assert_uint_eq(s.side[0].result, CONN_PIPE);
    }
}
END_TEST

START_TEST(close_wakes_a_sleeping_receiver_with_both_events)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 1, CONN_CALL_RECEIVE, 1, FALSE);
    call(&config, &s, 0, CONN_CALL_CLOSE, 0, FALSE);
    ck_assert_uint_eq(s.side[1].events, VMGROUP_EVENT_CLOSED | VMGROUP_EVENT_RELEASE);
    conn_step(&config, &s, (ConnStep){CONN_STEP_EVENT, 1, 0}, NULL);
    ck_assert_uint_eq(s.side[1].events, 0); /* cleared after it was handled, 1.2.2 */
    run_task(&config, &s, 1, NULL);
    ck_assert_uint_eq(s.side[1].result, CONN_END);
}
END_TEST

START_TEST(migration_moves_unread_bytes_to_tcp_and_drops_the_repeats)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 0, CONN_CALL_SEND, 6, FALSE);
    conn_step(&config, &s, (ConnStep){CONN_STEP_MOVE, 1, 1}, NULL);
    ck_assert(s.split && !conn_over_memory(&s));
    conn_step(&config, &s, (ConnStep){CONN_STEP_EVENT, 0, 0}, NULL);
    ck_assert_uint_eq(bytestream_tcp_bytes(&s.flow[0].tcp), 6);
    for (int i = 0; i < 2; i++)
        conn_step(&config, &s, (ConnStep){CONN_STEP_NETWORK, 0, 0}, NULL);
    call(&config, &s, 1, CONN_CALL_RECEIVE, 6, FALSE);
    ck_assert_uint_eq(s.flow[0].received, 6);
    ck_assert_uint_eq(s.faults, 0);
    ck_assert(!s.split);
}
END_TEST

START_TEST(position_number_is_new_after_every_migration_only_in_the_safe_reading)
{
    for (guint32 literal = 0; literal <= CONN_SAME_NUMBER; literal += CONN_SAME_NUMBER) {
        ConnConfig c = config;
        ConnState s;
        c.literal = literal;
        connect_both(&c, &s, 0, 0);
        const guint32 before = s.side[0].number;
        conn_step(&c, &s, (ConnStep){CONN_STEP_MOVE, 0, 1}, NULL);
        ck_assert_uint_ne(s.side[0].number, before);
        conn_step(&c, &s, (ConnStep){CONN_STEP_MOVE, 0, 0}, NULL);
        ck_assert_int_eq(s.side[0].number == before, literal != 0);
    }
}
END_TEST

START_TEST(an_echo_over_memory_counts_its_copies_and_switches)
{
    ConnState s;
    ConnEffect sum = {0};

    connect_both(&config, &s, 0, 0);
    conn_begin(&config, &s, 1, CONN_CALL_RECEIVE, 4, FALSE);
    run_task(&config, &s, 1, NULL);
    conn_begin(&config, &s, 0, CONN_CALL_SEND, 4, FALSE);
    run_task(&config, &s, 0, &sum);
    ck_assert_uint_eq(sum.bytes, 4);    /* copied once in … */
    ck_assert_uint_eq(sum.switches, 2); /* the notifying call into the VMM and back */
    ConnEffect interrupt;
    conn_step(&config, &s, (ConnStep){CONN_STEP_EVENT, 1, 0}, &interrupt);
    ck_assert_uint_eq(interrupt.switches, 2);
    run_task(&config, &s, 1, &sum);
    ck_assert_uint_eq(sum.bytes, 8); /* … and once out */
    ck_assert_uint_eq(sum.switches, 2);
}
END_TEST

START_TEST(a_broken_connection_reports_what_was_in_flight)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 0, CONN_CALL_SEND, 11, FALSE);
    call(&config, &s, 1, CONN_CALL_RECEIVE, 3, FALSE);
    ck_assert_uint_eq(conn_break(&s), 5);
    ck_assert(conn_reclaimed(&s) && conn_idle(&s, 0));
    ck_assert_uint_eq(s.side[0].result, CONN_BROKEN);
    call(&config, &s, 0, CONN_CALL_SEND, 1, FALSE);
    ck_assert_uint_eq(s.side[0].result, CONN_PIPE);
}
END_TEST

START_TEST(cost_is_fixed_plus_bytes_plus_switches)
{
    ConnCosts costs = {.switch_s = 1e-6};
    const ConnEffect effect = {CONN_WORK_COPY_IN, 2, 1000, {0, 0}};

    costs.fixed_s[CONN_WORK_COPY_IN] = 5e-6;
    costs.per_byte_s[CONN_WORK_COPY_IN] = 1e-9;
    ck_assert_double_eq_tol(conn_cost_s(&costs, &effect), 8e-6, 1e-15); /* rounding only */
}
END_TEST

START_TEST(a_vm_is_shut_down_only_after_its_connection)
{
    ConnState s;

    connect_both(&config, &s, 0, 0);
    call(&config, &s, 0, CONN_CALL_SEND, 2, FALSE);
    call(&config, &s, 0, CONN_CALL_CLOSE, 0, FALSE);
    call(&config, &s, 0, CONN_CALL_SHUTDOWN, 0, FALSE);
    ck_assert_ptr_nonnull(conn_waits_for(&config, &s, 0));
    call(&config, &s, 1, CONN_CALL_RECEIVE, 2, FALSE);
    call(&config, &s, 1, CONN_CALL_CLOSE, 0, FALSE);
    run_task(&config, &s, 0, NULL);
    ck_assert_uint_eq(s.side[0].result, CONN_STOPPED);
    ck_assert_uint_eq(s.group[0].members, 1);
    call(&config, &s, 1, CONN_CALL_SHUTDOWN, 0, FALSE);
    ck_assert_uint_eq(s.group[0].members, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("conn");

    tcase_add_test(tcase, same_group_on_one_machine_gets_a_control_block);
    tcase_add_test(tcase, two_machines_or_two_groups_get_tcp);
    tcase_add_test(tcase, analyser_sorts_calls);
    tcase_add_test(tcase, wrong_group_key_leaves_the_vm_stopped);
    tcase_add_test(tcase, closed_port_refuses);
    tcase_add_test(tcase, no_bytes_are_sent_or_received_at_once);
    tcase_add_test(tcase, blocking_send_sleeps_when_the_buffer_is_full_and_says_so);
    tcase_add_test(tcase, huge_send_goes_through_piece_by_piece);
    tcase_add_test(tcase, nonblocking_calls_return_with_what_they_got);
    tcase_add_test(tcase, a_sleeper_is_notified_each_time_or_once);
    tcase_add_test(tcase, a_receive_of_some_returns_with_what_there_is);
    tcase_add_test(tcase, receive_ends_with_the_stream_on_both_paths);
    tcase_add_test(tcase, send_to_a_closed_peer_breaks_the_pipe_on_both_paths);
    tcase_add_test(tcase, close_wakes_a_sleeping_receiver_with_both_events);
    tcase_add_test(tcase, migration_moves_unread_bytes_to_tcp_and_drops_the_repeats);
    tcase_add_test(tcase, position_number_is_new_after_every_migration_only_in_the_safe_reading);
    tcase_add_test(tcase, an_echo_over_memory_counts_its_copies_and_switches);
    tcase_add_test(tcase, a_broken_connection_reports_what_was_in_flight);
    tcase_add_test(tcase, cost_is_fixed_plus_bytes_plus_switches);
    tcase_add_test(tcase, a_vm_is_shut_down_only_after_its_connection);
    return check_main("conn", tcase, NULL);
}
