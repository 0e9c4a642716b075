#include "models/socket/socketapp.h"

#include <math.h>

static const SocketAppCall no_call = {CONN_CALL_NONE, 0};

void
socketapp_init(SocketApp *app, const SocketAppLoad *load, SocketLog *log, guint64 random_seed, const char *name)
{
    *app = (SocketApp){.load = load, .log = log, .starts = g_new(double, 16), .starts_mask = 15};
    for (int i = 0; i < 2; i++) {
        SocketAppSide *me = &app->side[i];
        *me = (SocketAppSide){.phase = SOCKETAPP_NEW, .next_s = load->start_s};
        /* the same numbers four times: what one side sends, the other expects */
        random_init(&me->sending, random_seed, "message sizes", name);
        me->hearing = me->sending;
    }
}

void
socketapp_clear(SocketApp *app)
{
    g_clear_pointer(&app->starts, g_free);
}

/* ---- messages ---- */

static guint64
draw_bytes(const SocketAppLoad *load, RandomStream *random)
{
    if (load->n_sizes == 1)
        return load->sizes[0];
    const double u = random_unit(random);
    guint i = 0;
    while (i + 1 < load->n_sizes && u >= load->cumulated[i])
        i++;
    return load->sizes[i];
}

/* The next message that has bytes. */
static guint64
draw_heard_bytes(const SocketAppLoad *load, RandomStream *random)
{
    guint64 bytes;

    do
        bytes = draw_bytes(load, random);
    while (bytes == 0);
    return bytes;
}

static guint64
answer_bytes(const SocketAppLoad *load, guint64 request_bytes)
{
    return load->answer_bytes == G_MAXUINT64 ? request_bytes : load->answer_bytes;
}

static void
push_start(SocketApp *app, double now_s)
{
    if (app->starts_head - app->starts_tail > app->starts_mask) {
        const guint64 size = app->starts_mask + 1;
        double *bigger = g_new(double, 2 * size);
        for (guint64 i = app->starts_tail; i < app->starts_head; i++)
            bigger[i & (2 * size - 1)] = app->starts[i & app->starts_mask];
        g_free(app->starts);
        app->starts = bigger;
        app->starts_mask = 2 * size - 1;
    }
    app->starts[app->starts_head++ & app->starts_mask] = now_s;
}

static void
take_start(SocketApp *app, double now_s)
{
    if (app->starts_tail < app->starts_head)
        socketlog_message(app->log, now_s, now_s - app->starts[app->starts_tail++ & app->starts_mask]);
}

/* ---- calls ---- */

static SocketAppCall
close_side(SocketApp *app, int side)
{
    app->side[side].phase = SOCKETAPP_CLOSING;
    return (SocketAppCall){CONN_CALL_CLOSE, 0};
}

/* Up to the message's end. */
static SocketAppCall
send(SocketApp *app, const ConnState *state, int side)
{
    SocketAppSide *me = &app->side[side];

    me->phase = SOCKETAPP_SENDING;
    return (SocketAppCall){CONN_CALL_SEND, me->target - state->flow[side].sent};
}

/* Of a message that ends so many bytes on. */
static SocketAppCall
receive(const SocketApp *app, guint64 bytes)
{
    const guint64 some = app->load->receive_bytes;

    return some > 0 ? (SocketAppCall){CONN_CALL_RECEIVE_SOME, some} : (SocketAppCall){CONN_CALL_RECEIVE, bytes};
}

/* What the side receives next ends so many bytes on. */
static SocketAppCall
hear(SocketApp *app, const ConnState *state, int side, guint64 bytes)
{
    SocketAppSide *me = &app->side[side];

    me->phase = SOCKETAPP_RECEIVING;
    me->target = state->flow[!side].received + bytes;
    return receive(app, bytes);
}

static SocketAppCall
hear_next(SocketApp *app, const ConnState *state, int side)
{
    return hear(app, state, side, draw_heard_bytes(app->load, &app->side[side].hearing));
}

/* The client's next message, or the end. */
static SocketAppCall
send_next(SocketApp *app, const ConnState *state, double now_s)
{
    SocketAppSide *me = &app->side[0];

    if (me->message >= app->load->messages || now_s > app->load->stop_s)
        return close_side(app, 0);
    me->message++;
    me->target = state->flow[0].sent + draw_bytes(app->load, &me->sending);
    if (me->target > state->flow[0].sent)
        push_start(app, now_s);
    return send(app, state, 0);
}

/* The client waits; its next message follows when it is looked at again. */
static SocketAppCall
pause_client(SocketApp *app, const ConnState *state, double now_s)
{
    SocketAppSide *me = &app->side[0];

    me->phase = SOCKETAPP_OPENING;
    me->next_s = now_s + app->load->pause_s;
    if (app->load->pause_s == 0)
        return send_next(app, state, now_s);
    if (me->next_s > app->load->stop_s)
        me->next_s = MAX(now_s, app->load->stop_s * (1 + 1e-12)); /* nothing more: close then */
    return no_call;
}

/* ---- what has returned ---- */

static SocketAppCall
after_message_sent(SocketApp *app, const ConnState *state, int side, double now_s)
{
    const SocketAppLoad *load = app->load;
    SocketAppSide *me = &app->side[side];

    if (load->application == SOCKETAPP_REQUEST && side == 0)
        return hear(app, state, 0, answer_bytes(load, draw_bytes(load, &me->hearing)));
    if (side == 1)
        return hear_next(app, state, 1);
    if (load->application == SOCKETAPP_BURSTY && me->message % load->burst == 0)
        return pause_client(app, state, now_s);
    return send_next(app, state, now_s);
}

/* One message after another has been heard to its end. */
static SocketAppCall
after_messages_heard(SocketApp *app, const ConnState *state, int side, double now_s)
{
    SocketAppSide *me = &app->side[side];

    for (; me->target <= state->flow[!side].received; me->target += draw_heard_bytes(app->load, &me->hearing))
        take_start(app, now_s);
    return receive(app, me->target - state->flow[!side].received);
}

static SocketAppCall
after_message_heard(SocketApp *app, const ConnState *state, int side, double now_s)
{
    SocketAppSide *me = &app->side[side];

    if (app->load->application != SOCKETAPP_REQUEST)
        return after_messages_heard(app, state, side, now_s);
    if (side == 1) {
        me->target = state->flow[1].sent + answer_bytes(app->load, draw_bytes(app->load, &me->sending));
        return send(app, state, 1);
    }
    take_start(app, now_s);
    return pause_client(app, state, now_s);
}

/* A send or receive has returned: more of it, the next thing, or the end. */
static SocketAppCall
after_call(SocketApp *app, const ConnState *state, int side, double now_s)
{
    SocketAppSide *me = &app->side[side];
    const gboolean sending = me->phase == SOCKETAPP_SENDING;
    const guint8 result = state->side[side].result;
    const guint64 at = sending ? state->flow[side].sent : state->flow[!side].received;

    if (result == CONN_END || result == CONN_PIPE)
        return close_side(app, side);
    if (at >= me->target)
        return sending ? after_message_sent(app, state, side, now_s) : after_message_heard(app, state, side, now_s);
    me->polls = result == CONN_AGAIN && !me->polls;
    if (me->polls) {
        me->next_s = now_s + SOCKETAPP_POLL_S;
        return no_call;
    }
    return sending ? (SocketAppCall){CONN_CALL_SEND, me->target - at} : receive(app, me->target - at);
}

SocketAppCall
socketapp_next(SocketApp *app, const ConnState *state, int side, double now_s)
{
    SocketAppSide *me = &app->side[side];

    switch (me->phase) {
    case SOCKETAPP_NEW:
        me->phase = SOCKETAPP_OPENING;
        return (SocketAppCall){side == 0 ? CONN_CALL_CONNECT : CONN_CALL_ACCEPT, 0};
    case SOCKETAPP_OPENING:
        return side == 0 ? send_next(app, state, now_s) : hear_next(app, state, 1);
    case SOCKETAPP_SENDING:
    case SOCKETAPP_RECEIVING:
        return after_call(app, state, side, now_s);
    case SOCKETAPP_CLOSING:
        me->phase = SOCKETAPP_ENDED;
        break;
    case SOCKETAPP_ENDED:
        break;
    }
    return no_call;
}

double
socketapp_next_s(const SocketApp *app, int side)
{
    return socketapp_side_has_ended(app, side) ? INFINITY : app->side[side].next_s;
}

gboolean
socketapp_is_refused(const SocketApp *app, const ConnState *state, int side)
{
    return app->side[side].phase == SOCKETAPP_OPENING && state->side[side].result == CONN_REFUSED;
}

void
socketapp_end(SocketApp *app)
{
    app->side[0].phase = app->side[1].phase = SOCKETAPP_ENDED;
}
