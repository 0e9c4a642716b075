/* Verifiers in the world: each challenges one vTPM at an interval, and appraises what comes back
 * (models/vtpm/verifier.h). */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_VERIFIER_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_VERIFIER_H

#include "models/vtpm/verifier.h"
#include "sim/parts/vtpm/vtpm_caller.h"

/* One challenge. */
typedef struct {
    guint64 number;
    double asked_s;
    double quoted_s;       /* NAN: nobody answered */
    double ended_s;        /* checked, or given up */
    guint quoted_on;       /* the host, when it was quoted */
    AttestVerdict verdict; /* of one that was answered */
} Attestation;

typedef struct {
    const VerifierSpec *spec; /* borrowed */
    VtpmCaller *caller;       /* borrowed */
    Verifier verifier;
    GArray *attestations;                /* owned, of Attestation */
    guint64 verdicts[ATTEST_N_VERDICTS]; /* of those that were answered: how many had each */
    double accepted_s;                   /* when a quote was last accepted; before the first: when it began to ask */
    double gap_s;                        /* the longest time between two */
} VtpmVerifier;

VtpmVerifier *vtpm_verifier_new(VtpmService *service, const VerifierSpec *spec);
void vtpm_verifier_free(gpointer verifier);
void vtpm_verifier_start(VtpmVerifier *verifier);
/* The run is over: the gap that is open ends. */
void vtpm_verifier_finish(VtpmVerifier *verifier);

#endif
