#include "models/migration/multifd.h"

#include <math.h>

#define BYTE_LEAST     0.5   /* less than that is nothing, as in send_buffer.h */
#define ROUNDING_BYTES 1e-6  /* what a difference of bytes is wrong by */
#define ROUNDING_S     1e-12 /* the same of times */

typedef struct {
    SendBuffer socket;
    double buffer_bytes;
    gboolean pending;       /* it has a packet, or is to synchronize */
    double packet_bytes;    /* of it, whole */
    double work_s;          /* before it is written */
    double unwritten_bytes; /* of it */
    double sync_bytes;      /* to be written behind it */
} Channel;

struct Multifd {
    guint n;
    Channel *channels; /* owned */
    guint next;        /* next_channel: where the search for a free one begins */
    guint pending;     /* of the channels */
    MultifdSockets sockets;
    double handed_bytes, written_bytes;
};

/* An awake writer's socket, as its segments lie now. */
static void
align(Multifd *multifd, Channel *channel)
{
    MultifdSockets *sockets = &multifd->sockets;
    const double phase = sockets->segment_bytes > 0 ? random_unit(&sockets->phases) : 0;

    send_buffer_align(&channel->socket, channel->buffer_bytes, sockets->wake_share, sockets->segment_bytes, phase);
}

Multifd *
multifd_new(guint n, const double *buffer_bytes, const MultifdSockets *sockets)
{
    Multifd *multifd = g_new0(Multifd, 1);

    multifd->n = n;
    multifd->channels = g_new0(Channel, n);
    multifd->sockets = *sockets;
    for (guint i = 0; i < n; i++) {
        multifd->channels[i].buffer_bytes = buffer_bytes[i];
        align(multifd, &multifd->channels[i]);
    }
    return multifd;
}

void
multifd_free(Multifd *multifd)
{
    if (!multifd)
        return;
    g_free(multifd->channels);
    g_free(multifd);
}

gboolean
multifd_has_free(const Multifd *multifd)
{
    return multifd->pending < multifd->n;
}

gboolean
multifd_is_idle(const Multifd *multifd)
{
    return multifd->pending == 0;
}

/* ---- a channel ---- */

static gboolean
is_working(const Channel *channel)
{
    return channel->pending && channel->work_s > 0;
}

static gboolean
is_asleep(const Channel *channel)
{
    return channel->pending && channel->work_s <= 0;
}

/* What is left before it writes on. */
static double
to_wake_bytes(const Channel *channel)
{
    return send_buffer_wait_bytes(&channel->socket);
}

static void
put(Channel *channel, double *bytes)
{
    *bytes -= send_buffer_put(&channel->socket, *bytes);
    if (*bytes < BYTE_LEAST)
        *bytes = 0;
}

/* qio_channel_writev_full_all, and the synchronization's packet when the one with pages is through. */
static void
write_on(Multifd *multifd, Channel *channel)
{
    put(channel, &channel->unwritten_bytes);
    if (channel->unwritten_bytes > 0)
        return;
    multifd->written_bytes += channel->packet_bytes;
    channel->packet_bytes = channel->sync_bytes;
    channel->unwritten_bytes = channel->sync_bytes;
    channel->sync_bytes = 0;
    if (channel->unwritten_bytes > 0) {
        write_on(multifd, channel);
        return;
    }
    channel->pending = FALSE;
    multifd->pending--;
}

static void
begin(Multifd *multifd, Channel *channel, double bytes, double work_s)
{
    channel->pending = TRUE;
    channel->packet_bytes = channel->unwritten_bytes = bytes;
    channel->work_s = work_s;
    multifd->handed_bytes += bytes;
    multifd->pending++;
    if (work_s <= 0)
        write_on(multifd, channel);
}

void
multifd_hand(Multifd *multifd, double bytes, double work_s)
{
    g_return_if_fail(multifd_has_free(multifd));
    while (multifd->channels[multifd->next].pending)
        multifd->next = (multifd->next + 1) % multifd->n;
    Channel *channel = &multifd->channels[multifd->next];
    multifd->next = (multifd->next + 1) % multifd->n;
    begin(multifd, channel, bytes, work_s);
}

void
multifd_sync(Multifd *multifd, double bytes)
{
    for (guint i = 0; i < multifd->n; i++) {
        Channel *channel = &multifd->channels[i];
        if (channel->pending) {
            channel->sync_bytes = bytes;
            multifd->handed_bytes += bytes;
        } else
            begin(multifd, channel, bytes, 0);
    }
}

/* ---- time ---- */

/* How fast all of them go until something happens to one. */
typedef struct {
    double socket_Bps; /* that each socket drains at */
    double core;       /* that each thread has which works */
} Speeds;

static Speeds
speeds_now(const Multifd *multifd, const MultifdPace *pace, const SendBuffer *beside)
{
    guint sockets = beside->level_bytes > 0, workers = 0;

    for (guint i = 0; i < multifd->n; i++) {
        sockets += multifd->channels[i].socket.level_bytes > 0;
        workers += is_working(&multifd->channels[i]);
    }
    return (Speeds){pace->wire_Bps / MAX(sockets, 1), MIN(1, pace->cores / MAX(workers, 1))};
}

/* Until a channel has worked or wakes, or a socket is empty. */
static double
to_event_s(const Multifd *multifd, const Speeds *speeds, const SendBuffer *beside)
{
    double event_s = beside->level_bytes > 0 ? beside->level_bytes / speeds->socket_Bps : INFINITY;

    for (guint i = 0; i < multifd->n; i++) {
        const Channel *channel = &multifd->channels[i];
        const double drains_bytes = is_asleep(channel) ? to_wake_bytes(channel) : channel->socket.level_bytes;
        if (is_working(channel))
            event_s = MIN(event_s, channel->work_s / speeds->core);
        if (channel->socket.level_bytes > 0)
            event_s = MIN(event_s, drains_bytes / speeds->socket_Bps);
    }
    return event_s;
}

/* What is left of a socket for rounding would be an event of its own. */
static double
drain(SendBuffer *socket, double bytes)
{
    return send_buffer_drain(socket, bytes + ROUNDING_BYTES >= socket->level_bytes ? socket->level_bytes : bytes);
}

static double
pass(Multifd *multifd, const Speeds *speeds, SendBuffer *beside, double duration_s)
{
    const double bytes = speeds->socket_Bps * duration_s;
    double drained = drain(beside, bytes);

    for (guint i = 0; i < multifd->n; i++) {
        Channel *channel = &multifd->channels[i];
        drained += drain(&channel->socket, bytes);
        if (is_working(channel)) {
            channel->work_s -= speeds->core * duration_s;
            if (channel->work_s > ROUNDING_S)
                continue;
            channel->work_s = 0;
            write_on(multifd, channel);
        } else if (is_asleep(channel) && to_wake_bytes(channel) < BYTE_LEAST) {
            align(multifd, channel);
            write_on(multifd, channel);
        }
    }
    return drained;
}

static gboolean
has_come(const Multifd *multifd, MultifdUntil until)
{
    return until == MULTIFD_UNTIL_FREE ? multifd_has_free(multifd)
                                       : until == MULTIFD_UNTIL_IDLE && multifd_is_idle(multifd);
}

double
multifd_run(Multifd *multifd, const MultifdPace *pace, SendBuffer *beside, double most_s, MultifdUntil until,
            double *drained_bytes)
{
    double passed_s = 0;

    while (passed_s < most_s && !has_come(multifd, until)) {
        const Speeds speeds = speeds_now(multifd, pace, beside);
        const double step_s = MIN(to_event_s(multifd, &speeds, beside), most_s - passed_s);
        if (isinf(step_s)) /* nothing is left to wait for */
            break;
        *drained_bytes += pass(multifd, &speeds, beside, step_s);
        passed_s += step_s;
    }
    return passed_s;
}

/* ---- what there is ---- */

double
multifd_wire_bytes(const Multifd *multifd, double bytes)
{
    double wire = bytes;

    for (guint i = 0; i < multifd->n; i++)
        wire += MIN(bytes, multifd->channels[i].socket.level_bytes);
    return wire;
}

double
multifd_level_bytes(const Multifd *multifd)
{
    double level = 0;

    for (guint i = 0; i < multifd->n; i++)
        level += multifd->channels[i].socket.level_bytes;
    return level;
}

double
multifd_held_bytes(const Multifd *multifd)
{
    double held = 0;

    for (guint i = 0; i < multifd->n; i++)
        held += multifd->channels[i].unwritten_bytes + multifd->channels[i].sync_bytes;
    return held;
}

double
multifd_put_bytes(const Multifd *multifd)
{
    double put = 0;

    for (guint i = 0; i < multifd->n; i++)
        put += multifd->channels[i].socket.put_bytes;
    return put;
}

double
multifd_handed_bytes(const Multifd *multifd)
{
    return multifd->handed_bytes;
}

double
multifd_written_bytes(const Multifd *multifd)
{
    return multifd->written_bytes;
}
