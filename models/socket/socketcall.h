/* One message at a time between two VMs over a system of sockets, as an application's call and its answer are: which
 * path it takes, and how long that is.
 *
 * Source: CN101859263A 2.3.1 and 3.1 to 3.2.2 (shared memory while both VMs are on one machine and in one group, TCP
 * else), [0011] (a system that cannot migrate); times: models/socket/socketsystem.h.
 *
 *     over shared memory    one way of the system
 *     over TCP              one way of the network path, and, between two machines, wire latency + bytes / wire rate
 *
 * Scope: the receiver sleeps, and nothing else is under way on the connection; a change of path takes no time, and
 * whoever sends next finds it; the wire is that of one transfer alone. A connection with its own stream, its buffers
 * and its change of path step by step is models/socket/socketrun.h.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETCALL_H
#define TANDEM_MODELS_SOCKET_SOCKETCALL_H

#include "models/socket/socketsystem.h"

typedef struct {
    const SocketSystem *system, *network; /* borrowed */
    gboolean one_group;                   /* the VMs may talk over shared memory */
    guint host[2];
    gboolean broken; /* a VM moved, and the system cannot: nothing arrives any more */
} SocketCall;

/* The two VMs have connected from these hosts. */
void socketcall_init(SocketCall *call, const SocketSystem *system, const SocketSystem *network, gboolean one_group,
                     const guint hosts[2]);
/* They are on these hosts now. */
void socketcall_move(SocketCall *call, const guint hosts[2]);
gboolean socketcall_is_apart(const SocketCall *call);
gboolean socketcall_is_over_memory(const SocketCall *call);
/* Of a message of so many bytes, sent now; the wire counts while they are apart. INFINITY: it never arrives. */
double socketcall_one_way_s(const SocketCall *call, guint64 bytes, double wire_latency_s, double wire_rate_Bps);

#endif
