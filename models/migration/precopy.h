/* Pre-copy: rounds of batches over a page set, until the policy stops them; then the last round with the guest stopped.
 *
 * Source: xc_domain_save.c of Xen 4.5. A page goes out if (to_send and not to_skip), or (to_send in the last round, or
 * in round 1 of an HVM guest), or (to_fix in the last round): models/migration/backlog.h.
 *
 * It is a state machine that knows neither network nor clock. Its owner asks precopy_next what to do, does it, and asks
 * again with the time at which it was done:
 *   COPY_SEND      put bytes on the wire, and be back not before until_s
 *   COPY_SUSPEND   stop the guest (dirty_set_speed(…, 0) of every member)
 *   COPY_FINISHED  all pages are at the destination
 *
 * One COPY_SEND may hold several batches: each is peeked at the moment at which it will start if the transfer goes
 * on at rate_Bps. For a guest that writes nothing that is exact; otherwise exact while the rate holds. Where it is
 * known to hold, several live rounds go into one COPY_SEND: a round's end is known beforehand. A round that is shorter
 * than the latency goes by itself, for a transfer takes that long at least.
 *
 * Scope: memory pages. Device state, hand-shakes and their times are the world's (sim/parts/migration/leg.h).
 */
#ifndef TANDEM_MODELS_MIGRATION_PRECOPY_H
#define TANDEM_MODELS_MIGRATION_PRECOPY_H

#include "models/migration/copy.h"
#include "models/migration/page_set.h"

/* A page's work (mapping, union and separation copy) is serial: nothing is sent meanwhile, but for one who leaves the
 * sending to other threads. With zero_bytes 0 a page of zeros costs what any other does. */
typedef struct {
    Policy policy;
    PageCost page;
    guint batch_pages;          /* pages per batch; the dirty log is peeked once per batch */
    gboolean works_apart;       /* others send while it works */
    gboolean peek_skip;         /* leave out pages that are already dirty again (Xen 4.5's to_skip) */
    gboolean first_round_skips; /* FALSE for HVM guests under Xen 4.5: round 1 sends every page */
    double batch_header_bytes;  /* on the wire with each batch */
    double entry_bytes;         /* on the wire with each page of the set, whatever goes for its members: CUMP's own */
    double sync_s;      /* serial work of each look at the whole log: at the end of a live round, and at the stop */
    double mark_work_s; /* serial work for each page that the log is found to have caught: CUMP's update entry */
} PrecopyRules;

typedef struct Precopy Precopy;

/* set is borrowed, rules are copied. */
Precopy *precopy_new(const PageSet *set, const PrecopyRules *rules);
void precopy_free(Precopy *precopy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Precopy, precopy_free)
/* Frees what the copying needs; the totals stay. No precopy_next after it. */
void precopy_release_pages(Precopy *precopy);

/* A page that cannot be sent in live rounds (a page-table page in flux, a granted frame): goes in the last round.
 * Not of a counted set. */
void precopy_defer_page(Precopy *precopy, guint64 page);

/* From now on. FALSE: the guest has been stopped, or the mechanism has no such thing. Asked to stop in a round, it cuts
 * the round short. */
gboolean precopy_command(Precopy *precopy, double now_s, const CopyCommand *command);

CopyAction precopy_next(Precopy *precopy, double now_s, const CopyReach *reach);

CopyTotals precopy_totals(const Precopy *precopy);

#endif
