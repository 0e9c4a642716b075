/* Qi and Meng's claims: tables 1 to 4, figures 6 to 10, a real Xen log, and what the paper leaves to predict. */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

gboolean vm_vtpm_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
