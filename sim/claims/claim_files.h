/* What `tandem reproduce --out` writes of claims: claims.json, claims.csv and fitted.csv. */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_FILES_H
#define TANDEM_SIM_CLAIMS_CLAIM_FILES_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

void claim_files_take(const ClaimSet *claims, FileSet *files);

#endif
