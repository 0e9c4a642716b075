/*
 * A link: two processes, a sender and a receiver, and what carries their bytes, in both directions.
 *
 * Each design is a table of functions. A link is made before the processes fork, and is shared memory that both see at
 * one address, as VMs see one ivshmem region; the sockets of the others are inherited.
 */
#ifndef SOCKETS_LINK_H
#define SOCKETS_LINK_H

#include "common/bench_bell.h"
#include "sockets_case.h"
#include <stddef.h>

/*
 * One direction of a ring design, by the patent's data transfer (CN101859263A, 2.3.2.2 and 2.3.3.2) in the safe reading
 * of docs/models/socket.md: a send copies min(m, free room); a side that finds no data, or no room, says that it
 * sleeps, looks again, and then waits; who has news notifies only a side that said so. `data` and `room` are the
 * patent's two queues.
 */
typedef struct {
    Bell data;                                       /* at which its receiver sleeps */
    Bell room;                                       /* at which its sender sleeps */
    alignas(LINE_BYTES) atomic_uint_least64_t sent;  /* bytes; only its sender writes */
    alignas(LINE_BYTES) atomic_uint_least64_t taken; /* bytes; only its receiver writes */
    alignas(LINE_BYTES) atomic_uint finished;        /* nothing more will be sent */
    size_t bytes;
    uint8_t *buffer;
} Ring;

typedef struct Link Link;

/* A side's end of a link; what it alone knows. */
typedef struct {
    Link *link;
    Side side;
    size_t send_at, take_at; /* where in the rings the next byte goes, and comes from */
    uint64_t receives;       /* calls that brought bytes */
} End;

typedef struct {
    bool (*open)(Link *link);
    /* Sends all, and sleeps where there is no room. False: the other side is gone. */
    bool (*send)(End *end, const uint8_t *from, size_t bytes);
    /* Receives what is there, at most so many bytes, and sleeps where there is nothing. 0: the stream has ended. */
    size_t (*receive)(End *end, uint8_t *to, size_t bytes);
    void (*finish)(End *end);
    /* Whether so many messages can be sent though nobody receives; nothing is under way before and after. */
    bool (*holds)(Link *link, size_t bytes, int messages);
} LinkKind;

struct Link {
    const LinkKind *kind;
    Case what;         /* of which design, buffer_bytes, poll_us and work count here */
    Ring rings[SIDES]; /* of a ring design, by the side that sends into it */
    int sockets[SIDES];
    size_t mapped_bytes;
    alignas(4096) uint8_t buffers[];
};

extern const LinkKind LINK_RING, LINK_TCP, LINK_UNIX;

/* (transfer full) link_free, or NULL when the system has no room. */
Link *link_new(const Case *what);
void link_free(Link *link);

End link_end(Link *link, Side side);

/* Receives exactly so many bytes; false when the stream ended before. */
bool link_receive_all(End *end, uint8_t *to, size_t bytes);

/* What a side of a ring design counted so far: its sleeps, and the writes by which it woke the other side. */
BellCounts link_counts(const Link *link, Side side);

/* What TCP counted so far at the sender's socket; 0 where there is none. */
typedef struct {
    uint64_t segments;        /* with data, sent */
    uint64_t acknowledgments; /* segments without data, received */
} LinkSegments;

LinkSegments link_segments(const Link *link);

/* The kernel's buffers as they are when a link begins, and what a segment holds; NAN where there is no such thing. */
typedef struct {
    double send_bytes, receive_bytes, segment_bytes;
} LinkLimits;

LinkLimits link_limits(const Case *what);

#endif
