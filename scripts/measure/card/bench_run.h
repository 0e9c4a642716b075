/*
 * One repeat of a case: its processes are made, warm up, are measured for a while, and end.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "bench_case.h"
#include "common/bench_report.h"
#include <stdbool.h>

/* Its numbers; RESULT_NAMES names each. */
typedef enum {
    RESULT_THROUGHPUT,
    RESULT_LATENCY_MEDIAN,
    RESULT_LATENCY_P90,
    RESULT_LATENCY_P99,
    RESULT_LATENCY_MEAN,
    RESULT_WAKES,
    RESULT_SERVICE_SLEEPS,
    RESULT_CLIENT_SLEEPS,
    RESULT_SERVICE_RINGS,
    RESULT_CLIENT_RINGS,
    RESULT_SERVICE_CANCELLED,
    RESULT_SERVICE_SPURIOUS,
    RESULT_PROCESSOR,
    RESULT_SERVICE_PROCESSOR,
    RESULT_CLIENT_PROCESSOR,
    RESULT_FAIRNESS,
    RESULTS
} ResultKey;

typedef struct {
    double values[RESULTS];
    uint64_t requests, answers; /* from the first to the last, warm-up too */
    uint64_t checked;           /* answers that were compared with the right one, and were right */
    Shares load;                /* of the usable processors' time */
} Result;

extern const ResultName RESULT_NAMES[RESULTS];

/* False, with one line on stderr, when an answer is wrong or missing, a process fails, or there is no end. */
bool run_repeat(const Case *what, double warm_s, double measured_s, Result *result);

#endif
