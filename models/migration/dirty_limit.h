/* Dirty-limit: takes so much time from each virtual processor that it dirties no more than its quota.
 *
 * Source: QEMU 8.1 softmmu/dirtylimit.c, dirtylimit_adjust_throttle, dirtylimit_set_throttle; migration/ram.c,
 * migration_trigger_throttle (it begins like auto-converge). A processor of KVM fills its ring of dirty pages, and
 * sleeps each time that the ring is full; how long is adjusted once a period, by what it has dirtied in it.
 *
 *   QEMU                             | here        | default  | meaning
 *   throttle-trigger-threshold       | trigger     | 0.5      | dirtied over transferred bytes of a period
 *   vcpu-dirty-limit                 | rate_Bps    | 1 MB/s   | the quota q of each processor
 *   x-vcpu-dirty-limit-period        | period_s    | 1 s      | between two adjustments
 *   dirty-ring-size                  | ring_pages  | 4096     | S
 *   DIRTYLIMIT_TOLERANCE_RANGE       |             | 25 MiB/s | no adjustment so near to q
 *   DIRTYLIMIT_LINEAR_ADJUSTMENT_PCT |             | 50       | beyond it in proportion, else a tenth of a ring's time
 *   DIRTYLIMIT_THROTTLE_PCT_MAX      |             | 99       | rings' times at most
 *   throttle_us_per_full             | sleep_s     |          | of each full ring
 *   max_dirtyrate                    | fastest_Bps |          | seen so far; a ring's time is S over it
 *
 * Scope: all processors dirty alike.
 */
#ifndef TANDEM_MODELS_MIGRATION_DIRTY_LIMIT_H
#define TANDEM_MODELS_MIGRATION_DIRTY_LIMIT_H

#include <glib.h>

typedef struct {
    double trigger;
    double rate_Bps; /* of each processor; 0: there is no limit */
    double period_s;
    guint ring_pages;
} DirtyLimitRules;

typedef struct {
    gboolean in_service;
    double sleep_s, fastest_Bps;
} DirtyLimit;

/* At the end of a period in which each processor, which ran at `speed` of its own, 0 … 1, dirtied current_Bps. Returns
 * the speed at which it runs from now on. */
double dirty_limit_adjust(DirtyLimit *limit, const DirtyLimitRules *rules, double page_bytes, double current_Bps,
                          double speed);

#endif
