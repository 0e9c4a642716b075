/* Claims about what clients feel of a guest that moves: TCP's ladders, QEMU's announcements, published outages. */
#ifndef TANDEM_SIM_CLAIMS_CLIENTS_H
#define TANDEM_SIM_CLAIMS_CLIENTS_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

/* A Paper's reproduce. */
gboolean clients_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
