/*
 * What each stage of an exchange costs, measured alone: all that a model may know of the machine.
 *
 * Measured once for all cases, before them. Times are microseconds; a read of the clock is taken off each. What needs
 * two processors is NAN where there is one (null in a case). "same" is on one processor, "other" between two.
 */
#ifndef BENCH_COSTS_H
#define BENCH_COSTS_H

#include "bench_case.h"
#include "common/bench_report.h"
#include "common/bench_wakes.h"

#define SIZES_MAX 32

/* What moving so many bytes costs. */
typedef struct {
    int bytes;
    Spread request_in;  /* client into slot, whose lines the service wrote last */
    Spread request_out; /* service out of slot, whose lines the client wrote last */
    Spread answer_in;   /* service into slot, which it has just read */
    Spread answer_out;  /* client out of slot, whose lines the service wrote last */
    Spread copy_same;   /* either, when both are on one processor */
    Spread send, recv;  /* nobody sleeps */
    Spread send_wake;   /* the sender's time when the receiver sleeps on another processor */
    Spread recv_wake;   /* the receiver's time when the sender sleeps on another processor, waiting for an answer: the
                         * kernel wakes it for the room that it has again, and it sleeps on */
    Spread socket_wake; /* from before that send until the receiver has the bytes */
} SizeCosts;

typedef struct {
    int n;
    int bytes[SIZES_MAX];
    Spread times[SIZES_MAX];
} CipherCosts;

typedef struct {
    CostList general;
    WakeList wakes;
    SizeCosts sizes[SIZES_MAX];
    int n_sizes;
    CipherCosts ciphers[CIPHER_KINDS];
    Shares load; /* of the processors, meanwhile */
} Costs;

/* Of everything that the cases need; some seconds, and up to three times as many when others disturb. False, with a
 * line on stderr, when the system has no room. */
bool costs_measure(Costs *costs, const CaseList *cases);

/* The costs of moving so many bytes; they were measured for the sizes of the cases. */
const SizeCosts *costs_of_size(const Costs *costs, int bytes);

/* A case's cipher alone once more, now, where its service runs: a machine's speed goes up and down, and so do its
 * processors' apart; a case is held against what the cipher took beside it. False, with a line on stderr, when OpenSSL
 * makes no key. */
bool costs_measure_cipher(const Case *what, Spread *times);

/* Parts of costs_measure: of a stream's service; of moving bytes. */
bool threads_measure(CostList *list);
bool sizes_measure(SizeCosts *size);

#endif
