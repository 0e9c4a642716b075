#include "models/vtpm/cump_directory.h"

struct CumpDirectory {
    GHashTable *made; /* owned; "VM's uuid vTPM's uuid" to owned Domids */
};

typedef struct {
    guint vm, vtpm;
} Domids;

CumpDirectory *
cump_directory_new(void)
{
    CumpDirectory *directory = g_new(CumpDirectory, 1);

    directory->made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return directory;
}

void
cump_directory_free(CumpDirectory *directory)
{
    if (!directory)
        return;
    g_hash_table_unref(directory->made);
    g_free(directory);
}

/* (transfer full) */
static char *
key_of(const CumpPair *pair)
{
    return g_strconcat(pair->vm_uuid, " ", pair->vtpm_uuid, NULL);
}

CumpPresence
cump_directory_look_up(const CumpDirectory *directory, const CumpPair *pair)
{
    g_autofree char *key = key_of(pair);
    const Domids *made = g_hash_table_lookup(directory->made, key);

    if (!made)
        return CUMP_ABSENT;
    return made->vm == pair->vm_domid && made->vtpm == pair->vtpm_domid ? CUMP_KEPT : CUMP_STALE;
}

void
cump_directory_keep(CumpDirectory *directory, const CumpPair *pair)
{
    const Domids domids = {pair->vm_domid, pair->vtpm_domid};

    g_hash_table_insert(directory->made, key_of(pair), g_memdup2(&domids, sizeof domids));
}

guint64
cump_pages_to_update(CumpPresence presence, guint64 pages, guint64 written)
{
    switch (presence) {
    case CUMP_ABSENT:
        return 0;
    case CUMP_KEPT:
        return written;
    case CUMP_STALE:
        return pages;
    }
    g_assert_not_reached();
}
