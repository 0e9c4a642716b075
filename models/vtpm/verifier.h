/* Who challenges a TPM from afar, and what it makes of the answer.
 *
 * Source: TPM 2.0 Library, part 1, "Attestation"; RFC 9334 (remote attestation, RATS): the verifier appraises evidence
 * (a quote and the event log) against what it knows. The vTPM paper leaves it to future work (section 3).
 *
 * In this order, and the first that fails is the verdict:
 *
 *   verdict        the quote
 *   UNKNOWN_KEY    was not made by the key that was enrolled: a fresh TPM, or one that was bound anew
 *   STALE_NONCE    does not answer the challenge that is open: it was taken before, and is shown again
 *   ROLLED_BACK    has a clock that is not behind that of the last quote: an older state answers
 *   RESTARTED      comes from a TPM that was started since it was enrolled: its registers were lost
 *   LOG_MISMATCH   says other registers than the log gives
 *   MOVED          names in its log a host on which the guest is not any more, when it is checked
 *   ACCEPTED
 *
 * A guest whose log does not name its host (arrival `keep`) can be moved between quote and check, and nobody sees it.
 */
#ifndef TANDEM_MODELS_VTPM_VERIFIER_H
#define TANDEM_MODELS_VTPM_VERIFIER_H

#include "models/vtpm/event_log.h"

typedef enum {
    ATTEST_ACCEPTED,
    ATTEST_UNKNOWN_KEY,
    ATTEST_STALE_NONCE,
    ATTEST_ROLLED_BACK,
    ATTEST_RESTARTED,
    ATTEST_LOG_MISMATCH,
    ATTEST_MOVED,
    ATTEST_N_VERDICTS
} AttestVerdict;
const char *attest_verdict_word(AttestVerdict verdict);

typedef struct {
    const char *name;
    TpmSelection selection;
    TpmKey key;     /* enrolled */
    guint32 resets; /* when it was */
    guint64 clock;  /* of the last accepted quote; 0: none yet */
    guint64 challenges;
    guint8 nonce[TPM_SHA256_BYTES]; /* of the open challenge */
    gboolean is_open;
} Verifier;

/* name is borrowed and makes the nonces: those of one name are all different. */
void verifier_init(Verifier *verifier, const char *name, const TpmSelection *selection);
/* Knows the TPM from now on by the key and the number of starts that it has. */
void verifier_enrol(Verifier *verifier, const Tpm *tpm);
/* A new challenge; the one before is not open any more. */
void verifier_challenge(Verifier *verifier, guint8 nonce[TPM_SHA256_BYTES]);
/* Closes the challenge. log: what came with the quote; host: where the guest is now, as the verifier knows from the
 * platform. */
AttestVerdict verifier_check(Verifier *verifier, const TpmQuote *quote, const LogEvidence *log, const char *host);

#endif
