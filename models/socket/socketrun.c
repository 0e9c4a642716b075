#include "models/socket/socketrun.h"

#include "models/base/progress.h"
#include "models/socket/socketcost.h"
#include "models/socket/socketdue.h"
#include "models/socket/socketpath.h"

#include <math.h>

#define HOSTS              250 /* that a connection can tell apart; ConnSide.host is a byte */
#define SOCKETRUN_SWITCHES 4.0 /* as the steps count them: the notifying call in and back, the interrupt out and in */
#define IDLE_STEPS         64 /* chosen: steps without time after which one takes SOCKETRUN_CALL_S (a call that spins) */

struct SocketRun {
    const SocketSystem *system, *network;
    const StreamHashKey *key;
    SocketLog *log;
    ConnConfig config;
    guint64 call_bytes;
    ConnCosts costs;
    ConnState state;
    StreamHash hash[2];
    SocketApp app;
    SocketPath path;
    SocketDueSide side[2];
    SocketWire wire[2];
    GArray *hosts; /* of guint, owned: the world's hosts by their number here */
    Progress progress;
    double message_s;
    guint idle_steps;
    double idle_at_s;
    gboolean over;
    double ended_s;
    guint64 lost_bytes;
    SocketRunOutcome outcome;
};

/* ---- hosts and the end ---- */

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
socketrun_end(SocketRun *run, SocketRunOutcome outcome, double now_s)
{
    if (run->over)
        return;
    if (run->state.established)
        socketpath_account(&run->path, now_s);
    run->over = TRUE;
    run->outcome = outcome;
    run->ended_s = now_s;
    for (int i = 0; i < 2; i++) {
        run->side[i].due_s = run->side[i].event_s = run->side[i].told_s = INFINITY;
        socketwire_clear(&run->wire[i]);
    }
}

/* ---- applications ---- */

static void
socketrun_call(SocketRun *run, int side, ConnCall call, guint64 bytes, double now_s)
{
    conn_begin(&run->config, &run->state, side, call, MIN(bytes, run->call_bytes), run->app.load->nonblocking);
    if (bytes == 0 && conn_moves_bytes(call))
        run->side[side].free_s = now_s + SOCKETRUN_CALL_S;
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
    if (socketapp_is_refused(&run->app, &run->state, side)) {
        socketapp_end(&run->app);
        socketrun_end(run, SOCKETRUN_REFUSED, now_s);
        return;
    }
    const SocketAppCall next = socketapp_next(&run->app, &run->state, side, now_s);
    if (next.call == CONN_CALL_CONNECT)
        socketrun_choose_path(run);
    if (next.call != CONN_CALL_NONE)
        socketrun_call(run, side, next.call, next.bytes, now_s);
}

/* ---- dates ---- */

static void
socketrun_plan(SocketRun *run, int side, double now_s)
{
    SocketDueSide *me = &run->side[side];
    const double free_s = MAX(now_s, me->free_s);
    const ConnStep step = {CONN_STEP_TASK, (guint8)side, 0};
    ConnWork work = CONN_WORK_CONTROL;

    me->planned_bytes = 0;
    me->due_s = INFINITY;
    if (!me->running || run->over)
        return;
    if (conn_idle(&run->state, side)) {
        me->due_s = MAX(free_s, socketapp_next_s(&run->app, side));
        return;
    }
    if (!conn_enabled(&run->config, &run->state, step))
        return;
    me->planned_bytes = socketcost_copy_bytes(&run->config, &run->state, side, &work);
    me->due_s = me->planned_bytes > 0 ? free_s + socketcost_work_s(&run->costs, work, me->planned_bytes) : free_s;
}

/* An interrupt that has just been injected, at the end of the step that did. */
static void
socketrun_plan_event(SocketRun *run, int side, double from_s)
{
    SocketDueSide *me = &run->side[side];

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
    return socketapp_side_has_ended(&run->app, 0) && socketapp_side_has_ended(&run->app, 1) &&
           conn_reclaimed(&run->state) && socketwire_is_idle(&run->wire[0]) && socketwire_is_idle(&run->wire[1]);
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
        socketpath_watch(&run->path, &run->state, now_s);
    if (socketrun_has_ended(run))
        socketrun_end(run, SOCKETRUN_CLOSED, now_s);
}

/* ---- steps ---- */

static void
socketrun_count(SocketRun *run, const ConnEffect *effect, int receiver, double now_s)
{
    const guint64 taken = bytestream_run_bytes(&effect->taken);

    run->log->vm_switches += (double)effect->switches * run->system->switches / SOCKETRUN_SWITCHES;
    if (socketcost_copies(effect->work))
        run->log->copied_bytes += effect->bytes;
    if (taken == 0)
        return;
    streamhash_take(run->key, &run->hash[!receiver], effect->taken.from, effect->taken.to);
    socketlog_bytes(run->log, now_s, taken, effect->work == CONN_WORK_COPY_OUT);
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

static gboolean
socketrun_sleeps(const SocketRun *run, int side)
{
    const guint8 at = run->state.side[side].at;

    return at == CONN_AT_SEND_SLEEP || at == CONN_AT_RECEIVE_SLEEP;
}

/* What a copy takes longer for what the other side is doing. */
static double
socketrun_handover_s(SocketRun *run, int side)
{
    SocketDueSide *me = &run->side[side];
    const SocketSystem *system = run->system;
    const gboolean awake = !socketrun_sleeps(run, !side);
    const guint64 received = run->state.flow[side].received;

    if (run->state.side[side].at == CONN_AT_RECEIVE_COPY)
        return awake ? MAX(system->handover_per_byte_s * (double)me->planned_bytes -
                               run->costs.fixed_s[CONN_WORK_COPY_OUT],
                           0)
                     : 0;
    const double more_s = (awake ? system->handover_s : 0) + (received == me->seen ? 0 : system->ack_work_s);
    me->seen = received;
    return more_s;
}

/* A copy is made, but for that: TRUE when it takes longer, which is said once. */
static gboolean
socketrun_takes_over(SocketRun *run, int side, double now_s)
{
    SocketDueSide *me = &run->side[side];
    const guint8 at = run->state.side[side].at;

    if ((at != CONN_AT_SEND_COPY && at != CONN_AT_RECEIVE_COPY) || me->planned_bytes == 0 || me->taken_over)
        return me->taken_over = FALSE;
    const double more_s = socketrun_handover_s(run, side);
    me->taken_over = more_s > 0;
    me->due_s = now_s + more_s;
    return me->taken_over;
}

/* What a step's notification costs less because the peer, which is in the queue, does not sleep yet. */
static double
socketrun_spared_s(const SocketRun *run, const ConnEffect *effect, int side)
{
    return effect->work == CONN_WORK_NOTIFY && effect->switches > 0 && !socketrun_sleeps(run, !side)
               ? run->system->notify_s - run->system->notify_awake_s
               : 0;
}

static void
socketrun_task(SocketRun *run, int side, double now_s)
{
    SocketDueSide *me = &run->side[side];
    const ConnStep step = {CONN_STEP_TASK, (guint8)side, 0};
    const gboolean registered = run->state.side[side].registered;
    const guint8 established = run->state.established;
    const guint8 at = run->state.side[side].at;
    ConnEffect effect;

    if (conn_idle(&run->state, side)) {
        socketrun_application(run, side, now_s);
        socketrun_plan(run, side, now_s);
        if (socketapp_side_has_ended(&run->app, side))
            socketrun_settle(run, now_s, now_s);
        return;
    }
    if (!conn_enabled(&run->config, &run->state, step)) {
        socketrun_plan(run, side, now_s);
        return;
    }
    if (socketrun_takes_over(run, side, now_s))
        return;
    conn_step(&run->config, &run->state, step, &effect);
    socketrun_count(run, &effect, side, now_s);
    me->free_s =
        now_s + socketcost_rest_s(&run->costs, &effect, me->planned_bytes) - socketrun_spared_s(run, &effect, side);
    if (at == CONN_AT_SEND_ENQUEUE || at == CONN_AT_RECEIVE_ENQUEUE)
        me->free_s += run->system->queue_s;
    if (!registered && run->state.side[side].registered && effect.work != CONN_WORK_BUILD)
        me->free_s += run->costs.fixed_s[CONN_WORK_BUILD]; /* a check found the other VM here */
    if (!established && run->state.established)
        socketpath_begin(&run->path, &run->state, now_s);
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
            MAX(run->side[side].free_s, now_s) + socketcost_work_s(&run->costs, CONN_WORK_RESEND, effect.bytes);
    socketrun_settle(run, now_s, now_s);
}

/* The VM's machine has the message of the other one's. */
static void
socketrun_tell(SocketRun *run, int side, double now_s)
{
    const ConnStep step = {CONN_STEP_TELL, (guint8)side, 0};

    run->side[side].told_s = INFINITY;
    if (!conn_enabled(&run->config, &run->state, step))
        return;
    conn_step(&run->config, &run->state, step, NULL);
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

void
socketrun_advance(SocketRun *run, double until_s)
{
    for (;;) {
        const SocketDue due = socketdue_first(run->side, run->wire);
        if (run->over || due.at_s > until_s || due.kind == SOCKETDUE_NOTHING ||
            !progress_event(&run->progress, due.at_s))
            return;
        switch (due.kind) {
        case SOCKETDUE_DELIVERY:
            socketrun_deliver(run, due.side, due.at_s);
            break;
        case SOCKETDUE_SERVICE:
            socketwire_served(&run->wire[due.side], connstate_together(&run->state), due.at_s);
            socketrun_feed_wire(run, due.side, due.at_s);
            break;
        case SOCKETDUE_TELL:
            socketrun_tell(run, due.side, due.at_s);
            break;
        case SOCKETDUE_EVENT:
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
    return run->over ? INFINITY : socketdue_first(run->side, run->wire).at_s;
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

void
socketrun_resume(SocketRun *run, int side, guint host, double now_s)
{
    const guint8 to = socketrun_host(run, host);

    socketrun_advance(run, now_s);
    run->side[side].running = TRUE;
    if (run->over)
        return;
    socketdue_shift(&run->side[side], now_s - run->side[side].stopped_s);
    const gboolean moved = to != run->state.side[side].host;
    if (moved && run->path.over_memory && run->state.established && !run->system->migratable) {
        socketrun_give_up(run, SOCKETRUN_BROKEN, now_s);
        return;
    }
    if (moved || conn_is_announced(&run->state, side))
        conn_step(&run->config, &run->state, (ConnStep){CONN_STEP_MOVE, (guint8)side, to}, NULL);
    if (moved)
        run->side[!side].told_s = now_s + run->message_s;
    socketrun_settle(run, now_s, now_s);
}

gboolean
socketrun_announce(SocketRun *run, int side, double now_s)
{
    const ConnStep announce = {CONN_STEP_ANNOUNCE, (guint8)side, 0};

    socketrun_advance(run, now_s);
    if (run->over || !run->config.announced)
        return TRUE;
    if (conn_enabled(&run->config, &run->state, announce)) {
        conn_step(&run->config, &run->state, announce, NULL);
        socketrun_settle(run, now_s, now_s);
    }
    return conn_has_left(&run->state);
}

void
socketrun_withdraw(SocketRun *run, int side, double now_s)
{
    socketrun_advance(run, now_s);
    if (run->over || !conn_is_announced(&run->state, side))
        return;
    conn_step(&run->config, &run->state, (ConnStep){CONN_STEP_MOVE, (guint8)side, run->state.side[side].host}, NULL);
    socketrun_settle(run, now_s, now_s);
}

void
socketrun_give_up(SocketRun *run, SocketRunOutcome outcome, double now_s)
{
    if (run->over)
        return;
    run->lost_bytes = conn_break(&run->state);
    socketapp_end(&run->app);
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
        socketpath_account(&run->path, now_s);
}

void
socketrun_wire_arrived(SocketRun *run, int flow, double now_s)
{
    socketrun_advance(run, now_s);
    socketwire_arrived(&run->wire[flow], now_s);
}

/* ---- life ---- */

SocketRun *
socketrun_new(const SocketRunSetting *setting, const SocketAppLoad *load, const StreamHashKey *key, SocketLog *log,
              guint64 random_seed, const char *name)
{
    SocketRun *run = g_new0(SocketRun, 1);

    run->system = setting->system;
    run->network = setting->network;
    run->message_s = setting->conn.per_machine ? setting->message_s : INFINITY;
    run->key = key;
    run->log = log;
    run->path = (SocketPath){.log = log, .number = setting->number};
    run->config = setting->conn;
    run->call_bytes = setting->call_bytes > 0 ? setting->call_bytes : MAX(setting->conn.buffer_bytes / 2, 1);
    run->config.notify_once = setting->system->notify_once;
    if (setting->system->level == SOCKETSYSTEM_NETWORK) /* no second path */
        run->config.gid[1] = run->config.gid[0] + 1;
    socketsystem_conn_costs(setting->system, setting->network, &run->costs);
    run->hosts = g_array_new(FALSE, FALSE, sizeof(guint));
    socketapp_init(&run->app, load, log, random_seed, name);
    const guint8 first = socketrun_host(run, setting->host[0]);
    conn_init(&run->config, &run->state, first, socketrun_host(run, setting->host[1]));
    for (int i = 0; i < 2; i++) {
        socketdue_init_side(&run->side[i]);
        socketwire_init(&run->wire[i], &run->costs, setting->retransmit_s);
        streamhash_init(&run->hash[i]);
    }
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
    socketapp_clear(&run->app);
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
    static const char *const words[] = {
        [SOCKETRUN_OPEN] = "open",     [SOCKETRUN_CLOSED] = "closed", [SOCKETRUN_REFUSED] = "refused",
        [SOCKETRUN_BROKEN] = "broken", [SOCKETRUN_LOST] = "lost",     [SOCKETRUN_TIMED_OUT] = "timed-out",
    };

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
