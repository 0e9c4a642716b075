#include "sim/world/channel.h"

#include <simgrid/actor.h>
#include <simgrid/comm.h>

struct Receiver {
    guint host;
    sg_mailbox_t mailbox;
};

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
}

gboolean
channel_send(Channel *channel, double bytes)
{
    static char payload; /* SimGrid wants one; nobody reads it */

    if (bytes < 1)
        return TRUE;
    return sg_comm_wait(sg_mailbox_put_async(channel->mailbox, &payload, (long)bytes)) == SG_OK;
}

void
channel_close(Channel *channel)
{
    g_ptr_array_add(channel->world->hosts[channel->to].idle_receivers, channel->receiver);
    channel->receiver = NULL;
}
