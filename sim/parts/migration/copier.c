#include "sim/parts/migration/copier.h"

#include "sim/world/guard.h"

#include <math.h>

static double
or_else(double value, double instead)
{
    return isnan(value) ? instead : value;
}

static Policy
policy_of(const HypervisorSpec *spec)
{
    return (Policy){
        .max_rounds = (guint)spec->max_rounds,
        .min_pages = (guint64)spec->min_pages,
        .few_basis = spec->few_basis,
        .max_factor = spec->max_factor,
        .stall_rounds = (guint)spec->stall_rounds,
        .downtime_limit_s = or_else(spec->downtime_limit_s, 0),
        .downtime_step_s = spec->downtime_step_s,
        .downtime_most_s = spec->downtime_most_s,
        .downtime_every_s = spec->downtime_every_s,
        .downtime_after = (guint)spec->downtime_after,
    };
}

static double
xen_page_work_s(const HypervisorSpec *spec, gboolean joint)
{
    return spec->page_work_s + (joint ? spec->cump_page_s : 0);
}

static Precopy *
new_precopy(const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    Policy policy = policy_of(spec);

    policy.rate_first_Bps = or_else(spec->rate_first_Bps, 0);
    policy.rate_step_Bps = spec->rate_step_Bps;
    policy.rate_most_Bps = spec->rate_most_Bps;
    policy.batch_pages = (guint)spec->batch_pages;
    policy.peek_skip = spec->skip_redirtied;
    policy.first_round_skips = guest->paravirtual;
    policy.page_header_bytes = spec->page_header_bytes;
    policy.batch_header_bytes = spec->batch_header_bytes;
    policy.zero_page_bytes = spec->zero_page_bytes;
    policy.page_work_s = xen_page_work_s(spec, guest->joint);
    return precopy_new(pages, &policy);
}

double
copier_sender_share(const HypervisorSpec *spec, gboolean joint, double page_s)
{
    if (spec->mechanism == MECHANISM_QEMU)
        return MIN(spec->page_work_s / page_s, 1);
    const double work_s = xen_page_work_s(spec, joint);
    return work_s / (work_s + page_s);
}

static ThrottleRules
throttle_rules(const AutoConvergeSpec *spec)
{
    if (!spec)
        return (ThrottleRules){.on = FALSE};
    return (ThrottleRules){.on = TRUE,
                           .trigger = spec->trigger,
                           .first = spec->first,
                           .step = spec->step,
                           .most = spec->most,
                           .slice_s = spec->slice_s};
}

static Qemu *
new_qemu(const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    RandomStream stream;
    QemuRules rules = {
        .policy = policy_of(spec),
        .max_bandwidth_Bps = or_else(spec->max_bandwidth_Bps, 0),
        .window_s = spec->window_s,
        .iteration_s = spec->iteration_s,
        .period_s = spec->period_s,
        .check_pages = (guint)spec->check_pages,
        .flush_pages = (guint)spec->flush_pages,
        .page_header_bytes = spec->page_header_bytes,
        .zero_page_bytes = spec->zero_page_bytes > 0 ? spec->zero_page_bytes : pages->page_bytes,
        .section_bytes = spec->section_bytes,
        .state_bytes = spec->device_state_bytes + (guest->with_vtpm ? spec->vtpm_state_bytes : 0),
        .page_work_s = spec->page_work_s,
        .zero_page_work_s = spec->zero_page_work_s,
        .sync_s = spec->sync_s,
        .buffer_wake = spec->buffer_wake,
        .buffer_most_bytes = spec->buffer_ceiling_bytes,
        .segment_bytes = spec->segment_bytes,
        .throttle = throttle_rules(spec->auto_converge),
        .catch_up_s = guest->catches_up_s,
        .host_pages = guest->host_pages,
        .sync_waits = spec->sync_waits,
        .postcopy_after_s = or_else(spec->postcopy_after_s, INFINITY),
        .postcopy_syncs = (guint)spec->postcopy_rounds,
    };

    random_init(&stream, guest->seed, "stream", guest->name);
    if (hypervisor_keys_have_postcopy(spec))
        random_init(&rules.random, guest->seed, "faults", guest->name);
    rules.buffer_bytes =
        spec->buffer_least_bytes + (spec->buffer_most_bytes - spec->buffer_least_bytes) * random_unit(&stream);
    rules.throttle_phase = random_unit(&stream);
    rules.burst_s = spec->burst_least_s + (spec->burst_most_s - spec->burst_least_s) * random_unit(&stream);
    rules.phases = stream;
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
