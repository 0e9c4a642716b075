/* Bytes from one host to another over SimGrid, where they contend with all other traffic. */
#ifndef TANDEM_SIM_WORLD_CHANNEL_H
#define TANDEM_SIM_WORLD_CHANNEL_H

#include "sim/world/world.h"

#include <simgrid/mailbox.h>

/* An actor on a host that takes whatever comes to its mailbox. SimGrid has no transfer without one; creating and ending
 * one costs as much as several transfers, so that a closed channel leaves its receiver to the next one. */
typedef struct Receiver Receiver;

typedef struct {
    World *world;
    guint to;
    sg_mailbox_t mailbox;
    Receiver *receiver;
} Channel;

/* Used by the actor that will send, which runs on the sending host. */
void channel_open(Channel *channel, World *world, guint to);
/* Sends and waits until all has arrived. FALSE: a cable was cut, or was cut already. Less than a byte costs no time. */
gboolean channel_send(Channel *channel, double bytes) G_GNUC_WARN_UNUSED_RESULT;
void channel_close(Channel *channel);
void channel_free_receiver(gpointer receiver);

#endif
