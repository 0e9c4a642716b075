/* The state of a connection between two VMs, and the words of its steps: what models/socket/conn.h works on. */
#ifndef TANDEM_MODELS_SOCKET_CONNSTATE_H
#define TANDEM_MODELS_SOCKET_CONNSTATE_H

#include "models/socket/bytestream.h"
#include "models/socket/vmgroup.h"

#define CONN_CLAUSES 11

/* Where the wording is taken literally. */
typedef enum {
    CONN_OWN_NUMBER = 1 << 0,  /* 2.3.2.1, 2.3.3.1, 2.3.4.1: only the calling VM's own position number is compared */
    CONN_SAME_NUMBER = 1 << 1, /* 4.2: the number is a function of IP and MAC, so it comes back with the VM */
    CONN_WAIT_DRAIN = 1 << 2,  /* 2.3.2.1.1, 2.3.4.1.1: wait until the target's receive buffer is empty, then reclaim */
    CONN_RESEND_ALL = 1 << 3,  /* 2.3.3.1.1: the data in the send buffer once again, whatever was received of it */
    CONN_BUFFER_LENGTH = 1 << 4, /* 2.3.2.2: copy min(m, n) where n is the buffer's length, not its free room */
    CONN_SLEEP_RACE = 1 << 5,    /* 2.3.2.2, 2.3.3.2.2: sleep without looking again after joining the queue */
    CONN_NO_WAKE = 1 << 6,       /* 1.2.3: migration wakes nobody and leaves the event buffer behind */
    CONN_SPIN = 1 << 7,          /* 2.3.2.2, 2.3.3.2.1: a non-blocking call starts over until all is done */
    CONN_CLOSE_FREES = 1 << 8,   /* 2.3.4.2, 2.3.4.3: tell the peer if it sleeps now, then free both data buffers */
    CONN_PATH_DECIDES = 1 << 9,  /* 2.3.3.2: the control block table alone says which path is read */
    CONN_STAY_ON_PATH = 1 << 10, /* 2.3.2.1.1 to 2.3.3.1.2: fall back when a block exists, build only in the call that
                                    notices, and a call that went to TCP ends on TCP */
    CONN_LITERAL = (1 << CONN_CLAUSES) - 1
} ConnClause;

typedef struct {
    guint64 buffer_bytes;  /* n > 0, of each of the two data buffers */
    guint64 tcp_bytes;     /* what TCP holds per direction, > 0 */
    guint64 segment_bytes; /* one delivery by the network, > 0 */
    guint64 key[2];
    guint32 gid[2];
    guint32 literal;      /* ConnClause bits; 0 is the safe reading */
    gboolean notify_once; /* who is being notified of an event is not notified of it again */
    gboolean listening;
    gboolean announced;   /* both VMs are told of a migration before it */
    gboolean per_machine; /* each machine has a position table of its own: the other hears of a move by a message */
} ConnConfig;

typedef enum {
    CONN_CALL_NONE,
    CONN_CALL_CONNECT,
    CONN_CALL_ACCEPT,
    CONN_CALL_SEND,
    CONN_CALL_RECEIVE,
    CONN_CALL_RECEIVE_SOME, /* returns with what there is, like recv without MSG_WAITALL; waits when there is nothing */
    CONN_CALL_CLOSE,
    CONN_CALL_SHUTDOWN, /* 2.4: the VMM stops this VM */
    CONN_CALL_OTHER     /* not a network call */
} ConnCall;

typedef enum {
    CONN_DONE,
    CONN_AGAIN,   /* non-blocking: less than asked for was moved */
    CONN_END,     /* receive: the peer has closed and everything was received */
    CONN_PIPE,    /* send: the peer has closed */
    CONN_REFUSED, /* connect: nobody listens */
    CONN_STOPPED, /* the VM is shut down */
    CONN_BROKEN   /* conn_break() */
} ConnResult;

/* Where a task is: the name has the flow, conn_place_text() the step's number. */
typedef enum {
    CONN_AT_IDLE,
    CONN_AT_CONNECT_LOCATE,
    CONN_AT_CONNECT_BUILD,
    CONN_AT_CONNECT_TCP,
    CONN_AT_ACCEPT,
    CONN_AT_SEND_CHECK,
    CONN_AT_SEND_DRAIN,
    CONN_AT_SEND_NETWORK,
    CONN_AT_SEND_LOOKUP,
    CONN_AT_SEND_COPY,
    CONN_AT_SEND_NOTIFY,
    CONN_AT_SEND_ENQUEUE,
    CONN_AT_SEND_RECHECK,
    CONN_AT_SEND_SLEEP,
    CONN_AT_SEND_TCP,
    CONN_AT_SEND_TCP_WAIT,
    CONN_AT_RECEIVE_CHECK,
    CONN_AT_RECEIVE_RESEND,
    CONN_AT_RECEIVE_NETWORK,
    CONN_AT_RECEIVE_LOOKUP,
    CONN_AT_RECEIVE_COPY,
    CONN_AT_RECEIVE_NOTIFY,
    CONN_AT_RECEIVE_ENQUEUE,
    CONN_AT_RECEIVE_RECHECK,
    CONN_AT_RECEIVE_SLEEP,
    CONN_AT_RECEIVE_TCP,
    CONN_AT_RECEIVE_TCP_WAIT,
    CONN_AT_CLOSE_CHECK,
    CONN_AT_CLOSE_DRAIN,
    CONN_AT_CLOSE_RESEND,
    CONN_AT_CLOSE_NETWORK,
    CONN_AT_CLOSE_LOOKUP,
    CONN_AT_CLOSE_TELL,
    CONN_AT_CLOSE_FREE,
    CONN_AT_CLOSE_TCP,
    CONN_AT_SHUTDOWN,
    CONN_AT_STOPPED,
    CONN_PLACES
} ConnPlace;

/* What went wrong with the stream, as bits. */
typedef enum {
    CONN_FAULT_LOST = 1 << 0,
    CONN_FAULT_REPEATED = 1 << 1,
    CONN_FAULT_REORDERED = 1 << 2,
    CONN_FAULT_RUNS = 1 << 3 /* BYTESTREAM_RUNS too few: the model's limit, not the patent's */
} ConnFault;

/* One direction. */
typedef struct {
    TcpStream tcp;
    ByteRun tx, rx;   /* the data buffer as its sender and as its receiver see it */
    guint64 sent;     /* next position to send = bytes sent */
    guint64 received; /* bytes that the receiving application got */
    guint64 expected; /* next position that it must get */
    guint8 closed;    /* its sender has closed */
    guint8 fin_rx;    /* … and the receiver's view of the control block says so */
    guint8 unused[6];
} ConnFlow;

/* One VM's end: control block entry, queues, event buffer, position number and the running call. */
typedef struct {
    guint64 left;     /* m */
    guint32 copy_own; /* position numbers as the guest last saw them */
    guint32 copy_peer;
    guint32 number; /* its entry in the VMM's table */
    guint32 moves;  /* migrations so far */
    guint8 host;
    guint8 registered; /* this side's table has the control block */
    guint8 events;     /* event buffer, VmGroupEvent bits */
    guint8 waiting;    /* queue of the control block that it is in: 0, VMGROUP_EVENT_SEND or …_RECEIVE */
    guint8 woken;
    guint8 at; /* ConnPlace */
    guint8 call;
    guint8 nonblocking;
    guint8 result; /* of the last call, ConnResult */
    guint8 untold; /* the peer has moved, and this side's machine has not heard of it (ConnConfig.per_machine) */
    guint8 unused[6];
} ConnSide;

typedef struct {
    ConnFlow flow[2];
    ConnSide side[2];
    VmGroup group[2]; /* the group of each VM; the second is unused when both are in one */
    guint8 established;
    guint8 split; /* a VM has left the machine where the data buffers were mapped */
    guint8 faults;
    guint8 leaving; /* bit 0: a migration of VM 0 is announced, bit 1: of VM 1 */
    guint8 unused[4];
} ConnState;

typedef enum {
    CONN_STEP_TASK,    /* the task of VM side goes on */
    CONN_STEP_EVENT,   /* VM side takes the injected interrupt and handles its event buffer (1.1.4) */
    CONN_STEP_NETWORK, /* TCP of flow[side] delivers */
    CONN_STEP_TELL,    /* the machine of VM side hears where the peer is now (ConnConfig.per_machine) */
    CONN_STEP_MOVE,    /* VM side has migrated to host; to its own host: an announced migration was given up */
    CONN_STEP_ANNOUNCE /* VM side will migrate (ConnConfig.announced) */
} ConnStepKind;

typedef struct {
    guint8 kind, side, host;
} ConnStep;

typedef enum {
    CONN_WORK_CONTROL, /* looks and decides */
    CONN_WORK_COPY_IN, /* user space to shared buffer */
    CONN_WORK_COPY_OUT,
    CONN_WORK_NOTIFY,
    CONN_WORK_HANDLE, /* interrupt taken, event handled */
    CONN_WORK_BUILD,  /* control block and buffers set up */
    CONN_WORK_RECLAIM,
    CONN_WORK_TCP_IN, /* user space to TCP */
    CONN_WORK_TCP_OUT,
    CONN_WORK_TCP_FLIGHT,
    CONN_WORK_RESEND, /* what was in a data buffer is handed to TCP */
    CONN_WORK_MOVE,
    CONN_WORKS
} ConnWork;

/* What one step did, for clocks and statistics. */
typedef struct {
    ConnWork work;
    guint8 switches; /* between guest and VMM */
    guint64 bytes;   /* moved by this step */
    ByteRun taken;   /* bytes that the application of the receiving VM got, for the receiver's hash */
} ConnEffect;

/* What each kind of work costs: seconds per step and per byte. The world sets it from a SocketSystem. */
typedef struct {
    double fixed_s[CONN_WORKS];
    double per_byte_s[CONN_WORKS];
    double switch_s;
} ConnCosts;

/* Whether both VMs are on one machine. */
static inline gboolean
connstate_together(const ConnState *state)
{
    return state->side[0].host == state->side[1].host;
}

#endif
