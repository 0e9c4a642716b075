/* Which path a connection's bytes take, over shared memory or over TCP, and for how long: as its socket's log tells it.
 *
 * Scope: the first path is no change, and what happens once a side has closed is none either.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETPATH_H
#define TANDEM_MODELS_SOCKET_SOCKETPATH_H

#include "models/socket/connstate.h"
#include "models/socket/socketlog.h"

typedef struct {
    SocketLog *log; /* borrowed */
    guint number;   /* of the connection within its socket */
    gboolean over_memory;
    double since_s;
} SocketPath;

/* The connection is established. */
void socketpath_begin(SocketPath *path, const ConnState *state, double now_s);
/* It may have changed over. */
void socketpath_watch(SocketPath *path, const ConnState *state, double now_s);
/* The time on the present path counts until now. */
void socketpath_account(SocketPath *path, double now_s);

#endif
