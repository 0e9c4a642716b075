/* What the machines that copy a guest's memory have in common: the actions they ask for, and what they have done.
 *
 * A machine (precopy.h: Xen's mechanism; qemu.h: QEMU's) knows neither network nor clock. Its owner asks for the next
 * action, does it, and asks again with the time at which it was done.
 */
#ifndef TANDEM_MODELS_MIGRATION_COPY_H
#define TANDEM_MODELS_MIGRATION_COPY_H

#include "models/migration/policy.h"
#include "models/migration/xbzrle.h"

typedef enum {
    COPY_SEND,      /* put bytes on the wire; be back not before until_s */
    COPY_SUSPEND,   /* stop the guest (dirty_set_speed(…, 0) of every member) */
    COPY_SPEED,     /* let the running guest go on at this speed: throttled by auto-converge */
    COPY_HAND_OVER, /* post-copy: the guest may run at the destination, which lacks pages still */
    COPY_FINISHED   /* all pages are at the destination */
} CopyKind;

typedef struct {
    CopyKind kind;
    double bytes;   /* SEND: >= 0 */
    double until_s; /* SEND: world time; 0: whenever it is done */
    double speed;   /* SPEED: 0 … 1 */
} CopyAction;

/* What the path promises, and how far one COPY_SEND may reach. What is on the way for less than latency_s loads no wire
 * in the engine, so that any COPY_SEND may hold what fills the path for twice that long. */
typedef struct {
    double rate_Bps;      /* at which the transfer is expected to go, > 0 */
    double alone_Bps;     /* at which it goes while nobody else sends, >= rate_Bps: others' traffic hides work */
    double limit_Bps;     /* that the threads behind the machine can take, stream_limits.h; 0: any rate */
    double behind_Bps;    /* the same of those behind the sockets, without the channels' that fill them */
    double channel_cores; /* that these have together; 0: one each */
    guint max_batches;    /* >= 1 */
    double until_s;   /* no batch that would start after this (the next known change of the world), but at least one */
    double latency_s; /* of a message from the destination to the source */
    double round_trip_s; /* of a byte and its acknowledgement; without LV08's factor for slow start */
    double work_delay;   /* that the sender waits for a processor, of each second of its work; 0: none */
    gboolean steady;     /* rate_Bps will hold until until_s: one action may go on from round to round */
    gboolean plans;      /* FALSE: nothing beyond max_batches, not even where looking later makes no difference */
} CopyReach;

/* The same with both rates within the limit. */
static inline CopyReach
copy_reach_held(const CopyReach *reach)
{
    CopyReach held = *reach;

    if (reach->limit_Bps > 0) {
        held.rate_Bps = MIN(held.rate_Bps, reach->limit_Bps);
        held.alone_Bps = MIN(held.alone_Bps, reach->limit_Bps);
    }
    return held;
}

/* What whoever runs a migration may say to its machine while the live rounds go on, and before them.
 *
 * Sources: QEMU's migrate-set-parameters (downtime-limit, max-bandwidth) and migrate-start-postcopy; virsh suspend of a
 * guest that migrates, as libvirt's --timeout-suspend and nova's force_complete do. */
typedef enum {
    COMMAND_DOWNTIME_LIMIT, /* value: s; a limit that grows grows no more */
    COMMAND_MAX_BANDWIDTH,  /* value: B/s, > 0 */
    COMMAND_SUSPEND,        /* stop the guest, and send what is left */
    COMMAND_POSTCOPY        /* let it run at the destination, and send what is left */
} CopyCommandKind;

typedef struct {
    CopyCommandKind kind;
    double value;
    StopReason reason; /* of the last two, for the results */
} CopyCommand;

/* What a page costs, on the wire and of its sender's time. */
typedef struct {
    double header_bytes; /* with each page */
    double zero_bytes;   /* a page known to be zero costs this instead of page and header; 0: as the machine says */
    double work_s;       /* per page of the set */
    double ratio;        /* of a page's bytes to what of them is sent; 0 or 1: all of them, > 1: compressed */
} PageCost;

/* On the wire, of a page with content. */
static inline double
page_cost_bytes(const PageCost *cost, double page_bytes)
{
    return cost->header_bytes + (cost->ratio > 1 ? page_bytes / cost->ratio : page_bytes);
}

/* The lecture's three phases of moving memory. */
typedef enum { PHASE_PUSH, PHASE_STOP_AND_COPY, PHASE_PULL } CopyPhase;

typedef struct {
    CopyPhase phase;
    double start_s;
    double end_s; /* the date itself, where duration_s is a difference */
    double duration_s;
    guint64 sent;    /* pages of the set */
    guint64 skipped; /* to_send, but already dirty again */
    guint64 dirtied; /* pages that the log caught from the round's beginning to its end */
    double bytes;    /* on the wire, with headers */
    double throttle; /* share of the processor that auto-converge takes from the guest, 0 … 1 */
    gboolean final;  /* the round with the guest stopped */
} CopyRound;

typedef struct {
    StopReason stop;      /* STOP_NOT_YET while live rounds go on */
    guint64 sent_pages;   /* of the set, all rounds */
    guint64 data_pages;   /* domains' pages with their content */
    guint64 zero_pages;   /* domains' pages known to be zero */
    XbzrleCounts xbzrle;  /* QEMU's machine */
    guint64 caught_pages; /* Xen's machine: found in the log at ends of live rounds and at the stop */
    double bytes;
    const GArray *rounds; /* of CopyRound, finished rounds only, oldest first; the machine's */
} CopyTotals;

#endif
