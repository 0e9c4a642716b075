/* Workloads that come from lists: recorded writes, and counts of distinct pages per interval.
 *
 * These are advanced for all of memory at once. Replay: each write as recorded. Intervals: within an interval of T
 * seconds and c pages, the i-th first write comes at the i-th order statistic of c uniform moments, drawn one after the
 * other (after v, the next of r left ones is 1 - (1 - v) U^(1/r)) and put at T v^(1/a) with the workload's exponent a;
 * it goes to a page of the working set that was not yet written in this interval, all of those alike. That is c
 * distinct pages uniformly drawn, each at an independent moment of distribution (t/T)^a. Later writes to a page within
 * its interval are not in the list and do not happen.
 * Intervals follow each other in time, or each begins when the log is cleared: what a migration's log says of a round
 * it says of the time between two clearings.
 */
#ifndef TANDEM_MODELS_MEMORY_PLAYBACK_H
#define TANDEM_MODELS_MEMORY_PLAYBACK_H

#include "models/base/random.h"
#include "models/memory/marks.h"
#include "models/memory/workload.h"

typedef struct {
    Workload workload; /* its arrays are borrowed */
    gsize next;        /* the next write of the list, or the interval we are in */
    gboolean waits;    /* INTERVALS at clearings: for the first one */
    guint64 stride;    /* INTERVALS: from one page of the working set to the next */
    double moment;     /* INTERVALS: the next write's v, 0 … 1 */
    double next_s;     /* INTERVALS: when it comes */
    double interval_s; /* INTERVALS: when the present interval began */
    guint64 left;      /* INTERVALS: writes to come in the present one */
    guint64 *chosen;   /* owned; INTERVALS: pages of the working set already written in the present one */
    guint64 n_chosen;
} Playback;

/* Other kinds than REPLAY and INTERVALS play nothing. The workload must be sound (workload_fault). */
void playback_init(Playback *playback, const Workload *workload, RandomStream *random);
void playback_clear(Playback *playback);
/* As another one stands now; the workload's arrays stay borrowed. */
void playback_init_copy(Playback *playback, const Playback *other);

/* Takes the next write, however late it comes (*at_s: since the workload's beginning). FALSE: there is none. */
gboolean playback_next(Playback *playback, RandomStream *random, double *at_s, guint64 *page);

/* Marks what is to be written up to and including guest time to_s since the workload's beginning. */
void playback_advance(Playback *playback, RandomStream *random, Marks *marks, double to_s);

/* The log was cleared at that time, up to which all was played: where intervals begin so, the next one begins. */
void playback_notice_clear(Playback *playback, RandomStream *random, double at_s);

#endif
