/* Bytes from one host to another over SimGrid, where they contend with all other traffic.
 *
 * A channel has a receiving actor at its far end. Both are kept for the next user when the channel is closed.
 */
#ifndef TANDEM_SIM_WORLD_CHANNEL_H
#define TANDEM_SIM_WORLD_CHANNEL_H

#include "sim/world/world.h"

#include <simgrid/comm.h>
#include <simgrid/mailbox.h>

/* An actor on a host that takes whatever comes to its mailbox. SimGrid has no transfer without one; creating and ending
 * one costs as much as several transfers, so that a closed channel leaves its receiver to the next one. */
typedef struct Receiver Receiver;

typedef struct {
    World *world;
    guint to;
<<<<<<< HEAD
    gboolean open;
    sg_mailbox_t mailbox;
} Channel;

/* A channel to a host for the actor that will send, which runs on the sending host. Owned by the world. */
Channel *channel_open(World *world, guint to);
/* Sends and waits until all has arrived, at most so long (INFINITY: whatever it takes). SG_ERROR_NETWORK: a cable was
 * cut, or was cut already. Less than a byte costs no time. */
sg_error_t channel_send(Channel *channel, double bytes, double at_most_s) G_GNUC_WARN_UNUSED_RESULT;
=======
    sg_mailbox_t mailbox;
    Receiver *receiver;
} Channel;

/* Used by the actor that will send, which runs on the sending host. */
void channel_open(Channel *channel, World *world, guint to);
/* Sends and waits until all has arrived. FALSE: a cable was cut, or was cut already. Less than a byte costs no time. */
gboolean channel_send(Channel *channel, double bytes) G_GNUC_WARN_UNUSED_RESULT;
>>>>>>> 0520f1d8058f2de556bf8d7cff926c7136edc647
void channel_close(Channel *channel);
void channel_free_receiver(gpointer receiver);

#endif
