/*
 * What each stage of talking costs, measured alone: all that a model may know of the machine.
 *
 * Measured once for all cases, before them. Times are microseconds; a read of the clock is taken off each. What needs
 * two processors is NAN where there is one, and so is what a design has not, or does not hold (null in a case). "same"
 * is on one processor, "other" between two.
 */
#ifndef SOCKETS_COSTS_H
#define SOCKETS_COSTS_H

#include "common/bench_machine.h"
#include "common/bench_pair.h"
#include "common/bench_wakes.h"
#include "sockets_case.h"
#include "sockets_link.h"

#define SIZES_MAX 48
#define LINKS_MAX 18 /* a ring for each size of its buffer, and the two others */

/* What so many bytes cost; sockets_sizes.c names each, docs/measuring-sockets.md says how it is measured. */
typedef enum {
    SIZE_COPY_IN_OTHER,
    SIZE_COPY_OUT_OTHER,
    SIZE_COPY_IN_SAME,
    SIZE_COPY_OUT_SAME,
    SIZE_SEND_SAME,
    SIZE_RECEIVE_SAME,
    SIZE_SEND_OTHER,
    SIZE_RECEIVE_OTHER,
    SIZE_SEND_ROW_OTHER,
    SIZE_RECEIVE_ROW_OTHER,
    SIZE_SEND_WAKE_OTHER,
    SIZE_WAKE_OTHER_MEDIAN,
    SIZE_WAKE_OTHER_MEAN,
    SIZE_WAKE_OTHER_P90,
    SIZE_SEND_WAKE_SAME,
    SIZE_WAKE_SAME_MEDIAN,
    SIZE_WAKE_SAME_MEAN,
    SIZE_WAKE_SAME_P90,
    SIZE_SLEEP_OTHER,
    SIZE_SLEEP_SAME,
    SIZE_RECEIVE_FULL_OTHER,
    SIZE_RECEIVE_WAKE_OTHER,
    SIZE_RECEIVE_WAKE_OTHER_SHARE,
    SIZE_ROOM_OTHER_MEDIAN,
    SIZE_ROOM_OTHER_MEAN,
    SIZE_ROOM_OTHER_P90,
    SIZE_RECEIVE_FULL_SAME,
    SIZE_RECEIVE_WAKE_SAME,
    SIZE_RECEIVE_WAKE_SAME_SHARE,
    SIZE_SEND_SEGMENT,
    SIZE_SEND_APPENDED,
    SIZE_PUSH,
    SIZE_RECEIVE_UNACKNOWLEDGED,
    SIZE_ACKNOWLEDGE,
    SIZE_COSTS
} SizeKey;

typedef struct {
    int bytes;
    double us[SIZE_COSTS];
} SizeCosts;

typedef struct {
    Design design;
    int buffer_bytes;
    int n;
    SizeCosts sizes[SIZES_MAX];
} LinkCosts;

typedef struct {
    CostList general;
    WakeList wakes;
    LinkCosts links[LINKS_MAX];
    int n_links;
    Shares load; /* of the processors, meanwhile */
} Costs;

/* What is measured beside each repeat on each of two processors: a machine's speed goes up and down. */
typedef enum { BESIDE_COPY, BESIDE_CALL, BESIDE_KINDS } BesideKind;
#define BESIDE_PROCESSORS 2
typedef struct {
    double us[BESIDE_KINDS][BESIDE_PROCESSORS];
} Beside;

const char *size_name(SizeKey key);

/* Of everything that the cases need; some seconds, and up to three times as many when others disturb. False, with a
 * line on stderr, when the system has no room. */
bool costs_measure(Costs *costs, const CaseList *cases);

/* The costs of a case's design; they were measured. */
const LinkCosts *costs_of_link(const Costs *costs, const Case *what);

/* A copy of 16 KiB in the cache and a call that does nothing, now. */
Beside costs_measure_beside(void);

/* A measurement of one size over the link that pair->of is; bytes of the pair are the size. False: it failed. */
typedef bool (*MeasureSize)(Pair *pair, SizeCosts *size);

/* Measures over a link of its own, for a child that is killed leaves its end as nobody knows. Over TCP a message of
 * round trips is sent at once, one of streams may be held back. */
bool costs_on_link(const LinkCosts *of, Work work, SizeCosts *size, MeasureSize measure);

/* Parts of costs_measure: all of one size; and of these, who sleeps, a buffer that is full, and what only TCP has. */
bool sizes_measure(const LinkCosts *of, SizeCosts *size);
bool sleepers_measure(const LinkCosts *of, SizeCosts *size);
bool full_measure(const LinkCosts *of, SizeCosts *size);
bool tcp_measure(const LinkCosts *of, SizeCosts *size);

#endif
