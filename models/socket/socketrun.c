#include "models/socket/socketrun.h"

#include "models/base/progress.h"
#include "models/socket/socketwire.h"

#include <math.h>
#include <string.h>

#define HOSTS      250 /* that a connection can tell apart; ConnSide.host is a byte */
#define IDLE_STEPS 64  /* chosen: steps without time after which one takes SOCKETRUN_CALL_S (a call that spins) */

typedef enum { PHASE_NEW, PHASE_OPENING, PHASE_SENDING, PHASE_RECEIVING, PHASE_CLOSING, PHASE_ENDED } Phase;

/* The application of one side. */
typedef struct {
    Phase phase;
    double next_s;  /* not before */
    guint64 target; /* stream position at which the current message ends */
    guint64 message;
    gboolean polls;       /* a non-blocking call got too little: it is tried again at next_s */
    RandomStream sending; /* the sizes of what it sends … */
    RandomStream hearing; /* … and, drawn alike, of what it receives */
} App;

typedef struct {
    gboolean running;
    double stopped_s;
    double free_s; /* the task is busy until then */
    double due_s;  /* of its next step or call; INFINITY: it waits */
    guint64 planned_bytes;
    double event_s; /* the interrupt will have been handled */
} Side;

struct SocketRun {
    const SocketSystem *system, *network;
    const SocketRunLoad *load;
    const StreamHashKey *key;
    SocketLog *log;
    ConnConfig config;
    ConnCosts costs;
    ConnState state;
    StreamHash hash[2];
    App app[2];
    Side side[2];
    SocketWire wire[2];
    GArray *hosts;  /* of guint, owned: the world's hosts by their number here */
    double *starts; /* owned ring: when each message under way was sent */
    guint64 starts_mask, starts_head, starts_tail;
    guint number;
    Progress progress;
    guint idle_steps;
    double idle_at_s;
    gboolean over_memory;
    double path_since_s;
    gboolean over;
    double ended_s;
    guint64 lost_bytes;
    SocketRunOutcome outcome;
};

/* ---- hosts and paths ---- */

/* The world's host as a byte: equal hosts are equal bytes, which is all that the model compares. */
static guint8
socketrun_host(SocketRun *run, guint host)
{
    for (guint i = 0; i < run->hosts->len; i++)
        if (g_array_index(run->hosts, guint, i) == host)
            return (guint8)i;
    g_return_val_if_fail(run->hosts->len < HOSTS, 0);
    g_array_append_val(run->hosts, host);
    return (guint8)(run->hosts->len - 1);
}

static void
socketrun_account_path(SocketRun *run, double now_s)
{
    const double lasted_s = now_s - run->path_since_s;

    if (run->over_memory)
        run->log->memory_s += lasted_s;
    else
        run->log->tcp_s += lasted_s;
    run->path_since_s = now_s;
}

/* A connection's first path is not a change, nor is its end. */
static void
socketrun_watch_path(SocketRun *run, double now_s, gboolean first)
{
    const gboolean memory = conn_over_memory(&run->state);

    if (!first && (memory == run->over_memory || run->state.flow[0].closed || run->state.flow[1].closed))
        return;
    if (!first) {
        socketrun_account_path(run, now_s);
        run->log->changes++;
    }
    run->over_memory = memory;
    run->path_since_s = now_s;
    socketlog_switch(run->log, now_s, run->number, memory);
}

static void
socketrun_end(SocketRun *run, SocketRunOutcome outcome, double now_s)
{
    if (run->over)
        return;
    if (run->state.established)
        socketrun_account_path(run, now_s);
    run->over = TRUE;
    run->outcome = outcome;
    run->ended_s = now_s;
    for (int i = 0; i < 2; i++) {
        run->side[i].due_s = run->side[i].event_s = INFINITY;
        socketwire_clear(&run->wire[i]);
    }
}

/* ---- messages ---- */

static guint64
socketrun_draw(const SocketRunLoad *load, RandomStream *random)
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
socketrun_draw_heard(const SocketRunLoad *load, RandomStream *random)
{
    guint64 bytes;

    do
        bytes = socketrun_draw(load, random);
    while (bytes == 0);
    return bytes;
}

static guint64
socketrun_answer(const SocketRunLoad *load, guint64 request_bytes)
{
    return load->answer_bytes == G_MAXUINT64 ? request_bytes : load->answer_bytes;
}

static void
socketrun_push_start(SocketRun *run, double now_s)
{
    if (run->starts_head - run->starts_tail > run->starts_mask) {
        const guint64 size = run->starts_mask + 1;
        double *bigger = g_new(double, 2 * size);
        for (guint64 i = run->starts_tail; i < run->starts_head; i++)
            bigger[i & (2 * size - 1)] = run->starts[i & run->starts_mask];
        g_free(run->starts);
        run->starts = bigger;
        run->starts_mask = 2 * size - 1;
    }
    run->starts[run->starts_head++ & run->starts_mask] = now_s;
}

static void
socketrun_take_start(SocketRun *run, double now_s)
{
    if (run->starts_tail < run->starts_head)
        socketlog_message(run->log, now_s, now_s - run->starts[run->starts_tail++ & run->starts_mask]);
}

/* ---- applications ---- */

static void
socketrun_call(SocketRun *run, int side, ConnCall call, guint64 bytes, double now_s)
{
    const guint64 piece = MAX(run->config.buffer_bytes / 2, 1);

    conn_begin(&run->config, &run->state, side, call, MIN(bytes, piece), run->load->nonblocking);
    if (bytes == 0 && (call == CONN_CALL_SEND || call == CONN_CALL_RECEIVE))
        run->side[side].free_s = now_s + SOCKETRUN_CALL_S;
}

static void
socketrun_close(SocketRun *run, int side, double now_s)
{
    run->app[side].phase = PHASE_CLOSING;
    socketrun_call(run, side, CONN_CALL_CLOSE, 0, now_s);
}

static void
socketrun_send(SocketRun *run, int side, double now_s)
{
    App *app = &run->app[side];

    app->phase = PHASE_SENDING;
    socketrun_call(run, side, CONN_CALL_SEND, app->target - run->state.flow[side].sent, now_s);
}

/* What side receives next ends so many bytes on; TCP does not show messages of none. */
static void
socketrun_hear(SocketRun *run, int side, guint64 bytes, double now_s)
{
    App *app = &run->app[side];

    app->phase = PHASE_RECEIVING;
    app->target = run->state.flow[!side].received + bytes;
    socketrun_call(run, side, CONN_CALL_RECEIVE, bytes, now_s);
}

/* The client's next message, or the end. */
static void
socketrun_next_message(SocketRun *run, double now_s)
{
    App *app = &run->app[0];

    if (app->message >= run->load->messages || now_s > run->load->stop_s) {
        socketrun_close(run, 0, now_s);
        return;
    }
    app->message++;
    app->target = run->state.flow[0].sent + socketrun_draw(run->load, &app->sending);
    if (app->target > run->state.flow[0].sent)
        socketrun_push_start(run, now_s);
    socketrun_send(run, 0, now_s);
}

/* Waits; the next message follows when the task is looked at again. */
static void
socketrun_pause(SocketRun *run, double now_s)
{
    App *app = &run->app[0];

    app->phase = PHASE_OPENING;
    app->next_s = now_s + run->load->pause_s;
    if (run->load->pause_s == 0)
        socketrun_next_message(run, now_s);
    else if (app->next_s > run->load->stop_s)
        app->next_s = MAX(now_s, run->load->stop_s * (1 + 1e-12)); /* nothing more: close then */
}

static void
socketrun_sent(SocketRun *run, int side, double now_s)
{
    App *app = &run->app[side];

    if (run->load->application == SOCKETRUN_REQUEST && side == 0)
        socketrun_hear(run, 0, socketrun_answer(run->load, socketrun_draw(run->load, &app->hearing)), now_s);
    else if (side == 1)
        socketrun_hear(run, 1, socketrun_draw_heard(run->load, &app->hearing), now_s);
    else if (run->load->application == SOCKETRUN_BURSTY && app->message % run->load->burst == 0)
        socketrun_pause(run, now_s);
    else
        socketrun_next_message(run, now_s);
}

static void
socketrun_heard(SocketRun *run, int side, double now_s)
{
    App *app = &run->app[side];

    app->message += side;
    if (run->load->application != SOCKETRUN_REQUEST) {
        socketrun_take_start(run, now_s);
        socketrun_hear(run, side, socketrun_draw_heard(run->load, &app->hearing), now_s);
    } else if (side == 1) {
        app->target = run->state.flow[1].sent + socketrun_answer(run->load, socketrun_draw(run->load, &app->sending));
        socketrun_send(run, 1, now_s);
    } else {
        socketrun_take_start(run, now_s);
        socketrun_pause(run, now_s);
    }
}

static void
socketrun_opened(SocketRun *run, int side, double now_s)
{
    if (run->state.side[side].result == CONN_REFUSED) {
        run->app[0].phase = run->app[1].phase = PHASE_ENDED;
        socketrun_end(run, SOCKETRUN_REFUSED, now_s);
    } else if (side == 0) {
        socketrun_next_message(run, now_s);
    } else {
        socketrun_hear(run, 1, socketrun_draw_heard(run->load, &run->app[1].hearing), now_s);
    }
}

/* A send or receive has returned: more of it, the next thing, or the end. */
static void
socketrun_returned(SocketRun *run, int side, double now_s)
{
    App *app = &run->app[side];
    const gboolean sending = app->phase == PHASE_SENDING;
    const guint8 result = run->state.side[side].result;
    const guint64 at = sending ? run->state.flow[side].sent : run->state.flow[!side].received;

    if (result == CONN_END || result == CONN_PIPE) {
        socketrun_close(run, side, now_s);
    } else if (at < app->target) {
        app->polls = result == CONN_AGAIN && !app->polls;
        if (app->polls) {
            app->next_s = now_s + SOCKETRUN_POLL_S;
            return;
        }
        socketrun_call(run, side, sending ? CONN_CALL_SEND : CONN_CALL_RECEIVE, app->target - at, now_s);
    } else if (sending) {
        socketrun_sent(run, side, now_s);
    } else {
        socketrun_heard(run, side, now_s);
    }
}

/* A system that cannot migrate and finds its peer elsewhere: TCP for good, or nothing if it has no TCP. */
static void
socketrun_choose_path(SocketRun *run)
{
    const SocketSystem *system = run->system;

    if (system->migratable || connstate_together(&run->state))
        return;
    run->config.gid[1] = run->config.gid[0] + 1;
    run->config.listening = run->config.listening && system->transparent;
}

/* The task is idle: what its application does next. */
static void
socketrun_application(SocketRun *run, int side, double now_s)
{
    App *app = &run->app[side];

    switch (app->phase) {
    case PHASE_NEW:
        app->phase = PHASE_OPENING;
        if (side == 0)
            socketrun_choose_path(run);
        if (side == 0)
            socketrun_call(run, 0, CONN_CALL_CONNECT, 0, now_s);
        else
            socketrun_call(run, 1, CONN_CALL_ACCEPT, 0, now_s);
        break;
    case PHASE_OPENING:
        socketrun_opened(run, side, now_s);
        break;
    case PHASE_SENDING:
    case PHASE_RECEIVING:
        socketrun_returned(run, side, now_s);
        break;
    case PHASE_CLOSING:
        app->phase = PHASE_ENDED;
        break;
    case PHASE_ENDED:
        break;
    }
}

/* ---- dates ---- */

/* What a copy would move now: its time is spent before its effect. */
static guint64
socketrun_copy_bytes(const SocketRun *run, int side, ConnWork *work)
{
    const ConnState *s = &run->state;
    const ConnSide *me = &s->side[side];
    const guint64 buffered = bytestream_run_bytes(&s->flow[side].tx);
    const guint64 in_tcp = bytestream_tcp_bytes(&s->flow[side].tcp);
    const ByteRun head = bytestream_tcp_head(&s->flow[!side].tcp);

    switch (me->at) {
    case CONN_AT_SEND_COPY:
        *work = CONN_WORK_COPY_IN;
        return MIN(me->left, run->config.buffer_bytes - MIN(buffered, run->config.buffer_bytes));
    case CONN_AT_SEND_TCP:
        *work = CONN_WORK_TCP_IN;
        return MIN(me->left, run->config.tcp_bytes - MIN(in_tcp, run->config.tcp_bytes));
    case CONN_AT_RECEIVE_COPY:
        *work = head.from < head.to ? CONN_WORK_TCP_OUT : CONN_WORK_COPY_OUT;
        return MIN(me->left,
                   head.from < head.to ? bytestream_run_bytes(&head) : bytestream_run_bytes(&s->flow[!side].rx));
    case CONN_AT_RECEIVE_TCP:
        *work = CONN_WORK_TCP_OUT;
        return MIN(me->left, bytestream_run_bytes(&head));
    default:
        return 0;
    }
}

static double
socketrun_work_s(const SocketRun *run, ConnWork work, guint64 bytes)
{
    return run->costs.fixed_s[work] + run->costs.per_byte_s[work] * (double)bytes;
}

static void
socketrun_plan(SocketRun *run, int side, double now_s)
{
    Side *me = &run->side[side];
    const double free_s = MAX(now_s, me->free_s);
    const ConnStep step = {CONN_STEP_TASK, (guint8)side, 0};
    ConnWork work = CONN_WORK_CONTROL;

    me->planned_bytes = 0;
    me->due_s = INFINITY;
    if (!me->running || run->over)
        return;
    if (conn_idle(&run->state, side)) {
        if (run->app[side].phase != PHASE_ENDED)
            me->due_s = MAX(free_s, run->app[side].next_s);
        return;
    }
    if (!conn_enabled(&run->config, &run->state, step))
        return;
    me->planned_bytes = socketrun_copy_bytes(run, side, &work);
    me->due_s = me->planned_bytes > 0 ? free_s + socketrun_work_s(run, work, me->planned_bytes) : free_s;
}

/* An interrupt that has just been injected, at the end of the step that did. */
static void
socketrun_plan_event(SocketRun *run, int side, double from_s)
{
    Side *me = &run->side[side];

    if (!me->running || run->over || run->state.side[side].events == 0)
        me->event_s = INFINITY;
    else if (isinf(me->event_s))
        me->event_s = from_s + run->costs.fixed_s[CONN_WORK_HANDLE] + 2 * run->costs.switch_s;
}

/* TCP's new bytes go to the backend. */
static void
socketrun_feed_wire(SocketRun *run, int flow, double now_s)
{
    const TcpStream *tcp = &run->state.flow[flow].tcp;

    if (tcp->runs == 0 && !tcp->fin)
        return;
    socketwire_feed(&run->wire[flow], run->network, bytestream_tcp_in_flight(tcp), tcp->fin && !tcp->fin_arrived,
                    run->config.tcp_bytes, now_s);
}

static gboolean
socketrun_has_ended(const SocketRun *run)
{
    return run->app[0].phase == PHASE_ENDED && run->app[1].phase == PHASE_ENDED && conn_reclaimed(&run->state) &&
           socketwire_is_idle(&run->wire[0]) && socketwire_is_idle(&run->wire[1]);
}

/* After any step: whoever waited may go on. from_s: when the step's work ends. */
static void
socketrun_settle(SocketRun *run, double now_s, double from_s)
{
    for (int i = 0; i < 2; i++) {
        if (isinf(run->side[i].due_s))
            socketrun_plan(run, i, now_s);
        socketrun_plan_event(run, i, from_s);
        socketrun_feed_wire(run, i, now_s);
    }
    if (run->state.established && !run->over)
        socketrun_watch_path(run, now_s, FALSE);
    if (run->app[0].phase == PHASE_ENDED && socketrun_has_ended(run))
        socketrun_end(run, SOCKETRUN_CLOSED, now_s);
}

/* ---- steps ---- */

static gboolean
socketrun_copies(ConnWork work)
{
    static const guint8 copies[CONN_WORKS] = {
        [CONN_WORK_COPY_IN] = 1, [CONN_WORK_COPY_OUT] = 1,   [CONN_WORK_TCP_IN] = 1,
        [CONN_WORK_TCP_OUT] = 1, [CONN_WORK_TCP_FLIGHT] = 1, [CONN_WORK_RESEND] = 1,
    };

    return copies[work];
}

static void
socketrun_count(SocketRun *run, const ConnEffect *effect, int receiver, double now_s)
{
    const guint64 taken = bytestream_run_bytes(&effect->taken);

    run->log->vm_switches += effect->switches;
    if (socketrun_copies(effect->work))
        run->log->copied_bytes += effect->bytes;
    if (taken == 0)
        return;
    streamhash_take(run->key, &run->hash[!receiver], effect->taken.from, effect->taken.to);
    socketlog_bytes(run->log, now_s, taken, effect->work == CONN_WORK_COPY_OUT);
}

/* What the step costs beyond what was paid before it; a look that moves nothing is free. */
static double
socketrun_rest_s(const SocketRun *run, const ConnEffect *effect, guint64 paid_bytes)
{
    const double switches_s = run->costs.switch_s * effect->switches;

    if (!socketrun_copies(effect->work))
        return conn_cost_s(&run->costs, effect);
    if (effect->bytes == 0)
        return switches_s;
    if (paid_bytes == 0)
        return conn_cost_s(&run->costs, effect);
    const guint64 more = effect->bytes - MIN(paid_bytes, effect->bytes);
    return switches_s + run->costs.per_byte_s[effect->work] * (double)more;
}

/* A call that spins without time gets some. */
static void
socketrun_watch_idling(SocketRun *run, int side, double now_s)
{
    if (now_s > run->idle_at_s) {
        run->idle_at_s = now_s;
        run->idle_steps = 0;
    } else if (++run->idle_steps >= IDLE_STEPS) {
        run->side[side].free_s = MAX(run->side[side].free_s, now_s) + SOCKETRUN_CALL_S;
        run->idle_steps = 0;
    }
}

static void
socketrun_task(SocketRun *run, int side, double now_s)
{
    Side *me = &run->side[side];
    const ConnStep step = {CONN_STEP_TASK, (guint8)side, 0};
    const gboolean registered = run->state.side[side].registered;
    const guint8 established = run->state.established;
    const guint8 at = run->state.side[side].at;
    ConnEffect effect;

    if (conn_idle(&run->state, side)) {
        socketrun_application(run, side, now_s);
        socketrun_plan(run, side, now_s);
        if (run->app[side].phase == PHASE_ENDED)
            socketrun_settle(run, now_s, now_s);
        return;
    }
    if (!conn_enabled(&run->config, &run->state, step)) {
        socketrun_plan(run, side, now_s);
        return;
    }
    conn_step(&run->config, &run->state, step, &effect);
    socketrun_count(run, &effect, side, now_s);
    me->free_s = now_s + socketrun_rest_s(run, &effect, me->planned_bytes);
    if (at == CONN_AT_SEND_ENQUEUE || at == CONN_AT_RECEIVE_ENQUEUE)
        me->free_s += SOCKETRUN_QUEUE_S;
    if (!registered && run->state.side[side].registered && effect.work != CONN_WORK_BUILD)
        me->free_s += run->costs.fixed_s[CONN_WORK_BUILD]; /* a check found the other VM here */
    if (!established && run->state.established)
        socketrun_watch_path(run, now_s, TRUE);
    socketrun_watch_idling(run, side, now_s);
    me->due_s = INFINITY;
    socketrun_settle(run, now_s, me->free_s);
}

static void
socketrun_event(SocketRun *run, int side, double now_s)
{
    ConnEffect effect;
    const ConnStep step = {CONN_STEP_EVENT, (guint8)side, 0};

    run->side[side].event_s = INFINITY;
    if (!conn_enabled(&run->config, &run->state, step))
        return;
    conn_step(&run->config, &run->state, step, &effect);
    socketrun_count(run, &effect, side, now_s);
    if (effect.work == CONN_WORK_RESEND && effect.bytes > 0)
        run->side[side].free_s =
            MAX(run->side[side].free_s, now_s) + socketrun_work_s(run, CONN_WORK_RESEND, effect.bytes);
    socketrun_settle(run, now_s, now_s);
}

/* The first batch of VM flow is at its receiver. */
static void
socketrun_deliver(SocketRun *run, int flow, double now_s)
{
    const ConnStep step = {CONN_STEP_NETWORK, (guint8)flow, 0};
    SocketWire *wire = &run->wire[flow];
    ConnEffect effect;

    if (!run->side[!flow].running) {
        socketwire_repeat(wire, now_s);
        if (wire->tries > SOCKETRUN_RETRIES)
            socketrun_give_up(run, SOCKETRUN_TIMED_OUT, now_s);
        return;
    }
    run->config.segment_bytes = socketwire_deliver(wire);
    if (conn_enabled(&run->config, &run->state, step)) {
        conn_step(&run->config, &run->state, step, &effect);
        run->log->vm_switches += run->network->switches;
        socketrun_count(run, &effect, !flow, now_s);
    }
    socketwire_trim(wire, bytestream_tcp_in_flight(&run->state.flow[flow].tcp));
    socketrun_settle(run, now_s, now_s);
}

/* ---- the calendar ---- */

typedef enum { DUE_NOTHING, DUE_DELIVERY, DUE_SERVICE, DUE_EVENT, DUE_TASK } DueKind;

typedef struct {
    DueKind kind;
    int side;
    double at_s;
} Due;

/* Of equal dates: what arrives before what is done with it, VM 0 before VM 1. */
static Due
socketrun_due(const SocketRun *run)
{
    Due due = {DUE_NOTHING, 0, INFINITY};

    for (int i = 0; i < 2; i++) {
        if (run->wire[i].n > 0) {
            const double delivery_s = socketwire_delivery_s(&run->wire[i]);
            const double service_s = socketwire_service_s(&run->wire[i]);
            if (delivery_s < due.at_s)
                due = (Due){DUE_DELIVERY, i, delivery_s};
            if (service_s < due.at_s)
                due = (Due){DUE_SERVICE, i, service_s};
        }
        if (run->side[i].running && run->side[i].event_s < due.at_s)
            due = (Due){DUE_EVENT, i, run->side[i].event_s};
    }
    for (int i = 0; i < 2; i++)
        if (run->side[i].running && run->side[i].due_s < due.at_s)
            due = (Due){DUE_TASK, i, run->side[i].due_s};
    return due;
}

void
socketrun_advance(SocketRun *run, double until_s)
{
    for (;;) {
        const Due due = socketrun_due(run);
        if (run->over || due.at_s > until_s || due.kind == DUE_NOTHING || !progress_event(&run->progress, due.at_s))
            return;
        switch (due.kind) {
        case DUE_DELIVERY:
            socketrun_deliver(run, due.side, due.at_s);
            break;
        case DUE_SERVICE:
            socketwire_served(&run->wire[due.side], connstate_together(&run->state), due.at_s);
            socketrun_feed_wire(run, due.side, due.at_s);
            break;
        case DUE_EVENT:
            socketrun_event(run, due.side, due.at_s);
            break;
        default:
            do /* its looks and decisions, which take no time */
                socketrun_task(run, due.side, due.at_s);
            while (run->side[due.side].due_s <= due.at_s && !run->over && progress_event(&run->progress, due.at_s));
        }
    }
}

double
socketrun_next_s(const SocketRun *run)
{
    return run->over ? INFINITY : socketrun_due(run).at_s;
}

gboolean
socketrun_is_coupled(const SocketRun *run)
{
    return !connstate_together(&run->state) || socketwire_is_crossing(&run->wire[0]) ||
           socketwire_is_crossing(&run->wire[1]);
}

/* ---- what the world does ---- */

void
socketrun_stop(SocketRun *run, int side, double now_s)
{
    socketrun_advance(run, now_s);
    run->side[side].running = FALSE;
    run->side[side].stopped_s = now_s;
}

/* The stopped VM's clock stood still: what was pending comes that much later. */
static void
socketrun_shift(SocketRun *run, int side, double by_s)
{
    Side *me = &run->side[side];

    me->free_s += by_s;
    me->due_s += by_s;
    me->event_s += by_s;
}

void
socketrun_resume(SocketRun *run, int side, guint host, double now_s)
{
    const guint8 to = socketrun_host(run, host);

    socketrun_advance(run, now_s);
    run->side[side].running = TRUE;
    if (run->over)
        return;
    socketrun_shift(run, side, now_s - run->side[side].stopped_s);
    if (to != run->state.side[side].host) {
        if (run->over_memory && run->state.established && !run->system->migratable) {
            socketrun_give_up(run, SOCKETRUN_BROKEN, now_s);
            return;
        }
        const ConnStep step = {CONN_STEP_MOVE, (guint8)side, to};
        conn_step(&run->config, &run->state, step, NULL);
    }
    socketrun_settle(run, now_s, now_s);
}

void
socketrun_give_up(SocketRun *run, SocketRunOutcome outcome, double now_s)
{
    if (run->over)
        return;
    run->lost_bytes = conn_break(&run->state);
    run->app[0].phase = run->app[1].phase = PHASE_ENDED;
    socketrun_end(run, outcome, now_s);
}

gboolean
socketrun_wire_take(SocketRun *run, int flow, guint64 *bytes)
{
    return !run->over && socketwire_take(&run->wire[flow], bytes);
}

gboolean
socketrun_wire_waits(const SocketRun *run, int flow)
{
    return !run->over && socketwire_waits(&run->wire[flow]);
}

void
socketrun_close_account(SocketRun *run, double now_s)
{
    if (run->state.established && !run->over)
        socketrun_account_path(run, now_s);
}

void
socketrun_wire_arrived(SocketRun *run, int flow, double now_s)
{
    socketrun_advance(run, now_s);
    socketwire_arrived(&run->wire[flow], now_s);
}

/* ---- life ---- */

static void
socketrun_init_side(SocketRun *run, int i, const SocketRunSetting *setting, guint64 random_seed, const char *name)
{
    App *app = &run->app[i];

    run->side[i] = (Side){.running = TRUE, .due_s = INFINITY, .event_s = INFINITY};
    *app = (App){.phase = PHASE_NEW, .next_s = run->load->start_s};
    /* the same numbers four times: what one side sends, the other expects */
    random_init(&app->sending, random_seed, "message sizes", name);
    app->hearing = app->sending;
    socketwire_init(&run->wire[i], &run->costs, setting->retransmit_s);
    streamhash_init(&run->hash[i]);
}

SocketRun *
socketrun_new(const SocketRunSetting *setting, const SocketRunLoad *load, const StreamHashKey *key, SocketLog *log,
              guint64 random_seed, const char *name)
{
    SocketRun *run = g_new0(SocketRun, 1);

    run->system = setting->system;
    run->network = setting->network;
    run->load = load;
    run->key = key;
    run->log = log;
    run->number = setting->number;
    run->config = setting->conn;
    if (setting->system->level == SOCKETSYSTEM_NETWORK) /* no second path */
        run->config.gid[1] = run->config.gid[0] + 1;
    socketsystem_conn_costs(setting->system, setting->network, &run->costs);
    run->hosts = g_array_new(FALSE, FALSE, sizeof(guint));
    run->starts = g_new(double, 16);
    run->starts_mask = 15;
    const guint8 first = socketrun_host(run, setting->host[0]);
    conn_init(&run->config, &run->state, first, socketrun_host(run, setting->host[1]));
    for (int i = 0; i < 2; i++)
        socketrun_init_side(run, i, setting, random_seed, name);
    for (int i = 0; i < 2; i++)
        socketrun_plan(run, i, load->start_s);
    return run;
}

void
socketrun_free(SocketRun *run)
{
    if (!run)
        return;
    g_array_unref(run->hosts);
    g_free(run->starts);
    g_free(run);
}

/* ---- queries ---- */

SocketRunOutcome
socketrun_outcome(const SocketRun *run)
{
    return run->outcome;
}

const char *
socketrun_outcome_word(SocketRunOutcome outcome)
{
    static const char *const words[] = {"open", "closed", "refused", "broken", "lost", "timed-out"};

    return words[outcome];
}

gboolean
socketrun_is_over(const SocketRun *run)
{
    return run->over;
}

gboolean
socketrun_is_stuck(const SocketRun *run)
{
    return !run->over && run->side[0].running && run->side[1].running && isinf(socketrun_next_s(run)) &&
           !socketwire_is_crossing(&run->wire[0]) && !socketwire_is_crossing(&run->wire[1]);
}

double
socketrun_ended_s(const SocketRun *run)
{
    return run->ended_s;
}

guint64
socketrun_lost_bytes(const SocketRun *run)
{
    return run->lost_bytes;
}

guint64
socketrun_received_bytes(const SocketRun *run)
{
    return run->hash[0].bytes + run->hash[1].bytes;
}

const ConnState *
socketrun_state(const SocketRun *run)
{
    return &run->state;
}

gboolean
socketrun_bytes_are_right(const SocketRun *run)
{
    for (int i = 0; i < 2; i++)
        if (run->hash[i].hash != streamhash_expected(run->key, run->hash[i].bytes))
            return FALSE;
    return run->state.faults == 0;
}

gboolean
socketrun_is_reclaimed(const SocketRun *run)
{
    return conn_reclaimed(&run->state);
}
