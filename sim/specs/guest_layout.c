#include "sim/specs/guest_layout.h"

#include <math.h>

/* Of a guest that names no layout: the defaults of the keys of "linux". */
#define FIRMWARE_BYTES      (520 * 1024.0)
#define FIRMWARE_USED_BYTES (400 * 1024.0)
#define KERNEL_TOP_BYTES    (2152 * 1024.0)
#define SCATTERED           0.3
#define DUMPED_PAGE         4096.0 /* models/memory/layout.h counts pages of the dumps */

static guint64
pages_of(double bytes, double page_bytes)
{
    return (guint64)ceil(bytes / page_bytes);
}

gboolean
guest_layout_matters(const GuestSpec *guest)
{
    return guest->used_bytes < guest->memory_bytes; /* NAN: all is used */
}

static Layout
linux_layout(const GuestSpec *guest, const LayoutSpec *sizes)
{
    const double used_bytes = isnan(guest->used_bytes) ? guest->memory_bytes : guest->used_bytes;

    return (Layout){.kind = LAYOUT_LINUX,
                    .pages = pages_of(guest->memory_bytes, guest->page_bytes),
                    .content_pages = pages_of(used_bytes, guest->page_bytes),
                    .program_pages = pages_of(sizes->program_bytes, guest->page_bytes),
                    .rom_pages = pages_of(sizes->firmware_bytes, guest->page_bytes),
                    .rom_content_pages = pages_of(sizes->firmware_used_bytes, guest->page_bytes),
                    .kernel_pages = pages_of(sizes->kernel_top_bytes, guest->page_bytes),
                    .scattered = sizes->scattered};
}

Layout
guest_layout_named(const GuestSpec *guest)
{
    const LayoutSpec nothing = {0};

    if (guest->layout->kind == GUEST_LAYOUT_LINUX)
        return linux_layout(guest, guest->layout);
    const Layout sizes = linux_layout(guest, &nothing);
    return (Layout){.kind = LAYOUT_PREFIX, .pages = sizes.pages, .content_pages = sizes.content_pages};
}

/* ---- a guest that names none ---- */

/* Pages from where programs' memory begins to the end of what the workload writes. */
static guint64
workload_end(const WorkloadSpec *spec, double page_bytes)
{
    WorkloadClass classes[WORKLOAD_CLASSES_MOST];
    const Workload workload = guest_spec_workload(spec, page_bytes, classes);

    return workload.first_page + MAX(workload.pages, workload.spread_pages);
}

/* The most that any of its workloads needs. */
static guint64
programs_need(const ScenarioSpec *scenario, const GuestSpec *guest)
{
    const GPtrArray *later = scenario_later_workloads(scenario, guest->name);
    guint64 pages = guest->phases->len == 0 ? workload_end(guest->workload, guest->page_bytes) : 0;

    for (guint i = 0; i < guest->phases->len; i++)
        pages = MAX(pages, workload_end(&g_array_index(guest->phases, WorkloadSpec, i), guest->page_bytes));
    for (guint i = 0; later && i < later->len; i++)
        pages = MAX(pages, workload_end(g_ptr_array_index(later, i), guest->page_bytes));
    return pages;
}

Layout
guest_layout_taken(const ScenarioSpec *scenario, const GuestSpec *guest)
{
    const LayoutSpec sizes = {.firmware_bytes = FIRMWARE_BYTES,
                              .firmware_used_bytes = FIRMWARE_USED_BYTES,
                              .kernel_top_bytes = KERNEL_TOP_BYTES,
                              .scattered = SCATTERED};
    Layout layout = linux_layout(guest, &sizes);

    if (guest->layout->kind == GUEST_LAYOUT_AUTO && guest_layout_matters(guest) && guest->page_bytes == DUMPED_PAGE &&
        scenario_content_is_read(scenario, guest->name) &&
        layout_give_programs(&layout, programs_need(scenario, guest)))
        return layout;
    return guest_layout_named(guest);
}
