/* A workload's writes one by one, in order: for what depends on their order.
 *
 * The dirty log samples regions without order (models/memory/dirty.h); a translation buffer that hides writes and a
 * guest that stops at each missing page need the order. Writes of a random workload are one Poisson process of the
 * total rate, each to a page drawn by its share; a sweep's follow each other.
 *
 * Cost: a page per write; a logarithm per sixteen where dates are asked for. Scope: lists (replay, intervals) have
 * an order of their own and play nothing here.
 */
#ifndef TANDEM_MODELS_MEMORY_SERIAL_H
#define TANDEM_MODELS_MEMORY_SERIAL_H

#include "models/memory/sampler.h"
#include "models/memory/workload.h"
#include "models/memory/zipf.h"

typedef struct {
    Workload workload;
    ZipfRange zipf;
    guint64 swept; /* SWEEP: writes done */
    double part;   /* SWEEP: of the next write's distance, what is already behind */
} Serial;

/* The workload must be sound (workload_fault). */
void serial_init(Serial *serial, const Workload *workload);
/* Leaves out what a sweep has written in its first seconds of guest time; the others have no memory. */
void serial_skip(Serial *serial, double seconds);

/* Writes per second; 0 for idle and for lists. */
double serial_rate(const Serial *serial);

/* How many writes happen while so many are expected (>= 0). */
guint64 serial_count(Serial *serial, Sampler *sampler, double expected);
/* The page of the next one. */
guint64 serial_page(Serial *serial, Sampler *sampler);
/* What is expected from one write up to the n-th after it: divided by the rate, the time that these took. */
double serial_distance(Serial *serial, Sampler *sampler, guint64 n);

#endif
