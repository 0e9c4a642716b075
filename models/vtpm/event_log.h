/* The log of what was measured into a TPM, and what its registers must be if the log is true.
 *
 * Source: TCG PC Client platform firmware profile, the crypto-agile event log; the verifier replays it: each register
 * begins at zero and is extended by the events of its number, in order.
 *
 * The log is kept by the guest, outside the TPM, and travels in the guest's memory. It only grows, so of its events
 * only what they come to is kept: the registers that they give, and the digest of the last one of each.
 */
#ifndef TANDEM_MODELS_VTPM_EVENT_LOG_H
#define TANDEM_MODELS_VTPM_EVENT_LOG_H

#include "models/vtpm/tpm.h"

typedef struct EventLog EventLog;

EventLog *event_log_new(void);
void event_log_free(EventLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventLog, event_log_free)

/* Measures what into register pcr of the TPM: extends it by the digests of the text, and notes that in the log. The
 * register exists. */
void event_log_measure(EventLog *log, Tpm *tpm, guint pcr, const char *what);
/* The same of what was digested already. */
void event_log_extend(EventLog *log, Tpm *tpm, guint pcr, const guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX]);
/* Notes it without the TPM's doing: what a TPM lacks whose state is older than the log, or another's. */
void event_log_note(EventLog *log, guint pcr, const char *what);

/* SHA-256 of the selected registers as the log has them, which tpm_pcr_digest gives if it is true. */
void event_log_digest(const EventLog *log, const TpmSelection *selection, guint8 digest[TPM_SHA256_BYTES]);
/* Whether the TPM has in every register of its banks what the log gives. */
gboolean event_log_agrees(const EventLog *log, const Tpm *tpm);

/* What a verifier is shown of a log. */
typedef struct {
    guint8 digest[TPM_SHA256_BYTES]; /* of the registers that it asked for */
    gboolean names_host;             /* a host was measured, */
    guint8 host[TPM_SHA256_BYTES];   /* and that is the digest of the last one's name */
} LogEvidence;
/* host_pcr: the register into which hosts are measured. */
LogEvidence event_log_evidence(const EventLog *log, const TpmSelection *selection, guint host_pcr);

#endif
