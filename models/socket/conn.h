/* One socket connection between two VMs that may migrate: shared memory when together, TCP when apart.
 *
 * Purpose: the four flows of the patent (connect 2.3.1, send 2.3.2, receive 2.3.3, close 2.3.4) of both guests, with
 * the VMM's part (notifications 1.2.2, migration assist 1.2.3), as state machines that take one atomic step at a time.
 * Whoever drives them chooses the order: the explorer of the tests tries every order, the world gives every step its
 * time. A state is a plain struct without pointers: copy it with =, compare and hash its bytes.
 * Source: CN101859263A. Symbols:
 *   m                here left            bytes of the current call still to be moved
 *   n                here buffer_bytes    size of a data buffer
 *   已发送字节数      here flow.sent       bytes that the source has sent so far
 *   已接收字节数      here flow.received   bytes that the target has received so far
 *   当前位置号        here side.number     position number in the VMM's table; side.copy_own is the guest's copy
 *   源VM, 目标VM     source and target VM: flow[d] is the data from VM d to VM 1 - d
 *
 * Two readings. The literal one does what the wording says; where the wording says nothing it is given the best that an
 * implementer could do (waits see the condition that they wait for; a resend request reaches the other guest's kernel).
 * The safe one (literal = 0, the default) departs in CONN_CLAUSES places, each a bit of ConnClause, so that each defect
 * is tied to one clause. docs/models/socket.md has what each loses and the shortest schedule that shows it.
 *
 * A third reading, ConnConfig.announced, is the inventors' own repair (announce.c): both VMs are told before a
 * migration and leave shared memory while it is one. In any of them ConnConfig.per_machine gives each machine a
 * position table (1.1.1, 2.2.2), which hears of a move elsewhere by a message.
 *
 * A data buffer is one piece of memory while both VMs are where it was mapped; once one of them has migrated, its
 * mapping is a copy that went along with its memory (state.split): flow.tx is what the sender's side sees, flow.rx the
 * receiver's.
 *
 * Scope: one task per VM and connection; a receive wants all its bytes or the end of the stream ("若接收操作完毕");
 * migration of a VM is one step (the guest does not run between its resumption and the migration assist).
 */
#ifndef TANDEM_MODELS_SOCKET_CONN_H
#define TANDEM_MODELS_SOCKET_CONN_H

#include "models/socket/connstate.h"

double conn_cost_s(const ConnCosts *costs, const ConnEffect *effect);

/* Steps 2.1 and 2.2 for both VMs on their hosts: groups joined (claim 3), position numbers made and copied (4.2).
 * Returns the second VM's result: VMGROUP_START_FAILED leaves it stopped. */
VmGroupResult conn_init(const ConnConfig *config, ConnState *state, guint8 host0, guint8 host1);

/* The call analyser (1.1.2): what becomes of a call. */
typedef enum {
    CONN_BYPASS, /* not network: the operating system as ever */
    CONN_TO_TCP, /* other machine or other group */
    CONN_TO_CONTROL,
    CONN_TO_TRANSFER
} ConnRoute;

/* A send or a receive. */
gboolean conn_moves_bytes(ConnCall call);

ConnRoute conn_analyse(const ConnState *state, ConnCall call);

/* VM side enters a call; its task must be idle. bytes: of a send or receive; 0 is done at once. */
void conn_begin(const ConnConfig *config, ConnState *state, int side, ConnCall call, guint64 bytes,
                gboolean nonblocking);

gboolean conn_idle(const ConnState *state, int side);
gboolean conn_enabled(const ConnConfig *config, const ConnState *state, ConnStep step);

/* Takes an enabled step; effect may be NULL. */
void conn_step(const ConnConfig *config, ConnState *state, ConnStep step, ConnEffect *effect);

gboolean conn_over_memory(const ConnState *state);    /* both sides have the control block and the mapping lives */
guint64 conn_bytes_in_flight(const ConnState *state); /* sent, not yet received, both directions, whichever path */
gboolean conn_is_announced(const ConnState *state, int side); /* a migration of that VM, which has not happened yet */
gboolean conn_has_left(const ConnState *state);               /* neither side has a control block */
gboolean conn_reclaimed(const ConnState *state); /* control blocks, buffers, events and streams are empty */

/* A system that cannot migrate loses the connection with its VM's migration: both calls end with CONN_BROKEN, all is
 * reclaimed, and the bytes that were in flight are gone. Returns their number. */
guint64 conn_break(ConnState *state);

/* "2.3.3.2.2 receive: asleep in the queue" … */
const char *conn_place_text(ConnPlace place);

/* What the task waits for, NULL when it can go on. */
const char *conn_waits_for(const ConnConfig *config, const ConnState *state, int side);

/* "own number", "buffer length" … of one clause; NULL beyond the last. */
const char *conn_clause_text(ConnClause clause);

#endif
