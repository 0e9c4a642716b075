/* The fitted and chosen parameters behind a paper's claims, as the files that are loaded have them. */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_PARAMETERS_H
#define TANDEM_SIM_CLAIMS_CLAIM_PARAMETERS_H

#include "sim/claims/claim.h"

/* Adds what configs/parameters/PAPER.json points at. */
gboolean claim_parameters_add(ClaimSet *claims, const char *paper, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
