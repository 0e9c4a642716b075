/* Claims about migrations as operators report them: rates over parallel channels, totals of flavours, downtimes,
 * passes, and which migrations never end. Every number is in facts.md, section 4, with its source. */
#ifndef TANDEM_SIM_CLAIMS_OPERATORS_H
#define TANDEM_SIM_CLAIMS_OPERATORS_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

/* A Paper's reproduce. */
gboolean operators_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
