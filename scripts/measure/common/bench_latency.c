#include "common/bench_latency.h"

static int
bucket_of(uint64_t ns)
{
    if (ns < BUCKETS_OCTAVE)
        return (int)ns;
    int octave = 63 - __builtin_clzll(ns) - 7; /* 0: 128 to 255 */
    int bucket = (octave + 1) * BUCKETS_OCTAVE + (int)(ns >> octave) - BUCKETS_OCTAVE;
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static double
bucket_us(int bucket)
{
    if (bucket < BUCKETS_OCTAVE)
        return bucket / 1e3;
    int octave = bucket / BUCKETS_OCTAVE - 1;
    return ((bucket % BUCKETS_OCTAVE + BUCKETS_OCTAVE) + 0.5) * (double)(1ull << octave) / 1e3;
}

void
latency_add(Latencies *latencies, uint64_t ns)
{
    latencies->counted++;
    latencies->sum_ns += ns;
    latencies->buckets[bucket_of(ns)]++;
}

void
latency_merge(Latencies *latencies, const Latencies *others)
{
    latencies->counted += others->counted;
    latencies->sum_ns += others->sum_ns;
    for (int i = 0; i < BUCKETS; i++)
        latencies->buckets[i] += others->buckets[i];
}

double
latency_quantile_us(const Latencies *latencies, double of)
{
    uint64_t sum = 0;
    int bucket = 0;

    if (latencies->counted == 0)
        return 0;
    while (bucket < BUCKETS - 1 && (double)(sum += latencies->buckets[bucket]) < of * (double)latencies->counted)
        bucket++;
    return bucket_us(bucket);
}

double
latency_mean_us(const Latencies *latencies)
{
    return latencies->counted ? (double)latencies->sum_ns / (double)latencies->counted / 1e3 : 0;
}
