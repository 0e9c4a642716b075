/* The vTPM manager domain of a host: which vTPM instance domains it serves.
 *
 * Source: Qi and Meng, section 1.1, "the new vTPM architecture", steps 1 to 3: one manager domain per platform (step
 * 1); it listens for VMs' requests and creates or restarts the instance domain by its device identity, with a back end
 * to which the VM's front end connects (step 2); the instance answers commands through the manager (step 3).
 *
 *   paper                      | here
 *   ---------------------------+--------------------------------------------------------
 *   vTPM manager domain        | VtpmManager, one per host that has vTPMs
 *   device identity            | the instance's uuid
 *   create or restart          | vtpm_manager_request: CREATED the first time, RESTARTED later
 *
 * Scope: who is served where. The instances' state is models/vtpm/tpm.h's, their memory models/memory's; the manager's
 * own hardware TPM is not modelled.
 */
#ifndef TANDEM_MODELS_VTPM_MANAGER_H
#define TANDEM_MODELS_VTPM_MANAGER_H

#include <glib.h>

typedef struct VtpmManager VtpmManager;

typedef enum {
    VTPM_INSTANCE_CREATED,
    VTPM_INSTANCE_RESTARTED, /* this manager has served that identity before */
    VTPM_INSTANCE_BUSY       /* it is served already: two instances of one identity are refused */
} VtpmRequestResult;

VtpmManager *vtpm_manager_new(void);
void vtpm_manager_free(VtpmManager *manager);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VtpmManager, vtpm_manager_free)

/* Step 2. uuid is copied. */
VtpmRequestResult vtpm_manager_request(VtpmManager *manager, const char *uuid);
/* The instance left this host, or was destroyed; its identity is remembered. */
void vtpm_manager_release(VtpmManager *manager, const char *uuid);
/* Step 3's condition: the instance's back end is connected to this manager. */
gboolean vtpm_manager_serves(const VtpmManager *manager, const char *uuid);
guint vtpm_manager_count(const VtpmManager *manager); /* instances served now */

#endif
