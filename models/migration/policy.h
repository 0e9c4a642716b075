/* Pre-copy policies: what a hypervisor decides between rounds, apart from how rounds are sent (precopy.h).
 *
 * Sources: Xen 4.5 tools/libxc/xc_domain_save.c (the code under the test bed of Qi and Meng, section 2.1); Xen >= 4.6
 * tools/libs/guest/xg_sr_save.c (migration v2); C. Clark et al., "Live Migration of Virtual Machines", NSDI 2005,
 * section 5.3 (adaptive rate); KubeVirt pull request 17480 and its design VEP 291 (a downtime limit that grows), 17544
 * (stalls).
 *
 * A policy is data; policy_stop_reason is a pure function of it and of a few counters. A limit of 0 is off, and so is
 * one of NAN, which is what a key that is absent reads as.
 */
#ifndef TANDEM_MODELS_MIGRATION_POLICY_H
#define TANDEM_MODELS_MIGRATION_POLICY_H

#include <glib.h>

typedef enum {
    STOP_NOT_YET,
    STOP_ROUNDS,           /* max_rounds live rounds are done */
    STOP_FEW_PAGES,        /* fewer than min_pages are worth another round */
    STOP_MANY_SENT,        /* more than max_factor times the memory was sent: it does not converge */
    STOP_NOT_LIVE,         /* stop-and-copy: there are no live rounds */
    STOP_DOWNTIME,         /* what is left is expected to fit into the allowed downtime */
    STOP_STALLED,          /* no fewer pages left than the fewest so far, for stall_rounds rounds */
    STOP_RATE,             /* NSDI 2005: the next round's rate would be above the maximum */
    STOP_NOTHING,          /* nothing is left to send, whatever the allowed downtime */
    STOP_POSTCOPY,         /* switched to post-copy */
    STOP_TIME_UP,          /* their time was up, and the guest was to be stopped then */
    STOP_TOLD,             /* somebody said so */
    STOP_POSTCOPY_TIME_UP, /* switched to post-copy, as their time was up, … */
    STOP_POSTCOPY_TOLD     /* … or somebody said so */
} StopReason;

/* Which number "fewer than min_pages" looks at. */
typedef enum {
    FEW_OF_ROUND, /* Xen 4.5: sent + skipped of the round that just ended */
    FEW_DIRTY     /* Xen >= 4.6, QEMU: pages left, that is, what another round would send */
} FewBasis;

typedef struct {
    guint max_rounds;  /* live rounds; 0: none, the guest is stopped before anything is sent */
    guint64 min_pages; /* see FewBasis */
    FewBasis few_basis;
    double max_factor;       /* of the set's pages, over all live rounds; 0: no limit */
    guint stall_rounds;      /* 0: never */
    double downtime_limit_s; /* of the first round; 0: this rule is off */
    double downtime_step_s;  /* more with each further round, or each time that downtime_every_s has passed, … */
    double downtime_most_s;  /* … up to this */
    double downtime_every_s; /* 0: with each round */
    guint downtime_after;    /* not before so many rounds */
    double rate_first_Bps;   /* NSDI 2005: of round 1; 0: as fast as the link lets it */
    double rate_step_Bps;    /* a later round's: the last one's dirty rate and this … */
    double rate_most_Bps;    /* … until it exceeds this, which is the last round's rate */
} Policy;

/* What stop decisions see when a live round has ended, whatever the mechanism. A round goes from one look at the whole
 * dirty log to the next: under Xen all pages that it began with are sent or skipped by then; under QEMU, whose rounds
 * end with a synchronization, none is skipped and some may be unsent. */
typedef struct {
    guint rounds;          /* live rounds that have ended, >= 1 */
    guint64 set_pages;     /* pages of the set */
    guint64 round_sent;    /* pages sent in the round that just ended, zero pages too */
    guint64 round_skipped; /* in it, because they were dirty again */
    guint64 total_sent;    /* in all live rounds */
    guint64 left;          /* what another round would begin with: dirtied in this one, or not sent in it */
    double expected_s;     /* how long they would take at the measured rate, … */
    double allowed_s;      /* … and may (policy_downtime_s) */
    double rate_Bps;       /* at which the next round would be sent (policy_rate); 0: unlimited */
    double elapsed_s;      /* since the first live round began */
    guint stalled;         /* rounds since `left` was last below all earlier rounds' */
} PolicyCounters;

/* How far a downtime limit has grown; {0} at the beginning. */
typedef struct {
    guint steps;
    double tuned_s; /* when it last grew, since the beginning */
} DowntimeRamp;

/* The downtime allowed after so many rounds (>= 1) and seconds; asked again and again, later and later. */
double policy_downtime_s(const Policy *policy, DowntimeRamp *ramp, guint rounds, double elapsed_s);
/* NSDI 2005: of the round after one that dirtied pages of this many bytes in so many seconds; 0: unlimited. */
double policy_rate_Bps(const Policy *policy, double dirtied_bytes, double duration_s);
StopReason policy_stop_reason(const Policy *policy, const PolicyCounters *counters);
/* "fewer pages than the limit were left", … ; static. */
const char *policy_stop_text(StopReason reason);
/* Whether the guest goes to the destination before its pages are there. */
gboolean policy_stop_pulls(StopReason reason);
/* The name of a rule that may stop beside the allowed downtime, which a machine that never asks refuses; NULL: none. */
const char *policy_other_rule(const Policy *policy);

#endif
