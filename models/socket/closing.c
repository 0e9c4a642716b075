/* Close, 2.3.4, and the VM's end, 2.4. */
#include "models/socket/guest.h"

/* 2.3.4.1.1, the target's part: literally ask for the send buffer once again, and read it, for nobody. */
static void
closing_ask(ConnState *s, int side, ConnEffect *e)
{
    if (bytestream_run_bytes(&s->flow[!side].rx) == 0)
        return;
    s->side[!side].events |= VMGROUP_EVENT_RESEND;
    s->side[side].at = CONN_AT_CLOSE_RESEND;
    e->work = CONN_WORK_NOTIFY;
}

/* 2.3.4.1 */
void
closing_check(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    ConnSide *me = &s->side[side];
    const gboolean changed = support_changed(c, s, side);

    me->at = CONN_AT_CLOSE_LOOKUP;
    if (!guest_reads(c, CONN_WAIT_DRAIN)) {
        support_settle(c, s, side, e);
        return;
    }
    if (!changed)
        return;
    support_update_copies(s, side);
    if (!me->registered)
        me->at = CONN_AT_CLOSE_NETWORK; /* 2.3.4.1.2 */
    else if (s->split || guest_reads(c, CONN_STAY_ON_PATH))
        me->at = CONN_AT_CLOSE_DRAIN; /* 2.3.4.1.1, the source's part */
}

gboolean
closing_drain_ready(const ConnConfig *c, const ConnState *s, int side)
{
    return transfer_drain_ready(c, s, side);
}

void
closing_drained(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    s->side[side].at = CONN_AT_CLOSE_LOOKUP;
    if (guest_reads(c, CONN_RESEND_ALL))
        closing_ask(s, side, e);
    else if (s->side[side].registered && s->split)
        support_leave(c, s, side, e);
}

gboolean
closing_resent_ready(const ConnConfig *c, const ConnState *s, int side)
{
    return receiving_resent_ready(c, s, side);
}

void
closing_resent(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = CONN_AT_CLOSE_LOOKUP;
}

/* 2.3.4.1.2, the source's part: until the network holds nothing that was sent */
gboolean
closing_network_ready(const ConnConfig *c, const ConnState *s, int side)
{
    return transfer_network_ready(c, s, side);
}

void
closing_network(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = CONN_AT_CLOSE_LOOKUP;
}

/* 2.3.4.2: is there a control block? */
void
closing_lookup(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = s->side[side].registered ? CONN_AT_CLOSE_TELL : CONN_AT_CLOSE_TCP;
}

static void
closing_mark(ConnState *s, int side)
{
    s->flow[side].closed = 1;
    if (!s->split && s->side[side].registered)
        s->flow[side].fin_rx = 1;
}

/* 2.3.4.2: an event if the peer sleeps. Safe: the block says "closed" before the peer is looked at. */
void
closing_tell(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    if (!guest_reads(c, CONN_CLOSE_FREES))
        closing_mark(s, side);
    if (s->side[!side].waiting != 0)
        support_notify(c, s, side, VMGROUP_EVENT_CLOSED | VMGROUP_EVENT_RELEASE, e);
    s->side[side].at = CONN_AT_CLOSE_FREE;
}

/* 2.3.4.3 "释放双方的数据缓冲区": safe, the receive buffer only; what was sent stays until the peer has it or closes.
 */
static void
closing_free_buffers(const ConnConfig *c, ConnState *s, int side)
{
    const gboolean both = guest_reads(c, CONN_CLOSE_FREES);

    s->flow[!side].rx = (ByteRun){0, 0};
    if (!s->split)
        s->flow[!side].tx = (ByteRun){0, 0};
    if (both)
        s->flow[side].tx = (ByteRun){0, 0};
    if (both && !s->split)
        s->flow[side].rx = (ByteRun){0, 0};
}

void
closing_free(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    const gboolean literal = guest_reads(c, CONN_CLOSE_FREES);

    e->work = CONN_WORK_RECLAIM;
    closing_mark(s, side);
    if (s->side[side].registered) {
        const gboolean peer_closed = s->split ? literal && s->flow[!side].fin_rx : s->flow[!side].closed;
        closing_free_buffers(c, s, side);
        if (peer_closed)
            support_reclaim(s, side);
    } else {
        s->flow[side].tcp.fin = 1; /* the block went away between 2.3.4.2 and here */
    }
    guest_finish(s, side, CONN_DONE);
}

void
closing_tcp(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    if (s->side[side].registered) { /* built by the peer since 2.3.4.2 looked */
        s->side[side].at = CONN_AT_CLOSE_TELL;
        return;
    }
    s->flow[side].closed = 1;
    s->flow[side].tcp.fin = 1;
    guest_finish(s, side, CONN_DONE);
}

/* 5.3 and 5.4: not before the event buffer is empty, and not while a control block or TCP still needs this guest. */
gboolean
closing_shutdown_ready(const ConnConfig *c, const ConnState *s, int side)
{
    const ConnFlow *out = &s->flow[side];

    (void)c;
    return s->side[side].events == 0 && !s->side[side].registered && bytestream_tcp_in_flight(&out->tcp) == 0 &&
           (!out->tcp.fin || out->tcp.fin_arrived);
}

void
closing_shutdown(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    VmGroup *group = &s->group[side == 1 && c->gid[0] != c->gid[1]];

    (void)e;
    vmgroup_stop(group, c->key[side], s->side[side].events, TRUE);
    guest_finish(s, side, CONN_STOPPED);
    s->side[side].at = CONN_AT_STOPPED;
}
