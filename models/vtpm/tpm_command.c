#include "models/vtpm/tpm_command.h"

#include <string.h>

static TpmSelection
selection_of(const Tpm *tpm, const TpmSession *session)
{
    return (TpmSelection){(TpmBank)(tpm_banks(tpm) - 1), session->pcr < TPM_PCRS ? 1u << session->pcr : 0};
}

static void
secret_of(const TpmSession *session, guint8 secret[TPM_SHA256_BYTES])
{
    tpm_digest(TPM_SHA256, session->name, strlen(session->name), secret);
}

static TpmResult
quote(Tpm *tpm, const TpmSession *session)
{
    const TpmSelection selection = selection_of(tpm, session);
    guint8 nonce[TPM_SHA256_BYTES];
    TpmQuote made;

    secret_of(session, nonce);
    return tpm_quote(tpm, &selection, nonce, &made);
}

static TpmResult
seal(Tpm *tpm, TpmSession *session)
{
    const TpmSelection selection = selection_of(tpm, session);
    guint8 secret[TPM_SHA256_BYTES];

    secret_of(session, secret);
    const TpmResult result = tpm_seal(tpm, &selection, secret, &session->sealed);
    session->has_sealed = result == TPM_OK;
    return result;
}

static TpmResult
unseal(Tpm *tpm, TpmSession *session)
{
    guint8 secret[TPM_SHA256_BYTES];

    return session->has_sealed ? tpm_unseal(tpm, &session->sealed, secret) : seal(tpm, session);
}

static TpmResult
increment(Tpm *tpm, TpmSession *session)
{
    guint64 value;
    const TpmResult result = tpm_increment(tpm, session->counter, &value);

    if (result == TPM_OK) {
        session->rolled_back |= value <= session->counted;
        session->counted = value;
    }
    return result;
}

TpmResult
tpm_command(Tpm *tpm, TpmCommand command, TpmSession *session, EventLog *log)
{
    guint8 bytes[TPM_DIGEST_MAX];

    switch (command) {
    case TPM_COMMAND_EXTEND:
        if (session->pcr >= TPM_PCRS)
            return TPM_NO_PCR;
        event_log_measure(log, tpm, session->pcr, session->name);
        return TPM_OK;
    case TPM_COMMAND_READ:
        return tpm_read_pcr(tpm, TPM_SHA1, session->pcr, bytes);
    case TPM_COMMAND_QUOTE:
        return quote(tpm, session);
    case TPM_COMMAND_SEAL:
        return seal(tpm, session);
    case TPM_COMMAND_UNSEAL:
        return unseal(tpm, session);
    case TPM_COMMAND_RANDOM:
        tpm_random(tpm, bytes, sizeof bytes);
        return TPM_OK;
    case TPM_COMMAND_HASH:
        tpm_digest(TPM_SHA256, session->name, strlen(session->name), bytes);
        return TPM_OK;
    case TPM_COMMAND_INCREMENT:
        return increment(tpm, session);
    case TPM_N_COMMANDS:
        break;
    }
    return TPM_NOT_DEFINED;
}
