#include "sim/parts/migration/copier_xen.h"

#include "sim/specs/reject.h"

static gboolean
check(const HypervisorSpec *spec, guint index, GError **error)
{
    if (spec->policy.rate_first_Bps > spec->policy.rate_most_Bps)
        return reject(error, "/timeline/%u/hypervisor/rate_most: is below rate_first, expected at least that", index);
    return TRUE;
}

static double
page_work_s(const HypervisorSpec *spec, gboolean joint)
{
    return spec->page.work_s + (joint ? spec->xen.cump_page_s : 0);
}

/* It works and sends by turns. */
static double
sender_share(const HypervisorSpec *spec, gboolean joint, double page_s)
{
    const double work_s = page_work_s(spec, joint);

    return work_s / (work_s + page_s);
}

static CopierUnion
unite(const HypervisorSpec *spec)
{
    return (CopierUnion){.work_s = spec->xen.cump_once_s, .only_dirty = spec->xen.cump_sends == CUMP_SENDS_DIRTY};
}

static gpointer new (const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    PrecopyRules rules = spec->xen.rules;

    rules.policy = spec->policy;
    rules.page = spec->page;
    rules.page.work_s = page_work_s(spec, guest->joint);
    rules.first_round_skips = guest->paravirtual;
    if (!guest->joint)
        rules.entry_bytes = 0; /* there is no CUMP */
    return precopy_new(pages, &rules);
}

static void
free_machine(gpointer machine)
{
    precopy_free(machine);
}

static void
release_pages(gpointer machine)
{
    precopy_release_pages(machine);
}

static CopyAction
next(gpointer machine, double now_s, const CopyReach *reach)
{
    return precopy_next(machine, now_s, reach);
}

static CopyTotals
totals(gconstpointer machine)
{
    return precopy_totals(machine);
}

const CopierKind copier_xen = {.name = "Xen",
                               .check = check,
                               .sender_share = sender_share,
                               .unite = unite,
                               .new = new,
                               .free = free_machine,
                               .release_pages = release_pages,
                               .next = next,
                               .totals = totals};
