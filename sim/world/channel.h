/* Bytes from one host to another over SimGrid, where they contend with all other traffic. */
#ifndef TANDEM_SIM_WORLD_CHANNEL_H
#define TANDEM_SIM_WORLD_CHANNEL_H

#include "sim/world/world.h"

#include <simgrid/mailbox.h>

typedef struct {
    World *world;
    guint to;
    char *name; /* owned */
    sg_mailbox_t mailbox;
    sg_actor_t receiver;
} Channel;

/* Opened by the actor that will send, which runs on the sending host. name is unique among open channels. */
void channel_open(Channel *channel, World *world, const char *name, guint to);
/* Sends and waits until all has arrived. FALSE: a cable was cut, or was cut already. Less than a byte costs no time. */
gboolean channel_send(Channel *channel, double bytes) G_GNUC_WARN_UNUSED_RESULT;
void channel_close(Channel *channel);

#endif
