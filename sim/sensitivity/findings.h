/* What one world says: the numbers behind its claims or predictions, each with a verdict where there is one. */
#ifndef TANDEM_SIM_SENSITIVITY_FINDINGS_H
#define TANDEM_SIM_SENSITIVITY_FINDINGS_H

#include "sim/claims/claim.h"
#include "sim/validate/validate.h"

typedef enum { VERDICT_NONE, VERDICT_FAIL, VERDICT_PASS } Verdict;

typedef struct {
    char *id;    /* of a claim, CLAIM.MEASURE, or of a prediction; unique */
    char *claim; /* findings of one claim follow each other */
    char *unit;
    ClaimRole role;
    double value; /* NAN: the claim is about no number */
    Verdict verdict;
} Finding;

typedef struct {
    GArray *list; /* of Finding */
} Findings;

Findings *findings_from_claims(const ClaimSet *claims);
/* Of each case whether it ends as measured, and the counters that can be compared, held to the bars' worst case; before
 * them the means of predicted by measured, and verdicts on the medians. predictions: of Prediction. */
Findings *findings_from_predictions(const GArray *predictions);
void findings_free(Findings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)

/* NULL when there is none. */
const Finding *findings_find(const Findings *findings, const char *id);

/* One text, to hand them from process to process; and back. (transfer full) */
char *findings_pack(const Findings *findings);
Findings *findings_unpack(const char *packed);

/* "", "fail", "pass" */
const char *verdict_text(Verdict verdict);

#endif
