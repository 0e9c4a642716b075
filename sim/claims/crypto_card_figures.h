/* The data of the crypto-card paper's figures, and of those beyond it. */
#ifndef TANDEM_SIM_CLAIMS_CRYPTO_CARD_FIGURES_H
#define TANDEM_SIM_CLAIMS_CRYPTO_CARD_FIGURES_H

#include "sim/claims/crypto_card_runs.h"
#include "sim/output/files.h"

void crypto_card_figures_take(const CryptoCardRuns *runs, FileSet *files);

#endif
