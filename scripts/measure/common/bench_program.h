/*
 * What a program that measures calls itself, where files of several programs speak.
 */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

/* What each message begins with; the program's main defines it. */
extern const char PROGRAM[];

#endif
