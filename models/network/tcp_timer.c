#include "models/network/tcp_timer.h"

#include <math.h>

/* The rules' constants: ip-sysctl.rst's defaults, and include/net/tcp.h. */
TcpTimer
tcp_timer_default(double rtt_s)
{
    return (TcpTimer){.rtt_s = rtt_s,
                      .rtt_deviation_s = 0,
                      .rto_min_s = 0.2,
                      .rto_max_s = 120,
                      .tail_loss_probe = TRUE,
                      .retries = 15,
                      .syn_rto_s = 1,
                      .syn_linear_timeouts = 4,
                      .syn_retries = 6,
                      .tick_s = 0.004};
}

/* Doubles that are sums of the same terms in another order may differ by their last digits. */
#define SAME_DATE 1e-9

/* usecs_to_jiffies */
static double
whole_ticks_s(const TcpTimer *timer, double wait_s)
{
    return timer->tick_s > 0 ? ceil(wait_s / timer->tick_s * (1 - SAME_DATE)) * timer->tick_s : wait_s;
}

/* calc_wheel_index: LVL_SIZE 64, LVL_CLK_SHIFT 3. When a timer of that wait ends, in the mean. */
enum { WHEEL_LEVEL_SIZE = 64, WHEEL_CLOCK_FACTOR = 8, WHEEL_LEVELS = 9 };

static double
fires_s(const TcpTimer *timer, double wait_s)
{
    double granule_s = timer->tick_s;

    for (guint level = 1; level < WHEEL_LEVELS && wait_s >= (WHEEL_LEVEL_SIZE - 1) * granule_s * (1 - SAME_DATE);
         level++)
        granule_s *= WHEEL_CLOCK_FACTOR;
    return wait_s + granule_s / 2;
}

/* icsk_rto_min is kept in whole ticks, too. */
static double
rto_min_s(const TcpTimer *timer)
{
    return whole_ticks_s(timer, timer->rto_min_s);
}

double
tcp_timer_rto_s(const TcpTimer *timer)
{
    const double rto_s = timer->rtt_s + MAX(rto_min_s(timer), 4 * timer->rtt_deviation_s);

    return MIN(whole_ticks_s(timer, rto_s), timer->rto_max_s);
}

/* tcp_schedule_loss_probe: two round-trip times, and RTO_MIN where one segment is out, for a receiver that delays its
 * acknowledgement; not later than the time-out. */
static double
probe_s(const TcpTimer *timer)
{
    return MIN(whole_ticks_s(timer, 2 * timer->rtt_s + rto_min_s(timer)), tcp_timer_rto_s(timer));
}

/* The wait behind `sent` transmissions after the first, given the one before it; 0 < sent. */
static double
next_wait_s(const TcpTimer *timer, TcpTimerKind kind, guint sent, double wait_s)
{
    /* tcp_retransmit_timer: a SYN's time-out doubles once there were more of them than the linear ones */
    if (kind == TCP_TIMER_SYN && sent <= timer->syn_linear_timeouts)
        return wait_s;
    /* tcp_send_loss_probe: the retransmission timer starts anew behind the probe */
    if (kind == TCP_TIMER_SEGMENT && timer->tail_loss_probe && sent == 1)
        return tcp_timer_rto_s(timer);
    return MIN(2 * wait_s, timer->rto_max_s);
}

static double
first_wait_s(const TcpTimer *timer, TcpTimerKind kind)
{
    if (kind == TCP_TIMER_SYN)
        return MIN(timer->syn_rto_s, timer->rto_max_s);
    return timer->tail_loss_probe ? probe_s(timer) : tcp_timer_rto_s(timer);
}

double
tcp_timer_again_s(const TcpTimer *timer, TcpTimerKind kind, guint k)
{
    double wait_s = first_wait_s(timer, kind);
    double at_s = fires_s(timer, wait_s);

    for (guint sent = 1; sent < k; sent++) {
        wait_s = next_wait_s(timer, kind, sent, wait_s);
        at_s += fires_s(timer, wait_s);
    }
    return at_s;
}

/* tcp_model_timeout: what `retries` doublings from rto_min_s take, each at most rto_max_s. */
static double
hypothetical_s(const TcpTimer *timer)
{
    double wait_s = timer->rto_min_s, sum_s = 0;

    for (guint i = 0; i <= timer->retries; i++) {
        sum_s += MIN(wait_s, timer->rto_max_s);
        wait_s = MIN(2 * wait_s, timer->rto_max_s);
    }
    return sum_s;
}

guint
tcp_timer_attempts(const TcpTimer *timer, TcpTimerKind kind)
{
    if (kind == TCP_TIMER_SYN)
        return timer->syn_retries + timer->syn_linear_timeouts;
    return tcp_timer_step(timer, kind, hypothetical_s(timer) * (1 - SAME_DATE)) - 1;
}

double
tcp_timer_gives_up_s(const TcpTimer *timer, TcpTimerKind kind)
{
    return tcp_timer_again_s(timer, kind, tcp_timer_attempts(timer, kind) + 1);
}

guint
tcp_timer_step(const TcpTimer *timer, TcpTimerKind kind, double after_s)
{
    double wait_s = first_wait_s(timer, kind);
    guint k = 1;

    if (after_s <= 0)
        return 0;
    for (double at_s = fires_s(timer, wait_s); at_s < after_s; k++) {
        wait_s = next_wait_s(timer, kind, k, wait_s);
        at_s += fires_s(timer, wait_s);
    }
    return k;
}
