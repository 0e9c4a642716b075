/* The guest's sub-modules as the flows of models/socket/conn.h use them; not for anybody else.
 *
 * Source: CN101859263A steps 1.1.1 to 1.1.6. support_… is migration support (1.1.6) with the control-block part of
 * connection control (1.1.3); transfer_… is data transfer (1.1.5: 2.3.2, 2.3.3); closing_… is 2.3.4.
 * Every function below with four parameters is one atomic step of VM side.
 */
#ifndef TANDEM_MODELS_SOCKET_GUEST_H
#define TANDEM_MODELS_SOCKET_GUEST_H

#include "models/socket/connstate.h"

typedef void GuestStep(const ConnConfig *c, ConnState *s, int side, ConnEffect *e);
typedef gboolean GuestReady(const ConnConfig *c, const ConnState *s, int side);

static inline gboolean
guest_reads(const ConnConfig *c, ConnClause clause)
{
    return (c->literal & clause) != 0;
}

/* Ends the running call. */
static inline void
guest_finish(ConnState *s, int side, ConnResult result)
{
    s->side[side].at = CONN_AT_IDLE;
    s->side[side].call = CONN_CALL_NONE;
    s->side[side].left = 0;
    s->side[side].nonblocking = 0;
    s->side[side].result = result;
}

/* Room in the send buffer of VM side as it sees it. */
static inline guint64
guest_room(const ConnConfig *c, const ConnState *s, int side)
{
    const guint64 used = bytestream_run_bytes(&s->flow[side].tx);
    return used < c->buffer_bytes ? c->buffer_bytes - used : 0;
}

static inline guint64
guest_tcp_room(const ConnConfig *c, const ConnState *s, int side)
{
    const guint64 used = bytestream_tcp_bytes(&s->flow[side].tcp);
    return used < c->tcp_bytes ? c->tcp_bytes - used : 0;
}

/* support.c */
guint32 support_number(const ConnConfig *c, const ConnSide *side);
gboolean support_changed(const ConnConfig *c, const ConnState *s, int side);
void support_update_copies(ConnState *s, int side);
gboolean support_build(const ConnConfig *c, ConnState *s, int side);
void support_reclaim(ConnState *s, int side);
void support_leave(const ConnConfig *c, ConnState *s, int side, ConnEffect *e);
void support_settle(const ConnConfig *c, ConnState *s, int side, ConnEffect *e);
void support_notify(const ConnConfig *c, ConnState *s, int side, guint8 events, ConnEffect *e);
void support_moved(const ConnConfig *c, ConnState *s, int side, guint8 host);
void support_told(const ConnConfig *c, ConnState *s, int side);
void support_resend(ConnState *s, int side, ConnEffect *e);
void support_handle_events(const ConnConfig *c, ConnState *s, int side, ConnEffect *e);

/* announce.c: side's migration is announced; VM side leaves the control block; it has moved, or will not. */
void announce_begin(ConnState *s, int side);
void announce_leave(ConnState *s, int side, ConnEffect *e);
void announce_end(ConnState *s, int side);

/* transfer.c, receiving.c, closing.c, opening.c */
GuestStep transfer_check, transfer_drained, transfer_network, transfer_lookup, transfer_copy, transfer_notify,
    transfer_enqueue, transfer_recheck, transfer_wake, transfer_tcp, transfer_tcp_wake;
GuestReady transfer_drain_ready, transfer_network_ready, transfer_wake_ready, transfer_tcp_ready;

GuestStep receiving_check, receiving_resent, receiving_network, receiving_lookup, receiving_copy, receiving_notify,
    receiving_enqueue, receiving_recheck, receiving_wake, receiving_tcp, receiving_tcp_wake;
GuestReady receiving_resent_ready, receiving_wake_ready, receiving_tcp_ready;

GuestStep closing_check, closing_drained, closing_resent, closing_network, closing_lookup, closing_tell, closing_free,
    closing_tcp, closing_shutdown;
GuestReady closing_drain_ready, closing_resent_ready, closing_network_ready, closing_shutdown_ready;

GuestStep opening_locate, opening_build, opening_tcp, opening_accept;
GuestReady opening_accept_ready;

#endif
