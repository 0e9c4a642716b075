#include "sim/world/channel.h"

#include <math.h>
#include <simgrid/actor.h>

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
    *channel = (Channel){world, to, sg_mailbox_by_name(name)};
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

    if (bytes < 1)
        return SG_OK;
    sg_comm_t comm = sg_mailbox_put_async(channel->mailbox, &payload, (long)bytes);
    return isinf(at_most_s) ? sg_comm_wait(comm) : sg_comm_wait_for(comm, at_most_s);
}

void
channel_close(Channel *channel)
{
    g_ptr_array_add(channel->world->hosts[channel->to].idle_channels, channel);
}
