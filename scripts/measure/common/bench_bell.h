/*
 * A bell: how one thread sleeps until another has work for it, with notifications suppressed while it is awake.
 *
 * An eventfd wakes the sleeper, and writing it is a system call. So a sleeper says that it sleeps, and who has work
 * writes only then. No wake is lost, for both sides write before they read, in one order that all see (sequentially
 * consistent):
 *
 *   sleeper                       ringer
 *   S1  asleep = 1                R1  state of a slot = ready
 *   S2  is any slot ready?        R2  asleep?
 *
 * Should the ringer's R2 miss the sleeper's S1, then R2 comes before S1, hence R1 before S2, and the sleeper finds the
 * slot and does not sleep. Of several ringers one takes `asleep` back to 0 and writes. A sleeper that finds work at S2
 * after it was rung keeps the eventfd's count, so that its next sleep ends at once (`spurious`): that costs time, never
 * a request.
 */
#ifndef BENCH_BELL_H
#define BENCH_BELL_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LINE_BYTES 64 /* of a cache line: what two sides write lies in lines of its own */

typedef struct {
    alignas(LINE_BYTES) atomic_uint asleep;
    alignas(LINE_BYTES) atomic_uint_least64_t sleeps; /* waits for the eventfd */
    atomic_uint_least64_t wakes;                      /* waits that ended and there was work */
    atomic_uint_least64_t spurious;                   /* waits that ended and there was none */
    atomic_uint_least64_t cancelled;                  /* said to sleep, found work in the second look, did not */
    alignas(LINE_BYTES) atomic_uint_least64_t rings;  /* writes to the eventfd */
    int fd;                                           /* owned by the world */
} Bell;

typedef struct {
    uint64_t sleeps, wakes, spurious, cancelled, rings;
} BellCounts;

/* Call after the work can be seen (a sequentially consistent store). */
void bell_ring(Bell *bell);

/* Rings whoever is or will be asleep, once: to end a thread. */
void bell_force(Bell *bell);

/* Sleeps until rung, unless there is work. `is_work` looks, with sequentially consistent loads. */
void bell_sleep(Bell *bell, bool (*is_work)(void *), void *of);

/* Adds what was counted so far. */
void bell_count(const Bell *bell, BellCounts *counts);

#endif
