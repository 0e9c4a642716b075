/* The scenario's sockets in the world: who advances each connection, what its VMs' migrations do to it, and its bytes
 * on the wire.
 *
 * Each connection (models/socket/socketrun.h) has an actor that advances it. While its VMs are on one host that is
 * nothing but its own calendar, and the actor sleeps until somebody needs to know; while they are apart the actor
 * follows it date by date, and a second actor for each direction carries TCP's batches over SimGrid, where they contend
 * with everything else. A cut cable or a stopped VM costs TCP's time-outs.
 */
#ifndef TANDEM_SIM_WORLD_SOCKET_WORLD_H
#define TANDEM_SIM_WORLD_SOCKET_WORLD_H

#include "models/socket/socketrun.h"
#include "models/socket/socketwire.h"
#include "sim/world/part.h"

#include <simgrid/semaphore.h>

typedef struct SocketStream SocketStream;
typedef struct SocketConnection SocketConnection;

/* Carries one direction of a connection from host to host. */
typedef struct {
    SocketConnection *connection;
    int flow;
    gboolean waiting;
    sg_sem_t changed;
} SocketCarrier;

struct SocketConnection {
    SocketStream *stream;
    SocketRun *run; /* owned */
    gboolean waiting;
    sg_sem_t changed;
    SocketCarrier *carriers[2]; /* owned; NULL: nothing had to be carried yet */
};

/* The connections of one socket in one direction. */
struct SocketStream {
    World *world;
    const SocketSpec *spec; /* borrowed */
    char *name;             /* owned: the socket's, or NAME.back */
    Domain *ends[2];        /* the first one sends, or asks */
    gboolean running[2];
    guint migrating; /* how many of the two are */
    SocketSystem system, network;
    SocketRunLoad load;
    guint64 *sizes;    /* owned */
    double *cumulated; /* owned */
    StreamHashKey key;
    SocketLog log;
    GPtrArray *connections; /* of SocketConnection, owned */
};

extern const Part socket_part;
/* A migration of the domain begins or has ended: a new period of its sockets. */
void socket_world_migration(const Domain *domain, const char *name, gboolean begins);

#endif
