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
 * Xen's vtpmmgr (docs/man/xen-vtpmmgr) keeps the keys of its instances' states sealed to registers of the platform's
 * hardware TPM, so that only a platform in the same state can open them: each manager may have a hardware TPM in whose
 * register VTPM_POLICY_PCR the platform's policy was measured. Another manager admits an instance that needs one, if it
 * has one with the same register, and reads the version of its state.
 *
 * A manager may know VMs as those of other vTPMs than they come with: instances that were left there, or made for them
 * (Definition 3 of section 1.2 has the destination checked for that).
 *
 * Scope: who is served where, and who is let in. The instances' state is models/vtpm/tpm.h's, their memory
 * models/memory's.
 */
#ifndef TANDEM_MODELS_VTPM_MANAGER_H
#define TANDEM_MODELS_VTPM_MANAGER_H

#include "models/vtpm/tpm.h"

#define VTPM_POLICY_PCR 7u /* where PCs measure the policy under which they start software */

typedef struct VtpmManager VtpmManager;

typedef enum {
    VTPM_INSTANCE_CREATED,
    VTPM_INSTANCE_RESTARTED, /* this manager has served that identity before */
    VTPM_INSTANCE_BUSY       /* it is served already: two instances of one identity are refused */
} VtpmRequestResult;

/* What a platform offers its instances. */
typedef struct {
    const char *name;      /* makes the hardware TPM's identity */
    gboolean hardware_tpm; /* whether there is one */
    const char *policy;    /* what was measured into it */
    guint state_version;   /* the newest that the manager reads */
} VtpmPlatform;

typedef enum {
    VTPM_ADMITTED,
    VTPM_NO_HARDWARE_TPM, /* it was sealed to one, and there is none */
    VTPM_OTHER_POLICY,    /* the registers differ */
    VTPM_NO_MANAGER,      /* it was lost */
    VTPM_NEWER_STATE      /* written by a newer version than the manager reads */
} VtpmAdmission;

VtpmManager *vtpm_manager_new(const VtpmPlatform *platform);
void vtpm_manager_free(VtpmManager *manager);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VtpmManager, vtpm_manager_free)

/* Step 2. uuid is copied. */
VtpmRequestResult vtpm_manager_request(VtpmManager *manager, const char *uuid);
/* The instance left this host, or was destroyed; its identity is remembered. */
void vtpm_manager_release(VtpmManager *manager, const char *uuid);
/* Step 3's condition: the instance's back end is connected to this manager. */
gboolean vtpm_manager_serves(const VtpmManager *manager, const char *uuid);
/* Whether an instance of another manager, with a state of that version, may come. */
VtpmAdmission vtpm_manager_admits(const VtpmManager *manager, const VtpmManager *from, guint state_version);
/* The manager domain has crashed: it serves nobody any more, and takes nobody. */
void vtpm_manager_lose(VtpmManager *manager);
/* On this host the VM of that uuid has the vTPM of that uuid, whatever it has elsewhere; both are copied. */
void vtpm_manager_bind(VtpmManager *manager, const char *vm_uuid, const char *vtpm_uuid);
/* What it was bound to here; NULL: nothing. Borrowed. */
const char *vtpm_manager_bound(const VtpmManager *manager, const char *vm_uuid);
guint vtpm_manager_count(const VtpmManager *manager); /* instances served now */

#endif
