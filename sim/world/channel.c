#include "sim/world/channel.h"

#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/host.h>
#include <simgrid/semaphore.h>

typedef struct {
    sg_host_t from;
    const Path *path; /* borrowed */
    double at_s, bytes;
} Tail;

/* Who let the tails of a channel's streams follow: as many senders as were ever needed at a time, each with a channel
 * of its own. */
struct ChannelTails {
    Channel *of;   /* borrowed */
    sg_sem_t due;  /* as many as there are in the queue */
    GQueue *queue; /* owned, of Tail, owned */
    guint under_way, senders;
};

/* Takes what comes until the world ends; a failed transfer is the sender's to report. */
static void
receive(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const Channel *channel = sg_actor_self_get_data();
    void *payload;

    for (;;)
        (void)sg_comm_wait(sg_mailbox_get_async(channel->mailbox, &payload));
}

/* It takes its number before the engine is asked for anything, for others run meanwhile and open channels as well. */
static Channel *
new_channel(World *world, guint to)
{
    Channel *channel = g_new0(Channel, 1);
    g_autofree char *name = g_strdup_printf("channel %u", world->channels->len);

    g_ptr_array_add(world->channels, channel);
    *channel = (Channel){.world = world, .to = to, .mailbox = sg_mailbox_by_name(name)};
    world_start_actor(name, world->hosts[to].sg, receive, channel, TRUE);
    return channel;
}

Channel *
channel_open(World *world, guint to)
{
    GPtrArray *idle = world->hosts[to].idle_channels;

    return idle->len > 0 ? g_ptr_array_steal_index_fast(idle, idle->len - 1) : new_channel(world, to);
}

static sg_comm_t
start_transfer(const Channel *channel, double bytes)
{
    static char payload; /* SimGrid wants one; nobody reads it */

    return sg_mailbox_put_async(channel->mailbox, &payload, (long)bytes);
}

static sg_error_t
wait_for(sg_comm_t comm, double at_most_s)
{
    return isinf(at_most_s) ? sg_comm_wait(comm) : sg_comm_wait_for(comm, at_most_s);
}

sg_error_t
channel_send(Channel *channel, double bytes, double at_most_s)
{
    guard_pass();
    return bytes < 1 ? SG_OK : wait_for(start_transfer(channel, bytes), at_most_s);
}

static void
need_lanes(Channel *channel, guint n)
{
    if (!channel->lanes)
        channel->lanes = g_ptr_array_new();
    while (channel->lanes->len < n)
        g_ptr_array_add(channel->lanes, new_channel(channel->world, channel->to));
}

/* All end together, but for what comes or goes on one of them: the first that fails says how it went, and the others
 * are waited for no longer than it was. */
sg_error_t
channel_send_parallel(Channel *channel, guint transfers, double bytes, double at_most_s)
{
    const double until_s = world_now() + at_most_s;
    sg_comm_t comms[PATH_CONNECTIONS_MOST];
    sg_error_t result = SG_OK;

    if (transfers <= 1 || bytes < transfers)
        return channel_send(channel, bytes, at_most_s);
    guard_pass();
    need_lanes(channel, transfers - 1);
    for (guint i = 0; i < transfers; i++)
        comms[i] = start_transfer(i == 0 ? channel : g_ptr_array_index(channel->lanes, i - 1), bytes / transfers);
    for (guint i = 0; i < transfers; i++) {
        const sg_error_t one = wait_for(comms[i], isinf(until_s) ? INFINITY : MAX(until_s - world_now(), 0));
        result = result == SG_OK ? one : result;
    }
    return result;
}

static void
send_tails(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    ChannelTails *tails = sg_actor_self_get_data();
    Channel *way = new_channel(tails->of->world, tails->of->to);

    for (;;) {
        sg_sem_acquire(tails->due);
        g_autofree Tail *tail = g_queue_pop_head(tails->queue);
        sg_actor_set_host(sg_actor_self(), tail->from);
        if (tail->at_s > world_now())
            sg_actor_sleep_until(tail->at_s);
        const sg_error_t result = channel_send(way, tail->bytes, INFINITY);
        (void)result; /* where a cable is cut, the stream itself is too, and its sender is told */
        tails->under_way--;
        path_end_transfer(way->world, tail->path);
    }
}

static ChannelTails *
new_tails(Channel *channel)
{
    ChannelTails *tails = channel->tails = g_new0(ChannelTails, 1);

    tails->of = channel;
    tails->due = sg_sem_init(0);
    tails->queue = g_queue_new();
    return tails;
}

void
channel_send_tail(Channel *channel, const Path *path, double at_s, double bytes)
{
    ChannelTails *tails = channel->tails ? channel->tails : new_tails(channel);
    Tail *tail = g_new(Tail, 1);

    *tail = (Tail){sg_host_self(), path, at_s, bytes};
    g_queue_push_tail(tails->queue, tail);
    tails->under_way++;
    path_begin_transfer(channel->world, path);
    if (tails->under_way > tails->senders) {
        tails->senders++;
        world_start_actor("tails", tail->from, send_tails, tails, TRUE);
    }
    sg_sem_release(tails->due);
}

guint
channel_tails(const Channel *channel)
{
    return channel->tails ? channel->tails->under_way : 0;
}

void
channel_free(gpointer data)
{
    Channel *channel = data;

    if (channel->tails) {
        sg_sem_destroy(channel->tails->due);
        g_queue_free_full(channel->tails->queue, g_free);
    }
    g_free(channel->tails);
    g_clear_pointer(&channel->lanes, g_ptr_array_unref);
    g_free(channel);
}

void
channel_close(Channel *channel)
{
    g_ptr_array_add(channel->world->hosts[channel->to].idle_channels, channel);
}
