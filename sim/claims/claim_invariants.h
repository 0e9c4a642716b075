/* That every run of a paper held every invariant. */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_INVARIANTS_H
#define TANDEM_SIM_CLAIMS_CLAIM_INVARIANTS_H

#include "sim/claims/claim.h"
#include "sim/run/batch.h"

void claim_invariants_add(ClaimSet *claims, const Batch *batch);

#endif
