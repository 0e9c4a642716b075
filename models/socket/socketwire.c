#include "models/socket/socketwire.h"

#include <math.h>

void
socketwire_init(SocketWire *wire, const ConnCosts *costs, double retransmit_s)
{
    *wire = (SocketWire){.flight_s = costs->fixed_s[CONN_WORK_TCP_FLIGHT], .retransmit_s = retransmit_s};
}

void
socketwire_clear(SocketWire *wire)
{
    wire->first = wire->n = 0;
    wire->bytes = 0;
    wire->fin = FALSE;
    wire->tries = 0;
}

static SocketWireBatch *
socketwire_at(SocketWire *wire, guint i)
{
    return &wire->batch[(wire->first + i) % SOCKETWIRE_BATCHES];
}

static const SocketWireBatch *
socketwire_last(const SocketWire *wire)
{
    return wire->n > 0 ? &wire->batch[(wire->first + wire->n - 1) % SOCKETWIRE_BATCHES] : NULL;
}

static guint64
socketwire_packets(const SocketSystem *network, guint64 bytes)
{
    return network->packet_bytes > 0 && bytes > 0 ? (bytes - 1) / network->packet_bytes + 1 : 1;
}

void
socketwire_feed(SocketWire *wire, const SocketSystem *network, guint64 in_flight, gboolean fin, guint64 tcp_bytes,
                double now_s)
{
    const SocketWireBatch *last = socketwire_last(wire);
    const guint64 fresh = in_flight - MIN(wire->bytes, in_flight);
    const guint64 most = MAX(tcp_bytes / SOCKETWIRE_SHARE, 1);

    fin = fin && !wire->fin;
    if (fresh == 0 && !(fin && wire->n == 0))
        return;
    if (wire->n == SOCKETWIRE_BATCHES || (last && last->stage == SOCKETWIRE_SERVICE))
        return;
    const guint64 bytes = MIN(fresh, most);
    const guint64 packets = socketwire_packets(network, bytes);
    const double start_s = MAX(now_s, wire->free_s);
    const double served_s =
        start_s + network->packet_s * (double)(packets - 1) + socketsystem_copy_between_s(network) * (double)bytes;

    wire->free_s = start_s + network->packet_s * (double)packets;
    *socketwire_at(wire, wire->n++) = (SocketWireBatch){SOCKETWIRE_SERVICE, bytes, served_s};
    wire->bytes += bytes;
    wire->fin = bytes == 0;
}

double
socketwire_service_s(const SocketWire *wire)
{
    const SocketWireBatch *last = socketwire_last(wire);

    return last && last->stage == SOCKETWIRE_SERVICE ? last->due_s : INFINITY;
}

double
socketwire_delivery_s(const SocketWire *wire)
{
    const SocketWireBatch *first = &wire->batch[wire->first];

    return wire->n > 0 && first->stage == SOCKETWIRE_FLIGHT ? first->due_s : INFINITY;
}

/* A batch that was not yet taken takes the new one up. */
static gboolean
socketwire_join(SocketWire *wire)
{
    SocketWireBatch *last = socketwire_at(wire, wire->n - 1);
    SocketWireBatch *before = wire->n > 1 ? socketwire_at(wire, wire->n - 2) : NULL;

    if (!before || before->stage != SOCKETWIRE_WAITING || last->bytes == 0)
        return FALSE;
    before->bytes += last->bytes;
    wire->n--;
    return TRUE;
}

void
socketwire_served(SocketWire *wire, gboolean together, double now_s)
{
    SocketWireBatch *last = socketwire_at(wire, wire->n - 1);

    g_return_if_fail(wire->n > 0 && last->stage == SOCKETWIRE_SERVICE);

    last->stage = together ? SOCKETWIRE_FLIGHT : SOCKETWIRE_WAITING;
    last->due_s = now_s + wire->flight_s;
    if (!together)
        (void)socketwire_join(wire);
}

gboolean
socketwire_waits(const SocketWire *wire)
{
    for (guint i = 0; i < wire->n; i++) {
        const SocketWireStage stage = wire->batch[(wire->first + i) % SOCKETWIRE_BATCHES].stage;
        if (stage == SOCKETWIRE_WAITING || stage == SOCKETWIRE_CROSSING)
            return stage == SOCKETWIRE_WAITING;
    }
    return FALSE;
}

gboolean
socketwire_take(SocketWire *wire, guint64 *bytes)
{
    for (guint i = 0; i < wire->n; i++) {
        SocketWireBatch *batch = socketwire_at(wire, i);
        if (batch->stage == SOCKETWIRE_CROSSING)
            return FALSE; /* one at a time: they stay in order */
        if (batch->stage != SOCKETWIRE_WAITING)
            continue;
        batch->stage = SOCKETWIRE_CROSSING;
        *bytes = batch->bytes;
        return TRUE;
    }
    return FALSE;
}

void
socketwire_arrived(SocketWire *wire, double now_s)
{
    for (guint i = 0; i < wire->n; i++) {
        SocketWireBatch *batch = socketwire_at(wire, i);
        if (batch->stage != SOCKETWIRE_CROSSING)
            continue;
        batch->stage = SOCKETWIRE_FLIGHT;
        batch->due_s = now_s + wire->flight_s;
        return;
    }
}

gboolean
socketwire_is_crossing(const SocketWire *wire)
{
    for (guint i = 0; i < wire->n; i++) {
        const SocketWireStage stage = wire->batch[(wire->first + i) % SOCKETWIRE_BATCHES].stage;
        if (stage == SOCKETWIRE_WAITING || stage == SOCKETWIRE_CROSSING)
            return TRUE;
    }
    return FALSE;
}

guint64
socketwire_deliver(SocketWire *wire)
{
    const SocketWireBatch *first = &wire->batch[wire->first];

    wire->first = (wire->first + 1) % SOCKETWIRE_BATCHES;
    wire->n--;
    wire->bytes -= first->bytes;
    wire->tries = 0;
    return first->bytes;
}

/* RFC 6298, 5.5 and 5.6: sent again after the time-out, then after twice as long, and so on. */
void
socketwire_repeat(SocketWire *wire, double now_s)
{
    const double timeout_s = ldexp(wire->retransmit_s, (int)MIN(wire->tries, 30u));

    wire->tries++;
    socketwire_at(wire, 0)->due_s = now_s + MIN(timeout_s, SOCKETWIRE_TIMEOUT_S);
}

void
socketwire_trim(SocketWire *wire, guint64 in_flight)
{
    if (wire->bytes > in_flight)
        socketwire_clear(wire);
}

gboolean
socketwire_is_idle(const SocketWire *wire)
{
    return wire->n == 0;
}
