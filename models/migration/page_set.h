/* The pages that one migration copies: those of one domain, or of a VM and its vTPM together.
 *
 * Each member domain stands at an offset of the set. Two members at offset 0 overlap: page n of the set stands for page
 * n of both, its dirty bit is the OR of theirs and it is sent for both (the CUMP of models/vtpm/cump.h). A member that
 * starts where the other ends gives a plain concatenation.
 *
 * Scope: memory only. Bitmaps as in models/memory/dirty.h; offsets are multiples of 64 pages so that words stay whole.
 */
#ifndef TANDEM_MODELS_MIGRATION_PAGE_SET_H
#define TANDEM_MODELS_MIGRATION_PAGE_SET_H

#include "models/memory/dirty.h"
#include "models/memory/image.h"
#include "models/migration/page_tiles.h"
#include "models/migration/page_witness.h"

#define PAGE_SET_MEMBERS_MAX 2

typedef struct {
    DirtyLog *log;      /* borrowed */
    Image *image;       /* borrowed; NULL: the destination's image is not tracked */
    guint64 first_page; /* where page 0 of the domain stands in the set; a multiple of 64 */
    /* pages from here on were never written: they are zero, and stay so while no write reaches them */
    guint64 used_pages;
    guint64
        *content; /* borrowed; bitmap of the pages that are not zero, kept up to date; NULL: those below used_pages */
} PageSetMember;

typedef struct {
    PageSetMember members[PAGE_SET_MEMBERS_MAX];
    guint n_members;
    guint64 pages; /* of the set: the end of the member that reaches farthest */
    gsize words;
    double page_bytes;
    Tally *tally; /* borrowed; how many of the one member's pages are dirty, where it does not matter which; or NULL */
    PageWitness *witness; /* borrowed; sees what two members are asked and send; or NULL */
    PageTiles *tiles;     /* borrowed; sees the same of every member and of the set, for pictures; or NULL */
    /* borrowed; bitmap of a member's own pages that its log caught and that have not gone since: only these go for it;
     * NULL: its page goes whenever the set's does */
    guint64 *due[PAGE_SET_MEMBERS_MAX];
} PageSet;

/* What sending some pages of the set put on the wire. */
typedef struct {
    guint64 set_pages;  /* pages of the set: what the hypervisor counts as sent */
    guint64 data_pages; /* domains' pages with their content; more than set_pages where members overlap */
    guint64 zero_pages; /* domains' pages that are known to be zero */
} PageSetSent;

/* page_bytes: the size of a page, alike for all members (4096 on x86 and with ARMv8's usual granule). */
void page_set_init(PageSet *set, double page_bytes);
/* first_page must be a multiple of 64; image may be NULL. */
void page_set_add(PageSet *set, DirtyLog *log, Image *image, guint64 first_page, guint64 used_pages);
/* Instead of used_pages, for a member whose pages with content lie anywhere: the bitmap is the caller's, and whatever
 * the log catches is added to it. */
void page_set_track_content(PageSet *set, guint member, guint64 *content);
/* From now on, which is before page_set_fill, a page of the set carries the member's page only when that is due itself.
 * The bitmap is the caller's, dirty_words() of the member's log long and zero. */
void page_set_track_due(PageSet *set, guint member, guint64 *due);
/* The first offset at which a further member would not overlap those already there. */
guint64 page_set_end(const PageSet *set);

/* Sets every page of every member in bits (set->words long). */
void page_set_fill(const PageSet *set, guint64 *bits);
/* The OR of the members' dirty logs at now_s, words first_word …; not cleared. */
void page_set_peek(const PageSet *set, double now_s, gsize first_word, gsize n_words, guint64 *out);
/* The same for all words, then clears the logs. Returns the number of set bits. */
guint64 page_set_fetch_and_clear(const PageSet *set, double now_s, guint64 *out);
/* Sends the pages in mask (words first_word …) as they are at now_s; adds to sent. */
void page_set_send(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask,
                   PageSetSent *sent);
/* The destination's images receive the pages in mask as they are at now_s; nothing is counted. */
void page_set_receive(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask);
/* FALSE: no member can be written after now_s, so looking ahead in time loses nothing. */
gboolean page_set_is_active(const PageSet *set, double now_s);
/* Sums image_differing_pages over members with an image; 0 when the copies are equal. */
guint64 page_set_differing_pages(const PageSet *set, double now_s);

#endif
