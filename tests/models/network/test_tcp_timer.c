#include "models/network/tcp_timer.h"
#include "tests/check_main.h"

#include <math.h>

enum { STEPS = 7 };

typedef struct {
    const char *what;
    TcpTimerKind kind;
    gboolean probe;
    guint linear;
    double tick_s;
    double steps_s[STEPS]; /* 0: no more */
} Ladder;

/* Measured on Linux 6.18 with HZ=250 over loopback, or the rules' whole seconds. */
static const Ladder ladders[] = {
    {"tail-loss probe", TCP_TIMER_SEGMENT, TRUE, 4, 0.004, {0.207, 0.415, 0.843, 1.675, 3.339, 6.635}},
    {"no tail-loss probe", TCP_TIMER_SEGMENT, FALSE, 4, 0.004, {0.206, 0.62, 1.45, 3.12, 6.57}},
    {"SYN, Linux 6.5 and later", TCP_TIMER_SYN, TRUE, 4, 0, {1, 2, 3, 4, 5, 7, 11}},
    {"SYN, before", TCP_TIMER_SYN, TRUE, 0, 0, {1, 3, 7, 15}},
};

static TcpTimer
timer_of(const Ladder *ladder)
{
    TcpTimer timer = tcp_timer_default(0.0001);

    timer.tail_loss_probe = ladder->probe;
    timer.syn_linear_timeouts = ladder->linear;
    timer.tick_s = ladder->tick_s;
    return timer;
}

/* 2 %: half a granule of the kernel's wheel of timers, which is at most 6 % of one wait, evened out over several. */
START_TEST(each_step_is_the_measured_one)
{
    const Ladder *ladder = &ladders[_i];
    const TcpTimer timer = timer_of(ladder);

    for (guint k = 1; k <= STEPS && ladder->steps_s[k - 1] > 0; k++)
        ck_assert_msg(fabs(tcp_timer_again_s(&timer, ladder->kind, k) / ladder->steps_s[k - 1] - 1) <= 0.02,
                      "%s, step %u: %g s", ladder->what, k, tcp_timer_again_s(&timer, ladder->kind, k));
}
END_TEST

START_TEST(the_time_out_is_the_round_trip_time_and_the_minimum)
{
    TcpTimer timer = tcp_timer_default(0.03);

    timer.tick_s = 0;
    ck_assert_double_eq_tol(tcp_timer_rto_s(&timer), 0.23, 1e-12);
    timer.rtt_deviation_s = 0.1;
    ck_assert_double_eq_tol(tcp_timer_rto_s(&timer), 0.43, 1e-12);
    /* the probe is not later than the time-out, and comes at 2 RTT + 200 ms where that is later */
    ck_assert_double_eq_tol(tcp_timer_again_s(&timer, TCP_TIMER_SEGMENT, 1), 0.26, 1e-12);
    ck_assert_double_eq_tol(tcp_timer_again_s(&timer, TCP_TIMER_SEGMENT, 2), 0.26 + 0.43, 1e-12);
    timer.rtt_s = 500;
    ck_assert_double_eq(tcp_timer_rto_s(&timer), timer.rto_max_s);
}
END_TEST

START_TEST(doubling_ends_at_the_greatest_time_out)
{
    TcpTimer timer = tcp_timer_default(0);

    timer.tick_s = 0;
    timer.tail_loss_probe = FALSE;
    for (guint k = 11; k < 15; k++)
        ck_assert_double_eq_tol(tcp_timer_again_s(&timer, TCP_TIMER_SEGMENT, k + 1) -
                                    tcp_timer_again_s(&timer, TCP_TIMER_SEGMENT, k),
                                120, 1e-9);
}
END_TEST

/* ip-sysctl.rst: tcp_retries2 15 gives 924.6 s; tcp_syn_retries 6 gives 67 s until the last SYN and 131 s in all, and
 * before there were linear time-outs 63 s and 127 s. */
START_TEST(the_kernel_gives_up_when_its_manual_says)
{
    TcpTimer timer = tcp_timer_default(0);

    timer.tick_s = 0;
    timer.tail_loss_probe = FALSE;
    ck_assert_double_eq_tol(tcp_timer_gives_up_s(&timer, TCP_TIMER_SEGMENT), 924.6, 1e-6);
    ck_assert_uint_eq(tcp_timer_attempts(&timer, TCP_TIMER_SEGMENT), 15);
    ck_assert_uint_eq(tcp_timer_attempts(&timer, TCP_TIMER_SYN), 10);
    ck_assert_double_eq(tcp_timer_again_s(&timer, TCP_TIMER_SYN, 10), 67);
    ck_assert_double_eq(tcp_timer_gives_up_s(&timer, TCP_TIMER_SYN), 131);
    timer.syn_linear_timeouts = 0;
    ck_assert_double_eq(tcp_timer_again_s(&timer, TCP_TIMER_SYN, 6), 63);
    ck_assert_double_eq(tcp_timer_gives_up_s(&timer, TCP_TIMER_SYN), 127);
    timer.retries = 0;
    ck_assert_uint_eq(tcp_timer_attempts(&timer, TCP_TIMER_SEGMENT), 0);
}
END_TEST

/* HZ=250, 200.1 ms: 51 ticks, on level 0; twice as many are on level 1, whose granule is 8 ticks, and 16 times as many
 * on level 2, 64 ticks. */
START_TEST(a_wait_is_longer_by_half_a_granule_of_its_level)
{
    TcpTimer timer = tcp_timer_default(0.0001);

    timer.tail_loss_probe = FALSE;
    ck_assert_double_eq_tol(tcp_timer_rto_s(&timer), 0.204, 1e-12);
    timer.rto_min_s = 0.05; /* 13 ticks, and one for the round trip */
    ck_assert_double_eq_tol(tcp_timer_rto_s(&timer), 0.056, 1e-12);
    timer.rto_min_s = 0.2;
    double before_s = 0, granules_s[] = {0.004, 0.032, 0.032, 0.032, 0.256};
    for (guint k = 1; k <= G_N_ELEMENTS(granules_s); k++) {
        const double at_s = tcp_timer_again_s(&timer, TCP_TIMER_SEGMENT, k);
        ck_assert_double_eq_tol(at_s - before_s, 0.204 * (1u << (k - 1)) + granules_s[k - 1] / 2, 1e-12);
        before_s = at_s;
    }
}
END_TEST

/* Measured: blackouts of 0.5, 1.0, 2.0 and 3.5 s are felt as 0.84, 1.68, 3.34 and 6.64 s; of a new connection, 3.5 s
 * as 4.1 s. */
START_TEST(a_blackout_is_felt_until_the_next_step)
{
    const TcpTimer timer = tcp_timer_default(0.0001);

    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SEGMENT, 0), 0);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SEGMENT, 1e-6), 1);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SEGMENT, 0.5), 3);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SEGMENT, 1.0), 4);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SEGMENT, 2.0), 5);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SEGMENT, 3.5), 6);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SYN, 3.5), 4);
    ck_assert_uint_eq(tcp_timer_step(&timer, TCP_TIMER_SYN, 4), 4);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tcp_timer");

    tcase_add_loop_test(tcase, each_step_is_the_measured_one, 0, G_N_ELEMENTS(ladders));
    tcase_add_test(tcase, the_time_out_is_the_round_trip_time_and_the_minimum);
    tcase_add_test(tcase, doubling_ends_at_the_greatest_time_out);
    tcase_add_test(tcase, the_kernel_gives_up_when_its_manual_says);
    tcase_add_test(tcase, a_wait_is_longer_by_half_a_granule_of_its_level);
    tcase_add_test(tcase, a_blackout_is_felt_until_the_next_step);
    return check_main("tcp_timer", tcase, NULL);
}
