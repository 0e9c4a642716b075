/*
 * Times of one thing, taken many times, and what is kept of them.
 *
 * A measurement ends when it has SAMPLES_MAX times or when its budget of wall time is used up: on a busy machine a
 * hand-over that takes 100 ns may take a time slice, and the whole set has to end in minutes all the same.
 */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define SAMPLES_MAX 8192

typedef struct {
    double mean_us; /* without the slowest hundredth: those are interrupts and other processes */
    double sd_us;   /* of the same */
    double median_us;
    double p90_us;
} Spread;

typedef struct {
    double us[SAMPLES_MAX];
    int n;
    uint64_t until_ns;
} Samples;

static inline uint64_t
clock_of(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t
clock_ns(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

/* Every budget from now on is this part of what is asked for: for who wants an answer soon rather than a good one. */
void samples_set_share(double of_budgets);

/* What is left of a budget. */
double samples_budget_s(double budget_s);

void samples_start(Samples *samples, double budget_s);

/* True while more are wanted; at least one is taken. */
bool samples_more(const Samples *samples);

/* A duration in nanoseconds between two reads of the clock; one read's own cost goes off, and nothing is below 0. */
void samples_add_ns(Samples *samples, uint64_t ns);
void samples_add_us(Samples *samples, double us);

/* Sorts the samples. All 0 when there are none. */
Spread samples_spread(Samples *samples);

double median_of(double *values, int n);

/* Measures what a read of the clock costs, for samples_add_ns, and gives it (microseconds). */
double samples_calibrate(void);

#endif
