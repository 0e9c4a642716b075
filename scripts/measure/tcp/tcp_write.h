/*
 * A case as a file: what was asked, under which kernel, and what came of each repeat.
 */
#ifndef TCP_WRITE_H
#define TCP_WRITE_H

#include "common/bench_command.h"
#include "tcp_case.h"

typedef struct {
    const Case *what;
    Result repeats[REPEATS_MAX];
    int n;
} Measured;

/* Of each step, and of the whole: the median. The steps are those that all repeats have. */
Result measured_median(const Measured *measured);

/* FOLDER/ID.json. False, with a line on stderr, when it cannot be written. */
bool write_case(const char *folder, const Measured *measured);

#endif
