/* What is known about a paper's claims besides what they say: configs/claims/PAPER.json.
 *
 * Each claim but definitions has a mechanism there, and mutations (tests/mutations/NAME.patch), small changes of the
 * program or of a profile each of which makes it fail; scripts/mutate.sh tries them. A known miss is a published number
 * that tandem does not meet, with the reason; a disputed claim one about which its source contradicts itself.
 *
 * A name or pattern that no claim has, a claim without a mechanism, and a known miss that is met are errors of the
 * file: it would say what is not so.
 */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_NOTES_H
#define TANDEM_SIM_CLAIMS_CLAIM_NOTES_H

#include "sim/claims/claim.h"

/* Gives the paper's claims their mechanisms and verdicts, all of them whatever the error. */
gboolean claim_notes_apply(ClaimSet *claims, const char *paper, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
