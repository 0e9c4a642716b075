/* Claims about when a client's kernel sends again: each step of the ladders, what blackouts are felt as, and when the
 * kernel gives up.
 *
 * Sources: measured on Linux 6.18 over loopback (a socket filter drops one direction); Linux, ip-sysctl.rst.
 */
#ifndef TANDEM_SIM_CLAIMS_CLIENTS_LADDER_H
#define TANDEM_SIM_CLAIMS_CLIENTS_LADDER_H

#include "sim/claims/claim.h"
#include "sim/run/batch.h"

enum { CLIENTS_LADDERS = 4, CLIENTS_STEPS = 7, CLIENTS_FELT = 5, CLIENTS_ENDS = 3 };

typedef struct {
    guint steps[CLIENTS_LADDERS][CLIENTS_STEPS];
    guint felt[CLIENTS_FELT];
    guint ends[CLIENTS_ENDS];
} ClientsLadder;

gboolean clients_ladder_prepare(ClientsLadder *runs, Batch *batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void clients_ladder_claim(const ClientsLadder *runs, const Batch *batch, ClaimSet *claims);

/* "ladder,step,published_s,tandem_s": each step. */
char *clients_ladder_csv(const ClientsLadder *runs, const Batch *batch);

#endif
