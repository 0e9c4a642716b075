/* The pages that a pre-copy round still has to send, in memory's order.
 *
 * Source: xc_domain_save.c of Xen 4.5, whose names these are:
 *   to_send   pages that this round sends: all in round 1, then what the log caught during the round before
 *   to_skip   the live dirty log, looked at once per batch and not cleared: a page that is dirty again waits
 *   to_fix    pages that could not be sent when their turn came; they go in the last round
 *
 * They are kept page by page, in bitmaps, and so are the destination's images. Of a set with a tally
 * (models/memory/tally.h), as nothing hangs on which page is dirty, only their number is kept: the same in
 * distribution, and faster.
 */
#ifndef TANDEM_MODELS_MIGRATION_BACKLOG_H
#define TANDEM_MODELS_MIGRATION_BACKLOG_H

#include "models/migration/page_set.h"

typedef struct {
    const PageSet *set; /* borrowed; its tally counts the pages */
    guint64 *to_send;   /* owned, NULL when they are counted; bits are cleared as their page's turn comes */
    guint64 *to_fix;    /* owned; NULL until a page is deferred */
    gsize cursor;       /* first word that can still have a page to send */
} Backlog;

typedef enum {
    BACKLOG_SKIP, /* a live round that leaves out pages that are dirty again */
    BACKLOG_SEND, /* a live round that does not */
    BACKLOG_LAST  /* to_fix as well */
} BacklogTurn;

void backlog_init(Backlog *backlog, const PageSet *set);
void backlog_clear(Backlog *backlog); /* frees what it owns */

/* Not to be sent before the last round. TRUE: it was to be sent in this one. */
gboolean backlog_defer(Backlog *backlog, guint64 page);

/* All pages; the log starts clean. Returns how many they are. */
guint64 backlog_begin(Backlog *backlog, double now_s);

/* What the log caught since it was last cleared. Returns its number of pages. */
guint64 backlog_renew(Backlog *backlog, double now_s);

/* How many of the pages wait for the last round. */
guint64 backlog_deferred(const Backlog *backlog);

/* How many of this round's pages have not had their turn, but for those. */
guint64 backlog_left(const Backlog *backlog);

/* What the log caught since then as well, and to_fix: the guest stands, or a round is cut short, whose pages that have
 * not had their turn stay. Returns the number of pages that it caught. */
guint64 backlog_complete(Backlog *backlog, double now_s);

/* Sends the next batch, of at most `room` pages. */
PageSetSent backlog_take(Backlog *backlog, double now_s, guint room, BacklogTurn turn);

/* The round may have another batch. */
gboolean backlog_has_more(const Backlog *backlog);

#endif
