#include "models/migration/xbzrle.h"

#include "models/memory/bitmap.h"

#include <math.h>

/* ---- the encoding's length ---- */

#define SHORT_RUN 128 /* uleb128_encode_small: shorter runs have a length of one byte */

/* Of the M places where a write may begin, those at which it touches one of the bytes first … last. */
static double
places(gint first, gint last, gint write_bytes, gint page_bytes)
{
    return MIN(last, page_bytes - write_bytes) - MAX(first - write_bytes + 1, 0) + 1;
}

/* The probability that none of the writes touches one of the bytes first … last. */
static double
untouched(gint first, gint last, gint write_bytes, gint page_bytes, double writes)
{
    const double m = page_bytes - write_bytes + 1;

    return pow(1 - MIN(places(first, last, write_bytes, page_bytes) / m, 1), writes);
}

/* Sums over the page's bytes i: changed; changed and the one before not, which begins a run; and that after SHORT_RUN
 * or more unchanged ones, whose length takes two bytes. */
double
xbzrle_encoded_bytes(guint64 writes, guint write_bytes, guint page_bytes)
{
    const gint b = (gint)write_bytes, p = (gint)page_bytes;
    const double w = (double)writes, length_bytes = b < SHORT_RUN ? 1 : 2;
    double changed = 0, runs = 0, long_gaps = 0;

    g_return_val_if_fail(write_bytes >= 1 && write_bytes <= page_bytes, 0);
    if (writes == 0)
        return 0;
    for (gint i = 0; i < p; i++) {
        changed += 1 - untouched(i, i, b, p, w);
        runs += i == 0 ? 1 - untouched(0, 0, b, p, w) : untouched(i - 1, i - 1, b, p, w) - untouched(i - 1, i, b, p, w);
        if (i >= SHORT_RUN)
            long_gaps += untouched(i - SHORT_RUN, i - 1, b, p, w) - untouched(i - SHORT_RUN, i, b, p, w);
    }
    return changed + runs * (1 + length_bytes) + long_gaps;
}

/* ---- the cache ---- */

#define CACHED_PAGE_LIFETIME 2 /* page_cache.c */
#define NOBODY               G_MAXUINT64

typedef struct {
    guint64 page; /* NOBODY: the slot is free */
    guint64 age;
    double from_s;   /* its writes from then on are unknown: the last sending, or a later look at which it was clean */
    double caught_s; /* the first look since then that found it written; NAN: none */
    gboolean sure;   /* that look tells of writes since from_s, and not of earlier ones */
} Slot;

struct Xbzrle {
    Slot *slots; /* owned */
    guint64 n_slots;
    guint write_bytes, page_bytes;
    double synchronized_s; /* the last look at the log */
    GArray *lengths;       /* owned, of double: by the number of writes; NAN: not asked for yet */
    XbzrleCounts counts;
    RandomStream random;
};

/* No slot beyond the guest's pages is ever used. */
static guint64
useful_slots(guint64 slots, guint64 pages)
{
    guint64 useful = 1;

    while (useful < pages && useful < slots)
        useful *= 2;
    return useful;
}

Xbzrle *
xbzrle_new(guint64 slots, guint64 pages, guint write_bytes, guint page_bytes, const RandomStream *random)
{
    g_return_val_if_fail(slots > 0 && random && write_bytes >= 1 && write_bytes <= page_bytes, NULL);
    Xbzrle *xbzrle = g_new0(Xbzrle, 1);

    xbzrle->n_slots = useful_slots(slots, pages);
    xbzrle->slots = g_new0(Slot, xbzrle->n_slots);
    for (guint64 i = 0; i < xbzrle->n_slots; i++)
        xbzrle->slots[i].page = NOBODY;
    xbzrle->write_bytes = write_bytes;
    xbzrle->page_bytes = page_bytes;
    xbzrle->lengths = g_array_new(FALSE, FALSE, sizeof(double));
    xbzrle->random = *random;
    return xbzrle;
}

void
xbzrle_free(Xbzrle *xbzrle)
{
    if (!xbzrle)
        return;
    g_free(xbzrle->slots);
    g_array_unref(xbzrle->lengths);
    g_free(xbzrle);
}

static Slot *
slot_of(Xbzrle *xbzrle, guint64 page)
{
    return &xbzrle->slots[page & (xbzrle->n_slots - 1)];
}

/* What the cache holds is what goes now; the guest's writes from here on are new. dirty: some since the last look. */
static void
note_sent(Slot *slot, const XbzrlePage *page)
{
    slot->from_s = page->now_s;
    slot->caught_s = NAN;
    slot->sure = !page->dirty;
}

/* cache_insert. */
static void
insert(Xbzrle *xbzrle, const XbzrlePage *page)
{
    Slot *slot = slot_of(xbzrle, page->page);

    if (slot->page != NOBODY && slot->page != page->page && slot->age + CACHED_PAGE_LIFETIME > page->age)
        return;
    slot->page = page->page;
    slot->age = page->age;
    note_sent(slot, page);
}

/* ---- how many writes ---- */

static void
see_caught(Xbzrle *xbzrle, guint64 page, double now_s)
{
    Slot *slot = slot_of(xbzrle, page);

    if (slot->page != page || !isnan(slot->caught_s))
        return;
    slot->caught_s = now_s;
    if (xbzrle->synchronized_s <= slot->from_s)
        return;
    slot->from_s = xbzrle->synchronized_s; /* it was clean then */
    slot->sure = TRUE;
}

void
xbzrle_synchronized(Xbzrle *xbzrle, const guint64 *caught, gsize words, double now_s)
{
    for (guint64 page = 0; bitmap_next(caught, words, &page); page++)
        see_caught(xbzrle, page, now_s);
    xbzrle->synchronized_s = now_s;
}

/* Poisson, given that it is one at least: the first write of a process that has one comes after an exponential time,
 * cut at 1; the others follow it. */
static guint64
one_or_more(RandomStream *random, double mean)
{
    const double none = exp(-mean);
    const double first = -log1p(-random_unit(random) * (1 - none));

    return 1 + random_poisson(random, MAX(mean - first, 0));
}

static guint64
draw_writes(Xbzrle *xbzrle, const Slot *slot, const XbzrlePage *page)
{
    RandomStream *random = &xbzrle->random;
    const double rate = page->rate;

    if (isnan(rate) || rate <= 0)
        return (slot->sure ? 1 : 0) + (page->dirty ? 1 : 0);
    const double caught_s = isnan(slot->caught_s) ? xbzrle->synchronized_s : slot->caught_s;
    const double first = rate * MAX(caught_s - slot->from_s, 0);
    const double then = rate * (xbzrle->synchronized_s - caught_s);
    const double since = rate * MAX(page->now_s - MAX(xbzrle->synchronized_s, slot->from_s), 0);
    guint64 writes = slot->sure ? one_or_more(random, first) : random_poisson(random, first);
    writes += then > 0 ? random_poisson(random, then) : 0;
    return writes + (page->dirty ? one_or_more(random, since) : 0);
}

static double
length_of(Xbzrle *xbzrle, guint64 writes)
{
    const double unknown = NAN;

    if (writes > xbzrle->page_bytes) /* every byte is changed, or so many that it overflows */
        writes = xbzrle->page_bytes;
    while (xbzrle->lengths->len <= writes)
        g_array_append_val(xbzrle->lengths, unknown);
    double *length = &g_array_index(xbzrle->lengths, double, writes);
    if (isnan(*length))
        *length = xbzrle_encoded_bytes(writes, xbzrle->write_bytes, xbzrle->page_bytes);
    return *length;
}

/* ---- sending ---- */

static XbzrleSent
miss(Xbzrle *xbzrle, const XbzrlePage *page)
{
    xbzrle->counts.cache_misses++;
    if (page->keeps)
        insert(xbzrle, page);
    return (XbzrleSent){.kind = XBZRLE_MISS};
}

static XbzrleSent
encode(Xbzrle *xbzrle, guint64 writes)
{
    const double bytes = length_of(xbzrle, writes);

    if (writes == 0) {
        xbzrle->counts.identical++;
        return (XbzrleSent){.kind = XBZRLE_IDENTICAL};
    }
    if (bytes > xbzrle->page_bytes) {
        xbzrle->counts.overflows++;
        xbzrle->counts.bytes += xbzrle->page_bytes;
        return (XbzrleSent){.kind = XBZRLE_OVERFLOW};
    }
    xbzrle->counts.bytes += bytes + XBZRLE_HEADER_BYTES;
    return (XbzrleSent){.kind = XBZRLE_ENCODED, .bytes = bytes};
}

XbzrleSent
xbzrle_send(Xbzrle *xbzrle, const XbzrlePage *page)
{
    Slot *slot = slot_of(xbzrle, page->page);

    if (slot->page != page->page)
        return miss(xbzrle, page);
    slot->age = page->age;
    xbzrle->counts.pages++;
    const XbzrleSent sent = encode(xbzrle, draw_writes(xbzrle, slot, page));
    note_sent(slot, page);
    return sent;
}

void
xbzrle_send_zero(Xbzrle *xbzrle, const XbzrlePage *page)
{
    insert(xbzrle, page);
}

XbzrleCounts
xbzrle_counts(const Xbzrle *xbzrle)
{
    return xbzrle->counts;
}
