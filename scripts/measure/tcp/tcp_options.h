/*
 * The command line of measure-tcp-ladder: which cases, how often, and where to.
 */
#ifndef TCP_OPTIONS_H
#define TCP_OPTIONS_H

#include "common/bench_command.h"
#include "tcp_case.h"

#define CASES_MAX 512

typedef struct {
    Session session;
    Case cases[CASES_MAX];
    int n;
} Options;

/* Ends the process with status 2 and a line on stderr where something is wrong. */
void options_parse(Options *options, int argc, char **argv);

#endif
