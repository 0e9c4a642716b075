/*
 * What the two sides do, and what they share besides their link: when to begin and to end, and what they counted.
 */
#ifndef SOCKETS_TALK_H
#define SOCKETS_TALK_H

#include "common/bench_latency.h"
#include "sockets_link.h"

/* What a side counts; it alone writes, and others read the atomic ones meanwhile. */
typedef struct {
    alignas(LINE_BYTES) atomic_uint_least64_t received_bytes;
    atomic_uint_least64_t receives;
    uint64_t sent_bytes;
    uint64_t sent_messages; /* whole ones; its last message was the last that the other side waited for */
    uint64_t compared, wrong;
    Latencies latencies; /* of round trips that ended within the measured time */
} Tally;

typedef struct {
    Case what;
    Link *link;
    atomic_uint ready;                      /* sides that wait for the start */
    alignas(LINE_BYTES) atomic_uint stop;   /* for the sender */
    atomic_uint_least64_t start_ns, end_ns; /* of what is measured; 0: not yet known */
    Tally tallies[SIDES];
} Talk;

/* (transfer full) talk_free, or NULL when the system has no room. */
Talk *talk_new(const Case *what);
void talk_free(Talk *talk);

/* A side's whole work: it says that it is ready, waits for the start, talks until it is told to stop, and until all
 * that was sent is received. False: the other side was gone. */
bool talk_run(Talk *talk, Side side);

#endif
