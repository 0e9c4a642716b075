#include "models/socket/conn.h"
#include "models/socket/guest.h"

#include <string.h>

G_STATIC_ASSERT(sizeof(ConnFlow) == sizeof(TcpStream) + 2 * sizeof(ByteRun) + 3 * 8 + 8);
G_STATIC_ASSERT(sizeof(ConnSide) == 8 + 4 * 4 + 16);
G_STATIC_ASSERT(sizeof(ConnState) == 2 * sizeof(ConnFlow) + 2 * sizeof(ConnSide) + 2 * sizeof(VmGroup) + 8);

typedef struct {
    const char *text;  /* step and what is done */
    GuestStep *step;   /* NULL: nothing to do here */
    GuestReady *ready; /* NULL: always */
} Place;

static const Place places[CONN_PLACES] = {
    [CONN_AT_IDLE] = {"idle", NULL, NULL},
    [CONN_AT_CONNECT_LOCATE] = {"2.3.1.1 connect: compare group and machine", opening_locate, NULL},
    [CONN_AT_CONNECT_BUILD] = {"2.3.1.1.2 connect: build the control block", opening_build, NULL},
    [CONN_AT_CONNECT_TCP] = {"2.3.1.1.1 connect: TCP", opening_tcp, NULL},
    [CONN_AT_ACCEPT] = {"accept: wait for a connection", opening_accept, opening_accept_ready},
    [CONN_AT_SEND_CHECK] = {"2.3.2.1 send: compare position numbers", transfer_check, NULL},
    [CONN_AT_SEND_DRAIN] = {"2.3.2.1.1 send: wait until the receive buffer is empty", transfer_drained,
                            transfer_drain_ready},
    [CONN_AT_SEND_NETWORK] = {"2.3.2.1.2 send: wait until the network is empty", transfer_network,
                              transfer_network_ready},
    [CONN_AT_SEND_LOOKUP] = {"2.3.2.2 send: look for the control block", transfer_lookup, NULL},
    [CONN_AT_SEND_COPY] = {"2.3.2.2 send: copy into the buffer", transfer_copy, NULL},
    [CONN_AT_SEND_NOTIFY] = {"2.3.2.2 send: notify", transfer_notify, NULL},
    [CONN_AT_SEND_ENQUEUE] = {"2.3.2.2 send: join the queue", transfer_enqueue, NULL},
    [CONN_AT_SEND_RECHECK] = {"2.3.2.2 send: look again", transfer_recheck, NULL},
    [CONN_AT_SEND_SLEEP] = {"2.3.2.2 send: asleep in the queue", transfer_wake, transfer_wake_ready},
    [CONN_AT_SEND_TCP] = {"2.3.2 send: TCP", transfer_tcp, NULL},
    [CONN_AT_SEND_TCP_WAIT] = {"2.3.2 send: wait for room in TCP", transfer_tcp_wake, transfer_tcp_ready},
    [CONN_AT_RECEIVE_CHECK] = {"2.3.3.1 receive: compare position numbers", receiving_check, NULL},
    [CONN_AT_RECEIVE_RESEND] = {"2.3.3.1.1 receive: wait for the resend", receiving_resent, receiving_resent_ready},
    [CONN_AT_RECEIVE_NETWORK] = {"2.3.3.1.2 receive: look at the network", receiving_network, NULL},
    [CONN_AT_RECEIVE_LOOKUP] = {"2.3.3.2 receive: look for the control block", receiving_lookup, NULL},
    [CONN_AT_RECEIVE_COPY] = {"2.3.3.2 receive: copy out of the buffer", receiving_copy, NULL},
    [CONN_AT_RECEIVE_NOTIFY] = {"2.3.3.2 receive: notify", receiving_notify, NULL},
    [CONN_AT_RECEIVE_ENQUEUE] = {"2.3.3.2.2 receive: join the queue", receiving_enqueue, NULL},
    [CONN_AT_RECEIVE_RECHECK] = {"2.3.3.2.2 receive: look again", receiving_recheck, NULL},
    [CONN_AT_RECEIVE_SLEEP] = {"2.3.3.2.2 receive: asleep in the queue", receiving_wake, receiving_wake_ready},
    [CONN_AT_RECEIVE_TCP] = {"2.3.3 receive: TCP", receiving_tcp, NULL},
    [CONN_AT_RECEIVE_TCP_WAIT] = {"2.3.3 receive: wait for TCP", receiving_tcp_wake, receiving_tcp_ready},
    [CONN_AT_CLOSE_CHECK] = {"2.3.4.1 close: compare position numbers", closing_check, NULL},
    [CONN_AT_CLOSE_DRAIN] = {"2.3.4.1.1 close: wait until the receive buffer is empty", closing_drained,
                             closing_drain_ready},
    [CONN_AT_CLOSE_RESEND] = {"2.3.4.1.1 close: wait for the resend", closing_resent, closing_resent_ready},
    [CONN_AT_CLOSE_NETWORK] = {"2.3.4.1.2 close: wait until the network is empty", closing_network,
                               closing_network_ready},
    [CONN_AT_CLOSE_LOOKUP] = {"2.3.4.2 close: look for the control block", closing_lookup, NULL},
    [CONN_AT_CLOSE_TELL] = {"2.3.4.2 close: tell a sleeping peer", closing_tell, NULL},
    [CONN_AT_CLOSE_FREE] = {"2.3.4.3 close: free buffers, reclaim", closing_free, NULL},
    [CONN_AT_CLOSE_TCP] = {"2.3.4.2 close: TCP", closing_tcp, NULL},
    [CONN_AT_SHUTDOWN] = {"2.4 shut down: wait for events and connections", closing_shutdown, closing_shutdown_ready},
    [CONN_AT_STOPPED] = {"stopped", NULL, NULL},
};

static const ConnPlace first_place[] = {
    [CONN_CALL_NONE] = CONN_AT_IDLE,
    [CONN_CALL_CONNECT] = CONN_AT_CONNECT_LOCATE,
    [CONN_CALL_ACCEPT] = CONN_AT_ACCEPT,
    [CONN_CALL_SEND] = CONN_AT_SEND_CHECK,
    [CONN_CALL_RECEIVE] = CONN_AT_RECEIVE_CHECK,
    [CONN_CALL_RECEIVE_SOME] = CONN_AT_RECEIVE_CHECK,
    [CONN_CALL_CLOSE] = CONN_AT_CLOSE_CHECK,
    [CONN_CALL_SHUTDOWN] = CONN_AT_SHUTDOWN,
    [CONN_CALL_OTHER] = CONN_AT_IDLE,
};

double
conn_cost_s(const ConnCosts *costs, const ConnEffect *effect)
{
    return costs->fixed_s[effect->work] + costs->per_byte_s[effect->work] * (double)effect->bytes +
           costs->switch_s * effect->switches;
}

VmGroupResult
conn_init(const ConnConfig *config, ConnState *state, guint8 host0, guint8 host1)
{
    const guint8 host[2] = {host0, host1};
    VmGroupResult result = VMGROUP_OK;

    g_return_val_if_fail(config->buffer_bytes > 0 && config->tcp_bytes > 0 && config->segment_bytes > 0, result);

    memset(state, 0, sizeof *state);
    for (int i = 0; i < 2; i++) {
        VmGroup *group = &state->group[i == 1 && config->gid[0] != config->gid[1]];
        result = vmgroup_start(group, config->gid[i], config->key[i]); /* 2.1 */
        state->side[i].host = host[i];
        if (result == VMGROUP_START_FAILED)
            state->side[i].at = CONN_AT_STOPPED;
        state->side[i].number = support_number(config, &state->side[i]); /* 4.2 */
    }
    support_update_copies(state, 0);
    support_update_copies(state, 1);
    return result;
}

gboolean
conn_moves_bytes(ConnCall call)
{
    return call == CONN_CALL_SEND || call == CONN_CALL_RECEIVE || call == CONN_CALL_RECEIVE_SOME;
}

ConnRoute
conn_analyse(const ConnState *state, ConnCall call)
{
    if (call == CONN_CALL_NONE || call == CONN_CALL_SHUTDOWN || call == CONN_CALL_OTHER)
        return CONN_BYPASS;
    if (!connstate_together(state) || state->group[1].members > 0)
        return CONN_TO_TCP;
    return conn_moves_bytes(call) ? CONN_TO_TRANSFER : CONN_TO_CONTROL;
}

void
conn_begin(const ConnConfig *config, ConnState *state, int side, ConnCall call, guint64 bytes, gboolean nonblocking)
{
    ConnSide *me = &state->side[side];

    g_return_if_fail(config && me->at == CONN_AT_IDLE && call < G_N_ELEMENTS(first_place));

    const gboolean moves_bytes = conn_moves_bytes(call);
    me->result = CONN_DONE;
    if (moves_bytes && bytes == 0)
        return;
    me->at = (guint8)first_place[call];
    me->call = me->at == CONN_AT_IDLE ? CONN_CALL_NONE : (guint8)call;
    me->left = moves_bytes ? bytes : 0;
    me->nonblocking = nonblocking ? 1 : 0;
}

gboolean
conn_idle(const ConnState *state, int side)
{
    return state->side[side].at == CONN_AT_IDLE;
}

static gboolean
conn_task_enabled(const ConnConfig *config, const ConnState *state, int side)
{
    const Place *place = &places[state->side[side].at];

    return place->step && (!place->ready || place->ready(config, state, side));
}

/* Nobody takes what TCP brings: the receiving VM has closed. */
static gboolean
conn_deaf(const ConnState *state, int flow)
{
    return state->flow[!flow].closed || state->side[!flow].at == CONN_AT_STOPPED;
}

static gboolean
conn_network_enabled(const ConnState *state, int flow)
{
    const TcpStream *tcp = &state->flow[flow].tcp;

    if (tcp->fin && !tcp->fin_arrived)
        return TRUE;
    return conn_deaf(state, flow) ? tcp->runs > 0 : bytestream_tcp_in_flight(tcp) > 0;
}

gboolean
conn_is_announced(const ConnState *state, int side)
{
    return state->leaving >> side & 1;
}

gboolean
conn_has_left(const ConnState *state)
{
    return !state->side[0].registered && !state->side[1].registered;
}

gboolean
conn_enabled(const ConnConfig *config, const ConnState *state, ConnStep step)
{
    const ConnSide *me = &state->side[step.side];
    const gboolean is_announced = conn_is_announced(state, step.side);

    switch ((ConnStepKind)step.kind) {
    case CONN_STEP_TASK:
        return conn_task_enabled(config, state, step.side);
    case CONN_STEP_EVENT:
        return me->events != 0 && me->at != CONN_AT_STOPPED;
    case CONN_STEP_NETWORK:
        return conn_network_enabled(state, step.side);
    case CONN_STEP_TELL:
        return me->untold && me->at != CONN_AT_STOPPED;
    case CONN_STEP_ANNOUNCE:
        return config->announced && !is_announced && me->at != CONN_AT_STOPPED;
    case CONN_STEP_MOVE:
        break;
    }
    if (config->announced)
        return is_announced && me->at != CONN_AT_STOPPED && (conn_has_left(state) || me->host == step.host);
    return me->host != step.host && me->at != CONN_AT_STOPPED;
}

static void
conn_deliver(const ConnConfig *config, ConnState *state, int flow, ConnEffect *effect)
{
    TcpStream *tcp = &state->flow[flow].tcp;

    effect->work = CONN_WORK_TCP_FLIGHT;
    if (conn_deaf(state, flow))
        bytestream_tcp_reset(tcp);
    else
        effect->bytes = bytestream_tcp_deliver(tcp, config->segment_bytes);
}

void
conn_step(const ConnConfig *config, ConnState *state, ConnStep step, ConnEffect *effect)
{
    ConnEffect own = {CONN_WORK_CONTROL, 0, 0, {0, 0}};
    ConnEffect *e = effect ? effect : &own;

    *e = own;
    switch ((ConnStepKind)step.kind) {
    case CONN_STEP_TASK:
        places[state->side[step.side].at].step(config, state, step.side, e);
        break;
    case CONN_STEP_EVENT:
        support_handle_events(config, state, step.side, e);
        break;
    case CONN_STEP_NETWORK:
        conn_deliver(config, state, step.side, e);
        break;
    case CONN_STEP_TELL:
        e->work = CONN_WORK_NOTIFY;
        support_told(config, state, step.side);
        break;
    case CONN_STEP_MOVE:
        e->work = CONN_WORK_MOVE;
        if (state->side[step.side].host != step.host)
            support_moved(config, state, step.side, step.host);
        announce_end(state, step.side);
        break;
    case CONN_STEP_ANNOUNCE:
        e->work = CONN_WORK_NOTIFY;
        announce_begin(state, step.side);
        break;
    }
    for (int i = 0; i < 2; i++)
        if (state->flow[i].tcp.overflow)
            state->faults |= CONN_FAULT_RUNS;
}

gboolean
conn_over_memory(const ConnState *state)
{
    return state->side[0].registered && state->side[1].registered && !state->split;
}

guint64
conn_bytes_in_flight(const ConnState *state)
{
    guint64 bytes = 0;

    for (int i = 0; i < 2; i++)
        bytes += state->flow[i].sent - MIN(state->flow[i].received, state->flow[i].sent);
    return bytes;
}

gboolean
conn_reclaimed(const ConnState *state)
{
    for (int i = 0; i < 2; i++) {
        const ConnFlow *flow = &state->flow[i];
        const ConnSide *side = &state->side[i];

        if (side->registered || side->events || side->waiting || flow->tx.to || flow->rx.to || flow->tcp.runs)
            return FALSE;
    }
    return TRUE;
}

guint64
conn_break(ConnState *state)
{
    const guint64 lost = conn_bytes_in_flight(state);

    support_reclaim(state, 0);
    support_reclaim(state, 1);
    for (int i = 0; i < 2; i++) {
        ConnSide *side = &state->side[i];
        bytestream_tcp_reset(&state->flow[i].tcp);
        state->flow[i].closed = 1;
        side->events = side->waiting = side->woken = 0;
        if (side->at != CONN_AT_STOPPED)
            guest_finish(state, i, CONN_BROKEN);
    }
    return lost;
}

const char *
conn_place_text(ConnPlace place)
{
    return (guint)place < CONN_PLACES ? places[place].text : "";
}

const char *
conn_waits_for(const ConnConfig *config, const ConnState *state, int side)
{
    const ConnSide *me = &state->side[side];

    if (me->at == CONN_AT_IDLE || me->at == CONN_AT_STOPPED || conn_task_enabled(config, state, side))
        return NULL;
    return places[me->at].text;
}

const char *
conn_clause_text(ConnClause clause)
{
    static const struct {
        ConnClause clause;
        const char *text;
    } texts[CONN_CLAUSES] = {
        {CONN_OWN_NUMBER, "own number"},
        {CONN_SAME_NUMBER, "same number"},
        {CONN_WAIT_DRAIN, "wait drain"},
        {CONN_RESEND_ALL, "resend all"},
        {CONN_BUFFER_LENGTH, "buffer length"},
        {CONN_SLEEP_RACE, "sleep race"},
        {CONN_NO_WAKE, "no wake"},
        {CONN_SPIN, "spin"},
        {CONN_CLOSE_FREES, "close frees"},
        {CONN_PATH_DECIDES, "path decides"},
        {CONN_STAY_ON_PATH, "stay on path"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].clause == clause)
            return texts[i].text;
    return NULL;
}
