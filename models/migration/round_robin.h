/* The dirty pages of a migration in QEMU's order: round robin over RAM, from where the last one was.
 *
 * Source: QEMU 7.2 migration/ram.c, find_dirty_block and migration_bitmap_find_dirty: the search goes on from the last
 * page and begins again at page 0 after the end; a synchronization does not move it.
 *
 * Pages are told in groups that are alike, all zero or none, so that whoever sends them can count instead of looking
 * at each: the dirty ones of one word, and the whole words after it that are the same. A group's pages leave the bitmap
 * when it is settled: at its end, and before anything looks at the bitmap. The destination's image gets its pages after
 * that, but for those that are in the log by then: they will be sent again, so this changes no image at the end. Under
 * a log that misses writes it would, and groups end with their region of the log.
 *
 * Of a set with a tally (models/memory/tally.h) pages are counted, not known: a group is then what is to be sent of a
 * piece of memory, and there are no bitmaps.
 *
 * Scope: one member; counted pages before post-copy's pull only.
 */
#ifndef TANDEM_MODELS_MIGRATION_ROUND_ROBIN_H
#define TANDEM_MODELS_MIGRATION_ROUND_ROBIN_H

#include "models/migration/page_set.h"

typedef struct {
    gsize word;       /* none when pages are counted */
    guint64 bits;     /* of it */
    gsize more_words; /* after it, of 64 pages each */
    guint64 pages;    /* in all */
    guint64 sent;     /* of these; the lowest */
    gboolean content; /* FALSE: all zero */
} PageGroup;

typedef struct {
    const PageSet *set; /* borrowed */
    guint64 *dirty;     /* owned: to send; NULL, as the other bitmaps, when pages are counted */
    guint64 *log;       /* owned: what a synchronization caught */
    guint64 *collected; /* owned: what looks between synchronizations caught; NULL: there was none */
    guint64 logged;     /* bits that have been caught, in all */
    guint64 remaining;  /* dirty and not sent */
    guint64 cursor;     /* where the search goes on */
    PageGroup group;
    gboolean wrapped;      /* the search has passed the end of memory */
    guint passes;          /* how often it has, and has found something behind it */
    gboolean whole_groups; /* FALSE: they end with their region */
    gboolean tells_image;
    guint64 *received;                 /* owned: sent, but the destination's image has not been told; … */
    gsize received_from, received_end; /* … words of it that may have any */
} RoundRobin;

/* Everything is dirty; the log is empty from t_s on. */
void round_robin_init(RoundRobin *robin, const PageSet *set, double t_s);
/* Frees the bitmaps; remaining still tells what is left. */
void round_robin_clear(RoundRobin *robin);

/* The number of the group's k-th page, 0 <= k < pages. */
guint64 page_group_page(const PageGroup *group, guint64 k);

/* The present group, or else the next one. NULL: nothing is dirty. */
const PageGroup *round_robin_group(RoundRobin *robin, double t_s);
/* So many of its pages are sent, <= what is left of it. */
void round_robin_sent(RoundRobin *robin, guint64 pages);
/* The next group begins with the first page of [first, end) that is still to be sent; FALSE: none is. */
gboolean round_robin_jump(RoundRobin *robin, guint64 first, guint64 end);
/* Those of [first, end) that are still to be sent are sent, beside the groups; the search goes on from where it was.
 * Returns how many, and of them those with content. */
guint64 round_robin_take(RoundRobin *robin, guint64 first, guint64 end, guint64 *content);
/* These (words of the set) are to be sent as well, though they have been. */
void round_robin_restore(RoundRobin *robin, const guint64 *pages);
/* Where a host page of so many pages is dirty in part, all of it is (ram.c, postcopy_chunk_hostpages). */
void round_robin_widen(RoundRobin *robin, guint64 host_pages);

/* Takes what the log has caught out of it, for the next synchronization; not of counted pages. */
void round_robin_collect(RoundRobin *robin, double t_s);
/* bmap |= log; log = 0. Returns the number of bits that are new. */
guint64 round_robin_merge_log(RoundRobin *robin, double t_s);
/* Tells the destination's image what was sent up to t_s. */
void round_robin_tell_image(RoundRobin *robin, double t_s);
/* What is still to be sent stays at the source as it is: the image is told at once, and no more later. */
void round_robin_freeze(RoundRobin *robin, double t_s);

#endif
