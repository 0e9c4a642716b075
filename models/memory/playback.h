/* Workloads that come from lists: recorded writes, and counts of distinct pages per interval.
 *
 * These are advanced for all of memory at once. Replay: each write as recorded. Intervals: within an interval of T
 * seconds and c pages, the i-th first write comes at the i-th order statistic of c uniform moments, drawn one after the
 * other (the next of r left ones, from time t on, comes at T - (T - t) U^(1/r)), and goes to a page of the working set
 * that was not yet written in this interval, all of those alike. That is c distinct pages uniformly drawn, each at an
 * independent uniform moment. Later writes to a page within its interval are not in the list and do not happen.
 */
#ifndef TANDEM_MODELS_MEMORY_PLAYBACK_H
#define TANDEM_MODELS_MEMORY_PLAYBACK_H

#include "models/base/random.h"
#include "models/memory/marks.h"
#include "models/memory/workload.h"

typedef struct {
    Workload workload; /* its arrays are borrowed */
    gsize next;        /* the next write of the list, or the interval we are in */
    double next_s;     /* INTERVALS: when the next write comes */
    double interval_s; /* INTERVALS: when the present interval began */
    guint64 left;      /* INTERVALS: writes to come in the present one */
    guint64 *chosen;   /* owned; INTERVALS: pages of the working set already written in the present one */
    guint64 n_chosen;
} Playback;

/* Other kinds than REPLAY and INTERVALS play nothing. The workload must be sound (workload_fault). */
void playback_init(Playback *playback, const Workload *workload, RandomStream *random);
void playback_clear(Playback *playback);

/* Marks what is to be written up to and including guest time to_s since the workload's beginning. */
void playback_advance(Playback *playback, RandomStream *random, Marks *marks, double to_s);

#endif
