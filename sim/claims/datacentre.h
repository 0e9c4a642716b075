/* Claims about data centres that decide: published results of consolidation, rules of schedulers by their documented
 * examples, starts of containers and machines. One paper of several chapters, each in a file of its own. */
#ifndef TANDEM_SIM_CLAIMS_DATACENTRE_H
#define TANDEM_SIM_CLAIMS_DATACENTRE_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

#define DATACENTRE_PAPER "datacentre"

/* A Paper's reproduce. */
gboolean datacentre_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
