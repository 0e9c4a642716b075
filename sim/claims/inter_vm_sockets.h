/* Claims of CN101859263A: four effects, its table of seven systems, and round trips measured elsewhere. */
#ifndef TANDEM_SIM_CLAIMS_INTER_VM_SOCKETS_H
#define TANDEM_SIM_CLAIMS_INTER_VM_SOCKETS_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

gboolean inter_vm_sockets_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
