/* A VM's script calling its vTPM: SHA-1 and extend, again and again (Qi and Meng, section 2.1, figure 10).
 *
 * A call waits while its vTPM is on another host or stopped, and fails when it has waited longer than the command
 * timeout of the running VM's time; the script then makes the same call again after its usual pause. While the VM is
 * stopped, so are its script and its timeouts.
 */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_SERVICE_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_SERVICE_H

#include "models/vtpm/manager.h"
#include "models/vtpm/tpm.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/world/invariant.h"

#include <simgrid/semaphore.h>

extern const Invariant invariant_vtpm_together, invariant_vtpm_managed, invariant_pcr;

typedef struct {
    guint64 call;
    double issued_s;
    double ended_s;
    gboolean failed;
    guint8 digest[TPM_SHA1_BYTES]; /* of a call that was done */
} VtpmCommand;

typedef struct {
    Domain *vm, *vtpm;
    const char *bound_uuid;       /* of the vTPM that the VM's configuration names */
    VtpmManager *const *managers; /* borrowed; by host: of the vTPM manager domain */
    guint manager_host;           /* where the vTPM's back end hangs */
    const VtpmSpec *spec;         /* borrowed */
    Tpm tpm;                      /* the instance's state */
    Tpm departed;                 /* as it was when the copy began: what an incomplete copy would bring */
    guint64 calls_done;
    sg_sem_t changed;           /* released when an instance of the VM or of the vTPM changes */
    gboolean waiting;           /* the script waits for that */
    GArray *commands;           /* of VtpmCommand, in order */
    double unavailable_s;       /* while the VM ran and its vTPM could not serve it */
    double unavailable_max_s;   /* the longest such time */
    double unavailable_since_s; /* NAN: available, or the VM does not run */
} VtpmService;

VtpmService *vtpm_service_new(Domain *vm, Domain *vtpm, const VtpmSpec *spec, VtpmManager *const *managers);
void vtpm_service_free(gpointer service);

/* Starts the script, where the scenario has one. */
void vtpm_service_start(VtpmService *service);
/* An instance of the VM or of the vTPM has changed: where the vTPM's back end hangs, and since when the VM has none. */
void vtpm_service_notice(VtpmService *service);
/* Afterwards: wakes the script that waits for it. Other actors may run. */
void vtpm_service_wake(VtpmService *service);
/* Whether a command would be served now: both run, on the same host, and the VM's configuration names this vTPM. */
gboolean vtpm_service_is_available(const VtpmService *service);
/* The run is over. */
void vtpm_service_finish(VtpmService *service);

#endif
