#include "sim/specs/workload_check.h"

#include "sim/specs/reject.h"

#include <math.h>

#define CURVE_ERROR_MOST 0.05 /* chosen: what a measurement's own spread may be */

static gboolean
check_growth(const WorkloadSpec *workload, const char *pointer, GError **error)
{
    for (guint i = 1; i < workload->points->len; i++) {
        const UniquePointSpec *point = &g_array_index(workload->points, UniquePointSpec, i), *before = point - 1;
        if (!(point->interval_s > before->interval_s))
            return reject(error, "%s/points/%u/interval: is not longer than the one before, expected longer", pointer,
                          i);
        if (point->unique_bytes < before->unique_bytes)
            return reject(error, "%s/points/%u/unique: is less than of the shorter interval before, expected as much",
                          pointer, i);
    }
    return TRUE;
}

/* A curve of pages that are written at steady rates grows, and ever more slowly. */
static gboolean
check_curve(const WorkloadSpec *workload, const Workload *in_pages, double memory_bytes, double page_bytes,
            const char *pointer, GError **error)
{
    guint worst = 0;

    if (guest_spec_curve_error(workload, page_bytes, in_pages, &worst) > CURVE_ERROR_MOST)
        return reject(error,
                      "%s/points/%u/unique: no pages written at steady rates meet it and the others within 5 %%, "
                      "expected a curve that grows ever more slowly",
                      pointer, worst);
    if (workload->first_bytes + (double)in_pages->pages * page_bytes > memory_bytes)
        return reject(error,
                      "%s/points: its pages, of which the longest interval sees a part, end beyond the guest's used "
                      "memory of %.0f bytes, expected less",
                      pointer, memory_bytes);
    return TRUE;
}

static gboolean
check_sets(const WorkloadSpec *workload, double memory_bytes, const char *pointer, GError **error)
{
    if (workload->first_bytes + workload->working_set_bytes > memory_bytes)
        return reject(error, "%s/working_set: ends beyond the guest's used memory of %.0f bytes, expected less",
                      pointer, memory_bytes);
    if (workload->kind == WORKLOAD_HOT_COLD && workload->hot_set_bytes >= workload->working_set_bytes)
        return reject(error, "%s/hot_set: is not smaller than the working set, expected less", pointer);
    return TRUE;
}

gboolean
workload_check(const WorkloadSpec *workload, double memory_bytes, double page_bytes, const char *pointer,
               GError **error)
{
    const gboolean curve = workload->kind == WORKLOAD_CURVE;

    if (workload->kind == WORKLOAD_IDLE || workload->kind == WORKLOAD_REPLAY)
        return TRUE;
    if (curve ? !check_growth(workload, pointer, error) : !check_sets(workload, memory_bytes, pointer, error))
        return FALSE;
    WorkloadClass classes[WORKLOAD_CLASSES_MOST];
    const Workload in_pages = guest_spec_workload(workload, page_bytes, classes);
    if (curve && !check_curve(workload, &in_pages, memory_bytes, page_bytes, pointer, error))
        return FALSE;
    const char *fault = workload_fault(&in_pages, (guint64)ceil(memory_bytes / page_bytes));
    return !fault || reject(error, "%s: in pages of %.0f bytes, %s, expected a workload that the guest can run",
                            pointer, page_bytes, fault);
}
