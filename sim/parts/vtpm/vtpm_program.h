/* Programs of a guest that give its TPM one command again and again, beside the paper's script. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_PROGRAM_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_PROGRAM_H

#include "sim/parts/vtpm/vtpm_caller.h"

extern const Invariant invariant_counter;

typedef struct {
    const TpmCallerSpec *spec; /* borrowed */
    VtpmCaller *caller;        /* borrowed */
    TpmSession session;
    GArray *latencies_s; /* owned, of double; of the calls that were answered */
    guint64 refused;     /* of these, those that the TPM answered with an error */
    TpmResult refusal;   /* the last such error; TPM_OK: there was none */
    guint64 failed;      /* waited longer than the command time-out */
} VtpmProgram;

/* Starts those of the service's vTPM. */
void vtpm_program_start_all(VtpmService *service);
void vtpm_program_free(gpointer program);

#endif
