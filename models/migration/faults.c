#include "models/migration/faults.h"

#include "models/memory/bitmap.h"
#include "models/memory/serial.h"

#include <math.h>

#define HORIZON_S 1.0 /* chosen: how far ahead needs are drawn at a time */

/* Pages of one word that travel together. */
typedef struct {
    gsize word;
    guint64 bits;
    double position_bytes;
} Flight;

struct Faults {
    guint64 *missing; /* owned */
    gsize n_words;
    guint64 n_missing;
    GArray *flights; /* owned, of Flight, in the stream's order */
    guint first_flight;
    const DirtyLog *log;
    guint workload_number;
    Serial serial;     /* of a random workload or a sweep, */
    Playback playback; /* of one from a list */
    gboolean listed;
    double lag_s; /* of a list: world time less the workload's own */
    Sampler sampler;
    gboolean running, waiting;
    gboolean clear; /* nothing is needed up to drawn_s */
    double drawn_s; /* up to here no need for a missing page was drawn, except: */
    double left;    /* writes still to be drawn up to the horizon */
    double need_s;  /* when the guest needs need_page; INFINITY: none was drawn yet */
    guint64 need_page;
    double stopped_s, request_s;
    FaultCounts counts;
};

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
    faults->lag_s = now_s - ran_s;
    faults->drawn_s = now_s;
    faults->left = 0;
    faults->clear = FALSE;
    faults->need_s = INFINITY;
}

Faults *
faults_new(const guint64 *missing, gsize n_words, const DirtyLog *log, const RandomStream *random)
{
    g_return_val_if_fail(missing && n_words > 0 && log && random, NULL);
    Faults *faults = g_new0(Faults, 1);
    RandomStream seed = *random;

    faults->missing = g_memdup2(missing, n_words * sizeof *missing);
    faults->n_words = n_words;
    faults->n_missing = bitmap_count(missing, n_words);
    faults->flights = g_array_new(FALSE, FALSE, sizeof(Flight));
    faults->log = log;
    sampler_init(&faults->sampler, &seed);
    faults->need_s = faults->request_s = INFINITY;
    return faults;
}

void
faults_free(Faults *faults)
{
    if (!faults)
        return;
    g_free(faults->missing);
    g_array_unref(faults->flights);
    playback_clear(&faults->playback);
    g_free(faults);
}

void
faults_pages_sent(Faults *faults, gsize word, guint64 bits, double position_bytes)
{
    const Flight flight = {word, bits, position_bytes};

    g_array_append_val(faults->flights, flight);
}

static gboolean
is_needed_page(const Faults *faults, const Flight *flight)
{
    return flight->word == faults->need_page / 64 && (flight->bits >> faults->need_page % 64 & 1);
}

static void
resume(Faults *faults, double now_s)
{
    const double waited_s = now_s - faults->stopped_s;

    faults->waiting = FALSE;
    faults->request_s = INFINITY; /* a request on its way finds its page sent */
    faults->counts.waited_s += waited_s;
    faults->counts.longest_s = MAX(faults->counts.longest_s, waited_s);
    faults->drawn_s = now_s;
    faults->left = 0;
    faults->clear = FALSE;
    faults->need_s = INFINITY;
    faults->lag_s = now_s - dirty_workload_s(faults->log, now_s); /* its time stood still */
}

gboolean
faults_arrive(Faults *faults, double now_s, double arrived_bytes)
{
    gboolean resumed = FALSE;

    while (faults->first_flight < faults->flights->len) {
        const Flight *flight = &g_array_index(faults->flights, Flight, faults->first_flight);
        if (flight->position_bytes > arrived_bytes + 0.5) /* half a byte: the stream is a fluid */
            break;
        faults->missing[flight->word] &= ~flight->bits;
        faults->n_missing -= bitmap_count_word(flight->bits);
        resumed |= faults->waiting && is_needed_page(faults, flight);
        faults->first_flight++;
    }
    if (resumed)
        resume(faults, now_s);
    return resumed;
}

void
faults_start(Faults *faults, double now_s)
{
    faults->running = TRUE;
    take_workload(faults, now_s);
}

/* A page that it waits for it still waits for. */
void
faults_follow(Faults *faults, double now_s)
{
    if (faults->running && !faults->waiting && faults->workload_number != dirty_workload_number(faults->log))
        take_workload(faults, now_s);
}

/* The next write of a list to a missing page. */
static void
find_need(Faults *faults)
{
    double at_s;
    guint64 page;

    while (faults->n_missing > 0 && playback_next(&faults->playback, &faults->sampler.random, &at_s, &page)) {
        if (!bitmap_test(faults->missing, page))
            continue;
        faults->need_s = MAX(at_s + faults->lag_s, faults->drawn_s);
        faults->need_page = page;
        return;
    }
}

/* Draws needs up to the first one of a missing page. */
static void
draw_need(Faults *faults)
{
    const double rate = serial_rate(&faults->serial);

    if (faults->left <= 0)
        faults->left = rate * HORIZON_S;
    while (faults->n_missing > 0) {
        guint64 page;
        const double before = faults->left;
        const gboolean write = serial_next(&faults->serial, &faults->sampler, &faults->left, &page);
        faults->drawn_s += (before - faults->left) / rate;
        if (write && bitmap_test(faults->missing, page)) {
            faults->need_s = faults->drawn_s;
            faults->need_page = page;
            return;
        }
        faults->clear = !write || faults->left <= 0; /* a whole horizon without one: look again when it has passed */
        if (faults->clear)
            return;
    }
}

double
faults_next_s(Faults *faults)
{
    if (!faults->running || faults->waiting || faults->n_missing == 0)
        return INFINITY;
    if (!faults->listed && serial_rate(&faults->serial) <= 0)
        return INFINITY;
    if (faults->clear)
        return faults->drawn_s;
    if (isfinite(faults->need_s) && !bitmap_test(faults->missing, faults->need_page))
        faults->need_s = INFINITY; /* it has come meanwhile */
    if (isinf(faults->need_s))
        faults->listed ? find_need(faults) : draw_need(faults);
    return isfinite(faults->need_s) || faults->listed ? faults->need_s : faults->drawn_s;
}

void
faults_stop(Faults *faults, double now_s, double latency_s)
{
    faults->clear = FALSE;
    if (isinf(faults->need_s)) /* only the horizon has passed */
        return;
    faults->waiting = TRUE;
    faults->stopped_s = now_s;
    faults->request_s = now_s + latency_s;
    faults->counts.requests++;
}

double
faults_request_s(const Faults *faults)
{
    return faults->request_s;
}

guint64
faults_take_request(Faults *faults)
{
    faults->request_s = INFINITY;
    return faults->need_page;
}

double
faults_awaited_bytes(const Faults *faults)
{
    if (!faults->waiting)
        return INFINITY;
    for (guint i = faults->first_flight; i < faults->flights->len; i++) {
        const Flight *flight = &g_array_index(faults->flights, Flight, i);
        if (is_needed_page(faults, flight))
            return flight->position_bytes;
    }
    return INFINITY;
}

FaultCounts
faults_counts(const Faults *faults)
{
    return faults->counts;
}
