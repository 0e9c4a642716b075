/* The machine that copies one leg's memory, whichever the hypervisor's mechanism is. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COPIER_H
#define TANDEM_SIM_PARTS_MIGRATION_COPIER_H

#include "models/migration/precopy.h"
#include "models/migration/qemu.h"
#include "sim/parts/migration/hypervisor_keys.h"

typedef struct {
    Precopy *precopy; /* owned; Xen's mechanism, or NULL */
    Qemu *qemu;       /* owned; QEMU's, or NULL */
} Copier;

/* What the machine has to know of the guest and of the run. */
typedef struct {
    gboolean paravirtual;
    gboolean joint; /* CUMP: page n stands for page n of both */
    gboolean with_vtpm;
    guint64 host_pages; /* pages in one of the host's */
    double catches_up_s;
    guint64 seed;
    const char *name; /* the migration's */
} CopierGuest;

/* The share of a core that the sender takes while a page takes page_s on the wire: Xen's works and sends by turns,
 * QEMU's at the same time. */
double copier_sender_share(const HypervisorSpec *spec, gboolean joint, double page_s);

/* pages: borrowed until copier_clear. */
void copier_init(Copier *copier, const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages);
void copier_clear(Copier *copier);
/* When the copying has ended, so that a long campaign keeps no bitmap of past migrations; totals and reports stay. */
void copier_release_pages(Copier *copier);
gboolean copier_is_set(const Copier *copier);

CopyAction copier_next(Copier *copier, double now_s, const CopyReach *reach);
CopyTotals copier_totals(const Copier *copier);

#endif
