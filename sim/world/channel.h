/* Bytes from one host to another over SimGrid, where they contend with all other traffic.
 *
 * A channel has a receiving actor at its far end. Both are kept for the next user when the channel is closed.
 */
#ifndef TANDEM_SIM_WORLD_CHANNEL_H
#define TANDEM_SIM_WORLD_CHANNEL_H

#include "sim/world/world.h"

#include <simgrid/comm.h>
#include <simgrid/mailbox.h>

typedef struct {
    World *world;
    guint to;
    sg_mailbox_t mailbox;
} Channel;

/* A channel to a host for the actor that will send, which runs on the sending host. Owned by the world. */
Channel *channel_open(World *world, guint to);
/* Sends and waits until all has arrived, at most so long (INFINITY: whatever it takes). SG_ERROR_NETWORK: a cable was
 * cut, or was cut already. Less than a byte costs no time. */
sg_error_t channel_send(Channel *channel, double bytes, double at_most_s) G_GNUC_WARN_UNUSED_RESULT;
void channel_close(Channel *channel);

#endif
