/* The writes of a random workload in one region and one span of guest time.
 *
 * Uniform, hot/cold: each page of a stretch of memory is written at the same rate r. Over dt the region's stretch of n
 * pages expects m = r n dt writes. Few (m small beside the words): each is placed uniformly. Many: each page of the
 * stretch is written with probability 1 - exp(-r dt), 64 pages at once (models/memory/sampler.h).
 *
 * Zipf: a superposition. The pages of a piece of the region have a common base, the rate of its last page, sampled as
 * above; what each has beyond it is drawn as single writes where these are few, or, where the base leaves few pages
 * untouched, decided by each of those alone. Otherwise the piece is halved, down to a word. Sums of independent Poisson
 * processes are Poisson processes of the summed rates, so this is exact.
 *
 * Cost of a region: O(min(expected writes, words)), and a comparison where no write falls.
 */
#ifndef TANDEM_MODELS_MEMORY_WRITER_H
#define TANDEM_MODELS_MEMORY_WRITER_H

#include "models/memory/marks.h"
#include "models/memory/sampler.h"
#include "models/memory/workload.h"

/* Pages that are written at one rate. */
typedef struct {
    guint64 first, end;
    double rate; /* of each page, 1/s */
} WriterStretch;

/* The Zipf weights of a region's pages. */
typedef struct {
    double sum, most, least;
} WriterZipf;

typedef struct {
    WorkloadKind kind;
    guint64 first, end;                             /* the working set; empty when nothing is written by this module */
    WriterStretch stretches[WORKLOAD_CLASSES_MOST]; /* UNIFORM: one, HOT_COLD: two, CURVE: one a class */
    guint n_stretches;
    double rate; /* ZIPF: of a page of weight 1 */
    double exponent;
    WriterZipf *zipf; /* owned, one per region from the working set's first */
} Writer;

/* The workload must be sound (workload_fault). Kinds this module does not write leave an empty working set. */
void writer_init(Writer *writer, const Workload *workload);
void writer_clear(Writer *writer);

/* Marks the writes of guest time (from_s, to_s] since the workload's beginning, from_s <= to_s, in one region. */
void writer_advance(const Writer *writer, Sampler *sampler, Marks *marks, gsize region, double from_s, double to_s);

#endif
