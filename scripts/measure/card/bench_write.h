/*
 * A measured case as a file.
 */
#ifndef BENCH_WRITE_H
#define BENCH_WRITE_H

#include "bench_costs.h"
#include "bench_run.h"

#define REPEATS_MAX 99

typedef struct {
    const Case *what;
    double warm_s, measured_s; /* of each repeat */
    Result repeats[REPEATS_MAX];
    int n;
} Measured;

/* Each number's median over the repeats, sums of requests and answers, mean shares of the load. */
Result measured_median(const Measured *measured);

/* FOLDER/ID.json, whole or not at all. False, with a line on stderr, when it cannot be written. */
bool write_case(const char *folder, const Measured *measured, const Costs *costs);

#endif
