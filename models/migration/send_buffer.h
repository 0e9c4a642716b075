/* A TCP socket's send buffer as a fluid: the writer is ahead of the wire by what it holds.
 *
 * Source: Linux net/core/stream.c, sk_stream_write_space: a writer that found the buffer full is woken when a third of
 * it is free. net/ipv4/tcp.c, tcp_sendmsg_locked: room is looked for once for each segment, which then is filled, and
 * an acknowledgement frees whole segments. So writers move in steps of a third of the buffer and up to two segments.
 * net/ipv4/tcp_input.c, tcp_sndbuf_expand: the buffer grows with the congestion window W and never shrinks; 3 W under
 * BBR (tcp_bbr.c, bbr_sndbuf_expand), whose W also holds what bursts of acknowledgements carry (bbr_set_cwnd).
 *
 * Symbols: capacity B (payload bytes; ss -m tells it as memory); wake at 2/3 B; S segment, 45 x 1,448 bytes; r rate of
 * the wire; burst d: W is 2 S + r d at most, and B = 4.71 W once W is above the one that TCP starts with.
 * Scope: one stream, no loss; what has been reached in a run is there from its beginning.
 */
#ifndef TANDEM_MODELS_MIGRATION_SEND_BUFFER_H
#define TANDEM_MODELS_MIGRATION_SEND_BUFFER_H

#include <glib.h>
#include <math.h>

/* Payload bytes of the buffer for one of the congestion window: 3 (BBR) x 2,304 bytes of memory for a packet of 1,448
 * (tcp_sndbuf_expand), 1.013 bytes of it taken by one of payload (measured: sk_wmem_queued over bytes in the queue). */
#define SEND_BUFFER_GAIN (3 * 2304.0 / 1448 / 1.013)

/* Of a connection that has carried little: of the window that TCP starts with, 10 packets (tcp_init_buffer_space,
 * TCP_INIT_CWND; ss tells 69 kB of memory of multifd's main channel after minutes). */
#define SEND_BUFFER_IDLE_BYTES (SEND_BUFFER_GAIN * 10 * 1448)

typedef struct {
    double capacity_bytes;
    double wake_share; /* of the capacity */
    double level_bytes;
    double put_bytes;     /* in all */
    double drained_bytes; /* in all */
    gboolean full;        /* the writer sleeps until the level is down at the wake share */
} SendBuffer;

/* The buffer that a stream at this rate reaches, from the one that it starts with. */
static inline double
send_buffer_grown(double start_bytes, double most_bytes, double segment_bytes, double burst_bytes)
{
    return CLAMP(SEND_BUFFER_GAIN * (2 * segment_bytes + burst_bytes), start_bytes, MAX(start_bytes, most_bytes));
}

/* The wake share of so many sockets taken together: one of them has room when its own free share is. */
static inline double
send_buffer_wake_of(guint sockets, double wake_share)
{
    return sockets > 1 ? 1 - (1 - wake_share) / sockets : wake_share;
}

/* An awake writer's buffer of so many bytes, where the segments' bounds lie now: the first one acknowledged below the
 * wake share wakes him, and he fills whole ones until the buffer is exceeded. phase: 0 ... 1 of a segment. */
static inline void
send_buffer_align(SendBuffer *buffer, double bytes, double wake_share, double segment_bytes, double phase)
{
    const double woken = MAX(wake_share * bytes - phase * segment_bytes, 0);
    const double free = bytes - woken;
    const double step = segment_bytes > 0 ? ceil(free / segment_bytes) * segment_bytes : free;

    buffer->capacity_bytes = MAX(woken + step, buffer->level_bytes);
    buffer->wake_share = woken / buffer->capacity_bytes;
    buffer->full = FALSE;
}

/* Puts as much as fits; returns how much. 0: the writer sleeps. */
static inline double
send_buffer_put(SendBuffer *buffer, double bytes)
{
    if (buffer->full && buffer->level_bytes > buffer->wake_share * buffer->capacity_bytes + 0.5)
        return 0;
    const double put = MIN(bytes, MAX(buffer->capacity_bytes - buffer->level_bytes, 0));

    buffer->full = put < bytes;
    buffer->level_bytes += put;
    buffer->put_bytes += put;
    return put;
}

/* What must drain before a sleeping writer is woken. */
static inline double
send_buffer_wait_bytes(const SendBuffer *buffer)
{
    return MAX(buffer->level_bytes - buffer->wake_share * buffer->capacity_bytes, 0);
}

/* At most what it holds leaves; returns how much. */
static inline double
send_buffer_drain(SendBuffer *buffer, double bytes)
{
    const double drained = MIN(bytes, buffer->level_bytes);

    buffer->level_bytes -= drained;
    buffer->drained_bytes += drained;
    return drained;
}

#endif
