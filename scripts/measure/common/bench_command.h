/*
 * The command line of a program that measures cases: options that take values, lists of them, and what all have.
 */
#ifndef BENCH_COMMAND_H
#define BENCH_COMMAND_H

#include "common/bench_machine.h"
#include <stdbool.h>
#include <stddef.h>

#define REPEATS_MAX 99

/* The values of an option that takes several. */
#define CHOICES_MAX 16
typedef struct {
    int values[CHOICES_MAX];
    int n;
} Choice;

/* A constant Choice of these values. */
#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        {__VA_ARGS__}, (int)(sizeof(int[]){__VA_ARGS__} / sizeof(int))                                                 \
    }

/* An option that takes whole numbers or words; those with `chooses` replace the default set of cases by what they
 * choose. */
typedef struct {
    const char *name;
    bool (*read)(const char *word, int *value); /* a word as a value; false when it is none */
    const char *expected;
    Choice *list; /* takes several, with commas between; or */
    int *one;
    bool chooses;
} Option;

/* What all programs are told: how long, how often, and where to. */
typedef struct {
    const char *out; /* the folder of cases; NULL with `list` */
    bool list;
    double seconds; /* of a case, shared by its repeats */
    int repeats;
} Session;

/* Ends the process with status 2 and that line on stderr. */
void command_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Reads --out, --list, --seconds and --repeats, and the program's own options. True when one chose cases. */
bool command_parse(Session *session, const Option *own, size_t n_own, int argc, char **argv);

/* For Option.read: a whole number between two, a place's name (bench_machine.h), how long to poll in microseconds. */
bool command_read_whole(const char *word, int least, int most, int *value);
bool command_read_place(const char *word, int *value);
bool command_read_poll(const char *word, int *value);

/* Ends the process where this one may not run on what the place needs. */
void command_check_place(Place place);

/* Only a look whether the folder can be made or written to: it is made when there is a case to put into it. */
void command_check_out(const char *out);

/* Makes the folder; false, with a line on stderr, when that fails. */
bool session_make_out(const Session *session);

/* How long each repeat warms up, and how long it measures then. */
double session_warm_s(const Session *session);
double session_measured_s(const Session *session);

/* The part of their usual time for which costs are measured: with few seconds for a case, less. */
double session_costs_share(const Session *session);

/* Says how many cases there are and how long they take; costs take so long, and a repeat's start and end. */
void session_say_time(const Session *session, int cases, double costs_s, double start_s);

#endif
