/* Claims on a terminal. */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_TABLE_H
#define TANDEM_SIM_CLAIMS_CLAIM_TABLE_H

#include "sim/claims/claim.h"

/* A table for so many columns: claims, definitions, fitted parameters, and how many there are. (transfer full) */
char *claim_table_text(const ClaimSet *claims, guint columns);
/* The last lines of it. (transfer full) */
char *claim_table_counts(const ClaimSet *claims);

#endif
