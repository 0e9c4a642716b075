/* Which CUMPs a hypervisor has: one for each pair of a VM and a vTPM that it has united.
 *
 * Source: Qi and Meng, section 1.2, Definition 2: "when the VMM reads the command to migrate a VM and its vTPM, it
 * first looks whether there is a CUMP of the pair, which in the normal case there is not; then it makes one from the
 * shadow page tables of the VM and of the vTPM; when the CUMP has to be updated during the migration, the VMM offers
 * the entry function of an update".
 *
 *   paper                   | here                     | meaning
 *   ------------------------+--------------------------+---------------------------------------------------
 *   is there a CUMP?        | cump_directory_look_up   | CUMP_ABSENT: "the normal case"
 *   make a CUMP             | cump_directory_keep      | the pair has one from now on, on this host
 *   the update's entry      | cump_pages_to_update     | the pages whose entry is written anew when one is found
 *
 * When a CUMP is given up the paper does not say. Here it stays with the hypervisor that made it, under the uuids of
 * the pair, so that it is found by the next migration of the pair after one that failed, and by the one that leaves
 * this host again after the pair has come back. Of a pair that never left, the entries of those pages are out of date
 * that were written since the logs were last read. A pair that comes back lies in other machine pages, and the mapping
 * that a CUMP holds ("virtual address, physical address, machine address", Definition 1) is out of date for all of
 * them; a domain that was built anew is told by its number on the host.
 *
 * Scope: whether there is one, and how much of it is out of date. What it says is a PageSet (models/vtpm/cump.h), which
 * begins anew with each migration, since round 1 sends every page. */
#ifndef TANDEM_MODELS_VTPM_CUMP_DIRECTORY_H
#define TANDEM_MODELS_VTPM_CUMP_DIRECTORY_H

#include <glib.h>

/* Of one hypervisor. */
typedef struct CumpDirectory CumpDirectory;

/* The pair as this host has it: the uuids are its association (Definition 3), the numbers (domain ids) are new each
 * time that a domain is built on the host. */
typedef struct {
    const char *vm_uuid, *vtpm_uuid; /* borrowed */
    guint vm_domid, vtpm_domid;
} CumpPair;

typedef enum {
    CUMP_ABSENT,
    CUMP_KEPT, /* of the same two domains: what was written since the logs were last read is out of date */
    CUMP_STALE /* one of them was built anew since: all of it is out of date */
} CumpPresence;

CumpDirectory *cump_directory_new(void);
void cump_directory_free(CumpDirectory *directory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CumpDirectory, cump_directory_free)

CumpPresence cump_directory_look_up(const CumpDirectory *directory, const CumpPair *pair);
/* It has been made, or updated, for the pair as it is now; the uuids are copied. */
void cump_directory_keep(CumpDirectory *directory, const CumpPair *pair);

/* How many pages' entries a CUMP that is found needs anew: of `pages` of the union, of which the logs have `written`.
 * 0: there is none, it is made. */
guint64 cump_pages_to_update(CumpPresence presence, guint64 pages, guint64 written);

#endif
