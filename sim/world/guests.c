#include "sim/world/guests.h"

#include "sim/specs/guest_layout.h"
#include "sim/world/domain.h"
#include "sim/world/guest_phases.h"

#include <math.h>

/* The kernel's pages and where content lies, for guests that say so. */
static void
lay_out(Domain *domain, const GuestSpec *spec)
{
    const Layout layout = guest_layout_taken(domain->world->scenario, spec);

    domain->used_pages = layout.content_pages;
    domain->catches_up_s = spec->catches_up_s;
    if (guest_layout_matters(spec))
        domain->layout_word = layout_word(layout.kind);
    if (layout.kind == LAYOUT_PREFIX && !spec->kernel)
        return;
    layout_map(&layout, &domain->layout);
    if (!spec->kernel)
        return;
    g_autofree guint64 *pages = g_new(guint64, spec->kernel->pages);
    layout_kernel_pages(&domain->layout, (gsize)spec->kernel->pages, pages);
    dirty_set_background(domain->log, 0, pages, (gsize)spec->kernel->pages, 1 / spec->kernel->interval_s);
}

static gboolean
create_guest(World *world, const GuestSpec *spec, GError **error)
{
    const DomainConfig config = {.name = spec->name,
                                 .sort = "VMs",
                                 .uuid = spec->uuid,
                                 .host = world_host(world, spec->host),
                                 .memory_bytes = spec->memory_bytes,
                                 .page_bytes = spec->page_bytes,
                                 .vcpus = (guint)spec->vcpus,
                                 .cpu_share = spec->cpu_share};
    Domain *domain = domain_define(world, &config, error);

    if (!domain)
        return FALSE;
    if (!scenario_creation(world->scenario, spec->name))
        domain_place(domain, domain_host(domain)); /* there is room: scenario_check */
    domain->mode = spec->mode;
    domain->workload_share = spec->workload_share;
    if (spec->faults_stop == FAULTS_STOP_PROCESSOR)
        domain->fault_processors = domain->vcpus;
    if (!isnan(spec->host_page_bytes))
        domain->host_pages = (guint64)(spec->host_page_bytes / spec->page_bytes);
    lay_out(domain, spec);
    return spec->phases->len > 0 ? guest_phases_create(domain, spec, error)
                                 : domain_start_workload(domain, spec->workload, error);
}

gboolean
guests_create(World *world, GError **error)
{
    const ScenarioSpec *scenario = world->scenario;

    for (guint i = 0; i < scenario->guests->len; i++)
        if (!create_guest(world, &g_array_index(scenario->guests, GuestSpec, i), error))
            return FALSE;
    return TRUE;
}
