/* What verifiers saw: numbers, a table of every challenge, lines of the summary, tracks. */
#ifndef TANDEM_SIM_PARTS_VTPM_ATTESTATION_RESULTS_H
#define TANDEM_SIM_PARTS_VTPM_ATTESTATION_RESULTS_H

#include "sim/output/record.h"
#include "sim/output/trace.h"

extern const Record attestation_verifier_record, attestation_record;

/* verifiers: of VtpmVerifier. */
void attestation_results_collect(const GPtrArray *verifiers, Result *result);
void attestation_results_trace(const GPtrArray *verifiers, Trace *trace);

#endif
