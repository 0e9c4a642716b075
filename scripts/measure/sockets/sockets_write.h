/*
 * A measured case as a file.
 */
#ifndef SOCKETS_WRITE_H
#define SOCKETS_WRITE_H

#include "sockets_costs.h"
#include "sockets_run.h"

typedef struct {
    const Case *what;
    double warm_s, measured_s; /* of each repeat */
    Result repeats[REPEATS_MAX];
    int n;
    Beside beside[REPEATS_MAX + 1]; /* before each repeat and after the last */
} Measured;

/* How far the slowest of what is measured beside this case is above the fastest, as a share. */
double measured_drift(const Measured *measured);

/* Others were about, or the machine changed its speed. */
bool measured_disturbed(const Measured *measured);

/* Each number's median over the repeats, sums of bytes and messages, mean shares of the load. */
Result measured_median(const Measured *measured);

/* FOLDER/ID.json, whole or not at all. False, with a line on stderr, when it cannot be written. */
bool write_case(const char *folder, const Measured *measured, const Costs *costs);

#endif
