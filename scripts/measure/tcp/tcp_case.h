/*
 * One measurement of TCP's timers: what is sent, under which settings of the kernel, and for how long nobody answers.
 */
#ifndef TCP_CASE_H
#define TCP_CASE_H

#include <stdbool.h>

typedef enum { SENT_SEGMENT, SENT_SYN, SENT_KINDS } Sent;

typedef struct {
    Sent sent;
    bool probe;     /* the tail-loss probe is on; of a segment */
    int linear;     /* tcp_syn_linear_timeouts; of a SYN */
    int rto_min_ms; /* 0: as the kernel has it */
    int blackout_ms;
    char id[64];
} Case;

/* What a kernel may be told in a network namespace; -1: it has no such setting. */
typedef enum {
    SETTING_EARLY_RETRANS,
    SETTING_SYN_LINEAR,
    SETTING_RTO_MIN_US,
    SETTING_RTO_MAX_MS,
    SETTING_RETRIES2,
    SETTING_SYN_RETRIES,
    SETTINGS
} Setting;

#define STEPS_MAX 32

/* Of one repeat. Times are in seconds from the first transmission. */
typedef struct {
    long settings[SETTINGS]; /* as they were in force */
    double rtt_us;           /* the kernel's own, before; of a SYN 0 */
    double again_s[STEPS_MAX];
    int steps;
    double felt_s; /* until the client had its answer, or its connection */
} Result;

const char *sent_name(Sent sent);
void case_name(Case *one);

#endif
