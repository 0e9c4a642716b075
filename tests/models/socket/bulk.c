#include "tests/models/socket/bulk.h"

typedef struct {
    guint64 to;     /* stream position after this piece */
    double in_s;    /* copied in */
    double out_s;   /* copied out */
    double start_s; /* arrival of its message; < 0: not the message's last piece */
    guint32 wakes;  /* 1: the receiver was woken, 2: the sender, 3: both */
    guint32 unused;
} Piece;

struct Bulk {
    BulkCosts costs;
    const StreamHashKey *key;
    StreamHash hash;
    BulkStats stats;
    Piece *ring;
    guint64 mask;           /* of the ring */
    guint64 head;           /* next piece to be written */
    guint64 delivered;      /* next piece to be delivered */
    guint64 freed;          /* next piece whose room is to be waited for */
    guint64 sent, freed_to; /* stream positions */
    double sender_free_s, receiver_free_s;
};

#define RING_START 1024

/* The step costs that a message has on its own, put side by side: a copy's time is that of the step, a notification two
 * switches, and what is left of waking a VM is the rest of the system's time. */
void
bulk_costs_of(const SocketSystem *system, guint64 buffer_bytes, BulkCosts *costs)
{
    ConnCosts steps;

    socketsystem_conn_costs(system, system, &steps);
    *costs = (BulkCosts){.in_s = steps.fixed_s[CONN_WORK_COPY_IN],
                         .out_s = steps.fixed_s[CONN_WORK_COPY_OUT],
                         .per_byte_s = steps.per_byte_s[CONN_WORK_COPY_IN],
                         .notify_s = system->notify_s,
                         .wake_s = system->wake_s - system->notify_s,
                         .buffer_bytes = buffer_bytes};
}

Bulk *
bulk_new(const BulkCosts *costs, const StreamHashKey *key)
{
    g_return_val_if_fail(costs->buffer_bytes >= 2, NULL);

    Bulk *bulk = g_new0(Bulk, 1);
    bulk->costs = *costs;
    bulk->key = key;
    bulk->ring = g_new(Piece, RING_START);
    bulk->mask = RING_START - 1;
    streamhash_init(&bulk->hash);
    return bulk;
}

void
bulk_free(Bulk *bulk)
{
    if (!bulk)
        return;
    g_free(bulk->ring);
    g_free(bulk);
}

/* The ring keeps what is not yet delivered or whose room is still to be reckoned with. */
static void
bulk_grow(Bulk *bulk)
{
    const guint64 size = bulk->mask + 1;
    Piece *bigger = g_new(Piece, 2 * size);

    for (guint64 i = MIN(bulk->delivered, bulk->freed); i < bulk->head; i++)
        bigger[i & (2 * size - 1)] = bulk->ring[i & bulk->mask];
    g_free(bulk->ring);
    bulk->ring = bigger;
    bulk->mask = 2 * size - 1;
}

/* When the buffer has room for everything up to position `to`: at the copy out of the piece that makes it. */
static double
bulk_room_s(Bulk *bulk, guint64 to)
{
    double room_s = 0;

    while (to - bulk->freed_to > bulk->costs.buffer_bytes) {
        const Piece *oldest = &bulk->ring[bulk->freed++ & bulk->mask];
        room_s = oldest->out_s;
        bulk->freed_to = oldest->to;
    }
    return room_s;
}

static double
bulk_send_piece(Bulk *bulk, double arrival_s, double start_s, guint64 bytes)
{
    const BulkCosts *costs = &bulk->costs;
    const double copy_s = costs->per_byte_s * (double)bytes;
    double begin_s = MAX(arrival_s, bulk->sender_free_s);
    const double room_s = bulk_room_s(bulk, bulk->sent + bytes);
    guint32 wakes = 0;

    if (room_s > begin_s) { /* 2.3.2.2: asleep until the receiver's event */
        bulk->stats.stalled_s += room_s + costs->wake_s - begin_s;
        begin_s = room_s + costs->wake_s;
        wakes |= 2;
    }
    const double in_s = begin_s + costs->in_s + copy_s;
    double out_begin_s = bulk->receiver_free_s;

    bulk->sender_free_s = in_s;
    if (in_s > out_begin_s) { /* 2.3.3.2.2: the receiver found nothing and sleeps */
        out_begin_s = in_s + costs->notify_s + costs->wake_s;
        bulk->sender_free_s += costs->notify_s;
        wakes |= 1;
    }
    /* a receiver that wakes the sender pays for it; charged to the piece that the sender then sends */
    const double out_s = out_begin_s + costs->out_s + copy_s + (wakes & 2 ? costs->notify_s : 0);
    bulk->receiver_free_s = out_s;
    bulk->sent += bytes;
    if (bulk->head - MIN(bulk->delivered, bulk->freed) > bulk->mask)
        bulk_grow(bulk);
    bulk->ring[bulk->head++ & bulk->mask] = (Piece){bulk->sent, in_s, out_s, start_s, wakes, 0};
    return out_s;
}

double
bulk_send(Bulk *bulk, double arrival_s, guint64 bytes)
{
    const guint64 piece = bulk->costs.buffer_bytes / 2;

    g_return_val_if_fail(bytes > 0, arrival_s);
    while (bytes > piece) {
        bulk_send_piece(bulk, arrival_s, -1, piece);
        bytes -= piece;
    }
    return bulk_send_piece(bulk, arrival_s, arrival_s, bytes);
}

double
bulk_sender_free_s(const Bulk *bulk)
{
    return bulk->sender_free_s;
}

static void
bulk_count(BulkStats *stats, const Piece *piece, guint64 bytes)
{
    const guint64 notifications = (piece->wakes & 1) + (piece->wakes >> 1);

    stats->pieces++;
    stats->bytes += bytes;
    stats->copies += 2 * bytes;
    stats->receiver_wakes += piece->wakes & 1;
    stats->sender_wakes += piece->wakes >> 1;
    stats->switches += 4 * notifications;
    stats->last_s = piece->out_s;
    if (piece->start_s < 0)
        return;
    const double latency_s = piece->out_s - piece->start_s;
    stats->messages++;
    stats->latency_sum_s += latency_s;
    stats->latency_max_s = MAX(stats->latency_max_s, latency_s);
}

void
bulk_advance(Bulk *bulk, double until_s)
{
    while (bulk->delivered < bulk->head) {
        const Piece *piece = &bulk->ring[bulk->delivered & bulk->mask];
        if (piece->out_s > until_s)
            return;
        const guint64 from = bulk->hash.next;
        streamhash_take(bulk->key, &bulk->hash, from, piece->to);
        bulk_count(&bulk->stats, piece, piece->to - from);
        bulk->delivered++;
    }
}

const BulkStats *
bulk_stats(const Bulk *bulk)
{
    return &bulk->stats;
}

const StreamHash *
bulk_hash(const Bulk *bulk)
{
    return &bulk->hash;
}
