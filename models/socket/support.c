/* Migration support (1.1.6), connection control (1.1.3), notification (1.1.4, 1.2.2) and migration assist (1.2.3). */
#include "models/socket/guest.h"

/* 4.2: "通过函数转换" of IP and MAC. Literally the same host gives the same number; safe numbers count the migrations.
 */
guint32
support_number(const ConnConfig *c, const ConnSide *side)
{
    if (guest_reads(c, CONN_SAME_NUMBER))
        return 1u + side->host;
    return 1u + side->host + (side->moves << 8);
}

/* 2.3.2.1, 2.3.3.1, 2.3.4.1: does the copy differ from the table? The safe reading also looks at the peer's entry. */
gboolean
support_changed(const ConnConfig *c, const ConnState *s, int side)
{
    const ConnSide *me = &s->side[side];

    if (me->copy_own != me->number)
        return TRUE;
    return !guest_reads(c, CONN_OWN_NUMBER) && !me->untold && me->copy_peer != s->side[!side].number;
}

void
support_update_copies(ConnState *s, int side)
{
    s->side[side].copy_own = s->side[side].number;
    if (!s->side[side].untold)
        s->side[side].copy_peer = s->side[!side].number;
}

/* Nothing left of an older block: bytes that would be overwritten by a new one. */
static gboolean
support_clean(const ConnState *s)
{
    for (int i = 0; i < 2; i++)
        if (s->flow[i].tx.to != 0 || s->flow[i].rx.to != 0)
            return FALSE;
    return TRUE;
}

/* Literally a block that only the peer's table still has is "already added" (2.3.1.1.2): it is taken over, unless this
 * side has meanwhile sent past what the buffer holds. */
static gboolean
support_adopt(ConnState *s, int side)
{
    const ByteRun *out = &s->flow[side].rx;

    if (out->to != 0 && out->to != s->flow[side].sent)
        return FALSE;
    s->side[side].registered = 1;
    s->flow[side].tx = s->flow[side].rx;
    s->flow[!side].rx = s->flow[!side].tx;
    s->flow[side].fin_rx = s->flow[side].closed;
    s->flow[!side].fin_rx = s->flow[!side].closed;
    s->split = 0;
    return TRUE;
}

/* 2.3.1.1 to 2.3.1.1.2: a control block, if both are in one group on one machine; true when there is one now. */
gboolean
support_build(const ConnConfig *c, ConnState *s, int side)
{
    if (s->leaving || c->gid[0] != c->gid[1] || !connstate_together(s) || s->flow[0].closed || s->flow[1].closed)
        return FALSE;
    if (s->side[side].registered)
        return TRUE;
    if (s->side[!side].registered) /* safe: the peer has yet to leave the old block; stay on TCP until it has */
        return guest_reads(c, CONN_STAY_ON_PATH) && support_adopt(s, side);
    if (!support_clean(s))
        return FALSE;
    s->side[0].registered = s->side[1].registered = 1;
    s->split = 0;
    if (!guest_reads(c, CONN_NO_WAKE)) /* safe: a peer that waits for TCP must look at the new path */
        s->side[!side].events |= s->side[!side].waiting;
    return TRUE;
}

/* "回收当前连接控制块和数据缓冲区": of both sides while the mapping lives, of this side's copies when it does not. */
void
support_reclaim(ConnState *s, int side)
{
    for (int i = 0; i < 2; i++) {
        if (s->split && i != side)
            continue;
        s->side[i].registered = 0;
        s->flow[i].tx = (ByteRun){0, 0};
        s->flow[!i].rx = (ByteRun){0, 0};
        s->flow[!i].fin_rx = 0;
    }
    if (!s->side[0].registered && !s->side[1].registered)
        s->split = 0;
}

/* Hands the send buffer's content, and the end of the stream if there is one, to TCP. */
void
support_resend(ConnState *s, int side, ConnEffect *e)
{
    ConnFlow *out = &s->flow[side];

    e->work = CONN_WORK_RESEND;
    e->bytes += bytestream_run_bytes(&out->tx);
    bytestream_tcp_push(&out->tcp, out->tx);
    if (out->closed)
        out->tcp.fin = 1;
}

/* Safe form of 2.3.2.1.1 and 2.3.3.1.1: what the send buffer holds goes to TCP, where the receiver drops what it has
 * already got by the byte counters; the receive buffer is dropped, for the peer's kernel does the same. */
void
support_leave(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    const ByteRun unread = s->flow[!side].rx;
    const guint8 fin = s->flow[!side].fin_rx;

    support_resend(s, side, e);
    support_reclaim(s, side);
    if (guest_reads(c, CONN_WAIT_DRAIN)) { /* then the peer waits until this has been read */
        s->flow[!side].rx = unread;
        s->flow[!side].fin_rx = fin;
    }
}

/* The safe check, in a call and in the interrupt: note the numbers, leave a dead mapping. */
void
support_settle(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    if (!support_changed(c, s, side))
        return;
    support_update_copies(s, side);
    if (s->side[side].registered && s->split)
        support_leave(c, s, side, e);
}

/* 1.2.2: locate the peer's event buffer, register, inject; it has none here when the peer is on another machine. */
void
support_notify(const ConnConfig *c, ConnState *s, int side, guint8 events, ConnEffect *e)
{
    if (c->notify_once && (s->side[!side].events & events) == events)
        return;
    e->work = CONN_WORK_NOTIFY;
    if (!connstate_together(s))
        return;
    s->side[!side].events |= events;
    e->switches = 2; /* into the VMM and back */
}

/* 1.2.3: control block and counters go along (as copies), the table gets the new number. */
void
support_moved(const ConnConfig *c, ConnState *s, int side, guint8 host)
{
    ConnSide *me = &s->side[side];

    me->host = host;
    me->moves++;
    me->number = support_number(c, me);
    if (s->side[0].registered || s->side[1].registered)
        s->split = 1;
    s->side[!side].untold = c->per_machine && !connstate_together(s);
    if (connstate_together(s))
        me->untold = 0; /* one machine, one table */
    if (guest_reads(c, CONN_NO_WAKE)) {
        me->events = 0; /* it is not among what 1.2.3 synchronises */
        return;
    }
    for (int i = 0; i < 2; i++)
        if (s->side[i].at != CONN_AT_STOPPED && !s->side[i].untold)
            s->side[i].events |= VMGROUP_EVENT_SEND | VMGROUP_EVENT_RECEIVE;
}

/* 1.1.1, read as a table per machine: the message from the VMM at which the peer has arrived. */
void
support_told(const ConnConfig *c, ConnState *s, int side)
{
    ConnSide *me = &s->side[side];

    me->untold = 0;
    if (!guest_reads(c, CONN_NO_WAKE))
        me->events |= VMGROUP_EVENT_SEND | VMGROUP_EVENT_RECEIVE;
}

/* 1.1.4: wake who waits for this kind; closed and release concern both. */
static void
support_wake(ConnSide *me, guint8 events)
{
    if (events & (VMGROUP_EVENT_CLOSED | VMGROUP_EVENT_RELEASE))
        events |= VMGROUP_EVENT_SEND | VMGROUP_EVENT_RECEIVE;
    if (me->waiting & events) {
        me->waiting = 0;
        me->woken = 1;
    }
}

/* The interrupt: read the event buffer, act, clear it (1.2.2). */
void
support_handle_events(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    ConnSide *me = &s->side[side];
    const guint8 events = me->events;

    e->work = CONN_WORK_HANDLE;
    e->switches = 2; /* out for the injected interrupt and back in */
    me->events = 0;
    if (events & VMGROUP_EVENT_RESEND)
        support_resend(s, side, e);
    if (events & VMGROUP_EVENT_LEAVE)
        announce_leave(s, side, e);
    if (!guest_reads(c, CONN_NO_WAKE | CONN_WAIT_DRAIN)) /* literally only a call notices a migration */
        support_settle(c, s, side, e);
    support_wake(me, events);
}
