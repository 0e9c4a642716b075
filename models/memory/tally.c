#include "models/memory/tally.h"

#include "models/memory/bitmap.h"
#include "models/memory/sampler.h"

#include <math.h>

#define FEW_WORDS     2 /* chosen: up to so many words of pages, drawing each is faster than rejection (measured) */
#define STRETCHES_MAX 5 /* before, hot, cold and behind, one of them cut where the used pages end */

/* Pages side by side that are written at one rate. */
typedef struct {
    guint64 pages;
    double rate; /* of each page, 1/s */
    gboolean used;
    guint64 to_send, unseen, settled;
    double settled_s; /* up to when the settled ones are known to be clean */
} Stretch;

struct Tally {
    Sampler sampler;
    Stretch stretches[STRETCHES_MAX];
    guint n_stretches;
    guint turn;       /* the first stretch that may have pages to send */
    double fetched_s; /* when the log was last cleared */
};

gboolean
tally_can_count(const Workload *workload)
{
    return workload->kind == WORKLOAD_IDLE || workload->kind == WORKLOAD_UNIFORM || workload->kind == WORKLOAD_HOT_COLD;
}

static void
add_part(Tally *tally, guint64 pages, double rate, gboolean used)
{
    if (pages > 0)
        tally->stretches[tally->n_stretches++] = (Stretch){.pages = pages, .rate = rate, .used = used};
}

/* Pages [*end, *end + pages), which share `rate` writes a second. */
static void
add_stretch(Tally *tally, guint64 *end, guint64 pages, double rate, guint64 used_pages)
{
    const guint64 used = CLAMP(used_pages, *end, *end + pages) - *end;

    add_part(tally, used, pages ? rate / (double)pages : 0, TRUE);
    add_part(tally, pages - used, pages ? rate / (double)pages : 0, FALSE);
    *end += pages;
}

Tally *
tally_new(const Workload *workload, guint64 pages, guint64 used_pages, const RandomStream *random)
{
    g_return_val_if_fail(tally_can_count(workload), NULL);
    const gboolean idle = workload->kind == WORKLOAD_IDLE;
    const guint64 first = idle ? 0 : workload->first_page, written = idle ? 0 : workload->pages;
    const guint64 hot = workload->kind == WORKLOAD_HOT_COLD ? workload->hot_pages : 0;
    const double rate = idle ? 0 : workload->rate_pages_s, hot_rate = hot > 0 ? rate * workload->hot_share : 0;
    Tally *tally = g_new0(Tally, 1);
    RandomStream seed = *random;
    guint64 end = 0;

    sampler_init(&tally->sampler, &seed);
    add_stretch(tally, &end, first, 0, used_pages);
    add_stretch(tally, &end, hot, hot_rate, used_pages);
    add_stretch(tally, &end, written - hot, rate - hot_rate, used_pages);
    add_stretch(tally, &end, pages - end, 0, used_pages);
    return tally;
}

void
tally_free(Tally *tally)
{
    g_free(tally);
}

/* The probability that a page is written within dt. */
static double
written_share(const Stretch *stretch, double dt_s)
{
    return stretch->rate > 0 ? -expm1(-stretch->rate * dt_s) : 0;
}

/* How many of n pages are written, each with probability p. */
static guint64
draw_written(Tally *tally, guint64 n, double p)
{
    guint64 bits[FEW_WORDS];
    const gsize n_words = bitmap_words(n);

    if (n == 0 || p <= 0)
        return 0;
    if (n_words > FEW_WORDS)
        return random_binomial(&tally->sampler.random, n, p);
    sampler_fill(&tally->sampler, p, n_words, bits);
    bits[n_words - 1] &= bitmap_last_mask(n);
    return bitmap_count(bits, n_words);
}

static void
clear_log(Tally *tally, double guest_s)
{
    for (guint i = 0; i < tally->n_stretches; i++) {
        tally->stretches[i].unseen = tally->stretches[i].pages;
        tally->stretches[i].settled = 0;
    }
    tally->fetched_s = guest_s;
    tally->turn = 0;
}

void
tally_begin(Tally *tally, double guest_s)
{
    for (guint i = 0; i < tally->n_stretches; i++)
        tally->stretches[i].to_send = tally->stretches[i].pages;
    clear_log(tally, guest_s);
}

/* Brings what is known of the settled pages up to date. */
static void
settle(Tally *tally, Stretch *stretch, double guest_s)
{
    stretch->settled -= draw_written(tally, stretch->settled, written_share(stretch, guest_s - stretch->settled_s));
    stretch->settled_s = guest_s;
}

/* As many pages as there is room for cannot be too many; then as many again as turned out to be skipped. */
static guint64
take_clean(Tally *tally, Stretch *stretch, double guest_s, guint64 room)
{
    const double skipped = written_share(stretch, guest_s - tally->fetched_s);
    guint64 sent = 0;

    settle(tally, stretch, guest_s);
    while (sent < room && stretch->to_send > 0) {
        const guint64 n = MIN(room - sent, stretch->to_send);
        stretch->to_send -= n;
        stretch->unseen -= n;
        sent += n - draw_written(tally, n, skipped);
    }
    stretch->settled += sent;
    return sent;
}

static guint64
take_all(Stretch *stretch, guint64 room)
{
    const guint64 sent = MIN(room, stretch->to_send);

    stretch->to_send -= sent;
    return sent;
}

gboolean
tally_has_more(const Tally *tally)
{
    for (guint i = tally->turn; i < tally->n_stretches; i++)
        if (tally->stretches[i].to_send > 0)
            return TRUE;
    return FALSE;
}

TallySent
tally_take(Tally *tally, double guest_s, guint room, gboolean skips)
{
    TallySent sent = {0};

    for (; tally->turn < tally->n_stretches; tally->turn++) {
        Stretch *stretch = &tally->stretches[tally->turn];
        const guint64 left = room - sent.used - sent.unused;
        const guint64 n = skips ? take_clean(tally, stretch, guest_s, left) : take_all(stretch, left);
        *(stretch->used ? &sent.used : &sent.unused) += n;
        if (stretch->to_send > 0)
            break;
    }
    return sent;
}

guint64
tally_fetch(Tally *tally, double guest_s)
{
    guint64 dirty = 0;

    for (guint i = 0; i < tally->n_stretches; i++) {
        Stretch *stretch = &tally->stretches[i];
        settle(tally, stretch, guest_s);
        const double written = written_share(stretch, guest_s - tally->fetched_s);
        const guint64 clean = stretch->unseen - draw_written(tally, stretch->unseen, written);
        stretch->to_send = stretch->pages - stretch->settled - clean;
        dirty += stretch->to_send;
    }
    clear_log(tally, guest_s);
    return dirty;
}

void
tally_add_late(Tally *tally, double guest_s)
{
    for (guint i = 0; i < tally->n_stretches; i++) {
        Stretch *stretch = &tally->stretches[i];
        const double written = written_share(stretch, guest_s - tally->fetched_s);
        stretch->to_send += draw_written(tally, stretch->pages - stretch->to_send, written);
    }
    tally->turn = 0;
}
