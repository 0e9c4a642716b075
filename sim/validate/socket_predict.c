#include "sim/validate/socket_predict.h"

#include "sim/validate/case_list.h"

#include <math.h>

#define UNIX_MESSAGE_BYTES                                                                                             \
    768.0 /* what Linux accounts for a message besides its bytes: struct sk_buff and its shared part */

const CaseMeasure socket_measures[N_CASE_MEASURES] = {
    [CASE_RATE] = {"messages_per_s", "socket.s.before.messages_per_s", 1},
    [CASE_LATENCY] = {"latency_median_us", "socket.s.before.latency_p50_s", 1e6},
};

/* ---- costs by size ---- */

#define COST(member) G_STRUCT_OFFSET(SocketMoving, member)

/* Of so many bytes, between the sizes that were measured; NAN: it was not. */
static double
cost_us(const SocketCase *one, gsize member, double bytes)
{
    const SocketMoving *below = NULL;
    double us = NAN;

    for (guint i = 0; i < one->moving->len; i++) {
        const SocketMoving *at = &g_array_index(one->moving, SocketMoving, i);
        const double here_us = G_STRUCT_MEMBER(double, at, member);
        if (isnan(here_us))
            continue;
        if (at->bytes >= bytes) {
            if (!below || at->bytes == bytes)
                return here_us;
            return us + (here_us - us) * (bytes - below->bytes) / (at->bytes - below->bytes);
        }
        below = at;
        us = here_us;
    }
    return below ? us * bytes / below->bytes : NAN; /* larger than any: by the byte */
}

/* A call that takes so long for few bytes, and by the byte. */
typedef struct {
    double fixed_us, per_byte_us;
} Line;

/* Through what few bytes take and what many do. */
static Line
line_through(double few, double few_us, double many, double many_us)
{
    if (many <= few)
        return (Line){0, few_us / few};
    const double per_byte_us = CLAMP((many_us - few_us) / (many - few), 0, few_us / few);

    return (Line){few_us - per_byte_us * few, per_byte_us};
}

/* What the two do, where they run. */
typedef struct {
    Line send, receive;
    double handover_us; /* more of a send while the receiver is awake */
    double ack_work_us; /* more of a send when the receiver has received since the last one */
    double notify_us;   /* of the sender, whose receiver sleeps */
    double wake_us;     /* from then until the receiver runs */
    double queue_us;    /* into the wait */
    double buffer_bytes;
} Talk;

static gboolean
on_one(const SocketCase *one)
{
    return one->place == SOCKET_PLACE_ONE || one->processors < 2;
}

/* Waking a sleeper of another processor that has slept for so long: the longest measured gap that is not longer. */
static CaseWake
wake_after(const SocketCase *one, double slept_us)
{
    CaseWake wake = g_array_index(one->wakes, CaseWake, 0);

    for (guint i = 1; i < one->wakes->len && g_array_index(one->wakes, CaseWake, i).gap_us <= slept_us; i++)
        wake = g_array_index(one->wakes, CaseWake, i);
    return wake;
}

/* A sleeper's wake as an eventfd's. A kernel's socket wakes within the send, without the call's own cost. */
static void
set_waking(const SocketCase *one, Talk *talk, double slept_us)
{
    const double call_us = one->design == SOCKET_DESIGN_RING ? 0 : one->write_idle_us;
    const CaseWake wake = wake_after(one, slept_us);

    talk->wake_us = MAX(wake.runs_us - call_us, 0);
    talk->notify_us = CLAMP(wake.call_us - call_us, 0, talk->wake_us);
}

/* On one processor: what passes until the receiver has the bytes, besides both calls. */
static void
set_waking_on_one(const SocketCase *one, Talk *talk, double send_us, double receive_us)
{
    const double whole_us = cost_us(one, COST(wake_same), one->bytes);

    talk->wake_us = MAX(whole_us - send_us - receive_us, 0);
    talk->notify_us = CLAMP(cost_us(one, COST(send_wake_same), one->bytes) - send_us, 0, talk->wake_us);
}

/* Into the wait: a ring's side looks once more, which takes as long as it takes to see what the other wrote; a kernel's
 * has half of what a sleep costs before somebody else has its processor. */
static double
queue_us(const SocketCase *one)
{
    const double us = one->design == SOCKET_DESIGN_RING ? one->handover_us : one->sleep_same_us / 2;

    return isnan(us) ? 0 : us;
}

/* One at a time: of the sender's and the receiver's calls only the sum counts. */
static Talk
round_trips(const SocketCase *one)
{
    const gboolean same = on_one(one);
    const double send_us = cost_us(one, same ? COST(send_same) : COST(send_other), one->bytes);
    const double acknowledged_us = cost_us(one, same ? COST(receive_same) : COST(receive_other), one->bytes);
    const double acknowledge_us = one->design == SOCKET_DESIGN_TCP ? cost_us(one, COST(acknowledge), one->bytes) : 0;
    Talk talk = {.send = {send_us, 0}, .buffer_bytes = 2 * one->bytes};

    /* the answer carries the acknowledgment, which a receive alone has to send */
    talk.receive.fixed_us = acknowledged_us; /* NAN: not measured */
    if (talk.receive.fixed_us > acknowledge_us)
        talk.receive.fixed_us -= acknowledge_us;
    if (same) {
        set_waking_on_one(one, &talk, send_us, acknowledged_us);
        return talk;
    }
    /* each sleeps while the other is woken and does the same */
    set_waking(one, &talk, 0);
    set_waking(one, &talk, talk.wake_us + send_us + talk.receive.fixed_us);
    return talk;
}

/* A message after another. The sender pays what it does while nobody receives, and what it takes longer when somebody
 * has; the receiver takes what there is, and pays for one message, or for as many as it asks for. */
static Talk
stream(const SocketCase *one)
{
    const double few = one->bytes, many = MAX(one->receive_bytes, few);
    const double alone_us = cost_us(one, COST(send_row_other), few), send_us = cost_us(one, COST(send_other), few);
    const double receive_us = cost_us(one, COST(receive_other), few);
    const double row_us = isnan(alone_us) ? send_us : MIN(alone_us, send_us);
    Talk talk = {.send = {row_us, 0},
                 .receive = line_through(few, receive_us, many, cost_us(one, COST(receive_other), many)),
                 .handover_us = send_us - row_us,
                 .queue_us = queue_us(one),
                 .buffer_bytes = one->buffer_bytes};

    set_waking(one, &talk, 0);
    return talk;
}

/* A message that is larger than its ring goes in pieces of that. */
static Talk
ring_stream(const SocketCase *one)
{
    const double piece = one->buffer_bytes;

    if (one->bytes <= piece)
        return stream(one);
    SocketCase pieces = *one;
    pieces.bytes = piece;
    return stream(&pieces);
}

/* Each message stays one in the queue, and is taken out as one. */
static Talk
unix_stream(const SocketCase *one)
{
    Talk talk = stream(one);
    const double receive_us = cost_us(one, COST(receive_other), one->bytes);
    const double row_us = cost_us(one, COST(receive_row_other), one->bytes);

    if (!isnan(row_us))
        talk.receive = line_through(one->bytes, receive_us, 2 * one->bytes, receive_us + row_us);
    talk.buffer_bytes = one->kernel_send_buffer_bytes * one->bytes / (one->bytes + UNIX_MESSAGE_BYTES);
    return talk;
}

/* What is smaller than a segment is appended to one that waits for an acknowledgment. Who receives acknowledges; the
 * sender's next call handles that, and sends the segment. Nobody sleeps long, and nobody is woken by a call. */
static Talk
tcp_stream(const SocketCase *one)
{
    Talk talk = stream(one);
    const double appended_us = cost_us(one, COST(send_appended), one->bytes);
    const double push_us = cost_us(one, COST(push), one->bytes);
    const double acknowledge_us = cost_us(one, COST(acknowledge), one->bytes);

    talk.buffer_bytes = one->kernel_send_buffer_bytes + one->kernel_receive_buffer_bytes;
    if (2 * one->bytes > one->segment_bytes || isnan(appended_us) || isnan(push_us) || isnan(acknowledge_us))
        return talk;
    talk.send = (Line){appended_us, 0};
    talk.handover_us = 0;
    talk.ack_work_us = acknowledge_us + push_us;
    talk.notify_us = 0;
    talk.wake_us = push_us;
    return talk;
}

static Talk
talk_of(const SocketCase *one)
{
    if (one->workload == SOCKET_ROUND_TRIP)
        return round_trips(one);
    if (one->design == SOCKET_DESIGN_TCP)
        return tcp_stream(one);
    return one->design == SOCKET_DESIGN_UNIX ? unix_stream(one) : ring_stream(one);
}

/* ---- a case as a scenario ---- */

static void
add_time(GPtrArray *settings, const char *key, double us)
{
    case_settings_add(settings, "/sockets/0/system/%s=%.6fus", key, us);
}

/* No rate is infinite: what takes no time by the byte takes as good as none. */
static void
add_rate(GPtrArray *settings, const char *key, double per_byte_us)
{
    case_settings_add(settings, "/sockets/0/system/%s=%.6fMbps", key, 8 / MAX(per_byte_us, 1e-9));
}

static gboolean
check_known(const SocketCase *one, const Talk *talk, GError **error)
{
    const double sum = talk->send.fixed_us + talk->send.per_byte_us + talk->receive.fixed_us +
                       talk->receive.per_byte_us + talk->wake_us + talk->notify_us + talk->buffer_bytes;

    return !isnan(sum) || case_wrong(one->path,
                                     "/costs/moving_by_size: lacks what a send, a receive or a sleeper costs where the "
                                     "two ran, expected it at some sizes",
                                     error);
}

Scenario *
socket_scenario(const SocketCase *one, const char *const *more, GError **error)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);
    const Talk talk = talk_of(one);
    const double work_us = talk.send.fixed_us + talk.receive.fixed_us;

    if (!check_known(one, &talk, error))
        return NULL;
    case_settings_add(settings, "/sockets/0/application=%s",
                      one->workload == SOCKET_STREAM ? "bulk" : "request-response");
    case_settings_add(settings, "/sockets/0/messages/0/size=%.0fB", one->bytes);
    case_settings_add(settings, "/sockets/0/buffer=%.0fB", MAX(talk.buffer_bytes, 2));
    case_settings_add(settings, "/sockets/0/call=%.0fB", MAX(one->bytes, one->receive_bytes));
    if (one->workload == SOCKET_STREAM)
        case_settings_add(settings, "/sockets/0/receive=%.0fB", one->receive_bytes);
    add_time(settings, "path", work_us + talk.wake_us);
    add_time(settings, "wake", talk.wake_us);
    add_time(settings, "notify", talk.notify_us);
    add_time(settings, "notify_awake", one->design == SOCKET_DESIGN_RING ? MIN(one->write_idle_us, talk.notify_us) : 0);
    add_time(settings, "queue", talk.queue_us);
    add_time(settings, "handover", talk.handover_us);
    add_time(settings, "ack_work", talk.ack_work_us);
    if (talk.handover_us > 0)
        add_rate(settings, "handover_rate", talk.receive.fixed_us / one->bytes);
    case_settings_add(settings, "/sockets/0/system/sender_share=%.9f",
                      work_us > 0 ? talk.send.fixed_us / work_us : 0.5);
    add_rate(settings, "copy_rate", talk.send.per_byte_us);
    add_rate(settings, "copy_out_rate", talk.receive.per_byte_us);
    return case_scenario_load("socket-pair.json", settings, more, one->path, error);
}

/* ---- predictions ---- */

static const char *
why_left_out(const SocketCase *one)
{
    if (one->poll_us > 0)
        return "polls before it sleeps";
    return one->workload == SOCKET_STREAM && on_one(one) ? "both on one processor" : NULL;
}

static gboolean
predict_case(const SocketCase *one, const char *const *more, guint seeds, guint workers, GArray *predictions,
             GError **error)
{
    const Comparison none = {NAN, NAN, NAN, NAN, NAN};
    CasePrediction prediction = {.of = one,
                                 .id = one->id,
                                 .disturbed = one->disturbed,
                                 .left_out = why_left_out(one),
                                 .measures = {[CASE_RATE] = none, [CASE_LATENCY] = none}};

    if (!prediction.left_out) {
        g_autoptr(Scenario) scenario = socket_scenario(one, more, error);
        g_autoptr(GArray) runs = scenario ? case_runs(scenario, seeds, workers, error) : NULL;
        if (!runs)
            return FALSE;
        prediction.measures[CASE_RATE] = case_predicted(runs, &socket_measures[CASE_RATE], one->messages_per_s);
        if (one->workload == SOCKET_ROUND_TRIP)
            prediction.measures[CASE_LATENCY] =
                case_predicted(runs, &socket_measures[CASE_LATENCY], one->latency_median_us);
    }
    g_array_append_val(predictions, prediction);
    return TRUE;
}

GArray *
socket_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
{
    g_autoptr(GArray) predictions = g_array_new(FALSE, FALSE, sizeof(CasePrediction));

    g_return_val_if_fail(seeds > 0, NULL);
    for (guint i = 0; i < cases->len; i++)
        if (!predict_case(g_ptr_array_index(cases, i), more, seeds, workers, predictions, error))
            return NULL;
    return g_steal_pointer(&predictions);
}
