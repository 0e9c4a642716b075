/*
 * What the command line asks for.
 */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "bench_case.h"

typedef struct {
    Session session;
    CaseList cases;
} Options;

/* Ends the process with status 2 and one line on stderr when something is wrong; nothing has been written then. */
void options_parse(Options *options, int argc, char **argv);

#endif
