/*
 * Latencies, counted in buckets whose width grows with them.
 */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include <stdint.h>

/* A latency's bucket: exact below 128 ns, then 128 to an octave (0.8 %), up to 2^40 ns. */
#define BUCKETS_OCTAVE 128
#define BUCKETS        (34 * BUCKETS_OCTAVE)

typedef struct {
    uint64_t counted;
    uint64_t sum_ns;
    uint32_t buckets[BUCKETS];
} Latencies;

void latency_add(Latencies *latencies, uint64_t ns);

/* Adds what others have counted. */
void latency_merge(Latencies *latencies, const Latencies *others);

/* The quantile (0 to 1), as the middle of its bucket, and the mean; 0 when nothing was counted. */
double latency_quantile_us(const Latencies *latencies, double of);
double latency_mean_us(const Latencies *latencies);

#endif
