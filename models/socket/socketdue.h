/* What can be pending in a connection, and which of it comes first: two tasks, two interrupts, and what the two
 * directions of TCP have in service and in flight. A connection's calendar is no more than this.
 *
 * Scope: dates only; what happens at them is the connection's (models/socket/socketrun.h).
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETDUE_H
#define TANDEM_MODELS_SOCKET_SOCKETDUE_H

#include "models/socket/socketwire.h"

#include <math.h>

/* One VM's end in time. */
typedef struct {
    gboolean running;
    double stopped_s;
    double free_s; /* the task is busy until then */
    double due_s;  /* of its next step or call; INFINITY: it waits */
    guint64 planned_bytes;
    gboolean taken_over; /* what the copy takes longer for the other side has been added */
    guint64 seen;        /* what the other side had received when this one last sent */
    double event_s;      /* the interrupt will have been handled */
    double told_s;       /* the VM's machine hears where the other one is, whether or not this one runs */
} SocketDueSide;

typedef enum {
    SOCKETDUE_NOTHING,
    SOCKETDUE_DELIVERY, /* a batch of flow `side` reaches its receiver */
    SOCKETDUE_SERVICE,  /* the backend has served one */
    SOCKETDUE_TELL,     /* the machine of VM `side` hears where the other one is */
    SOCKETDUE_EVENT,    /* the interrupt of VM `side` is handled */
    SOCKETDUE_TASK      /* its task goes on */
} SocketDueKind;

typedef struct {
    SocketDueKind kind;
    int side;
    double at_s;
} SocketDue;

/* A VM that runs from the beginning, and for which nothing is pending. */
void socketdue_init_side(SocketDueSide *side);
/* The stopped VM's clock stood still: what was pending comes that much later. */
void socketdue_shift(SocketDueSide *side, double by_s);

/* Of equal dates: what arrives before what is done with it, VM 0 before VM 1. It is asked after every step. */
static inline SocketDue
socketdue_first(const SocketDueSide side[2], const SocketWire wire[2])
{
    SocketDue due = {SOCKETDUE_NOTHING, 0, INFINITY};

    for (int i = 0; i < 2; i++) {
        if (wire[i].n > 0) {
            const double delivery_s = socketwire_delivery_s(&wire[i]);
            const double service_s = socketwire_service_s(&wire[i]);
            if (delivery_s < due.at_s)
                due = (SocketDue){SOCKETDUE_DELIVERY, i, delivery_s};
            if (service_s < due.at_s)
                due = (SocketDue){SOCKETDUE_SERVICE, i, service_s};
        }
        if (side[i].told_s < due.at_s)
            due = (SocketDue){SOCKETDUE_TELL, i, side[i].told_s};
        if (side[i].running && side[i].event_s < due.at_s)
            due = (SocketDue){SOCKETDUE_EVENT, i, side[i].event_s};
    }
    for (int i = 0; i < 2; i++)
        if (side[i].running && side[i].due_s < due.at_s)
            due = (SocketDue){SOCKETDUE_TASK, i, side[i].due_s};
    return due;
}

#endif
