/* The connections of one socket of the scenario in one direction: what they carry, over which system, between whom. */
#ifndef TANDEM_SIM_PARTS_SOCKET_SOCKET_STREAM_H
#define TANDEM_SIM_PARTS_SOCKET_SOCKET_STREAM_H

#include "models/socket/socketrun.h"
#include "models/socket/socketwire.h"
#include "sim/parts/socket/socket_keys.h"
#include "sim/world/world.h"

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
    SocketAppLoad load;
    guint64 *sizes;    /* owned */
    double *cumulated; /* owned */
    StreamHashKey key;
    SocketLog log;
    GPtrArray *connections; /* of SocketConnection, owned */
};

/* back: from the socket's "to" to its "from". suffix: of the name. No actor runs yet. */
SocketStream *socket_stream_new(World *world, const SocketSpec *spec, gboolean back, const char *suffix);
void socket_stream_free(gpointer stream);

gboolean socket_stream_is_over(const SocketStream *stream);
/* Advances every connection to the world's clock. */
void socket_stream_advance(const SocketStream *stream);

#endif
