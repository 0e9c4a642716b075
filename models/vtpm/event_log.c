#include "models/vtpm/event_log.h"

#include <string.h>

struct EventLog {
    guint8 pcr[TPM_N_BANKS][TPM_PCRS][TPM_DIGEST_MAX];
    guint8 last[TPM_PCRS][TPM_SHA256_BYTES]; /* of the last event's text */
    gboolean has_events[TPM_PCRS];
};

EventLog *
event_log_new(void)
{
    return g_new0(EventLog, 1);
}

void
event_log_free(EventLog *log)
{
    g_free(log);
}

static void
note(EventLog *log, guint pcr, const guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX])
{
    g_return_if_fail(pcr < TPM_PCRS);

    memcpy(log->last[pcr], digests[TPM_SHA256], sizeof log->last[pcr]);
    log->has_events[pcr] = TRUE;
    for (int bank = 0; bank < TPM_N_BANKS; bank++)
        tpm_digest_extend((TpmBank)bank, log->pcr[bank][pcr], digests[bank]);
}

void
event_log_extend(EventLog *log, Tpm *tpm, guint pcr, const guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX])
{
    note(log, pcr, digests);
    (void)tpm_extend(tpm, pcr, digests);
}

void
event_log_note(EventLog *log, guint pcr, const char *what)
{
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    tpm_digests(what, TPM_N_BANKS, digests);
    note(log, pcr, digests);
}

void
event_log_measure(EventLog *log, Tpm *tpm, guint pcr, const char *what)
{
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    tpm_digests(what, TPM_N_BANKS, digests);
    event_log_extend(log, tpm, pcr, digests);
}

void
event_log_digest(const EventLog *log, const TpmSelection *selection, guint8 digest[TPM_SHA256_BYTES])
{
    tpm_selected_digest(selection, log->pcr[selection->bank], digest);
}

gboolean
event_log_agrees(const EventLog *log, const Tpm *tpm)
{
    guint8 value[TPM_DIGEST_MAX];

    for (guint bank = 0; bank < tpm_banks(tpm); bank++)
        for (guint pcr = 0; pcr < TPM_PCRS; pcr++) {
            (void)tpm_read_pcr(tpm, (TpmBank)bank, pcr, value);
            if (memcmp(value, log->pcr[bank][pcr], tpm_digest_bytes((TpmBank)bank)) != 0)
                return FALSE;
        }
    return TRUE;
}

LogEvidence
event_log_evidence(const EventLog *log, const TpmSelection *selection, guint host_pcr)
{
    LogEvidence evidence = {.names_host = log->has_events[host_pcr]};

    memcpy(evidence.host, log->last[host_pcr], sizeof evidence.host);
    event_log_digest(log, selection, evidence.digest);
    return evidence;
}
