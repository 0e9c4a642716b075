#include "sim/parts/migration/copier.h"

#include "sim/world/guard.h"

static double
xen_page_work_s(const HypervisorSpec *spec, gboolean joint)
{
    return spec->page.work_s + (joint ? spec->xen.cump_page_s : 0);
}

static Precopy *
new_precopy(const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    PrecopyRules rules = spec->xen.rules;

    rules.policy = spec->policy;
    rules.page = spec->page;
    rules.page.work_s = xen_page_work_s(spec, guest->joint);
    rules.first_round_skips = guest->paravirtual;
    return precopy_new(pages, &rules);
}

double
copier_sender_share(const HypervisorSpec *spec, gboolean joint, double page_s)
{
    if (spec->mechanism == MECHANISM_QEMU)
        return MIN(spec->page.work_s / page_s, 1);
    const double work_s = xen_page_work_s(spec, joint);
    return work_s / (work_s + page_s);
}

/* What a run draws of its socket. */
static void
draw_socket(const QemuKeys *keys, const CopierGuest *guest, QemuRules *rules)
{
    RandomStream stream;

    random_init(&stream, guest->seed, "stream", guest->name);
    rules->buffer_bytes =
        keys->buffer_least_bytes + (keys->buffer_most_bytes - keys->buffer_least_bytes) * random_unit(&stream);
    rules->throttle_phase = random_unit(&stream);
    rules->burst_s = keys->burst_least_s + (keys->burst_most_s - keys->burst_least_s) * random_unit(&stream);
    rules->phases = stream;
}

static Qemu *
new_qemu(const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    const QemuKeys *keys = &spec->qemu;
    QemuRules rules = keys->rules;

    rules.policy = spec->policy;
    rules.page = spec->page;
    rules.state_bytes = spec->device_state_bytes + (guest->with_vtpm ? keys->vtpm_state_bytes : 0);
    if (keys->auto_converge)
        rules.throttle = *keys->auto_converge;
    rules.throttle.on = keys->auto_converge != NULL;
    rules.catch_up_s = guest->catches_up_s;
    rules.host_pages = guest->host_pages;
    draw_socket(keys, guest, &rules);
    if (hypervisor_keys_have_postcopy(spec))
        random_init(&rules.random, guest->seed, "faults", guest->name);
    return qemu_new(pages, &rules);
}

void
copier_init(Copier *copier, const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    *copier = (Copier){NULL, NULL};
    if (spec->mechanism == MECHANISM_QEMU)
        copier->qemu = new_qemu(spec, guest, pages);
    else
        copier->precopy = new_precopy(spec, guest, pages);
}

void
copier_clear(Copier *copier)
{
    g_clear_pointer(&copier->precopy, precopy_free);
    g_clear_pointer(&copier->qemu, qemu_free);
}

void
copier_release_pages(Copier *copier)
{
    if (copier->precopy)
        precopy_release_pages(copier->precopy);
    if (copier->qemu)
        qemu_release_pages(copier->qemu);
}

gboolean
copier_is_set(const Copier *copier)
{
    return copier->precopy || copier->qemu;
}

CopyAction
copier_next(Copier *copier, double now_s, const CopyReach *reach)
{
    guard_pass();
    return copier->qemu ? qemu_next(copier->qemu, now_s, reach) : precopy_next(copier->precopy, now_s, reach);
}

CopyTotals
copier_totals(const Copier *copier)
{
    return copier->qemu ? qemu_totals(copier->qemu) : precopy_totals(copier->precopy);
}
