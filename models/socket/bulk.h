/* A stream over the shared-memory path at message granularity: many messages a second of simulation time, no events.
 *
 * Purpose: between two migrations the shared-memory path of models/socket/conn.h is a tandem of two servers, the copy
 * in and the copy out, with a buffer of n bytes between them, and FIFO. So the dates of a message follow from those of
 * the messages before it, as in Lindley's recursion, without a calendar: copy in of a piece begins when it has arrived,
 * the sender is free and the buffer has room for it; copy out begins when it is in and the receiver is free; a receiver
 * that had fallen asleep costs the sender a notification and itself a wake-up, and likewise a sender that slept for
 * want of room (steps 2.3.2.2, 2.3.3.2.2). A message longer than half the buffer goes in pieces of half the buffer
 * (chosen: so that both sides work at once). Source: CN101859263A 2.3.2.2, 2.3.3.2; D. V. Lindley, "The theory of
 * queues with a single server", 1952.
 *
 * Bytes are delivered to the receiver's hash and to the statistics only when the world's clock has passed their date
 * (bulk_advance), so that a migration at t can cut the stream there: bulk_cut() says what had arrived.
 *
 * Scope: one direction; the path does not contend with anything. Times are world seconds and do not go back.
 */
#ifndef TANDEM_MODELS_SOCKET_BULK_H
#define TANDEM_MODELS_SOCKET_BULK_H

#include "models/socket/streamhash.h"

typedef struct {
    double in_s, out_s;   /* per piece: call, look-up, counters */
    double per_byte_s;    /* of one copy */
    double notify_s;      /* registering and injecting an event */
    double wake_s;        /* from the injection until the sleeper runs */
    guint64 buffer_bytes; /* n >= 2 */
} BulkCosts;

#define BULK_BUCKETS 2048 /* of the latency histogram: 16 per octave, so that a percentile is within 1/16 */

typedef struct {
    guint64 messages, bytes, pieces;
    guint64 copies;         /* bytes copied, in and out */
    guint64 switches;       /* between guest and VMM: four per notification */
    guint64 receiver_wakes; /* notifications to a sleeping receiver */
    guint64 sender_wakes;   /* … to a sender that waited for room */
    double stalled_s;       /* senders waiting for room */
    double latency_sum_s, latency_max_s;
    double last_s; /* date of the last byte */
    guint64 bucket[BULK_BUCKETS];
} BulkStats;

typedef struct Bulk Bulk;

/* so_far (copied; NULL at the stream's start): the receiver's hash when this path takes over. key is borrowed. */
Bulk *bulk_new(const BulkCosts *costs, const StreamHashKey *key, const StreamHash *so_far, double now_s);
void bulk_free(Bulk *bulk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bulk, bulk_free)

/* A message of bytes > 0 is ready to send at arrival_s, no earlier than the one before it. Returns the date at which
 * its last byte will have been copied out. */
double bulk_send(Bulk *bulk, double arrival_s, guint64 bytes);

/* The date at which the sender is free again: a closed-loop sender's next arrival. */
double bulk_sender_free_s(const Bulk *bulk);

/* Delivers everything that arrives until then. */
void bulk_advance(Bulk *bulk, double until_s);

/* A migration at now_s: delivers until then and drops the rest. Returns the stream position up to which the receiver
 * has the bytes; *copied_in (may be NULL) the position up to which they are in the buffer. */
guint64 bulk_cut(Bulk *bulk, double now_s, guint64 *copied_in);

const BulkStats *bulk_stats(const Bulk *bulk);
const StreamHash *bulk_hash(const Bulk *bulk);

/* p in (0, 1]: an upper bound of the p-quantile of the delivered messages' latency, within 1/16; 0 when there is none.
 */
double bulk_latency_quantile_s(const Bulk *bulk, double p);

#endif
