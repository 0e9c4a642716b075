#include "models/vtpm/manager.h"

#include <string.h>

enum { HARDWARE_PAGE_BYTES = 4096 }; /* its memory is a chip's own */

struct VtpmManager {
    GHashTable *connected; /* owned; uuid to whether its back end is connected now; a key: it once was */
    guint n_connected;
    GHashTable *bound; /* owned; uuid of a VM to that of its vTPM on this host, owned both */
    Tpm hardware;      /* memory NULL: there is none */
    guint state_version;
    gboolean is_lost;
};

VtpmManager *
vtpm_manager_new(const VtpmPlatform *platform)
{
    VtpmManager *manager = g_new0(VtpmManager, 1);
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    manager->state_version = platform->state_version;
    if (platform->hardware_tpm) {
        tpm_init(&manager->hardware, TPM_2_0, HARDWARE_PAGE_BYTES, 0, platform->name);
        tpm_digests(platform->policy, TPM_N_BANKS, digests);
        (void)tpm_extend(&manager->hardware, VTPM_POLICY_PCR, digests);
    }

    manager->connected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    manager->bound = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return manager;
}

void
vtpm_manager_free(VtpmManager *manager)
{
    if (!manager)
        return;
    g_hash_table_unref(manager->connected);
    g_hash_table_unref(manager->bound);
    tpm_clear(&manager->hardware);
    g_free(manager);
}

gboolean
vtpm_manager_serves(const VtpmManager *manager, const char *uuid)
{
    return !manager->is_lost && GPOINTER_TO_INT(g_hash_table_lookup(manager->connected, uuid));
}

VtpmRequestResult
vtpm_manager_request(VtpmManager *manager, const char *uuid)
{
    const gboolean known = g_hash_table_contains(manager->connected, uuid);

    if (vtpm_manager_serves(manager, uuid))
        return VTPM_INSTANCE_BUSY;
    g_hash_table_insert(manager->connected, g_strdup(uuid), GINT_TO_POINTER(TRUE));
    manager->n_connected++;
    return known ? VTPM_INSTANCE_RESTARTED : VTPM_INSTANCE_CREATED;
}

void
vtpm_manager_release(VtpmManager *manager, const char *uuid)
{
    if (!vtpm_manager_serves(manager, uuid))
        return;
    g_hash_table_insert(manager->connected, g_strdup(uuid), GINT_TO_POINTER(FALSE));
    manager->n_connected--;
}

/* What was sealed on the one opens on the other: the instance's key goes from manager to manager, and each holds it
 * under the registers that its own TPM has. */
static gboolean
has_policy_of(const VtpmManager *manager, const VtpmManager *other)
{
    const TpmSelection selection = {TPM_SHA256, 1u << VTPM_POLICY_PCR};
    guint8 mine[TPM_SHA256_BYTES], theirs[TPM_SHA256_BYTES];

    (void)tpm_pcr_digest(&manager->hardware, &selection, mine);
    (void)tpm_pcr_digest(&other->hardware, &selection, theirs);
    return memcmp(mine, theirs, sizeof mine) == 0;
}

VtpmAdmission
vtpm_manager_admits(const VtpmManager *manager, const VtpmManager *from, guint state_version)
{
    if (manager->is_lost)
        return VTPM_NO_MANAGER;
    if (state_version > manager->state_version)
        return VTPM_NEWER_STATE;
    if (!from->hardware.memory)
        return VTPM_ADMITTED;
    if (!manager->hardware.memory)
        return VTPM_NO_HARDWARE_TPM;
    return has_policy_of(manager, from) ? VTPM_ADMITTED : VTPM_OTHER_POLICY;
}

void
vtpm_manager_lose(VtpmManager *manager)
{
    manager->is_lost = TRUE;
}

guint
vtpm_manager_count(const VtpmManager *manager)
{
    return manager->n_connected;
}

void
vtpm_manager_bind(VtpmManager *manager, const char *vm_uuid, const char *vtpm_uuid)
{
    g_hash_table_insert(manager->bound, g_strdup(vm_uuid), g_strdup(vtpm_uuid));
}

const char *
vtpm_manager_bound(const VtpmManager *manager, const char *vm_uuid)
{
    return g_hash_table_lookup(manager->bound, vm_uuid);
}
