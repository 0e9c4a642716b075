#include "models/vtpm/event_log.h"

#include <string.h>

typedef struct {
    guint pcr;
    char *what; /* owned */
} Event;

struct EventLog {
    GArray *events; /* owned, of Event */
    guint8 pcr[TPM_N_BANKS][TPM_PCRS][TPM_DIGEST_MAX];
};

static void
clear_event(gpointer data)
{
    g_free(((Event *)data)->what);
}

EventLog *
event_log_new(void)
{
    EventLog *log = g_new0(EventLog, 1);

    log->events = g_array_new(FALSE, FALSE, sizeof(Event));
    g_array_set_clear_func(log->events, clear_event);
    return log;
}

void
event_log_free(EventLog *log)
{
    if (!log)
        return;
    g_array_unref(log->events);
    g_free(log);
}

void
event_log_note(EventLog *log, guint pcr, const char *what)
{
    g_return_if_fail(pcr < TPM_PCRS);
    const Event event = {pcr, g_strdup(what)};
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    tpm_digests(what, digests);
    g_array_append_val(log->events, event);
    for (int bank = 0; bank < TPM_N_BANKS; bank++)
        tpm_digest_extend((TpmBank)bank, log->pcr[bank][pcr], digests[bank]);
}

void
event_log_measure(EventLog *log, Tpm *tpm, guint pcr, const char *what)
{
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    event_log_note(log, pcr, what);
    tpm_digests(what, digests);
    (void)tpm_extend(tpm, pcr, digests);
}

guint
event_log_length(const EventLog *log)
{
    return log->events->len;
}

const char *
event_log_last(const EventLog *log, guint pcr)
{
    for (guint i = log->events->len; i > 0; i--) {
        const Event *event = &g_array_index(log->events, Event, i - 1);
        if (event->pcr == pcr)
            return event->what;
    }
    return NULL;
}

void
event_log_digest(const EventLog *log, const TpmSelection *selection, guint8 digest[TPM_SHA256_BYTES])
{
    tpm_selected_digest(selection, log->pcr[selection->bank], digest);
}
