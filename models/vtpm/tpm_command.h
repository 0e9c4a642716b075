/* The commands that a guest gives its TPM, by their names, and what each does.
 *
 * Source: TPM 2.0 Library, part 3: TPM2_PCR_Extend, _PCR_Read, _Quote, _Create and _Unseal (of a sealed object),
 * _GetRandom, _Hash, _NV_Increment.
 *
 * What a guest keeps between commands, as the object that it sealed, is its TpmSession. What it extends it notes in the
 * event log, as measured boot and IMA do.
 */
#ifndef TANDEM_MODELS_VTPM_TPM_COMMAND_H
#define TANDEM_MODELS_VTPM_TPM_COMMAND_H

#include "models/vtpm/event_log.h"

typedef enum {
    TPM_COMMAND_EXTEND,
    TPM_COMMAND_READ,
    TPM_COMMAND_QUOTE,
    TPM_COMMAND_SEAL,
    TPM_COMMAND_UNSEAL, /* of what it has sealed; seals first where there is nothing yet */
    TPM_COMMAND_RANDOM,
    TPM_COMMAND_HASH,
    TPM_COMMAND_INCREMENT,
    TPM_N_COMMANDS
} TpmCommand;

/* What one program of the guest has of its TPM. */
typedef struct {
    const char *name; /* borrowed; makes what it measures and seals its own */
    guint pcr;        /* that it extends, reads, quotes or seals to */
    guint counter;    /* that it increments */
    gboolean has_sealed;
    TpmSealed sealed;
    guint64 counted;      /* the counter's last value */
    gboolean rolled_back; /* the counter once did not go up */
} TpmSession;

/* Carries one out. */
TpmResult tpm_command(Tpm *tpm, TpmCommand command, TpmSession *session, EventLog *log);

#endif
