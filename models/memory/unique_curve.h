/* A curve of unique bytes as a mixture of pages that are written at steady rates.
 *
 * What an operator can measure of a running guest is how many different pages it writes within an interval, for several
 * intervals (QEMU's calc-dirty-rate with several calc-times; the dirty log read twice). Pages that are each written at
 * a rate of their own, independently, give U(t) = sum_j n_j (1 - exp(-t / tau_j)): it grows, and ever more slowly.
 *
 * The rates are put on a grid, tau from a quarter of the shortest interval to eight times the longest, doubling or
 * nearly so, and n_j >= 0 is what meets the points best in the sense of relative least squares (C. Lawson and R.
 * Hanson, "Solving Least Squares Problems", 1974, problem NNLS; solved here by cyclic coordinate descent, which
 * converges for it). The points do not say which of the mixtures that meet them is the guest's; between the points, and
 * a little beyond, these agree.
 *
 *   here      meaning
 *   pages     U(t) at interval_s t
 *   classes   n_j and 1 / tau_j
 */
#ifndef TANDEM_MODELS_MEMORY_UNIQUE_CURVE_H
#define TANDEM_MODELS_MEMORY_UNIQUE_CURVE_H

#include "models/memory/workload.h"

#define UNIQUE_CURVE_POINTS_MOST 64u

typedef struct {
    double interval_s; /* > 0, growing from point to point */
    double pages;      /* different ones written in it, > 0 */
} UniquePoint;

/* Fills classes (room for WORKLOAD_CLASSES_MOST) in order of falling rate, and the rate of all writes in pages a
 * second. Returns how many classes there are; 0: of no page. */
guint unique_curve_classes(const UniquePoint *points, guint n_points, WorkloadClass *classes, double *rate_pages_s);

/* Different pages that these classes write in an interval. */
double unique_curve_pages(const WorkloadClass *classes, guint n_classes, double rate_pages_s, double interval_s);

#endif
