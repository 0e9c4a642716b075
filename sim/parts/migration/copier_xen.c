#include "sim/parts/migration/copier_xen.h"

#include "sim/specs/reject.h"

#include <math.h>

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

static double
work_s(const HypervisorSpec *spec, gboolean joint, const CopyTotals *totals)
{
    return page_work_s(spec, joint) * (double)totals->sent_pages;
}

static double
or_nothing(double cost_s)
{
    return isnan(cost_s) ? 0 : cost_s;
}

static CopierUnion
unite(const HypervisorSpec *spec)
{
    const XenKeys *xen = &spec->xen;

    return (CopierUnion){.work_s = xen->cump_once_s,
                         .look_up_s = or_nothing(xen->cump_look_up_s),
                         .update_s = or_nothing(xen->cump_update_s),
                         .update_page_s = or_nothing(xen->cump_update_page_s),
                         .told = xen->cump_once_s > 0 || !isnan(xen->cump_look_up_s) || !isnan(xen->cump_update_s) ||
                                 !isnan(xen->cump_update_page_s),
                         .only_dirty = xen->cump_sends == CUMP_SENDS_DIRTY};
}

static gpointer new (const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    PrecopyRules rules = spec->xen.rules;

    rules.policy = spec->policy;
    if (guest->stopped)
        rules.policy.max_rounds = 0;
    rules.page = spec->page;
    rules.page.work_s = page_work_s(spec, guest->joint);
    rules.page.ratio = stream_compresses_pages(&spec->stream) ? guest->ratio : 1;
    rules.works_apart = stream_channels(&spec->stream) > 1;
    rules.first_round_skips = guest->paravirtual;
    rules.sync_s += hypervisor_sync_s(spec, guest->memory_bytes);
    rules.mark_work_s = guest->joint ? or_nothing(spec->xen.cump_update_page_s) : 0;
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

static gboolean
command(gpointer machine, double now_s, const CopyCommand *command)
{
    return precopy_command(machine, now_s, command);
}

static CopyTotals
totals(gconstpointer machine)
{
    return precopy_totals(machine);
}

const CopierKind copier_xen = {.name = "Xen",
                               .check = check,
                               .page_work_s = page_work_s,
                               .work_s = work_s,
                               .unite = unite,
                               .new = new,
                               .free = free_machine,
                               .release_pages = release_pages,
                               .next = next,
                               .command = command,
                               .totals = totals};
