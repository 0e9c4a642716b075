/* QEMU's xbzrle: of a page that was sent before, what has changed since then.
 *
 * Source: QEMU 7.2 to 10.0, migration/xbzrle.c (xbzrle_encode_buffer, uleb128_encode_small), migration/page_cache.c
 * (cache_is_cached, cache_insert), migration/ram.c (save_xbzrle_page, ram_save_page, xbzrle_cache_zero_page,
 * find_dirty_block). O. Wasserman and others, "xbzrle", docs/xbzrle.txt.
 *
 * The encoding. New and old page are compared; each run of changed bytes is told as the length of the run of unchanged
 * ones before it, its own length, and its bytes; lengths are ULEB128, one byte below 128, else two; what is unchanged
 * at the page's end is not told. An encoding that is longer than the page overflows, and the page goes whole; one of an
 * unchanged page is empty, and nothing goes.
 *
 * The cache. Slots of a page each, page n has slot n mod slots. A page that is not in its slot is a miss: it goes
 * whole, and takes the slot unless another page does that was put there or hit less than CACHED_PAGE_LIFETIME = 2
 * synchronizations ago. A hit is encoded against the slot, which then holds the new page; with the guest stopped
 * (last_stage) nothing is put into the cache. Nothing is cached in the first round, nor looked up: xbzrle starts when
 * the search for dirty pages first passes the end of memory.
 *
 *   P   bytes of a page          w   writes to it since it was sent
 *   b   bytes that one changes   M   = P - b + 1 places where it may begin
 *
 * How long an encoding is follows from w, which the dirty log does not tell; but pages of the workload are written as
 * Poisson processes at a known rate r, so w is drawn from its law given what is known: u (page clean again when it was
 * sent, by a look at the log) or not, and that the log has caught it since. So
 *   caught since a look after the last sending, or clean then   w = Poisson(r v | >= 1) + rest
 *   written between the look and the last sending              w = Poisson(r v) + rest: it may be 0
 * with v from the last sending, or the last look at which it was clean, to the last look; and rest, from there to now,
 * Poisson(r t | >= 1) or 0 as the log says. A page whose rate nobody knows (background, devices, recorded lists) has
 * the fewest writes that explain what is known.
 *
 * Scope: a write changes each of its b bytes (none is written with what was there, no two writes undo each other);
 * places are uniform and independent. The length is the mean over places, to whose sum over pages single ones tend.
 * Runs of 128 bytes and more that are made of shorter writes are told with one byte for their length: 1/128 of them at
 * most.
 */
#ifndef TANDEM_MODELS_MIGRATION_XBZRLE_H
#define TANDEM_MODELS_MIGRATION_XBZRLE_H

#include "models/base/random.h"

#define XBZRLE_HEADER_BYTES 3.0 /* save_xbzrle_page: the encoding's flag and its length, after the page's header */

typedef enum {
    XBZRLE_MISS,     /* goes whole */
    XBZRLE_OVERFLOW, /* goes whole */
    XBZRLE_ENCODED,
    XBZRLE_IDENTICAL /* nothing goes */
} XbzrleKind;

typedef struct {
    XbzrleKind kind;
    double bytes; /* of the encoding; 0 unless it is one */
} XbzrleSent;

/* As query-migrate's xbzrle-cache tells it: bytes are those of encodings with 3 of header, and P for each overflow. */
typedef struct {
    guint64 pages, cache_misses, overflows;
    guint64 identical; /* of pages, those that were unchanged */
    double bytes;
} XbzrleCounts;

/* A page that is to be sent, and what is known of it. Times are guest time. */
typedef struct {
    guint64 page;
    guint64 age; /* synchronizations so far */
    double now_s;
    double rate;    /* of writes to it, 1/s; NAN: unknown */
    gboolean dirty; /* again, since the last synchronization */
    gboolean keeps; /* FALSE: the guest stands still, nothing is cached any more */
} XbzrlePage;

typedef struct Xbzrle Xbzrle;

/* The mean length of the encoding of a page after so many writes of so many bytes (1 to page_bytes); 0 of none. */
double xbzrle_encoded_bytes(guint64 writes, guint write_bytes, guint page_bytes);

/* slots: a power of two; of a guest of so many pages. random is copied. */
Xbzrle *xbzrle_new(guint64 slots, guint64 pages, guint write_bytes, guint page_bytes, const RandomStream *random);
void xbzrle_free(Xbzrle *xbzrle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Xbzrle, xbzrle_free)

/* The log was fetched and cleared: it had caught these pages. */
void xbzrle_synchronized(Xbzrle *xbzrle, const guint64 *caught, gsize words, double now_s);
XbzrleSent xbzrle_send(Xbzrle *xbzrle, const XbzrlePage *page);
/* A page of zeros goes, in its own way; the cache gets it as it would get any other. */
void xbzrle_send_zero(Xbzrle *xbzrle, const XbzrlePage *page);

XbzrleCounts xbzrle_counts(const Xbzrle *xbzrle);

#endif
