/* Send, 2.3.2. */
#include "models/socket/guest.h"

/* 2.3.2.1 */
void
transfer_check(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    ConnSide *me = &s->side[side];
    const gboolean changed = support_changed(c, s, side);

    me->at = CONN_AT_SEND_LOOKUP;
    if (changed && me->registered && guest_reads(c, CONN_WAIT_DRAIN) &&
        (s->split || guest_reads(c, CONN_STAY_ON_PATH))) {
        support_update_copies(s, side);
        me->at = CONN_AT_SEND_DRAIN; /* 2.3.2.1.1 */
        return;
    }
    if (!guest_reads(c, CONN_STAY_ON_PATH)) {
        support_settle(c, s, side, e);
        support_build(c, s, side); /* 2.3.2.1.2, without the wait: positions keep the order */
        return;
    }
    if (!changed)
        return;
    support_update_copies(s, side);
    if (me->registered)
        support_leave(c, s, side, e);
    else
        me->at = CONN_AT_SEND_NETWORK;
}

/* 2.3.2.1.1: until the target's receive buffer is empty */
gboolean
transfer_drain_ready(const ConnConfig *c, const ConnState *s, int side)
{
    (void)c;
    return bytestream_run_bytes(&s->flow[side].rx) == 0;
}

void
transfer_drained(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c;
    e->work = CONN_WORK_RECLAIM;
    support_reclaim(s, side);
    s->side[side].at = CONN_AT_SEND_TCP;
}

/* 2.3.2.1.2: until the network holds nothing that was sent */
gboolean
transfer_network_ready(const ConnConfig *c, const ConnState *s, int side)
{
    (void)c;
    return bytestream_tcp_bytes(&s->flow[side].tcp) == 0;
}

void
transfer_network(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    e->work = CONN_WORK_BUILD;
    support_build(c, s, side);
    s->side[side].at = CONN_AT_SEND_LOOKUP;
}

/* 2.3.2.2: is there a control block? */
void
transfer_lookup(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = s->side[side].registered ? CONN_AT_SEND_COPY : CONN_AT_SEND_TCP;
}

/* After a copy: done, give up (non-blocking), or join the queue. */
static void
transfer_after(const ConnConfig *c, ConnState *s, int side, ConnPlace wait)
{
    ConnSide *me = &s->side[side];

    if (me->left == 0)
        guest_finish(s, side, CONN_DONE);
    else if (!me->nonblocking)
        me->at = wait;
    else if (guest_reads(c, CONN_SPIN))
        me->at = CONN_AT_SEND_CHECK; /* "否则若m > 0，直接转第2.3.2步" */
    else
        guest_finish(s, side, CONN_AGAIN);
}

/* 2.3.2.2: min(m, room) bytes; literally min(m, n), over what was not yet read */
void
transfer_copy(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    ConnSide *me = &s->side[side];
    ConnFlow *out = &s->flow[side];

    if (!me->registered) {
        me->at = CONN_AT_SEND_CHECK;
        return;
    }
    if (!s->split && s->flow[!side].closed) {
        guest_finish(s, side, CONN_PIPE);
        return;
    }
    const guint64 room = guest_reads(c, CONN_BUFFER_LENGTH) ? c->buffer_bytes : guest_room(c, s, side);
    const guint64 n = MIN(me->left, room);

    bytestream_run_append(&out->tx, out->sent, n);
    if (bytestream_run_bytes(&out->tx) > c->buffer_bytes)
        out->tx.from = out->tx.to - c->buffer_bytes;
    if (!s->split)
        out->rx = out->tx;
    out->sent += n;
    me->left -= n;
    e->work = CONN_WORK_COPY_IN;
    e->bytes = n;
    if (n > 0)
        me->at = CONN_AT_SEND_NOTIFY;
    else
        transfer_after(c, s, side, CONN_AT_SEND_ENQUEUE);
}

/* "直至源VM通过…通告处理子模块传递发送数据事件": the receive flow needs this event, so the send flow must give it. */
void
transfer_notify(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    if (s->side[!side].waiting == VMGROUP_EVENT_RECEIVE)
        support_notify(c, s, side, VMGROUP_EVENT_RECEIVE, e);
    transfer_after(c, s, side, CONN_AT_SEND_ENQUEUE);
}

void
transfer_enqueue(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)e;
    s->side[side].waiting = VMGROUP_EVENT_SEND;
    s->side[side].woken = 0;
    s->side[side].at = guest_reads(c, CONN_SLEEP_RACE) ? CONN_AT_SEND_SLEEP : CONN_AT_SEND_RECHECK;
}

gboolean
transfer_tcp_ready(const ConnConfig *c, const ConnState *s, int side)
{
    return s->flow[side].tcp.reset || guest_tcp_room(c, s, side) > 0;
}

/* Could a send get anywhere now? */
static gboolean
transfer_possible(const ConnConfig *c, const ConnState *s, int side)
{
    if (support_changed(c, s, side))
        return TRUE;
    if (!s->side[side].registered)
        return transfer_tcp_ready(c, s, side);
    return guest_room(c, s, side) > 0 || (!s->split && s->flow[!side].closed);
}

/* Safe: once in the queue, look again before sleeping. */
void
transfer_recheck(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    if (s->side[side].woken || transfer_possible(c, s, side))
        transfer_wake(c, s, side, e);
    else
        s->side[side].at = CONN_AT_SEND_SLEEP;
}

/* Asleep: an event, or (safe) TCP has room and is the path now. */
gboolean
transfer_wake_ready(const ConnConfig *c, const ConnState *s, int side)
{
    if (s->side[side].woken)
        return TRUE;
    return !guest_reads(c, CONN_STAY_ON_PATH) && !s->side[side].registered && transfer_tcp_ready(c, s, side);
}

void
transfer_wake(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].woken = 0;
    s->side[side].waiting = 0;
    s->side[side].at = CONN_AT_SEND_CHECK;
}

/* "按操作系统常规的基于TCP连接的数据发送流程处理" */
void
transfer_tcp(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    ConnSide *me = &s->side[side];
    ConnFlow *out = &s->flow[side];

    if (out->tcp.reset) {
        guest_finish(s, side, CONN_PIPE);
        return;
    }
    const guint64 n = MIN(me->left, guest_tcp_room(c, s, side));

    bytestream_tcp_push(&out->tcp, (ByteRun){out->sent, out->sent + n});
    out->sent += n;
    me->left -= n;
    e->work = CONN_WORK_TCP_IN;
    e->bytes = n;
    transfer_after(c, s, side, guest_reads(c, CONN_STAY_ON_PATH) ? CONN_AT_SEND_TCP_WAIT : CONN_AT_SEND_ENQUEUE);
}

void
transfer_tcp_wake(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = CONN_AT_SEND_TCP;
}
