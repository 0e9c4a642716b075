#include "models/migration/faults.h"

#include "models/memory/bitmap.h"
#include "models/memory/serial.h"

#include <math.h>

#define WRITES_AHEAD 512u /* chosen: drawn at a time, at most */
#define FLIGHTS_KEPT 64u  /* chosen: that have arrived, before they are forgotten together */

typedef struct {
    GArray *flights; /* owned, of FaultsFlight, in the stream's order */
    guint first;     /* that has not arrived */
} Flights;

/* A processor that waits. */
typedef struct {
    guint64 page;
    double stopped_s;
    double request_s; /* when its request reaches the source; INFINITY: it has, or none is on its way */
} Waiter;

struct Faults {
    guint64 *missing; /* owned */
    gsize n_words;
    guint64 host_pages;    /* pages that are placed together */
    guint32 *host_missing; /* owned: of each host page, how many of its pages are missing; NULL: host_pages is 1 */
    guint64 first, end;    /* pages that the workload may need, */
    guint64 n_missing;     /* and how many of them are missing */
    Flights streams[2];    /* the second one is urgent */
    const DirtyLog *log;
    guint workload_number;
    Serial serial;     /* of a random workload or a sweep, */
    Playback playback; /* of one from a list */
    gboolean listed;
    double log_speed; /* of the guest, when it was last asked, */
    double speed;     /* and of its processors that run: 1 when it stands still, which nobody looks at */
    double lag_s;     /* of a list: world time less the time at which a guest of that speed gets there */
    Sampler sampler;
    guint processors;
    GArray *waiters; /* owned, of Waiter, in the order of their requests */
    gboolean running;
    gboolean clear; /* nothing is needed up to drawn_s */
    double drawn_s; /* up to here no need for a missing page was drawn, except: */
    double need_s;  /* when the guest needs need_page; INFINITY: none was drawn yet */
    guint64 need_page;
    FaultCounts counts;
};

/* Missing pages of a word that the workload may need. */
static guint
needed_in_word(const Faults *faults, gsize word, guint64 missing)
{
    const gboolean inside = (guint64)word * 64 >= faults->first && (guint64)word * 64 + 64 <= faults->end;

    return bitmap_count_word(inside ? missing : missing & bitmap_range_mask(word, faults->first, faults->end));
}

static gboolean
is_missing(const Faults *faults, guint64 page)
{
    return faults->host_missing ? faults->host_missing[page / faults->host_pages] > 0
                                : bitmap_test(faults->missing, page);
}

static void
count_host_pages(Faults *faults)
{
    const guint64 pages = (guint64)faults->n_words * 64;

    faults->host_missing = g_new0(guint32, (pages + faults->host_pages - 1) / faults->host_pages);
    for (guint64 page = 0; bitmap_next(faults->missing, faults->n_words, &page); page++)
        faults->host_missing[page / faults->host_pages]++;
}

/* In whole host pages. */
static void
need_pages(Faults *faults, guint64 first, guint64 end)
{
    const guint64 host = faults->host_pages;

    faults->first = first / host * host;
    faults->end = MIN((end + host - 1) / host * host, (guint64)faults->n_words * 64);
}

static guint64
count_needed(const Faults *faults)
{
    guint64 n = 0;

    for (gsize w = 0; w < faults->n_words; w++)
        n += needed_in_word(faults, w, faults->missing[w]);
    return n;
}

static gboolean
all_wait(const Faults *faults)
{
    return faults->waiters->len >= faults->processors;
}

double
faults_waiting(const Faults *faults)
{
    return (double)faults->waiters->len / faults->processors;
}

/* A guest's time goes on at the speed of its processors that run. */
static void
follow_speed(Faults *faults, double now_s)
{
    const double speed = dirty_speed(faults->log) * (1 - faults_waiting(faults));

    faults->log_speed = dirty_speed(faults->log) > 0 ? dirty_speed(faults->log) : 1;
    faults->speed = speed > 0 ? speed : 1;
    faults->lag_s = now_s - dirty_workload_s(faults->log, now_s) / faults->speed;
}

/* Its time stands where it is. */
static void
follow_time(Faults *faults, double now_s)
{
    follow_speed(faults, now_s);
    faults->drawn_s = now_s;
    faults->clear = FALSE;
    faults->need_s = INFINITY;
}

/* One processor more or fewer runs: what was drawn comes as much earlier or later. */
static void
change_pace(Faults *faults, double now_s)
{
    const double speed = faults->speed;

    follow_speed(faults, now_s);
    faults->drawn_s = now_s + (faults->drawn_s - now_s) * speed / faults->speed;
    if (isfinite(faults->need_s))
        faults->need_s = now_s + (faults->need_s - now_s) * speed / faults->speed;
}

/* What the guest will need follows from its present workload. */
static void
take_workload(Faults *faults, double now_s)
{
    const Workload *workload = dirty_workload(faults->log);
    const double ran_s = dirty_workload_s(faults->log, now_s);

    playback_clear(&faults->playback);
    faults->listed = workload->kind == WORKLOAD_REPLAY || workload->kind == WORKLOAD_INTERVALS;
    faults->workload_number = dirty_workload_number(faults->log);
    playback_init_copy(&faults->playback, dirty_playback(faults->log));
    serial_init(&faults->serial, workload);
    serial_skip(&faults->serial, ran_s);
    if (faults->listed)
        need_pages(faults, 0, (guint64)faults->n_words * 64);
    else
        need_pages(faults, workload->first_page, workload->first_page + workload->pages);
    faults->n_missing = count_needed(faults);
    follow_time(faults, now_s);
}

Faults *
faults_new(const guint64 *missing, gsize n_words, guint64 host_pages, guint processors, const DirtyLog *log,
           const RandomStream *random)
{
    g_return_val_if_fail(missing && n_words > 0 && host_pages > 0 && processors > 0 && log && random, NULL);
    Faults *faults = g_new0(Faults, 1);
    RandomStream seed = *random;

    faults->missing = g_memdup2(missing, n_words * sizeof *missing);
    faults->n_words = n_words;
    faults->host_pages = host_pages;
    if (host_pages > 1)
        count_host_pages(faults);
    for (int i = 0; i < 2; i++)
        faults->streams[i].flights = g_array_new(FALSE, FALSE, sizeof(FaultsFlight));
    faults->processors = processors;
    faults->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
    faults->log = log;
    sampler_init(&faults->sampler, &seed);
    faults->need_s = INFINITY;
    return faults;
}

void
faults_free(Faults *faults)
{
    if (!faults)
        return;
    g_free(faults->missing);
    g_free(faults->host_missing);
    for (int i = 0; i < 2; i++)
        g_array_unref(faults->streams[i].flights);
    g_array_unref(faults->waiters);
    playback_clear(&faults->playback);
    g_free(faults);
}

void
faults_pages_sent(Faults *faults, const FaultsFlight *flight)
{
    g_array_append_val(faults->streams[flight->urgent].flights, *flight);
}

static gboolean
has_gaps(const FaultsFlight *flight)
{
    return flight->end - flight->first != flight->pages;
}

/* The page whose arrival ends the wait: a host page's are sent in order. */
static guint64
last_needed_page(const Faults *faults, guint64 needed)
{
    const guint64 host = faults->host_pages, first = needed / host * host;
    guint64 page = MIN(first + host, (guint64)faults->n_words * 64) - 1;

    if (!faults->host_missing)
        return needed;
    while (page > first && !bitmap_test(faults->missing, page))
        page--;
    return page;
}

/* The stream position at which a page of the flight has arrived. */
static double
arrival_bytes(const FaultsFlight *flight, guint64 page)
{
    return has_gaps(flight) ? flight->end_bytes
                            : flight->end_bytes - (double)(flight->end - 1 - page) * flight->page_bytes;
}

/* The first page of the flight that has not arrived yet. */
static guint64
arrived_end(const FaultsFlight *flight, double arrived_bytes)
{
    const double left_bytes = flight->end_bytes - arrived_bytes - 0.5; /* half a byte: the stream is a fluid */

    if (left_bytes <= 0)
        return flight->end;
    if (has_gaps(flight))
        return flight->first;
    const double left = ceil(left_bytes / flight->page_bytes);
    return left < (double)flight->pages ? flight->end - (guint64)left : flight->first;
}

/* A word of a bitmap lies within one host page, or holds some whole ones. */
static void
arrive_of_hosts(Faults *faults, gsize word, guint64 here)
{
    for (guint64 left = here; left; left &= left - 1)
        faults->host_missing[((guint64)word * 64 + (guint64)__builtin_ctzll(left)) / faults->host_pages]--;
}

/* Pages [first, end) are here. */
static void
arrive(Faults *faults, guint64 first, guint64 end)
{
    for (gsize w = (gsize)(first / 64); (guint64)w * 64 < end; w++) {
        const guint64 here = faults->missing[w] & bitmap_range_mask(w, first, end);
        if (here == 0)
            continue;
        faults->missing[w] ^= here;
        if (faults->host_missing)
            arrive_of_hosts(faults, w, here);
        faults->n_missing -= needed_in_word(faults, w, here);
    }
}

/* Its request, if that is still on its way, finds the page sent. */
static void
count_wait(Faults *faults, const Waiter *waiter, double now_s)
{
    const double waited_s = now_s - waiter->stopped_s;

    faults->counts.waited_s += waited_s;
    faults->counts.longest_s = MAX(faults->counts.longest_s, waited_s);
}

/* Whose page is here runs. */
static gboolean
resume(Faults *faults, double now_s)
{
    const gboolean stood = all_wait(faults);
    const guint waited = faults->waiters->len;

    for (guint i = waited; i-- > 0;) {
        const Waiter *waiter = &g_array_index(faults->waiters, Waiter, i);
        if (is_missing(faults, waiter->page))
            continue;
        count_wait(faults, waiter, now_s);
        g_array_remove_index(faults->waiters, i);
    }
    if (faults->waiters->len == waited)
        return FALSE;
    stood ? follow_time(faults, now_s) : change_pace(faults, now_s);
    return TRUE;
}

static void
arrive_of_stream(Faults *faults, Flights *stream, double arrived_bytes)
{
    while (stream->first < stream->flights->len) {
        FaultsFlight *flight = &g_array_index(stream->flights, FaultsFlight, stream->first);
        const guint64 end = arrived_end(flight, arrived_bytes);
        arrive(faults, flight->first, end);
        if (end < flight->end) {
            flight->pages -= has_gaps(flight) ? 0 : end - flight->first;
            flight->first = end;
            break;
        }
        stream->first++;
    }
    if (stream->first >= FLIGHTS_KEPT) {
        g_array_remove_range(stream->flights, 0, stream->first);
        stream->first = 0;
    }
}

gboolean
faults_arrive(Faults *faults, double now_s, double arrived_bytes, double urgent_bytes)
{
    arrive_of_stream(faults, &faults->streams[FALSE], arrived_bytes);
    arrive_of_stream(faults, &faults->streams[TRUE], urgent_bytes);
    return faults->waiters->len > 0 && resume(faults, now_s);
}

void
faults_start(Faults *faults, double now_s)
{
    faults->running = TRUE;
    take_workload(faults, now_s);
}

/* Who waits for a page still waits for it. */
void
faults_follow(Faults *faults, double now_s)
{
    if (!faults->running || all_wait(faults))
        return;
    if (faults->workload_number != dirty_workload_number(faults->log) || faults->log_speed != dirty_speed(faults->log))
        take_workload(faults, now_s);
}

/* The next write of a list to a missing page. */
static void
find_need(Faults *faults)
{
    double at_s;
    guint64 page;

    while (faults->n_missing > 0 && playback_next(&faults->playback, &faults->sampler.random, &at_s, &page)) {
        if (!is_missing(faults, page))
            continue;
        faults->need_s = MAX(at_s / faults->speed + faults->lag_s, faults->drawn_s);
        faults->need_page = page;
        return;
    }
}

/* Draws writes up to the first one of a missing page; after many without one, it is worth looking what has come. */
static void
draw_need(Faults *faults)
{
    guint64 writes = 0;
    gboolean missing = FALSE;

    while (!missing && writes < WRITES_AHEAD) {
        faults->need_page = serial_page(&faults->serial, &faults->sampler);
        missing = is_missing(faults, faults->need_page);
        writes++;
    }
    faults->drawn_s +=
        serial_distance(&faults->serial, &faults->sampler, writes) / (serial_rate(&faults->serial) * faults->speed);
    faults->need_s = missing ? faults->drawn_s : INFINITY;
    faults->clear = !missing;
}

double
faults_next_s(Faults *faults)
{
    if (!faults->running || all_wait(faults) || faults->n_missing == 0)
        return INFINITY;
    if (!faults->listed && serial_rate(&faults->serial) <= 0)
        return INFINITY;
    if (faults->clear)
        return faults->drawn_s;
    if (isfinite(faults->need_s) && !is_missing(faults, faults->need_page))
        faults->need_s = INFINITY; /* it has come meanwhile */
    if (isinf(faults->need_s))
        faults->listed ? find_need(faults) : draw_need(faults);
    return isfinite(faults->need_s) || faults->listed ? faults->need_s : faults->drawn_s;
}

void
faults_stop(Faults *faults, double now_s, double latency_s)
{
    faults->clear = FALSE;
    if (isinf(faults->need_s)) /* nothing was needed up to here */
        return;
    const Waiter waiter = {faults->need_page, now_s, now_s + latency_s};
    g_array_append_val(faults->waiters, waiter);
    faults->counts.requests++;
    faults->need_s = INFINITY;
    if (!all_wait(faults))
        change_pace(faults, now_s);
}

/* The first of those whose requests are on their way; NULL: none. */
static Waiter *
first_asking(const Faults *faults)
{
    Waiter *first = NULL;

    for (guint i = 0; i < faults->waiters->len; i++) {
        Waiter *waiter = &g_array_index(faults->waiters, Waiter, i);
        if (isfinite(waiter->request_s) && (!first || waiter->request_s < first->request_s))
            first = waiter;
    }
    return first;
}

double
faults_request_s(const Faults *faults)
{
    const Waiter *first = first_asking(faults);

    return first ? first->request_s : INFINITY;
}

guint64
faults_take_request(Faults *faults)
{
    Waiter *first = first_asking(faults);

    g_return_val_if_fail(first, 0);
    first->request_s = INFINITY;
    return first->page;
}

/* Where in the stream that page, of those that are missing, arrives; INFINITY: it is not in it. */
static double
stream_position(const Flights *stream, guint64 page)
{
    for (guint i = stream->first; i < stream->flights->len; i++) {
        const FaultsFlight *flight = &g_array_index(stream->flights, FaultsFlight, i);
        if (page >= flight->first && page < flight->end)
            return arrival_bytes(flight, page);
    }
    return INFINITY;
}

double
faults_awaited_bytes(const Faults *faults, gboolean urgent)
{
    double next = INFINITY;

    for (guint i = 0; i < faults->waiters->len; i++) {
        const guint64 last = last_needed_page(faults, g_array_index(faults->waiters, Waiter, i).page);
        next = MIN(next, stream_position(&faults->streams[urgent], last));
    }
    return next;
}

void
faults_ask_again(Faults *faults, double now_s, double latency_s)
{
    for (guint i = 0; i < faults->waiters->len; i++)
        g_array_index(faults->waiters, Waiter, i).request_s = now_s + latency_s;
}

void
faults_lose_streams(Faults *faults)
{
    for (int i = 0; i < 2; i++) {
        g_array_set_size(faults->streams[i].flights, 0);
        faults->streams[i].first = 0;
    }
    for (guint i = 0; i < faults->waiters->len; i++)
        g_array_index(faults->waiters, Waiter, i).request_s = INFINITY;
}

const guint64 *
faults_missing(const Faults *faults)
{
    return faults->missing;
}

FaultCounts
faults_counts(const Faults *faults)
{
    return faults->counts;
}
