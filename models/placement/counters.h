/* What a policy sees of a host and its VMs: counters that are read each interval, late, and with holes.
 *
 * Source: OpenStack Neat, neat/locals/collector.py: processor time that each VM was given, read from libvirt each
 * data_collector_interval, and the last data_collector_data_length values of it; Beloglazov and Buyya, "OpenStack Neat:
 * a framework for dynamic and energy-efficient consolidation of virtual machines in OpenStack clouds", Concurrency and
 * Computation: Practice and Experience 27(5), 2015.
 *
 *   there                       | here       | default there | meaning
 *   data_collector_interval     | interval_s | 300 s         | between two readings
 *   data_collector_data_length  | length     | 100           | values that are kept
 *   (none)                      | delay_s    | 0             | from a reading until a policy sees it
 *   (none)                      | loss       | 0             | share of readings that never arrive
 *
 * A counter counts what was given, not what was wanted: the sum over a host is never more than the host has, and a VM
 * that got less than it wanted shows what it got. counters_share() is that sharing for a model that has no host of its
 * own to share (max-min fairness, as sim/world/processors.h): a world's counters are read from its processors.
 *
 * Scope: one resource; values are of any one unit. A lost reading leaves no gap: the next one stands behind the one
 * before, as in a list of values to which nothing was appended.
 */
#ifndef TANDEM_MODELS_PLACEMENT_COUNTERS_H
#define TANDEM_MODELS_PLACEMENT_COUNTERS_H

#include "models/base/random.h"

typedef struct {
    double interval_s; /* > 0 */
    guint length;      /* >= 1 */
    double delay_s;    /* >= 0 */
    double loss;       /* 0 to 1 */
} CounterRules;

#define COUNTER_RULES_NEAT ((CounterRules){.interval_s = 300, .length = 100})

/* The readings of one thing. */
typedef struct Counters Counters;

/* rules: copied. stream: what draws losses, copied; may be NULL where none are lost. */
Counters *counters_new(const CounterRules *rules, const RandomStream *stream);
void counters_free(Counters *counters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Counters, counters_free)

/* A reading made at at_s, not before the one before. FALSE: it is lost. */
gboolean counters_read(Counters *counters, double at_s, double value);
/* Forgets everything: the thing is not measured here any more. */
void counters_clear(Counters *counters);

/* What has arrived by now_s, not before the now_s of an earlier call: the oldest first, n of them, valid until the
 * next call of any function. */
const double *counters_seen(Counters *counters, double now_s, guint *n);

/* Mean of the last `last` of n values, of all when there are fewer; NAN of none. */
double counters_mean_of_last(const double *values, guint n, guint last);
/* The last of n values; NAN of none. */
double counters_last(const double *values, guint n);

/* Shares capacity >= 0 among n that want so much each (>= 0): each gets what it wants, but at most one level, the same
 * for all, the largest that capacity is enough for. got: n places, may be wanted itself. Returns what all got. */
double counters_share(const double *wanted, guint n, double capacity, double *got);

#endif
