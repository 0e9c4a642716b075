/* What the steps of a connection cost, as its clock has to know it: a copy's time is spent before its effect, so that
 * nobody reads what is still being copied, and the rest of a step after it.
 *
 * Source of the costs: models/socket/socketsystem.h.
 * Scope: what copies occupies its task by the byte; what a step costs beyond that keeps the task busy afterwards.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETCOST_H
#define TANDEM_MODELS_SOCKET_SOCKETCOST_H

#include "models/socket/connstate.h"

/* How many bytes the side's next step would copy now, and what work that is; 0: it copies nothing. */
guint64 socketcost_copy_bytes(const ConnConfig *config, const ConnState *state, int side, ConnWork *work);
double socketcost_work_s(const ConnCosts *costs, ConnWork work, guint64 bytes);
/* Of a step of which paid_bytes were paid for before it. */
double socketcost_rest_s(const ConnCosts *costs, const ConnEffect *effect, guint64 paid_bytes);
/* Whether that work moves the stream's bytes. */
gboolean socketcost_copies(ConnWork work);

#endif
