/* Whether a host is overloaded, by the utilizations that its counters have shown.
 *
 * Sources: OpenStack Neat, neat/locals/overload/trivial.py threshold and no_migrations, statistics.py mad_threshold,
 * iqr_threshold, loess_abstract; A. Beloglazov and R. Buyya, "Optimal online deterministic algorithms and adaptive
 * heuristics for energy and performance efficient dynamic consolidation of virtual machines in cloud data centers",
 * Concurrency and Computation: Practice and Experience 24(13), 2012, section 5; CloudSim 3.0.3,
 * PowerVmAllocationPolicyMigrationLocalRegression and MathUtil.
 *
 *   u: utilizations, u_n the last; t: a migration's time in intervals; s: safety; c: threshold
 *
 *   rule       | overloaded when
 *   NEVER      | never: as MAX-ITF of Neat's test bed
 *   THRESHOLD  | u_n > c, strictly
 *   MAD        | u_n >= 1 - s MAD(u), the median of the distances from the median
 *   IQR        | u_n >= 1 - s IQR(u), the distance of the values of rank [0.75 (n+1)] and [0.25 (n+1)], rounded
 *   LR, LRR    | s (a + b (length + t)) >= c, the line of models/placement/local_regression.h through the last `length`
 *   LINE       | the same with all weights 1, and t rounded up
 *   MHOD       | models/placement/mhod.h
 *
 * LINE is what CloudSim's LR and LRR compute: its MathUtil.createWeigthedLinearRegression leaves the values as they are
 * unless two fifths of the weights are 0, and none is. CloudSim takes > for MAD and IQR where Neat takes >=:
 * `strictly`. Before there are `length` values MAD, IQR and the lines find an overload only by fallback, as THRESHOLD:
 * CloudSim does so with 0.7, Neat not at all.
 */
#ifndef TANDEM_MODELS_PLACEMENT_OVERLOAD_H
#define TANDEM_MODELS_PLACEMENT_OVERLOAD_H

#include "models/placement/mhod.h"

typedef enum {
    OVERLOAD_NEVER,
    OVERLOAD_THRESHOLD,
    OVERLOAD_MAD,
    OVERLOAD_IQR,
    OVERLOAD_LR,
    OVERLOAD_LRR,
    OVERLOAD_LINE,
    OVERLOAD_MHOD,
} OverloadRule;

typedef struct {
    OverloadRule rule;
    double threshold;  /* THRESHOLD and the lines; > 0 */
    double safety;     /* MAD, IQR and the lines; > 0 */
    guint length;      /* MAD, IQR: values before they decide; the lines: values that they look at, >= 3 */
    gboolean strictly; /* MAD and IQR: > in place of >= */
    double fallback;   /* a threshold until there are enough values; 0: none */
    MhodRules mhod;
} OverloadRules;

/* What a detector keeps from call to call; begins as all zeros. */
typedef struct {
    MhodState mhod;
} OverloadState;

/* n utilizations, the oldest first, each a share of the host's capacity; of none it is not overloaded. migration_steps:
 * t. */
gboolean overload_detect(const OverloadRules *rules, OverloadState *state, const double *utilization, guint n,
                         double migration_steps);

/* The median absolute deviation and the interquartile range of n >= 1 values. */
double overload_mad(const double *values, guint n);
double overload_iqr(const double *values, guint n);

#endif
