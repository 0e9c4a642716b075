/* Workloads: which page a guest writes when.
 *
 * Writes of a random workload form independent Poisson processes, one per page. A page's rate is the workload's total
 * rate times the page's share; so the state of any part of memory can be sampled exactly, at any later time, without
 * looking at the rest. Deterministic workloads (sweep, replay) have no such freedom and are advanced as they are.
 *
 * Time here is guest time: seconds for which the guest ran at full speed. models/memory/dirty.h maps world time to it
 * (a suspended guest writes nothing, a throttled one less).
 *
 * Scope: writes only (reads dirty nothing); a write dirties one whole page; no caches, no ballooning.
 */
#ifndef TANDEM_MODELS_MEMORY_WORKLOAD_H
#define TANDEM_MODELS_MEMORY_WORKLOAD_H

#include <glib.h>

typedef enum {
    WORKLOAD_IDLE,      /* writes nothing */
    WORKLOAD_UNIFORM,   /* every page of the working set alike */
    WORKLOAD_HOT_COLD,  /* hot_share of the writes go to the first hot_pages of the working set, the rest to its rest */
    WORKLOAD_ZIPF,      /* page k (from 0) of the working set has a share proportional to (k+1)^-exponent */
    WORKLOAD_SWEEP,     /* one page after the other, round and round; write i (from 1) happens at i / rate */
    WORKLOAD_REPLAY,    /* from a list of (time, page): each write as recorded */
    WORKLOAD_INTERVALS, /* from a list of (interval, distinct pages): within each interval, that many distinct pages of
                           the working set, uniformly drawn, each first written at an independent moment of the
                           interval: when its share v^(1/exponent) has passed, v uniform */
    WORKLOAD_CURVE      /* classes of pages, each with a rate of its own (models/memory/unique_curve.h) */
} WorkloadKind;

#define WORKLOAD_CLASSES_MOST 16u

/* Pages side by side, every one of which is written alike. */
typedef struct {
    guint64 pages; /* > 0 */
    double share;  /* of the workload's writes that go to them, 0 … 1 */
} WorkloadClass;

typedef struct {
    double time_s; /* since the workload began, >= 0, not decreasing */
    guint64 page;  /* REPLAY: the page written. */
} WorkloadWrite;

typedef struct {
    double duration_s; /* > 0 */
    guint64 pages;     /* distinct pages written in it, <= working set */
} WorkloadInterval;

/* One phase of a workload. Arrays are borrowed: they outlive every DirtyLog that uses them. */
typedef struct {
    WorkloadKind kind;
    guint64 first_page;  /* where the working set begins */
    guint64 pages;       /* its size; > 0 unless IDLE or REPLAY */
    double rate_pages_s; /* writes per second of guest time, >= 0; UNIFORM, HOT_COLD, ZIPF, SWEEP, CURVE */
    guint64 hot_pages;   /* HOT_COLD: 0 < hot_pages < pages */
    double hot_share;    /* HOT_COLD: 0 … 1 */
    double exponent;     /* ZIPF: > 0. INTERVALS: > 0, or 0 for 1; the share u of an interval has seen u^exponent of its
                            pages: 1 evenly, below 1 most of them early, as guests with few hot pages do */
    guint64 spread_pages; /* INTERVALS: page k of the working set is first_page + k floor(spread_pages / pages);
                             0: as many as pages, side by side */
    const WorkloadClass *classes;
    gsize n_classes; /* CURVE: 1 … WORKLOAD_CLASSES_MOST, of all pages of the working set */
    const WorkloadWrite *writes;
    gsize n_writes;     /* REPLAY */
    gboolean at_clears; /* INTERVALS: each begins when the log is cleared, and lasts until the next clearing at most: a
                           log that states what each round dirtied, played back round by round */
    const WorkloadInterval *intervals;
    gsize n_intervals; /* INTERVALS; after the last one the guest is idle */
} Workload;

/* True of UNIFORM, HOT_COLD, ZIPF and CURVE: the page of each write is drawn, independently of the others, so that only
 * the rate says how many there are. */
gboolean workload_is_drawn(WorkloadKind kind);

/* NULL when this workload can run in a guest of this many pages, else what is wrong with it, as half a sentence. */
const char *workload_fault(const Workload *workload, guint64 guest_pages);

/* Guest time since the workload's beginning after which it writes nothing more: 0 for an idle one, infinity for one
 * that never ends. */
double workload_end_s(const Workload *workload);

/* What a page's rate is reckoned with, once for a workload. */
typedef struct {
    const Workload *workload; /* borrowed */
    double weights;           /* ZIPF: of all its pages */
} WorkloadRates;
WorkloadRates workload_rates(const Workload *workload);
/* Writes a second of guest time to that page, each of which is as likely at any moment; 0 outside the working set. NAN:
 * the workload is none of those (sweeps and lists). */
double workload_page_rate(const WorkloadRates *rates, guint64 page);

#endif
