#include "models/memory/workload.h"

#include "models/memory/zipf.h"

#include <math.h>

static const char *
replay_fault(const Workload *workload, guint64 guest_pages)
{
    double last_s = 0;

    for (gsize i = 0; i < workload->n_writes; i++) {
        const WorkloadWrite *write = &workload->writes[i];
        if (!(write->time_s >= last_s) || !isfinite(write->time_s))
            return "its times must be >= 0 and must not go back";
        if (write->page >= guest_pages)
            return "it writes a page that the guest does not have";
        last_s = write->time_s;
    }
    return NULL;
}

static const char *
intervals_fault(const Workload *workload, guint64 guest_pages)
{
    if (!(workload->exponent >= 0) || !isfinite(workload->exponent))
        return "its exponent must be finite and > 0";
    if (workload->spread_pages != 0 && workload->spread_pages < workload->pages)
        return "it is spread over fewer pages than it has";
    if (workload->spread_pages > guest_pages - workload->first_page)
        return "it is spread beyond the guest's memory";
    for (gsize i = 0; i < workload->n_intervals; i++) {
        const WorkloadInterval *interval = &workload->intervals[i];
        if (!(interval->duration_s > 0) || !isfinite(interval->duration_s))
            return "each interval must last longer than 0 s";
        if (interval->pages > workload->pages)
            return "an interval writes more distinct pages than the working set has";
    }
    return NULL;
}

static const char *
classes_fault(const Workload *workload)
{
    guint64 pages = 0;
    double share = 0;

    if (workload->n_classes == 0 || workload->n_classes > WORKLOAD_CLASSES_MOST)
        return "it has no class of pages, or too many";
    for (gsize i = 0; i < workload->n_classes; i++) {
        if (workload->classes[i].pages == 0 || !(workload->classes[i].share >= 0))
            return "a class of pages is empty or has no rate";
        pages += workload->classes[i].pages;
        share += workload->classes[i].share;
    }
    return pages != workload->pages || fabs(share - 1) > 1e-9 ? "its classes do not add up to it" : NULL;
}

static const char *
rate_fault(const Workload *workload)
{
    if (!(workload->rate_pages_s >= 0) || !isfinite(workload->rate_pages_s))
        return "its rate must be finite and >= 0";
    if (workload->kind == WORKLOAD_HOT_COLD) {
        if (workload->hot_pages == 0 || workload->hot_pages >= workload->pages)
            return "its hot part must be smaller than its working set and not empty";
        if (!(workload->hot_share >= 0 && workload->hot_share <= 1))
            return "its hot share must be within 0 and 1";
    }
    if (workload->kind == WORKLOAD_CURVE)
        return classes_fault(workload);
    if (workload->kind == WORKLOAD_ZIPF && (!(workload->exponent > 0) || !isfinite(workload->exponent)))
        return "its exponent must be finite and > 0";
    return NULL;
}

const char *
workload_fault(const Workload *workload, guint64 guest_pages)
{
    g_return_val_if_fail(workload, "there is none");

    if (workload->kind == WORKLOAD_IDLE)
        return NULL;
    if (workload->kind == WORKLOAD_REPLAY)
        return replay_fault(workload, guest_pages);
    if (workload->pages == 0)
        return "its working set is empty";
    if (workload->first_page >= guest_pages || workload->pages > guest_pages - workload->first_page)
        return "its working set ends beyond the guest's memory";
    return workload->kind == WORKLOAD_INTERVALS ? intervals_fault(workload, guest_pages) : rate_fault(workload);
}

/* The end of the last interval that writes anything. */
static double
intervals_end_s(const Workload *workload)
{
    double end_s = 0, last_s = 0;

    for (gsize i = 0; i < workload->n_intervals; i++) {
        end_s += workload->intervals[i].duration_s;
        if (workload->intervals[i].pages > 0)
            last_s = end_s;
    }
    return last_s;
}

gboolean
workload_is_drawn(WorkloadKind kind)
{
    return kind == WORKLOAD_UNIFORM || kind == WORKLOAD_HOT_COLD || kind == WORKLOAD_ZIPF || kind == WORKLOAD_CURVE;
}

double
workload_end_s(const Workload *workload)
{
    g_return_val_if_fail(workload, 0);

    switch (workload->kind) {
    case WORKLOAD_IDLE:
        return 0;
    case WORKLOAD_REPLAY:
        return workload->n_writes > 0 ? workload->writes[workload->n_writes - 1].time_s : 0;
    case WORKLOAD_INTERVALS:
        return workload->at_clears && workload->n_intervals > 0 ? INFINITY : intervals_end_s(workload);
    default:
        return workload->rate_pages_s > 0 ? INFINITY : 0;
    }
}

/* ---- of a page ---- */

static double
class_rate(const Workload *workload, guint64 k)
{
    guint64 end = 0;

    for (gsize i = 0; i < workload->n_classes; i++) {
        const WorkloadClass *class = &workload->classes[i];
        end += class->pages;
        if (k < end)
            return workload->rate_pages_s * class->share / (double)class->pages;
    }
    return 0;
}

static double
hot_cold_rate(const Workload *workload, guint64 k)
{
    const double hot = workload->hot_share / (double)workload->hot_pages;
    const double cold = (1 - workload->hot_share) / (double)(workload->pages - workload->hot_pages);

    return workload->rate_pages_s * (k < workload->hot_pages ? hot : cold);
}

WorkloadRates
workload_rates(const Workload *workload)
{
    return (WorkloadRates){workload,
                           workload->kind == WORKLOAD_ZIPF ? zipf_sum(workload->exponent, 0, workload->pages) : 0};
}

double
workload_page_rate(const WorkloadRates *rates, guint64 page)
{
    const Workload *workload = rates->workload;
    const guint64 k = page - workload->first_page;

    if (page < workload->first_page || k >= workload->pages)
        return workload->kind == WORKLOAD_REPLAY || workload->kind == WORKLOAD_INTERVALS ? NAN : 0;
    switch (workload->kind) {
    case WORKLOAD_UNIFORM:
        return workload->rate_pages_s / (double)workload->pages;
    case WORKLOAD_HOT_COLD:
        return hot_cold_rate(workload, k);
    case WORKLOAD_ZIPF:
        return workload->rate_pages_s * zipf_weight(workload->exponent, k) / rates->weights;
    case WORKLOAD_CURVE:
        return class_rate(workload, k);
    case WORKLOAD_IDLE:
        return 0;
    case WORKLOAD_SWEEP:
    case WORKLOAD_REPLAY:
    case WORKLOAD_INTERVALS:
        break;
    }
    return NAN;
}
