/* CUMP, the Camouflage Union Memory Page: a VM and its vTPM migrate as if they were one domain.
 *
 * Source: Qi Neng and Meng Shengjie, "A New vTPM-VM Live Migration Scheme based on the Pre-copy Method", section 1.2
 * (Definitions 1 to 3, steps 1 to 8), 1.3 (Algorithms 1 and 2), 1.4 (Tables 1 to 3), 2.2 (struct cumpInfo).
 *
 *   paper                     | here                              | meaning
 *   --------------------------+-----------------------------------+-----------------------------------------------
 *   CUMP-n                    | page n of a PageSet of two members | stands for page n of the VM and of the vTPM
 *   vm_to_send, vtpm_to_send  | CumpInfo                           | Table 1's inputs, for one page
 *   vm_to_skip, vtpm_to_skip  | CumpInfo                           | Table 2's inputs
 *   VM.uuid, vTPM.uuid        | CumpBinding                        | Definition 3: which vTPM is which VM's
 *
 * Where the source contradicts itself: item 3 under Table 3 says that a page with to_send = 1 and to_skip = 0 is not
 * sent; Table 3 and the closing sentence of section 1.4 say that it is. The table is followed: by item 3 no page would
 * ever be sent in a live round. The closing sentence names only VM.to_send = 1; Table 1 makes vTPM.to_send = 1 alone
 * enough, and the table is followed again, or a vTPM page would wait for its VM's page of the same number.
 * A CUMP page that is sent carries both domains' page n ("jointly copy CUMP, VM dirty page, vTPM dirty page", step 5).
 * The sentence can be read twice more: that only the domain whose page is dirty sends it (page_set_track_due), and that
 * the CUMP itself goes as well, a struct cumpInfo for each page (PrecopyRules.entry_bytes).
 *
 * Scope: memory pages and the two checks; what the copies cost in time is in the hypervisor's profile.
 */
#ifndef TANDEM_MODELS_VTPM_CUMP_H
#define TANDEM_MODELS_VTPM_CUMP_H

#include "models/migration/page_set.h"

/* struct cumpInfo of section 2.2, for one page; the page lists it points to are the PageSet's members. */
typedef struct {
    gboolean vm_to_send;
    gboolean vtpm_to_send;
    gboolean vm_to_skip;
    gboolean vtpm_to_skip;
} CumpInfo;

gboolean cump_to_send(const CumpInfo *info); /* Table 1 */
gboolean cump_to_skip(const CumpInfo *info); /* Table 2 */
gboolean cump_is_sent(const CumpInfo *info); /* Table 3, a live round */

/* Definition 3: the two ends of an association. A NULL uuid: there is no such domain. */
typedef struct {
    const char *vm_uuid;      /* of the VM in the command */
    const char *vm_vtpm_uuid; /* migrate.domu.vTPM.uuid: of the vTPM that the VM is bound to */
    const char *vtpm_uuid;    /* migrate.vTPM.uuid: of the vTPM in the command */
} CumpBinding;

typedef enum {
    CUMP_OK,
    CUMP_INCOMPLETE, /* Algorithm 1, step 1: the command lacks a VM or a vTPM */
    CUMP_MISMATCH,   /* Algorithm 1, step 3: the vTPM is not this VM's */
    CUMP_NO_CONFIG,  /* Algorithm 2, step 2: the destination lacks the VM's or the vTPM's configuration */
    CUMP_OTHER_PAIR  /* Definition 3: VM and vTPM are not at the destination what they were to each other */
} CumpResult;

/* The source's text for a result: "domu | vTPM don't match", "migration false"; it has none for Definition 3. */
const char *cump_result_text(CumpResult result);

/* Algorithm 1, steps 1 to 3, at the source. */
CumpResult cump_check_union(const CumpBinding *binding);
/* Algorithm 2, steps 1 and 2, at the destination. */
CumpResult cump_check_separation(gboolean vm_config_exists, gboolean vtpm_config_exists);

/* Definition 3, when both are at the destination: "the correspondence of VM and vTPM on the source and on the
 * destination is checked, so that each migration is of the same associated VM and vTPM". What did not match at the
 * source, and was not joined there, is the same at the destination. */
CumpResult cump_check_association(const CumpBinding *source, const CumpBinding *destination);

/* Algorithm 1, step 4: the CUMP over both domains' pages, in a set that page_set_init prepared. Each member keeps its
 * own image, so that sending a CUMP page is also Algorithm 2, steps 4 and 5: the VM's part to the new VM, the vTPM's to
 * its. */
void cump_create(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm);
/* What a designer would try next: the vTPM's pages after the VM's, no OR. Not in the paper. */
void cump_create_concatenated(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm);

#endif
