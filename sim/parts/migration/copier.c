#include "sim/parts/migration/copier.h"

#include "sim/parts/migration/copier_none.h"
#include "sim/parts/migration/copier_qemu.h"
#include "sim/parts/migration/copier_xen.h"
#include "sim/world/guard.h"

const CopierKind *
copier_kind(const HypervisorSpec *spec)
{
    static const CopierKind *const kinds[] = {[MECHANISM_XEN] = &copier_xen, [MECHANISM_QEMU] = &copier_qemu};

    return kinds[spec->mechanism];
}

gboolean
copier_pulls(const HypervisorSpec *spec)
{
    const CopierKind *kind = copier_kind(spec);

    return kind->pulls && kind->pulls(spec);
}

gboolean
copier_watches_pages(const HypervisorSpec *spec)
{
    const CopierKind *kind = copier_kind(spec);

    return kind->watches_pages && kind->watches_pages(spec);
}

guint
copier_unlogged_entries(const HypervisorSpec *spec)
{
    const CopierKind *kind = copier_kind(spec);

    return kind->unlogged_entries ? kind->unlogged_entries(spec) : 0;
}

CopierUnion
copier_unite(const HypervisorSpec *spec)
{
    const CopierKind *kind = copier_kind(spec);

    return kind->unite ? kind->unite(spec) : (CopierUnion){0};
}

void
copier_init(Copier *copier, const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    copier->kind = guest->shut_down ? &copier_none : copier_kind(spec);
    copier->machine = copier->kind->new (spec, guest, pages);
}

void
copier_clear(Copier *copier)
{
    if (copier->kind)
        copier->kind->free(copier->machine);
    *copier = (Copier){NULL};
}

void
copier_release_pages(Copier *copier)
{
    if (copier->kind)
        copier->kind->release_pages(copier->machine);
}

gboolean
copier_is_set(const Copier *copier)
{
    return copier->kind != NULL;
}

CopyAction
copier_next(Copier *copier, double now_s, const CopyReach *reach)
{
    guard_pass();
    return copier->kind->next(copier->machine, now_s, reach);
}

gboolean
copier_command(Copier *copier, double now_s, const CopyCommand *command)
{
    return copier->kind->command(copier->machine, now_s, command);
}

CopyTotals
copier_totals(const Copier *copier)
{
    return copier->kind->totals(copier->machine);
}

guint64
copier_pages_left(const Copier *copier)
{
    return copier->kind->pages_left ? copier->kind->pages_left(copier->machine) : 0;
}

CopierRounds
copier_rounds(const Copier *copier, const HypervisorSpec *spec, double page_bytes)
{
    if (!copier->kind->rounds)
        return (CopierRounds){.by_sync = FALSE};
    return copier->kind->rounds(copier->machine, spec, page_bytes);
}

void
copier_collect(const Copier *copier, gboolean completed, double unlogged_pages, const char *prefix, Result *result)
{
    if (copier->kind->collect)
        copier->kind->collect(copier->machine, completed, unlogged_pages, prefix, result);
}
