/* Receive, 2.3.3. */
#include "models/socket/guest.h"

/* Is the byte that the receiver needs next still anywhere? Only to tell a lost byte from a late one. */
static gboolean
receiving_exists(const ConnFlow *in, guint64 position)
{
    return bytestream_tcp_holds(&in->tcp, position) || (in->tx.from <= position && position < in->tx.to) ||
           (in->rx.from <= position && position < in->rx.to);
}

/* The application gets these bytes; whether they are the right ones is the model's most important result. */
static void
receiving_deliver(ConnState *s, ConnFlow *in, ByteRun run, ConnEffect *e)
{
    const guint8 gaps = CONN_FAULT_LOST | CONN_FAULT_REORDERED;

    if (run.from > in->expected)
        s->faults |= receiving_exists(in, in->expected) ? CONN_FAULT_REORDERED : CONN_FAULT_LOST;
    if (run.from < in->expected)
        s->faults |= s->faults & gaps ? CONN_FAULT_REORDERED : CONN_FAULT_REPEATED;
    in->expected = run.to;
    in->received += bytestream_run_bytes(&run);
    e->taken = run;
    e->bytes = bytestream_run_bytes(&run);
}

static gboolean
receiving_asks(const ConnConfig *c, const ConnState *s, int side)
{
    return guest_reads(c, CONN_RESEND_ALL) && guest_reads(c, CONN_WAIT_DRAIN) && s->side[side].registered &&
           (s->split || guest_reads(c, CONN_STAY_ON_PATH));
}

/* 2.3.3.1.1, literally: more sent than received, so ask for the send buffer once again; then reclaim, then TCP. */
static void
receiving_fall_back(ConnState *s, int side, ConnEffect *e)
{
    s->side[side].at = CONN_AT_RECEIVE_TCP;
    if (bytestream_run_bytes(&s->flow[!side].rx) > 0) {
        s->side[!side].events |= VMGROUP_EVENT_RESEND;
        s->side[side].at = CONN_AT_RECEIVE_RESEND;
        e->work = CONN_WORK_NOTIFY;
        return;
    }
    e->work = CONN_WORK_RECLAIM;
    support_reclaim(s, side);
}

/* 2.3.3.1 */
void
receiving_check(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    ConnSide *me = &s->side[side];
    const gboolean changed = support_changed(c, s, side);

    me->at = CONN_AT_RECEIVE_LOOKUP;
    if (changed && receiving_asks(c, s, side)) {
        support_update_copies(s, side);
        receiving_fall_back(s, side, e);
        return;
    }
    if (!guest_reads(c, CONN_STAY_ON_PATH)) {
        support_settle(c, s, side, e);
        support_build(c, s, side);
        return;
    }
    if (!changed)
        return;
    support_update_copies(s, side);
    if (me->registered)
        support_leave(c, s, side, e);
    else
        me->at = CONN_AT_RECEIVE_NETWORK;
}

gboolean
receiving_resent_ready(const ConnConfig *c, const ConnState *s, int side)
{
    (void)c;
    return !(s->side[!side].events & VMGROUP_EVENT_RESEND);
}

void
receiving_resent(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c;
    e->work = CONN_WORK_RECLAIM;
    support_reclaim(s, side);
    s->side[side].at = CONN_AT_RECEIVE_TCP;
}

/* 2.3.3.1.2: first what is on the network, then a shared-memory connection */
void
receiving_network(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    s->side[side].at = CONN_AT_RECEIVE_TCP;
    if (bytestream_tcp_bytes(&s->flow[!side].tcp) > 0)
        return;
    e->work = CONN_WORK_BUILD;
    support_build(c, s, side);
    s->side[side].at = CONN_AT_RECEIVE_LOOKUP;
}

/* 2.3.3.2: is there a control block? */
void
receiving_lookup(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = s->side[side].registered ? CONN_AT_RECEIVE_COPY : CONN_AT_RECEIVE_TCP;
}

/* Safe: bytes that came twice are known by their position and dropped. */
static void
receiving_drop_repeats(const ConnConfig *c, ConnFlow *in)
{
    if (guest_reads(c, CONN_RESEND_ALL))
        return;
    for (ByteRun head = bytestream_tcp_head(&in->tcp); head.from < head.to && head.from < in->expected;
         head = bytestream_tcp_head(&in->tcp))
        bytestream_tcp_skip(&in->tcp, MIN(head.to, in->expected) - head.from);
    if (in->rx.to != 0 && in->rx.from < in->expected)
        bytestream_run_skip(&in->rx, in->expected - in->rx.from);
}

/* Which path has what comes next: the safe reading goes by position, the literal one by the control block. */
static gboolean
receiving_from_memory(const ConnConfig *c, const ConnFlow *in, gboolean memory)
{
    const ByteRun head = bytestream_tcp_head(&in->tcp);

    if (guest_reads(c, CONN_PATH_DECIDES))
        return memory;
    if (head.from < head.to && head.from <= in->expected)
        return FALSE;
    return in->rx.to != 0 && (in->rx.from <= in->expected || guest_reads(c, CONN_BUFFER_LENGTH));
}

static gboolean
receiving_has_bytes(const ConnConfig *c, const ConnFlow *in, gboolean memory)
{
    const ByteRun head = bytestream_tcp_head(&in->tcp);

    if (receiving_from_memory(c, in, memory))
        return in->rx.to != 0;
    return head.from < head.to && (head.from <= in->expected || guest_reads(c, CONN_PATH_DECIDES));
}

/* The end of the stream is in sight and nothing before it is. */
static gboolean
receiving_at_end(const ConnConfig *c, const ConnState *s, int side, gboolean memory)
{
    const ConnFlow *in = &s->flow[!side];
    const gboolean by_memory = s->side[side].registered && in->fin_rx;
    const gboolean by_tcp = in->tcp.fin_arrived && in->tcp.arrived == 0;

    if (receiving_has_bytes(c, in, memory))
        return FALSE;
    if (guest_reads(c, CONN_PATH_DECIDES))
        return memory ? by_memory : by_tcp;
    return (by_memory || by_tcp) && !receiving_exists(in, in->expected);
}

static void
receiving_after(const ConnConfig *c, ConnState *s, int side, gboolean took, ConnPlace wait)
{
    ConnSide *me = &s->side[side];

    if (me->left == 0 || (took && me->call == CONN_CALL_RECEIVE_SOME))
        guest_finish(s, side, CONN_DONE);
    else if (!me->nonblocking)
        me->at = wait;
    else if (guest_reads(c, CONN_SPIN))
        me->at = CONN_AT_RECEIVE_CHECK; /* 2.3.3.2.1 */
    else
        guest_finish(s, side, CONN_AGAIN);
}

static void
receiving_end(ConnState *s, int side)
{
    if (s->flow[!side].expected < s->flow[!side].sent)
        s->faults |= CONN_FAULT_LOST;
    guest_finish(s, side, CONN_END);
}

/* Takes what there is, from the one path or the other; TRUE when it came from the buffer. */
static gboolean
receiving_take(const ConnConfig *c, ConnState *s, int side, gboolean memory, ConnEffect *e)
{
    ConnFlow *in = &s->flow[!side];
    const gboolean from_memory = receiving_from_memory(c, in, memory);
    ByteRun run = from_memory ? in->rx : bytestream_tcp_head(&in->tcp);

    run.to = MIN(run.to, run.from + s->side[side].left);
    if (from_memory) {
        bytestream_run_skip(&in->rx, bytestream_run_bytes(&run));
        if (!s->split)
            in->tx = in->rx;
    } else {
        bytestream_tcp_skip(&in->tcp, bytestream_run_bytes(&run));
    }
    s->side[side].left -= bytestream_run_bytes(&run);
    e->work = from_memory ? CONN_WORK_COPY_OUT : CONN_WORK_TCP_OUT;
    receiving_deliver(s, in, run, e);
    return from_memory;
}

static void
receiving_read(const ConnConfig *c, ConnState *s, int side, ConnPlace wait, ConnEffect *e)
{
    const gboolean memory = s->side[side].at == CONN_AT_RECEIVE_COPY;

    receiving_drop_repeats(c, &s->flow[!side]);
    if (receiving_at_end(c, s, side, memory))
        receiving_end(s, side);
    else if (!receiving_has_bytes(c, &s->flow[!side], memory))
        receiving_after(c, s, side, FALSE, wait);
    else if (receiving_take(c, s, side, memory, e))
        s->side[side].at = CONN_AT_RECEIVE_NOTIFY;
    else
        receiving_after(c, s, side, TRUE, wait);
}

/* 2.3.3.2: "如果接收缓冲区不为空，则目标VM接收其中的数据" */
void
receiving_copy(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    if (s->side[side].registered)
        receiving_read(c, s, side, CONN_AT_RECEIVE_ENQUEUE, e);
    else
        s->side[side].at = CONN_AT_RECEIVE_CHECK;
}

/* The event that the send flow's sleepers wait for. */
void
receiving_notify(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    if (s->side[!side].waiting == VMGROUP_EVENT_SEND)
        support_notify(c, s, side, VMGROUP_EVENT_SEND, e);
    receiving_after(c, s, side, TRUE, CONN_AT_RECEIVE_ENQUEUE);
}

/* 2.3.3.2.2 */
void
receiving_enqueue(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)e;
    s->side[side].waiting = VMGROUP_EVENT_RECEIVE;
    s->side[side].woken = 0;
    s->side[side].at = guest_reads(c, CONN_SLEEP_RACE) ? CONN_AT_RECEIVE_SLEEP : CONN_AT_RECEIVE_RECHECK;
}

void
receiving_recheck(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    const gboolean memory = s->side[side].registered;
    const gboolean go = s->side[side].woken || support_changed(c, s, side) ||
                        receiving_has_bytes(c, &s->flow[!side], memory) || receiving_at_end(c, s, side, memory);

    if (go)
        receiving_wake(c, s, side, e);
    else
        s->side[side].at = CONN_AT_RECEIVE_SLEEP;
}

gboolean
receiving_tcp_ready(const ConnConfig *c, const ConnState *s, int side)
{
    (void)c, (void)side;
    return s->flow[!side].tcp.arrived > 0 || s->flow[!side].tcp.fin_arrived;
}

/* Asleep: an event, or (safe) bytes or the end have come by TCP. */
gboolean
receiving_wake_ready(const ConnConfig *c, const ConnState *s, int side)
{
    if (s->side[side].woken)
        return TRUE;
    if (guest_reads(c, CONN_STAY_ON_PATH))
        return FALSE;
    return receiving_tcp_ready(c, s, side);
}

void
receiving_wake(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].woken = 0;
    s->side[side].waiting = 0;
    s->side[side].at = CONN_AT_RECEIVE_CHECK;
}

void
receiving_tcp(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    const gboolean stay = guest_reads(c, CONN_STAY_ON_PATH);

    receiving_read(c, s, side, stay ? CONN_AT_RECEIVE_TCP_WAIT : CONN_AT_RECEIVE_ENQUEUE, e);
}

void
receiving_tcp_wake(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    s->side[side].at = CONN_AT_RECEIVE_TCP;
}
