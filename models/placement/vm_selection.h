/* Which VM leaves an overloaded host.
 *
 * Sources: OpenStack Neat, neat/locals/vm_selection/algorithms.py; CloudSim 3.0.3, PowerVmSelectionPolicy…; Beloglazov
 * and Buyya, CCPE 24(13), 2012, section 5.3.
 *
 *   rule              | takes the VM                                                     | as
 *   LEAST_MEMORY      | whose migration is shortest: of least memory                     | MMT, both
 *   MEMORY_THEN_CPU   | of least memory; of these, of the largest mean of its last values |
 * minimum_migration_time_max_cpu MAX_CPU           | of the largest last value                                        |
 * (none; the greedy one) MIN_CPU           | of the smallest last value                                       |
 * minimum_utilization; CloudSim's MU RANDOM            | drawn, each alike | random; CloudSim's RS MAX_CORRELATION   |
 * best explained by the others: largest multiple correlation       | CloudSim's MC MIN_CORRELATION   | least explained
 * by the others                                    | (its opposite)
 *
 * The multiple correlation of a VM is R^2 of the linear regression of its values on those of all others of the host
 * (Abdi, "Multiple correlation coefficient", 2007). Where there are not more values than VMs it is undefined, and both
 * rules fall back on LEAST_MEMORY, as CloudSim's experiments do.
 *
 * Of equal ones the first. Neat's MEMORY_THEN_CPU takes none when all means are 0.
 */
#ifndef TANDEM_MODELS_PLACEMENT_VM_SELECTION_H
#define TANDEM_MODELS_PLACEMENT_VM_SELECTION_H

#include "models/base/random.h"

typedef enum {
    SELECTION_LEAST_MEMORY,
    SELECTION_MEMORY_THEN_CPU,
    SELECTION_MAX_CPU,
    SELECTION_MIN_CPU,
    SELECTION_RANDOM,
    SELECTION_MAX_CORRELATION,
    SELECTION_MIN_CORRELATION,
} SelectionRule;

typedef struct {
    double memory_bytes;
    const double *cpu; /* its counters, the oldest first */
    guint n_cpu;
    gboolean fixed; /* it cannot go: it is on the move, has no counters yet, or must stay */
} SelectionVm;

/* last: of MEMORY_THEN_CPU, >= 1. stream: of RANDOM only. -1: none can go. */
gint vm_selection_pick(SelectionRule rule, guint last, const SelectionVm *vms, guint n, RandomStream *stream);

/* R^2 of the first of n series on the others, over their m values; series[i] has m. 0 where the first is constant. */
double vm_selection_correlation(const double *const *series, guint n, guint m);

#endif
