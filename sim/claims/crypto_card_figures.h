/* The data of the crypto-card paper's figures, and of those beyond it. */
#ifndef TANDEM_SIM_CLAIMS_CRYPTO_CARD_FIGURES_H
#define TANDEM_SIM_CLAIMS_CRYPTO_CARD_FIGURES_H

#include "sim/claims/crypto_card_runs.h"
#include "sim/output/files.h"

void crypto_card_figures_take(const CryptoCardRuns *runs, FileSet *files);

/* Most VMs (of those tried) whose 99th percentile is at most 1 ms; 0: none. path: index in load_paths. */
guint crypto_card_figures_crowd(const CryptoCardRuns *runs, guint path);

#endif
