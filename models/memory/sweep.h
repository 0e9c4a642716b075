/* A workload that writes page after page, round and round: write i (from 1) at i / rate, to page (i - 1) mod n.
 *
 * Nothing is drawn, so that all of memory is advanced at once, at the cost of the words it passes.
 */
#ifndef TANDEM_MODELS_MEMORY_SWEEP_H
#define TANDEM_MODELS_MEMORY_SWEEP_H

#include "models/memory/marks.h"
#include "models/memory/workload.h"

typedef struct {
    guint64 first, pages; /* the working set */
    double rate;          /* pages/s; 0: it writes nothing */
    double written;       /* a whole number: writes done */
} Sweep;

/* The workload must be sound (workload_fault). Other kinds than SWEEP write nothing. */
void sweep_init(Sweep *sweep, const Workload *workload);

/* Marks the writes up to and including guest time to_s since the workload's beginning. */
void sweep_advance(Sweep *sweep, Marks *marks, double to_s);

/* Passes over them: somebody else marks them. */
void sweep_skip(Sweep *sweep, double to_s);

#endif
