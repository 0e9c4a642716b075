/*
 * One repeat of a case: its two processes are made, warm up, are measured for a while, and end.
 */
#ifndef SOCKETS_RUN_H
#define SOCKETS_RUN_H

#include "common/bench_report.h"
#include "sockets_case.h"
#include <stdint.h>

/* Its numbers; RESULT_NAMES names each. Those of a side stand in the order of the sides. */
typedef enum {
    RESULT_THROUGHPUT,
    RESULT_MESSAGES,
    RESULT_LATENCY_MEDIAN,
    RESULT_LATENCY_P90,
    RESULT_LATENCY_P99,
    RESULT_LATENCY_MEAN,
    RESULT_SLEEPS,
    RESULT_NOTIFICATIONS = RESULT_SLEEPS + SIDES,
    RESULT_CANCELLED = RESULT_NOTIFICATIONS + SIDES,
    RESULT_SPURIOUS = RESULT_CANCELLED + SIDES,
    RESULT_VOLUNTARY = RESULT_SPURIOUS + SIDES,
    RESULT_INVOLUNTARY = RESULT_VOLUNTARY + SIDES,
    RESULT_RECEIVES = RESULT_INVOLUNTARY + SIDES,
    RESULT_SIDE_PROCESSOR = RESULT_RECEIVES + SIDES,
    RESULT_PROCESSOR = RESULT_SIDE_PROCESSOR + SIDES,
    RESULT_SEGMENTS,
    RESULT_ACKNOWLEDGMENTS,
    RESULTS
} ResultKey;

/* From the first to the last, warm-up too. */
typedef struct {
    uint64_t messages; /* that the sender sent whole */
    uint64_t sent_bytes, received_bytes, compared_bytes;
} ResultTotals;

typedef struct {
    double values[RESULTS]; /* NAN: this design or workload has no such thing */
    ResultTotals totals;
    Shares load; /* of the usable processors' time */
} Result;

extern const ResultName RESULT_NAMES[RESULTS];

/* False, with one line on stderr, when a byte is wrong or missing, a process fails, or there is no end. */
bool run_repeat(const Case *what, double warm_s, double measured_s, Result *result);

/* The calling process runs where the case wants that side. */
void run_place(Place place, Side side);

#endif
