/* How a hypervisor copies a guest, as a table of what the rest of this part asks of it: nobody else knows which one it
 * is. Xen's is copier_xen.c, QEMU's copier_qemu.c, that of a guest that is shut down copier_none.c; another one is a
 * file like these, a case of its keys (hypervisor_keys.h) and a line in copier.c.
 *
 * A machine is what kind->new gives, a model's state machine (models/migration/copy.h). Operations that may be NULL say
 * what that means.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COPIER_KIND_H
#define TANDEM_SIM_PARTS_MIGRATION_COPIER_KIND_H

#include "models/migration/page_set.h"
#include "sim/output/record.h"
#include "sim/parts/migration/hypervisor_keys.h"

/* What the machine has to know of the guest and of the run. */
typedef struct {
    gboolean paravirtual;
    gboolean joint; /* CUMP: page n stands for page n of both */
    gboolean with_vtpm;
    gboolean shut_down; /* nothing of its memory is copied */
    gboolean stopped;   /* before the first page: there are no live rounds */
    guint64 host_pages; /* pages in one of the host's */
    guint vcpus;
    guint fault_processors; /* of these, that stop by themselves at a page that is missing */
    double memory_bytes;    /* of all that is copied page by page */
    double state_bytes;     /* of devices of the scenario, besides the hypervisor's device state */
    double catches_up_s;
    double ratio;       /* by which its pages are compressed, >= 1 */
    double write_bytes; /* of a page, that a write changes; NAN: all */
    guint64 seed;
    const char *name; /* the migration's */
} CopierGuest;

/* What is put together when two domains' pages go as one. */
typedef struct {
    double work_s;        /* once, before the first page: a CUMP is made, */
    double look_up_s;     /* after looking whether there is one; */
    double update_s;      /* or there is, and it is updated, */
    double update_page_s; /* which takes this for each page that is out of date in it */
    gboolean told;        /* the profile gives one of these a cost, so that the results have it */
    gboolean only_dirty;  /* of two pages of one number only those go that are dirty; FALSE: both */
} CopierUnion;

/* How the rows of a machine's rounds hang together. */
typedef struct {
    gboolean by_sync; /* a round ends with a synchronization, in the middle of whatever goes on; FALSE: the rest is 0 */
    guint syncs;      /* how many there were */
    double sync_s;    /* of one, at most: it lies between two rounds */
    double ahead_bytes; /* put into the stream in one round and sent in the next, at most */
} CopierRounds;

typedef struct {
    const char *name;       /* in messages */
    gboolean streams_state; /* the machine puts the device state behind the pages; FALSE: the leg sends it */
    gboolean vtpm_is_state; /* the vTPM of a VM goes with its device state; FALSE: as pages of its own */
    gboolean works_apart;   /* the sender works while what it sent before is on the wire; FALSE: by turns */
    gboolean can_pull;      /* post-copy: the guest may run at the destination before its pages are there */
    gboolean can_limit;     /* the rate, while it goes on: COMMAND_MAX_BANDWIDTH */
    gboolean has_xbzrle;    /* of a page that was sent before it can send what has changed (xbzrle.h) */
    gboolean reads_content; /* of pages, so that it matters where the guest's memory lies */

    /* Keys that contradict each other; index is the action's on the time line. */
    gboolean (*check)(const HypervisorSpec *spec, guint index, GError **error);
    /* A key that it gives and that means nothing without post-copy. NULL, or of the operation: none. */
    const char *(*pull_key)(const HypervisorSpec *spec);
    /* Whether the profile lets the guest run at the destination before its pages are there. NULL: never. */
    gboolean (*pulls)(const HypervisorSpec *spec);
    /* Whether it looks at the dirty log besides, in a way that counted pages cannot tell. NULL: no. */
    gboolean (*watches_pages)(const HypervisorSpec *spec);
    /* Translation entries through which the guest writes unseen by the dirty log. NULL: none, it misses nothing. */
    guint (*unlogged_entries)(const HypervisorSpec *spec);
    /* The main thread's processor time of a page with content, and of all that it has sent; without its sending. */
    double (*page_work_s)(const HypervisorSpec *spec, gboolean joint);
    double (*work_s)(const HypervisorSpec *spec, gboolean joint, const CopyTotals *totals);

    /* Of a joint migration. NULL: nothing is put together, the vTPM is state. */
    CopierUnion (*unite)(const HypervisorSpec *spec);

    gpointer (*new)(const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages);
    void (*free)(gpointer machine);
    void (*release_pages)(gpointer machine);
    CopyAction (*next)(gpointer machine, double now_s, const CopyReach *reach);
    /* FALSE: the guest has been stopped already; what the kind cannot do is not asked of it. */
    gboolean (*command)(gpointer machine, double now_s, const CopyCommand *command);
    /* While it pulls: its connection is lost, and what was on the way with it. Returns when to ask again, while it
     * stays lost; INFINITY: the guest stands. NULL: it cannot go on over a new one. */
    double (*pause)(gpointer machine, double now_s);
    CopyTotals (*totals)(gconstpointer machine);
    /* Pages that the destination lacks still. NULL: of a kind that never pulls. */
    guint64 (*pages_left)(gconstpointer machine);
    /* Whether the vTPM's state has gone with the device state. NULL: it is no state. */
    gboolean (*vtpm_has_gone)(gconstpointer machine, const HypervisorSpec *spec);
    /* NULL: no round ends with a synchronization. */
    CopierRounds (*rounds)(gconstpointer machine, const HypervisorSpec *spec, double page_bytes);
    /* Adds what only this kind tells of a leg. completed: of the leg; unlogged_pages: differ at the destination; NAN:
     * nobody compared. NULL: nothing. */
    void (*collect)(gconstpointer machine, gboolean completed, double unlogged_pages, const char *prefix,
                    Result *result);
} CopierKind;

#endif
