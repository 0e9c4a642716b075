/*
 * A measured case as a file.
 */
#ifndef BENCH_WRITE_H
#define BENCH_WRITE_H

#include "bench_costs.h"
#include "bench_run.h"

typedef struct {
    const Case *what;
    double warm_s, measured_s; /* of each repeat */
    Result repeats[REPEATS_MAX];
    int n;
    Spread ciphers[REPEATS_MAX + 1]; /* the cipher alone, before each repeat and after the last */
} Measured;

/* The cipher alone beside this case: the mean of each number over all times. */
Spread measured_cipher(const Measured *measured);

/* How far the cipher's slowest mean is above its fastest, as a share; 0 without a cipher, which has no time. */
double measured_drift(const Measured *measured);

/* Others were about, or the machine changed its speed. */
bool measured_disturbed(const Measured *measured);

/* Each number's median over the repeats, sums of requests and answers, mean shares of the load. */
Result measured_median(const Measured *measured);

/* FOLDER/ID.json, whole or not at all. False, with a line on stderr, when it cannot be written. */
bool write_case(const char *folder, const Measured *measured, const Costs *costs);

#endif
