/* A VM's vTPM as its guest has it: where it is served, since when it is not, and the paper's script, which calls SHA-1
 * and extend again and again (Qi and Meng, section 2.1, figure 10); other programs, in vtpm_program.c, beside it.
 */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_SERVICE_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_SERVICE_H

#include "models/vtpm/manager.h"
#include "models/vtpm/vtpm_transfer.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/world/invariant.h"

#include <simgrid/semaphore.h>

extern const Invariant invariant_vtpm_together, invariant_vtpm_managed, invariant_pcr, invariant_log;

typedef struct {
    guint64 call;
    double issued_s;
    double ended_s;
    gboolean failed;
    guint8 digest[TPM_SHA1_BYTES]; /* of a call that was done */
} VtpmCommand;

typedef struct VtpmService VtpmService;

/* Somebody who calls the vTPM (vtpm_caller.h). */
typedef struct {
    VtpmService *service;
    sg_sem_t changed; /* released when an instance of the VM or of the vTPM changes */
    gboolean waiting; /* it waits for that */
    gboolean remote;  /* not a program of the VM: its patience ends whether or not the VM runs */
} VtpmCaller;

struct VtpmService {
    Domain *vm, *vtpm;
    const char *bound_uuid;       /* of the vTPM that the VM's configuration names */
    VtpmManager *const *managers; /* borrowed; by host: of the vTPM manager domain */
    guint manager_host;           /* where the vTPM's back end hangs */
    const VtpmSpec *spec;         /* borrowed */
    Tpm tpm;                      /* the instance; its state is in its domain's pages */
    TpmMemory *arriving;          /* owned; what a migration's destination has received of them; NULL: nothing moves */
    EventLog *log;                /* owned; of the guest; NULL: the scenario says nothing of the TPM */
    guint moves;                  /* that have begun */
    VtpmPackage package;          /* of the present one */
    VtpmCopy here, there;         /* of the state: at home, and where it is being copied to */
    gboolean state_lost;          /* the destination made a new TPM, or refused what arrived */
    double key_known_s;           /* from when on verifiers know its key; INFINITY: nothing to learn */
    GPtrArray *callers;           /* owned, of owned VtpmCaller */
    GPtrArray *programs;          /* owned, of owned VtpmProgram, as in the scenario; NULL: none has begun */
    sg_sem_t turn;                /* who may give a command */
    guint64 calls_done;
    GArray *commands;           /* of VtpmCommand, in order */
    double unavailable_s;       /* while the VM ran and its vTPM could not serve it */
    double unavailable_max_s;   /* the longest such time */
    double unavailable_since_s; /* NAN: available, or the VM does not run */
};

/* Where hosts are measured; chosen among those of the operating system. */
#define VTPM_HOST_PCR 11u

VtpmService *vtpm_service_new(Domain *vm, Domain *vtpm, const VtpmSpec *spec, VtpmManager *const *managers);
void vtpm_service_free(gpointer service);

/* Of the service, which wakes it and frees it. */
VtpmCaller *vtpm_service_add_caller(VtpmService *service);
/* Both run, on the same host, the VM's configuration names this vTPM, and its state is there and not locked. */
gboolean vtpm_service_is_available(const VtpmService *service);
/* A command has been carried out now: what it must not have been, and the pages that it wrote. */
void vtpm_service_answered(VtpmService *service);
/* Name of the host where the vTPM is at home. */
const char *vtpm_service_host(const VtpmService *service);
/* Of one command, in seconds of a processor. */
double vtpm_service_command_s(const VtpmService *service, TpmCommand command);
/* An instance of the VM or of the vTPM has changed: where the vTPM's back end hangs, and since when the VM has none. */
void vtpm_service_notice(VtpmService *service);
/* Afterwards: wakes the callers that wait for it. Other actors may run. */
void vtpm_service_wake(VtpmService *service);
/* The run is over. */
void vtpm_service_finish(VtpmService *service);

#endif
