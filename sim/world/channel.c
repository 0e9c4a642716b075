#include "sim/world/channel.h"

#include <math.h>
#include <simgrid/actor.h>

<<<<<<< HEAD
=======
    struct Receiver {
    guint host;
    sg_mailbox_t mailbox;
};

>>>>>>> 0520f1d8058f2de556bf8d7cff926c7136edc647
/* Takes what comes until the world ends; a failed transfer is the sender's to report. */
static void
receive(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const Receiver *receiver = sg_actor_self_get_data();
    void *payload;

    for (;;)
        (void)sg_comm_wait(sg_mailbox_get_async(receiver->mailbox, &payload));
}

static Receiver *
start_receiver(World *world, guint host)
{
    Receiver *receiver = g_new0(Receiver, 1);
    g_autofree char *name = g_strdup_printf("receiver %u", world->receivers->len);

    receiver->host = host;
    receiver->mailbox = sg_mailbox_by_name(name);
    g_ptr_array_add(world->receivers, receiver);
    world_start_actor(world, name, host, receive, receiver, TRUE);
    return receiver;
}

<<<<<<< HEAD
static Channel *
closed_channel(const World *world, guint to)
{
    for (guint i = 0; i < world->channels->len; i++) {
        Channel *channel = g_ptr_array_index(world->channels, i);
        if (!channel->open && channel->to == to)
            return channel;
    }
    return NULL;
=======
void
channel_free_receiver(gpointer receiver)
{
    g_free(receiver);
}

void
channel_open(Channel *channel, World *world, guint to)
{
    GPtrArray *idle = world->hosts[to].idle_receivers;

    channel->world = world;
    channel->to = to;
    channel->receiver = idle->len > 0 ? g_ptr_array_steal_index_fast(idle, idle->len - 1) : start_receiver(world, to);
    channel->mailbox = channel->receiver->mailbox;
>>>>>>> 0520f1d8058f2de556bf8d7cff926c7136edc647
}

static Channel *
new_channel(World *world, guint to)
{
    Channel *channel = g_new0(Channel, 1);
    g_autofree char *name = g_strdup_printf("channel %u", world->channels->len);

    *channel = (Channel){world, to, TRUE, sg_mailbox_by_name(name)};
    g_ptr_array_add(world->channels, channel);
    world_start_actor(name, world->hosts[to].sg, receive, channel, TRUE);
    return channel;
}

Channel *
channel_open(World *world, guint to)
{
    Channel *channel = closed_channel(world, to);

    if (!channel)
        return new_channel(world, to);
    channel->open = TRUE;
    return channel;
}

sg_error_t
channel_send(Channel *channel, double bytes, double at_most_s)
{
    static char payload; /* SimGrid wants one; nobody reads it */

    if (bytes < 1)
        return SG_OK;
    sg_comm_t comm = sg_mailbox_put_async(channel->mailbox, &payload, (long)bytes);
    return isinf(at_most_s) ? sg_comm_wait(comm) : sg_comm_wait_for(comm, at_most_s);
}

void
channel_close(Channel *channel)
{
<<<<<<< HEAD
    channel->open = FALSE;
=======
    g_ptr_array_add(channel->world->hosts[channel->to].idle_receivers, channel->receiver);
    channel->receiver = NULL;
>>>>>>> 0520f1d8058f2de556bf8d7cff926c7136edc647
}
