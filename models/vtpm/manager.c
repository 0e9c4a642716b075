#include "models/vtpm/manager.h"

struct VtpmManager {
    GHashTable *connected; /* owned; uuid to whether its back end is connected now; a key: it once was */
    guint n_connected;
};

VtpmManager *
vtpm_manager_new(void)
{
    VtpmManager *manager = g_new0(VtpmManager, 1);

    manager->connected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return manager;
}

void
vtpm_manager_free(VtpmManager *manager)
{
    if (!manager)
        return;
    g_hash_table_unref(manager->connected);
    g_free(manager);
}

gboolean
vtpm_manager_serves(const VtpmManager *manager, const char *uuid)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(manager->connected, uuid));
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

guint
vtpm_manager_count(const VtpmManager *manager)
{
    return manager->n_connected;
}
