/* Section 3.3 of the crypto-card paper on a host with few processors: one service thread, a thread per VM, an emulator
 * per VM. By the number of VMs, and by what the VMs compute themselves between two requests. */
#ifndef TANDEM_SIM_CLAIMS_CRYPTO_CARD_HOSTED_H
#define TANDEM_SIM_CLAIMS_CRYPTO_CARD_HOSTED_H

#include "sim/output/files.h"
#include "sim/run/batch.h"

/* The runs, in the order of their rows; an array of its own kind. NULL with error set when a scenario is wrong.
 * (transfer full) */
GArray *crypto_card_hosted_add(Batch *batch, GError **error);

/* processors.csv and own-work.csv. */
void crypto_card_hosted_take(const GArray *hosted, const Batch *batch, FileSet *files);

#endif
