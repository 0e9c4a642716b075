#include "sim/world/channel.h"

#include <simgrid/actor.h>
#include <simgrid/comm.h>

/* Takes what comes until it is killed; a failed transfer is the sender's to report. */
static void
receive(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const Channel *channel = sg_actor_self_get_data();
    void *payload;

    for (;;)
        (void)sg_comm_wait(sg_mailbox_get_async(channel->mailbox, &payload));
}

void
channel_open(Channel *channel, World *world, const char *name, guint to)
{
    channel->world = world;
    channel->to = to;
    channel->name = g_strdup(name);
    channel->mailbox = sg_mailbox_by_name(name);
    channel->receiver = world_start_actor(world, name, to, receive, channel, TRUE);
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
    sg_actor_kill(channel->receiver);
    g_clear_pointer(&channel->name, g_free);
}
