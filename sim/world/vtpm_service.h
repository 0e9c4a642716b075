/* A VM's script calling its vTPM: SHA-1 and extend, again and again (Qi and Meng, section 2.1, figure 10).
 *
 * A call waits while its vTPM is on another host or stopped, and fails when it has waited longer than the command
 * timeout of the running VM's time; the script then makes the same call again after its usual pause. While the VM is
 * stopped, so are its script and its timeouts.
 */
#ifndef TANDEM_SIM_WORLD_VTPM_SERVICE_H
#define TANDEM_SIM_WORLD_VTPM_SERVICE_H

#include "sim/world/part.h"

#include <simgrid/semaphore.h>

typedef struct {
    guint64 call;
    double issued_s;
    double ended_s;
    gboolean failed;
    guint8 digest[TPM_SHA1_BYTES]; /* of a call that was done */
} VtpmCommand;

struct VtpmService {
    Domain *vtpm;
    const VtpmSpec *spec; /* borrowed */
    Tpm tpm;              /* the instance's state */
    Tpm departed;         /* as it was when the copy began: what an incomplete copy would bring */
    guint64 calls_done;
    sg_sem_t changed;           /* released when an instance of the VM or of the vTPM changes */
    gboolean waiting;           /* the script waits for that */
    GArray *commands;           /* of VtpmCommand, in order */
    double unavailable_s;       /* while the VM ran and its vTPM could not serve it */
    double unavailable_max_s;   /* the longest such time */
    double unavailable_since_s; /* NAN: available, or the VM does not run */
};

extern const Part vtpm_part;

/* The vTPM's state travels in its pages: what arrives is the present state if all pages arrived as they are. */
void vtpm_service_depart(VtpmService *service);
void vtpm_service_arrive(VtpmService *service, gboolean pages_equal);

#endif
