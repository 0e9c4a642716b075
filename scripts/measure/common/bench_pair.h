/*
 * Two processes that measure something between them: this one, and a child that serves it until it is killed.
 */
#ifndef BENCH_PAIR_H
#define BENCH_PAIR_H

#include "common/bench_bell.h"
#include <stddef.h>
#include <sys/types.h>

typedef struct {
    alignas(LINE_BYTES) atomic_uint turn;               /* 0: the parent's, 1: the child's */
    alignas(LINE_BYTES) atomic_uint asleep;             /* the child is about to sleep */
    alignas(LINE_BYTES) atomic_uint_least64_t stamp_ns; /* when the child ran */
    alignas(LINE_BYTES) atomic_uint done;               /* how often the child has done its work, where that counts */
    alignas(LINE_BYTES) uint64_t out_ns, in_ns;         /* that the child took to copy */
    int to_child, to_parent;                            /* eventfds */
    int sockets[2];                                     /* the parent's end, the child's; -1: none */
    int bytes;                                          /* that are moved */
    size_t mapped_bytes;
    pid_t child;
    void
        *of; /* what the child works with, if its parent gives it something: in memory that both have, at one address */
    alignas(LINE_BYTES) uint8_t data[]; /* shared, as many bytes as are moved */
} Pair;

/* (transfer full) pair_free, or NULL when the system has no room. `connect` makes the sockets; NULL: there are none. */
Pair *pair_new(int bytes, bool (*connect)(int sockets[2]));
void pair_free(Pair *pair);

/* The child runs `serve`, which does not return, on the processor of that rank; this process on the first. */
bool pair_start(Pair *pair, int rank, void (*serve)(Pair *));
void pair_end(Pair *pair);

/* For pair_new: stream sockets of this machine. */
bool pair_connect_unix(int sockets[2]);

/* Waits for a flag without sleeping. */
void pair_spin(const atomic_uint *flag, unsigned value);
void pair_spin_for(double us);

/*
 * memcpy, and how many nanoseconds it took until what was stored can be seen, as it must be before a flag says so:
 * otherwise the time that it takes to win the lines from the other processor would be nobody's.
 */
uint64_t pair_timed_copy(void *to, const void *from, size_t bytes);

/* Waits for the child's stamp and takes it. */
uint64_t pair_take_stamp(Pair *pair);

#endif
