/* The claims of Tang et al.'s crypto-card paper (docs/models/card.md). */
#ifndef TANDEM_SIM_CLAIMS_CRYPTO_CARD_H
#define TANDEM_SIM_CLAIMS_CRYPTO_CARD_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

gboolean crypto_card_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error);

#endif
