/* Auto-converge: takes processor time from a guest that dirties memory faster than half of it is sent.
 *
 * Source: QEMU 7.2 migration/ram.c migration_trigger_throttle, mig_throttle_guest_down; softmmu/cpu-throttle.c.
 *
 *   QEMU                          | here       | default | meaning
 *   throttle-trigger-threshold    | trigger    | 0.5     | dirtied over transferred bytes of a period
 *   dirty_rate_high_cnt           | high       |         | periods above it; the second one throttles
 *   cpu-throttle-initial          | first      | 0.2     | share of time taken from each processor
 *   cpu-throttle-increment        | step       | 0.1     |
 *   max-cpu-throttle              | most       | 0.99    |
 *   cpu-throttle-tailslow         | tailslow   | no      | no larger a step than the dirty rate seems to need
 *   CPU_THROTTLE_TIMESLICE_NS     | slice_s    | 10 ms   | a processor runs so long, then sleeps slice p / (1 - p)
 */
#ifndef TANDEM_MODELS_MIGRATION_THROTTLE_H
#define TANDEM_MODELS_MIGRATION_THROTTLE_H

#include <glib.h>

typedef struct {
    gboolean on;
    double trigger;
    double first, step, most;
    double slice_s;
    gboolean tailslow;
} ThrottleRules;

typedef struct {
    double share; /* taken from the guest now */
    guint high;
} Throttle;

/* At the end of a period: whether it is the second one that dirtied more than trigger of what was sent. */
gboolean throttle_is_due(Throttle *throttle, double trigger, double dirtied_bytes, double sent_bytes);
/* The same, and what auto-converge makes of it. TRUE: the share has changed. */
gboolean throttle_period(Throttle *throttle, const ThrottleRules *rules, double dirtied_bytes, double sent_bytes);

/* The workload's speed: a program that makes up for pauses of at most catch_up_s, and forgets longer ones, does not
 * slow down until its pauses are longer (0: it makes up for nothing). */
double throttle_speed(const Throttle *throttle, const ThrottleRules *rules, double catch_up_s);

/* How long whoever needs all processors (a synchronization of the dirty log under TCG) waits for a pausing one:
 * phase: where in a period of pause and slice now_s falls, 0 … 1. */
double throttle_wait_s(const Throttle *throttle, const ThrottleRules *rules, double now_s, double phase);

#endif
