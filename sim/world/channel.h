/* Bytes from one host to another over SimGrid, where they contend with all other traffic.
 *
 * A channel has a receiving actor at its far end. Both are kept for the next user when the channel is closed.
 */
#ifndef TANDEM_SIM_WORLD_CHANNEL_H
#define TANDEM_SIM_WORLD_CHANNEL_H

#include "sim/world/path.h"

#include <simgrid/comm.h>
#include <simgrid/mailbox.h>

typedef struct ChannelTails ChannelTails;

typedef struct Channel Channel;

struct Channel {
    World *world;
    guint to;
    sg_mailbox_t mailbox;
    ChannelTails *tails; /* owned; NULL: none was sent yet */
    GPtrArray *lanes;    /* owned, of borrowed Channel: of parallel transfers; NULL: none yet */
};

/* A channel to a host for the actor that will send, which runs on the sending host. Owned by the world. */
Channel *channel_open(World *world, guint to);
/* Sends and waits until all has arrived, at most so long (INFINITY: whatever it takes). SG_ERROR_NETWORK: a cable was
 * cut, or was cut already. Less than a byte costs no time. */
sg_error_t channel_send(Channel *channel, double bytes, double at_most_s) G_GNUC_WARN_UNUSED_RESULT;
/* The same by so many transfers at a time, 1 to PATH_CONNECTIONS_MOST, of equal parts of the bytes: connections, of
 * which the path gives each its own share. */
sg_error_t channel_send_parallel(Channel *channel, guint transfers, double bytes, double at_most_s)
    G_GNUC_WARN_UNUSED_RESULT;
/* Lets bytes follow on the same way from at_s on, beside what the caller sends: the end of a piece of a stream, which
 * is on the wire while the next piece's first byte is on its way. Returns at once; bytes that are lost are lost. */
void channel_send_tail(Channel *channel, const Path *path, double at_s, double bytes);
/* How many of them have not arrived. */
guint channel_tails(const Channel *channel);
void channel_close(Channel *channel);
/* At the world's end. */
void channel_free(gpointer channel);

#endif
