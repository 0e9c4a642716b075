/* The applications at both ends of a connection: which call each of them makes next.
 *
 * The client (side 0) sends messages: in bulk, in bursts with pauses, or as requests that the server answers. A message
 * goes in as many calls as its bytes need; a call that got less than it wanted is made again, at once or, when it does
 * not block, after a while. What one side sends the other expects: both draw the sizes alike. A receiver asks for a
 * message and waits for all of it, or for a given number of bytes and takes what there is, as netperf's does.
 *
 *     CALL  socketapp_next(app, state, side, now)      whenever the side's task has no call that goes on
 *
 * Chosen: a non-blocking caller polls every SOCKETAPP_POLL_S.
 * Scope: what a call does and when is the connection's (models/socket/socketrun.h); TCP does not show messages of no
 * bytes, so nobody waits for one.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETAPP_H
#define TANDEM_MODELS_SOCKET_SOCKETAPP_H

#include "models/base/random.h"
#include "models/socket/connstate.h"
#include "models/socket/socketlog.h"

#define SOCKETAPP_POLL_S 10e-6

typedef enum { SOCKETAPP_BULK, SOCKETAPP_REQUEST, SOCKETAPP_BURSTY } SocketAppKind;

/* What the applications want to send. */
typedef struct {
    SocketAppKind application;
    const guint64 *sizes;    /* borrowed */
    const double *cumulated; /* borrowed; the sizes' shares, summed up, the last one 1 */
    guint n_sizes;
    guint64 answer_bytes;  /* G_MAXUINT64: as the request */
    guint64 receive_bytes; /* BULK, BURSTY: that a receive asks for, which returns with what there is; 0: one message */
    gboolean nonblocking;
    double start_s, stop_s;
    guint64 messages; /* G_MAXUINT64: no limit */
    guint64 burst;
    double pause_s;
} SocketAppLoad;

typedef enum {
    SOCKETAPP_NEW,
    SOCKETAPP_OPENING, /* connects or accepts; or pauses before the next message */
    SOCKETAPP_SENDING,
    SOCKETAPP_RECEIVING,
    SOCKETAPP_CLOSING,
    SOCKETAPP_ENDED
} SocketAppPhase;

typedef struct {
    SocketAppPhase phase;
    double next_s;  /* not before */
    guint64 target; /* stream position at which the current message ends */
    guint64 message;
    gboolean polls;       /* a non-blocking call got too little: it is tried again at next_s */
    RandomStream sending; /* the sizes of what it sends … */
    RandomStream hearing; /* … and, drawn alike, of what it receives */
} SocketAppSide;

typedef struct {
    const SocketAppLoad *load; /* borrowed */
    SocketLog *log;            /* borrowed */
    SocketAppSide side[2];
    double *starts; /* owned ring: when each message under way was sent */
    guint64 starts_mask, starts_head, starts_tail;
} SocketApp;

typedef struct {
    ConnCall call; /* CONN_CALL_NONE: it waits until its next_s, or has ended */
    guint64 bytes;
} SocketAppCall;

/* random_seed and name: of the message sizes. */
void socketapp_init(SocketApp *app, const SocketAppLoad *load, SocketLog *log, guint64 random_seed, const char *name);
void socketapp_clear(SocketApp *app);

/* The last call of that side has returned, or none was made yet: what it does now. */
SocketAppCall socketapp_next(SocketApp *app, const ConnState *state, int side, double now_s);
/* When a side without a call will be looked at again; INFINITY: it has ended. */
double socketapp_next_s(const SocketApp *app, int side);
/* The side's call to open the connection has returned without one. */
gboolean socketapp_is_refused(const SocketApp *app, const ConnState *state, int side);

/* Neither side makes a call any more. */
void socketapp_end(SocketApp *app);

static inline gboolean
socketapp_side_has_ended(const SocketApp *app, int side)
{
    return app->side[side].phase == SOCKETAPP_ENDED;
}

#endif
