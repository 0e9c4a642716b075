#include "sim/world/channel.h"

#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/host.h>
#include <simgrid/semaphore.h>

/* Who lets the tails of a channel's stream follow, on a channel of its own. */
struct ChannelTail {
    Channel *way; /* borrowed */
    sg_sem_t due;
    sg_host_t from;
    double at_s, bytes;
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

sg_error_t
channel_send(Channel *channel, double bytes, double at_most_s)
{
    static char payload; /* SimGrid wants one; nobody reads it */

    guard_pass();
    if (bytes < 1)
        return SG_OK;
    sg_comm_t comm = sg_mailbox_put_async(channel->mailbox, &payload, (long)bytes);
    return isinf(at_most_s) ? sg_comm_wait(comm) : sg_comm_wait_for(comm, at_most_s);
}

static void
send_tails(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    ChannelTail *tail = sg_actor_self_get_data();

    for (;;) {
        sg_sem_acquire(tail->due);
        sg_actor_set_host(sg_actor_self(), tail->from);
        if (tail->at_s > world_now())
            sg_actor_sleep_until(tail->at_s);
        if (channel_send(tail->way, tail->bytes, INFINITY) != SG_OK)
            continue; /* the stream itself is cut as well, and its sender told */
    }
}

static ChannelTail *
new_tail(Channel *channel)
{
    ChannelTail *tail = g_new0(ChannelTail, 1);

    channel->tail = tail;
    tail->due = sg_sem_init(0);
    tail->from = sg_host_self();
    tail->way = new_channel(channel->world, channel->to);
    world_start_actor("tail", tail->from, send_tails, tail, TRUE);
    return tail;
}

void
channel_send_tail(Channel *channel, double at_s, double bytes)
{
    ChannelTail *tail = channel->tail ? channel->tail : new_tail(channel);

    tail->from = sg_host_self();
    tail->at_s = at_s;
    tail->bytes = bytes;
    sg_sem_release(tail->due);
}

void
channel_free(gpointer data)
{
    Channel *channel = data;

    if (channel->tail)
        sg_sem_destroy(channel->tail->due);
    g_free(channel->tail);
    g_free(channel);
}

void
channel_close(Channel *channel)
{
    g_ptr_array_add(channel->world->hosts[channel->to].idle_channels, channel);
}
