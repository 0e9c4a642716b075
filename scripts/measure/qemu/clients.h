/*
 * What a guest's clients ask, each a stream of exchanges: datagrams, requests over one TCP connection, new connections,
 * and pings. All are stamped by one process with CLOCK_MONOTONIC of the host, just before sending and just after the
 * answer was read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NS_PER_S 1000000000LL

typedef struct {
    int64_t sent_ns;
    int64_t answered_ns; /* 0: not yet */
} Exchange;

typedef enum { ARRIVALS_EVEN, ARRIVALS_POISSON } Arrivals;

/* The last is nothing that a client asks: what TCP's kernel sent again, each when it was noticed. */
typedef enum { STREAM_UDP, STREAM_TCP, STREAM_CONNECT, STREAM_PING, STREAM_RESENT, N_STREAMS } StreamKind;

typedef struct {
    const char *name;
    double per_s; /* 0: nothing is sent */
    Arrivals arrivals;
    size_t window;  /* TCP: so many under way at most, the next waits; 0: an open load */
    int64_t due_ns; /* of the next */
    Exchange *all;  /* in the order of sending */
    size_t n, room;
    size_t answered_to; /* TCP: so many of them, in order, are answered */
    int64_t last_ns;    /* how long the answer took that came last */
} Stream;

int64_t clients_clock_ns(void);

/* Ends the process with one line. */
void clients_fail(const char *what) __attribute__((noreturn));

/* Opens what all streams need, and the TCP connection when tcp is wanted. */
void streams_open(const char *address, int tcp);

/* Sends the next exchange of a stream. */
void streams_send(Stream *streams, StreamKind kind);

/* Waits until until_ns at most, and takes all answers that are there. input: a further file to wait for. Returns
 * whether it can be read. */
int streams_wait(Stream *streams, int64_t until_ns, int input);

/* Whether a request or a connection waits for longer than late_ns, or the last datagram's answer took as long. */
int streams_behind(const Stream *streams, int64_t now_ns, int64_t late_ns);

/* Whether one more would be too many. */
int stream_is_full(const Stream *stream);

/* Notes what TCP has sent again since the last time. */
void streams_note_resent(Stream *streams);

/* Of the TCP connection: RTT and retransmission time-out in microseconds, segments sent again. Zeros: no connection. */
void streams_tcp(unsigned *rtt_us, unsigned *rto_us, unsigned *resent);
