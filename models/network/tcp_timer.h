/* When Linux sends again what TCP has no answer to: a segment of an established connection, or the SYN of a new one.
 *
 * Sources: Linux, Documentation/networking/ip-sysctl.rst (tcp_retries2, tcp_syn_retries, tcp_syn_linear_timeouts,
 * tcp_early_retrans) and net/ipv4/tcp_timer.c, tcp_input.c, tcp_output.c, whose rules these are; RFC 6298 (the
 * retransmission time-out), RFC 8985, section 7 (the tail-loss probe).
 *
 *     source                          | here                  | unit | meaning
 *     SRTT                            | rtt_s                 | s    | smoothed round-trip time
 *     RTTVAR                          | rtt_deviation_s       | s    | its smoothed mean deviation
 *     TCP_RTO_MIN                     | rto_min_s             | s    | the least that is added to SRTT
 *     TCP_RTO_MAX                     | rto_max_s             | s    | what doubling ends at
 *     TCP_TIMEOUT_INIT                | syn_rto_s             | s    | of a SYN, before anything was measured
 *     tcp_early_retrans 3, 4          | tail_loss_probe       |      | the last segment is probed for first
 *     tcp_retries2                    | retries               |      | see tcp_timer_gives_up_s
 *     tcp_syn_linear_timeouts         | syn_linear_timeouts   |      | time-outs of a SYN that do not double the next
 *     tcp_syn_retries                 | syn_retries           |      | SYNs after the first, besides the linear ones
 *     1 / HZ                          | tick_s                | s    | of the kernel's timers; 0: they are exact
 *
 * RTO = SRTT + max (RTO_MIN, 4 RTTVAR). RFC 6298 takes the greater of RTO_MIN and the sum; the kernel keeps the second
 * summand above RTO_MIN (tcp_rtt_estimator), and so does this. Both the minimum and the sum are whole ticks, rounded
 * up: of 50 ms and HZ=250 the first time-out is 56 ms.
 *
 * Timers are late. kernel/time/timer.c keeps them in a wheel whose levels are eight times coarser each: a wait of less
 * than 63 ticks ends within one tick after its date, of less than 504 within 8, of less than 4032 within 64, … Where in
 * that granule depends on the date of boot, so each wait here is longer by half of its granule: the mean.
 *
 * Scope: one small segment that is not answered at all, the usual request. No Eifel or F-RTO: what they undo, they undo
 * after the answer. No user time-out (TCP_USER_TIMEOUT), no keep-alive.
 */
#ifndef TANDEM_MODELS_NETWORK_TCP_TIMER_H
#define TANDEM_MODELS_NETWORK_TCP_TIMER_H

#include <glib.h>

/* What waits for an answer. */
typedef enum {
    TCP_TIMER_SEGMENT, /* of an established connection */
    TCP_TIMER_SYN      /* of a connection that is being opened */
} TcpTimerKind;

typedef struct {
    double rtt_s;           /* >= 0 */
    double rtt_deviation_s; /* >= 0 */
    double rto_min_s;       /* > 0 */
    double rto_max_s;       /* >= rto_min_s */
    gboolean tail_loss_probe;
    guint retries;
    double syn_rto_s; /* > 0 */
    guint syn_linear_timeouts;
    guint syn_retries;
    double tick_s; /* >= 0 */
} TcpTimer;

/* As Linux has them from 6.5 on with HZ=250, for that round-trip time. */
TcpTimer tcp_timer_default(double rtt_s);

/* The first time-out of a segment, as the kernel keeps it: in whole ticks. */
double tcp_timer_rto_s(const TcpTimer *timer);

/* Seconds from the first transmission to the k-th one after it, k >= 1, whether or not the kernel gives up before. Of k
 * + 1 it is more than of k. */
double tcp_timer_again_s(const TcpTimer *timer, TcpTimerKind kind, guint k);

/* Seconds from the first transmission until the kernel gives the connection up. A SYN: when the time-out behind the
 * last SYN has passed (with linear time-outs 4 and 6 retries 131 s, without 127 s). A segment: at the first time-out
 * that is not before the hypothetical one of `retries` doublings from rto_min_s (15: 924.6 s). */
double tcp_timer_gives_up_s(const TcpTimer *timer, TcpTimerKind kind);

/* Transmissions after the first, until the kernel gives up. */
guint tcp_timer_attempts(const TcpTimer *timer, TcpTimerKind kind);

/* The least k of which tcp_timer_again_s is at least after_s; 0 when after_s <= 0. A blackout that ends after_s behind
 * the first transmission is felt until that one. More than tcp_timer_attempts: never. */
guint tcp_timer_step(const TcpTimer *timer, TcpTimerKind kind, double after_s);

#endif
