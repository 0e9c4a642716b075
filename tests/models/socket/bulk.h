/* Oracle of a stream over the shared-memory path: its dates by recursion, message by message, without events.
 *
 * Between two migrations the shared-memory path of models/socket/conn.h is a tandem of two servers, the copy in and the
 * copy out, with a buffer of n bytes between them, and FIFO. So the dates of a message follow from those of the
 * messages before it, as in Lindley's recursion, without a calendar: copy in of a piece begins when it has arrived, the
 * sender is free and the buffer has room for it; copy out begins when it is in and the receiver is free; a receiver
 * that had fallen asleep costs the sender a notification and itself a wake-up, and likewise a sender that slept for
 * want of room (steps 2.3.2.2, 2.3.3.2.2). A message longer than half the buffer goes in pieces of half the buffer
 * (chosen: so that both sides work at once). Source: CN101859263A 2.3.2.2, 2.3.3.2; D. V. Lindley, "The theory of
 * queues with a single server", 1952.
 *
 * Bytes are delivered to the receiver's hash and to the statistics when the clock has passed their date (bulk_advance).
 *
 * Scope: one direction; the path does not contend with anything. Times are seconds and do not go back.
 */
#ifndef TANDEM_TESTS_MODELS_SOCKET_BULK_H
#define TANDEM_TESTS_MODELS_SOCKET_BULK_H

#include "models/socket/socketsystem.h"
#include "models/socket/streamhash.h"

typedef struct {
    double in_s, out_s;   /* per piece: call, look-up, counters */
    double per_byte_s;    /* of one copy */
    double notify_s;      /* registering and injecting an event */
    double wake_s;        /* from the injection until the sleeper runs */
    guint64 buffer_bytes; /* n >= 2 */
} BulkCosts;

typedef struct {
    guint64 messages, bytes, pieces;
    guint64 copies;         /* bytes copied, in and out */
    guint64 switches;       /* between guest and VMM: four per notification */
    guint64 receiver_wakes; /* notifications to a sleeping receiver */
    guint64 sender_wakes;   /* … to a sender that waited for room */
    double stalled_s;       /* senders waiting for room */
    double latency_sum_s, latency_max_s;
    double last_s; /* date of the last byte */
} BulkStats;

typedef struct Bulk Bulk;

/* What a system's streams cost. */
void bulk_costs_of(const SocketSystem *system, guint64 buffer_bytes, BulkCosts *costs);

/* From the stream's first byte and date 0. key is borrowed. */
Bulk *bulk_new(const BulkCosts *costs, const StreamHashKey *key);
void bulk_free(Bulk *bulk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bulk, bulk_free)

/* A message of bytes > 0 is ready to send at arrival_s, no earlier than the one before it. Returns the date at which
 * its last byte will have been copied out. */
double bulk_send(Bulk *bulk, double arrival_s, guint64 bytes);

/* The date at which the sender is free again: a closed-loop sender's next arrival. */
double bulk_sender_free_s(const Bulk *bulk);

/* Delivers everything that arrives until then. */
void bulk_advance(Bulk *bulk, double until_s);

const BulkStats *bulk_stats(const Bulk *bulk);
const StreamHash *bulk_hash(const Bulk *bulk);

#endif
