#include "models/vtpm/verifier.h"

#include <string.h>

const char *
attest_verdict_word(AttestVerdict verdict)
{
    static const char *const words[ATTEST_N_VERDICTS] = {
        [ATTEST_ACCEPTED] = "accepted",
        [ATTEST_UNKNOWN_KEY] = "unknown-key",
        [ATTEST_STALE_NONCE] = "stale-nonce",
        [ATTEST_ROLLED_BACK] = "rolled-back",
        [ATTEST_RESTARTED] = "restarted",
        [ATTEST_LOG_MISMATCH] = "log-mismatch",
        [ATTEST_MOVED] = "moved",
    };

    return words[verdict];
}

void
verifier_init(Verifier *verifier, const char *name, const TpmSelection *selection)
{
    *verifier = (Verifier){.name = name, .selection = *selection};
}

void
verifier_enrol(Verifier *verifier, const Tpm *tpm)
{
    tpm_attestation_key(tpm, &verifier->key);
    verifier->resets = tpm_resets(tpm);
}

void
verifier_challenge(Verifier *verifier, guint8 nonce[TPM_SHA256_BYTES])
{
    g_autofree char *text = g_strdup_printf("%s/%" G_GUINT64_FORMAT, verifier->name, ++verifier->challenges);

    tpm_digest(TPM_SHA256, text, strlen(text), verifier->nonce);
    memcpy(nonce, verifier->nonce, sizeof verifier->nonce);
    verifier->is_open = TRUE;
}

static gboolean
log_agrees(const Verifier *verifier, const TpmQuote *quote, const LogEvidence *log)
{
    return quote->selection.bank == verifier->selection.bank && quote->selection.pcrs == verifier->selection.pcrs &&
           memcmp(quote->pcr_digest, log->digest, sizeof log->digest) == 0;
}

static gboolean
is_digest_of(const guint8 digest[TPM_SHA256_BYTES], const char *text)
{
    guint8 expected[TPM_SHA256_BYTES];

    tpm_digest(TPM_SHA256, text, strlen(text), expected);
    return memcmp(digest, expected, sizeof expected) == 0;
}

static AttestVerdict
appraise(const Verifier *verifier, const TpmQuote *quote, const LogEvidence *log, const char *host)
{
    if (!tpm_quote_is_signed(quote, &verifier->key))
        return ATTEST_UNKNOWN_KEY;
    if (!verifier->is_open || memcmp(quote->nonce, verifier->nonce, sizeof quote->nonce) != 0)
        return ATTEST_STALE_NONCE;
    if (quote->clock <= verifier->clock && quote->resets == verifier->resets)
        return ATTEST_ROLLED_BACK;
    if (quote->resets != verifier->resets)
        return ATTEST_RESTARTED;
    if (!log_agrees(verifier, quote, log))
        return ATTEST_LOG_MISMATCH;
    return log->names_host && !is_digest_of(log->host, host) ? ATTEST_MOVED : ATTEST_ACCEPTED;
}

AttestVerdict
verifier_check(Verifier *verifier, const TpmQuote *quote, const LogEvidence *log, const char *host)
{
    const AttestVerdict verdict = appraise(verifier, quote, log, host);

    verifier->is_open = FALSE;
    if (verdict == ATTEST_ACCEPTED)
        verifier->clock = quote->clock;
    return verdict;
}
