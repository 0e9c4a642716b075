/* What is compared of a migration that was watched: QEMU's counters (validate.h) and what clients or callers felt. One
 * table declares each: where a case has it, which metric predicts it, and the bar that it is held to.
 */
#ifndef TANDEM_SIM_VALIDATE_GUEST_MEASURES_H
#define TANDEM_SIM_VALIDATE_GUEST_MEASURES_H

#include "sim/validate/validate.h"

typedef enum { GUEST_WATCH_VTPM = 1, GUEST_WATCH_CLIENTS = 2 } GuestWatch;

/* Behind the counters. */
enum {
    GUEST_STOPPED = N_COUNTERS,
    GUEST_GAP,
    GUEST_DELAYED,
    GUEST_WITHOUT,
    GUEST_BLACKOUT,
    GUEST_UDP_LOST,
    GUEST_P99_BEFORE,
    GUEST_P99_DURING,
    GUEST_P99_RISE,
    GUEST_TCP_STEP,
    GUEST_CONNECT_STEP,
    N_GUEST_MEASURES
};

typedef struct {
    const char *name;                 /* in files */
    const char *title;                /* on a terminal, with its unit */
    guint watches;                    /* of GuestWatch: what cases have it */
    const char *part, *key;           /* of a case; NULL: it is a counter of QEMU's */
    const char *less_part;            /* the same key there is taken off; NULL: nothing is */
    const char *metric, *less_metric; /* of a run; NULL: none is taken off */
    double scale;                     /* of the metric, to the case's unit */
    double percent,
        off; /* the bar: a prediction that is not further off than one of them holds it; 0: has no such one */
} GuestMeasure;

/* By counter, then what was felt. */
extern const GuestMeasure guest_measures[N_GUEST_MEASURES];

#endif
