/* A TCP socket's send buffer as a fluid: the writer is ahead of the wire by what it holds.
 *
 * Source: Linux net/core/stream.c, sk_stream_write_space: a writer that found the buffer full is woken when a third of
 * it is free. So writers move in steps of a third of the buffer.
 *
 * Symbols: capacity B (payload bytes; measured with ss -m), wake at 2/3 B.
 * Scope: one stream; no loss, no slow start: the congestion window has been reached.
 */
#ifndef TANDEM_MODELS_MIGRATION_SEND_BUFFER_H
#define TANDEM_MODELS_MIGRATION_SEND_BUFFER_H

#include <glib.h>

typedef struct {
    double capacity_bytes;
    double wake_share; /* of the capacity */
    double level_bytes;
    double put_bytes;     /* in all */
    double drained_bytes; /* in all */
    gboolean full;        /* the writer sleeps until the level is down at the wake share */
} SendBuffer;

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
