/* What the crypto-card paper can be read to say, either way (reading.h; docs/models/card.md, "Readings"). */
#ifndef TANDEM_SIM_CLAIMS_CRYPTO_CARD_READINGS_H
#define TANDEM_SIM_CLAIMS_CRYPTO_CARD_READINGS_H

#include "sim/output/files.h"
#include "sim/run/batch.h"

/* The index of the first of the runs, G_MAXUINT with error set. */
guint crypto_card_readings_add(Batch *batch, GError **error);
void crypto_card_readings_take(const Batch *batch, guint first, FileSet *files);

#endif
