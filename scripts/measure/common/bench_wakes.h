/*
 * What it costs two processes to hand over, to notify each other, to sleep and to be woken; and the list that costs of
 * all kinds are kept in.
 *
 * Times are microseconds; a read of the clock is taken off each. What needs two processors is NAN where there is one
 * (null in a case). "same" is on one processor, "other" between two.
 */
#ifndef BENCH_WAKES_H
#define BENCH_WAKES_H

#include "common/bench_json.h"
#include "common/bench_samples.h"

#define COSTS_MAX 64
#define WAKES_MAX 8
#define GAP_US    50 /* chosen: a sleeper has slept for about a request's time when it is woken */

typedef struct {
    const char *name; /* a key of the case, with its unit */
    double us;
} Cost;

typedef struct {
    Cost costs[COSTS_MAX];
    int n;
} CostList;

/* A sleeper on another processor, that has slept for so long when it is woken. */
typedef struct {
    int gap_us;
    Spread written; /* the time of the writer's call */
    Spread woken;   /* from before that call until the sleeper runs */
} Wake;

typedef struct {
    Wake wakes[WAKES_MAX];
    int n;
} WakeList;

void costs_add(CostList *list, const char *name, double us);

/* Each as a member of the object that is open. */
void costs_write(Json *json, const CostList *list);

/* The member `wake_other_by_gap`. */
void wakes_write(Json *json, const WakeList *wakes);

/* Calibrates the clock first, so that all that is measured later is right, too. False when the system has no room. */
bool wakes_measure(CostList *list, WakeList *wakes);

/* The calling process becomes one of the batch class. Such a process does not run at once when it is woken, so that the
 * call that wakes it is seen alone. */
void wakes_become_batch(void);

#endif
