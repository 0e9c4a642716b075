/* One connection with its applications on both sides, on a clock of its own that the world advances.
 *
 * Purpose: models/socket/conn.h says what may happen next; here every step gets its date. Two tasks, two interrupts and
 * two directions of TCP are all that can be pending, so a connection is its own small calendar; connections meet only
 * on the wire, which is the world's. The world advances a connection to each of its own dates:
 *
 *     socketrun_advance(run, now)            everything up to now
 *     socketrun_stop / socketrun_resume      a VM is stopped; runs again, perhaps on another host
 *     socketrun_wire_take / _wire_arrived    a batch of TCP's bytes for the wire; it has crossed
 *
 * When a step's effect happens: a copy's at its end, so that nobody reads what is still being copied; any other's at
 * its beginning, and the task is busy until its end. An interrupt is handled WAKE after the notification's end.
 * TCP between the stacks is one server a direction, the backend: a packet occupies it for packet_s (models/socket/
 * socketsystem.h), batches follow one another, and what is not the server's is a delay.
 * A batch that meets a stopped VM is sent again after TCP's time-out, which doubles (RFC 6298, 5.5).
 *
 * Source: CN101859263A 2.3; costs: models/socket/socketsystem.h.
 * Chosen: a call of zero bytes takes SOCKETRUN_CALL_S.
 * Scope: VMs have a processor for every task; the backend's processor is not shared between connections; the handshake
 * of a fallback connection costs nothing; a retransmitted batch crosses the wire at once.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETRUN_H
#define TANDEM_MODELS_SOCKET_SOCKETRUN_H

#include "models/socket/conn.h"
#include "models/socket/socketapp.h"
#include "models/socket/socketsystem.h"
#include "models/socket/streamhash.h"

#define SOCKETRUN_CALL_S  0.1e-6
#define SOCKETRUN_RETRIES 15u /* Linux's tcp_retries2: then the connection is given up */

typedef struct {
    const SocketSystem *system, *network; /* borrowed */
    ConnConfig conn;
    guint64 call_bytes; /* most bytes of one call; 0: half a data buffer (chosen: so that both sides work at once) */
    double retransmit_s;
    double message_s; /* with conn.per_machine: between two VMMs */
    guint host[2];
    guint number; /* of the connection within its socket */
} SocketRunSetting;

typedef enum {
    SOCKETRUN_OPEN, /* goes on */
    SOCKETRUN_CLOSED,
    SOCKETRUN_REFUSED,
    SOCKETRUN_BROKEN,   /* its VM migrated and the system cannot */
    SOCKETRUN_LOST,     /* a VM was lost */
    SOCKETRUN_TIMED_OUT /* TCP gave up */
} SocketRunOutcome;

typedef struct SocketRun SocketRun;

/* key, log and load are borrowed. random_seed and name: of the message sizes. */
SocketRun *socketrun_new(const SocketRunSetting *setting, const SocketAppLoad *load, const StreamHashKey *key,
                         SocketLog *log, guint64 random_seed, const char *name);
void socketrun_free(SocketRun *run);

/* A connection whose times are too short for its dates stays at one: the next date is not after now then. */
void socketrun_advance(SocketRun *run, double until_s);
/* The next date at which something happens by itself; INFINITY: never, or only when the wire or a VM lets it. */
double socketrun_next_s(const SocketRun *run);
/* Whether what happens next hangs on the wire: batches wait for it or cross it, or the VMs are apart. */
gboolean socketrun_is_coupled(const SocketRun *run);

void socketrun_stop(SocketRun *run, int side, double now_s);
void socketrun_resume(SocketRun *run, int side, guint host, double now_s);
/* VM side is about to migrate, which a connection of the announced reading has to know: TRUE when it may, for nothing
 * of it is on shared memory any more; else ask again at socketrun_next_s. Of any other reading always TRUE. */
gboolean socketrun_announce(SocketRun *run, int side, double now_s);
/* The migration is over; it was not one, if it is still announced. */
void socketrun_withdraw(SocketRun *run, int side, double now_s);
/* The connection ends here: bytes in flight are gone. */
void socketrun_give_up(SocketRun *run, SocketRunOutcome outcome, double now_s);

/* The next batch from VM flow that must cross the wire; FALSE: none. */
gboolean socketrun_wire_take(SocketRun *run, int flow, guint64 *bytes);
/* A batch waits and none crosses. */
gboolean socketrun_wire_waits(const SocketRun *run, int flow);
/* The batch that was taken first has crossed. */
void socketrun_wire_arrived(SocketRun *run, int flow, double now_s);

/* The run is over: the time on the present path counts until now. */
void socketrun_close_account(SocketRun *run, double now_s);

SocketRunOutcome socketrun_outcome(const SocketRun *run);
const char *socketrun_outcome_word(SocketRunOutcome outcome);
gboolean socketrun_is_over(const SocketRun *run);
/* Nothing will ever happen any more though both VMs run and the connection is open. */
gboolean socketrun_is_stuck(const SocketRun *run);
double socketrun_ended_s(const SocketRun *run); /* when it was over */
guint64 socketrun_lost_bytes(const SocketRun *run);
guint64 socketrun_received_bytes(const SocketRun *run);
const ConnState *socketrun_state(const SocketRun *run);
/* The receivers' running hashes are those of the first bytes of each stream, in order, once each, and the model has
 * seen no fault. */
gboolean socketrun_bytes_are_right(const SocketRun *run);
/* An ended connection has left nothing behind. */
gboolean socketrun_is_reclaimed(const SocketRun *run);

#endif
