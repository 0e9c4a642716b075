/* Where VMs go: on which host each, by the capacity that is left.
 *
 * Sources: OpenStack Neat, neat/globals/vm_placement/bin_packing.py best_fit_decreasing; CloudSim 3.0.3,
 * PowerVmAllocationPolicyMigrationAbstract.getNewVmPlacement and findHostForVm (power-aware best fit decreasing, PABFD:
 * Beloglazov and Buyya, CCPE 24(13), 2012, section 5.4).
 *
 *   rule        | VMs are asked by            | and take
 *   BEST_FIT    | CPU, falling                | the first that fits of active hosts by free CPU, rising, as it was at
 * first POWER_AWARE | CPU, falling                | that whose power rises least FIRST_FIT   | the list | the first
 * host of the list that fits WORST_FIT   | CPU, falling                | that with most free CPU at that moment
 *
 * Ties: of BEST_FIT VMs also by memory, falling, and number, falling, and hosts by memory, rising, and number, rising,
 * as tuples that Python sorts (a name there, a number here); otherwise the first.
 *
 * A host fits when cpu_share of its CPU and memory_share of its memory are not exceeded. Where no active host fits, the
 * sleeping host with least CPU is woken, if `wakes`; of its capacity all may be used, as in Neat, whose thresholds are
 * those of hosts that are active already. POWER_AWARE looks at sleeping hosts as at others, and lets one VM exceed the
 * share of an empty host, as CloudSim does (it asks only hosts that have load whether they would be overloaded);
 * waking_counts says whether the power of waking counts, which CloudSim's does not: there an empty host's power is that
 * of an idle one.
 *
 * Departure: Neat cuts free capacities to whole MHz and MB.
 */
#ifndef TANDEM_MODELS_PLACEMENT_BIN_PACKING_H
#define TANDEM_MODELS_PLACEMENT_BIN_PACKING_H

#include "models/energy/power_curve.h"

typedef enum {
    PACKING_BEST_FIT,
    PACKING_POWER_AWARE,
    PACKING_FIRST_FIT,
    PACKING_WORST_FIT,
} PackingRule;

typedef struct {
    PackingRule rule;
    double cpu_share, memory_share; /* of a host's capacity, above 0 */
    gboolean wakes;
    gboolean all_or_nothing; /* when one VM finds no host, none is moved */
    gboolean waking_counts;  /* POWER_AWARE */
} PackingRules;

#define PACKING_RULES_NEAT                                                                                             \
    ((PackingRules){                                                                                                   \
        .rule = PACKING_BEST_FIT, .cpu_share = 0.8, .memory_share = 0.95, .wakes = TRUE, .all_or_nothing = TRUE})

/* CPU in any one unit. A host of which nothing is to be asked is closed. */
typedef struct {
    double cpu, cpu_used; /* capacity > 0; used >= 0 */
    double memory_bytes, memory_used_bytes;
    gboolean asleep;
    gboolean closed;
    const PowerCurve *curve; /* of POWER_AWARE; borrowed */
    double asleep_W;
} PackingHost;

typedef struct {
    double cpu;
    double memory_bytes;
} PackingVm;

/* where: n_vms places; the number of each VM's host, or -1. Returns how many have one. hosts is not changed; those that
 * somebody goes to and that sleep are to be woken. refuses: whether a host cannot take a VM for another reason, NULL:
 * none can not. */
guint packing_solve(const PackingRules *rules, const PackingHost *hosts, guint n_hosts, const PackingVm *vms,
                    guint n_vms, gboolean (*refuses)(gpointer data, guint vm, guint host), gpointer data, gint *where);

#endif
