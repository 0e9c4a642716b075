/* The machine that copies one leg's memory, whichever the hypervisor's kind is. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COPIER_H
#define TANDEM_SIM_PARTS_MIGRATION_COPIER_H

#include "sim/parts/migration/copier_kind.h"

typedef struct {
    const CopierKind *kind; /* NULL: the copying was not begun */
    gpointer machine;       /* owned */
} Copier;

/* The hypervisor's table; never NULL. */
const CopierKind *copier_kind(const HypervisorSpec *spec);
gboolean copier_pulls(const HypervisorSpec *spec);
gboolean copier_watches_pages(const HypervisorSpec *spec);
guint copier_unlogged_entries(const HypervisorSpec *spec);
/* All 0 of a kind that puts nothing together. */
CopierUnion copier_unite(const HypervisorSpec *spec);

/* pages: borrowed until copier_clear. */
void copier_init(Copier *copier, const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages);
void copier_clear(Copier *copier);
/* When the copying has ended, so that a long campaign keeps no bitmap of past migrations; totals and reports stay. */
void copier_release_pages(Copier *copier);
gboolean copier_is_set(const Copier *copier);

CopyAction copier_next(Copier *copier, double now_s, const CopyReach *reach);
/* FALSE: the guest has been stopped already. Of a kind that can do it. */
gboolean copier_command(Copier *copier, double now_s, const CopyCommand *command);
CopyTotals copier_totals(const Copier *copier);
/* Pages that the destination lacks still; 0 of a kind that never pulls. */
guint64 copier_pages_left(const Copier *copier);
CopierRounds copier_rounds(const Copier *copier, const HypervisorSpec *spec, double page_bytes);
/* Adds what only the kind tells. */
void copier_collect(const Copier *copier, gboolean completed, double unlogged_pages, const char *prefix,
                    Result *result);

#endif
