/* One direction of TCP between two guests' stacks, in batches: the backend serves them one after another, then they
 * cross the wire when the VMs are apart, then they are on their way to the receiver's stack.
 *
 *   FEED  bytes from the sender's stack  ->  SERVICE  ->  [ WAITING -> CROSSING ]  ->  FLIGHT  ->  delivered
 *
 * The backend is occupied packet_s by each packet; the first packet's is also in path_s (models/socket/socketsystem.h),
 * so it delays the batch only by what the others take. Bytes that come while a batch still waits for the wire join it.
 * Scope: batches stay in order; a lost one is repeated after a time-out that doubles, up to two minutes.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETWIRE_H
#define TANDEM_MODELS_SOCKET_SOCKETWIRE_H

#include "models/socket/socketsystem.h"

#define SOCKETWIRE_BATCHES   16u   /* a power of two; chosen: then the backend waits, as it would for a full ring */
#define SOCKETWIRE_SHARE     8u    /* chosen: a batch is at most this part of what TCP holds, so that stages overlap */
#define SOCKETWIRE_TIMEOUT_S 120.0 /* Linux's TCP_RTO_MAX */

typedef enum { SOCKETWIRE_SERVICE, SOCKETWIRE_WAITING, SOCKETWIRE_CROSSING, SOCKETWIRE_FLIGHT } SocketWireStage;

typedef struct {
    SocketWireStage stage;
    guint64 bytes;
    double due_s; /* SERVICE, FLIGHT */
} SocketWireBatch;

typedef struct {
    SocketWireBatch batch[SOCKETWIRE_BATCHES]; /* ring, oldest first */
    guint first, n;
    guint64 bytes;   /* of all batches */
    gboolean fin;    /* the last one carries the end of the stream */
    double free_s;   /* the backend is occupied until then */
    double flight_s; /* between the backend and the receiver's stack */
    double retransmit_s;
    guint tries; /* how often it was */
} SocketWire;

void socketwire_init(SocketWire *wire, const ConnCosts *costs, double retransmit_s);
void socketwire_clear(SocketWire *wire);

/* in_flight: what TCP has sent and the receiver's stack has not; fin: the end of the stream is to follow it. */
void socketwire_feed(SocketWire *wire, const SocketSystem *network, guint64 in_flight, gboolean fin, guint64 tcp_bytes,
                     double now_s);

double socketwire_service_s(const SocketWire *wire);  /* when the backend has served a batch; INFINITY: none */
double socketwire_delivery_s(const SocketWire *wire); /* when the first batch reaches the receiver's stack */

/* The backend has served its batch. together: it need not cross the wire. */
void socketwire_served(SocketWire *wire, gboolean together, double now_s);
gboolean socketwire_waits(const SocketWire *wire); /* a batch waits for the wire, and none crosses */
gboolean socketwire_take(SocketWire *wire, guint64 *bytes);
void socketwire_arrived(SocketWire *wire, double now_s);
gboolean socketwire_is_crossing(const SocketWire *wire); /* a batch waits for the wire or crosses it */

/* The first batch is delivered; returns its bytes. */
guint64 socketwire_deliver(SocketWire *wire);
/* … or lost: it comes again later. */
void socketwire_repeat(SocketWire *wire, double now_s);
/* The receiver has thrown away what was in flight: only so much is left. */
void socketwire_trim(SocketWire *wire, guint64 in_flight);
gboolean socketwire_is_idle(const SocketWire *wire);

#endif
