#include "models/memory/dirty.h"

#include "models/memory/dma.h"
#include "models/memory/marks.h"
#include "models/memory/playback.h"
#include "models/memory/sampler.h"
#include "models/memory/serial.h"
#include "models/memory/sweep.h"
#include "models/memory/translation.h"
#include "models/memory/writer.h"

G_STATIC_ASSERT(DIRTY_REGION_PAGES == MARKS_REGION_PAGES);

/* The guest's clock: world time in, seconds at full speed out. Linear from the last change of speed on, so that such a
 * change touches no page. */
typedef struct {
    double world_s, guest_s; /* at the last change */
    double speed;            /* of the processors that it is given, */
    double waiting;          /* of which this share, 0 to 1, waits for pages */
} GuestClock;

/* Pages that are written all the time, each alike. */
typedef struct {
    guint64 *pages; /* owned */
    gsize n;
    double rate_s;    /* of each, a second of guest time */
    double sampled_s; /* guest time */
} Background;

struct DirtyLog {
    Marks marks;
    GuestClock clock;
    double start_s; /* guest time at which the workload began */
    double end_s;   /* guest time after which it writes nothing */
    Workload workload;
    guint workload_number;
    Writer writer;
    Playback playback;
    Sweep sweep;
    gboolean by_region; /* nothing but the writer writes, which samples each region by itself */
    Background background;
    GArray *devices;    /* owned, of Dma; NULL: none was ever added */
    GuestClock running; /* at full speed whenever the guest is not stopped: devices' time */
    Translation translation;
    Serial serial;     /* with a translation buffer, instead of writer */
    double ordered_s;  /* guest time up to which serial has been drawn */
    double *sampled_s; /* owned, one per region: guest time up to which it is sampled; start_s when that is later */
    Sampler sampler;
    double told; /* the guest's speed, which its writes' clock exceeds where dirty_set_speeds said so */
    void (*told_speed)(double at_s, double speed, gpointer data);
    gpointer told_data;
    Sampler rewrites; /* for regions that are all dirty: only who watches sees it, so watching changes no bit */
};

/* Never back beyond the last change: what was sampled before it stays as it is. */
static double
clock_guest_s(const GuestClock *clock, double world_s)
{
    return clock->guest_s + clock->speed * (1 - clock->waiting) * MAX(world_s - clock->world_s, 0);
}

static void
clock_change(GuestClock *clock, double world_s, double speed, double waiting)
{
    *clock = (GuestClock){MAX(world_s, clock->world_s), clock_guest_s(clock, world_s), speed, waiting};
}

DirtyLog *
dirty_new(guint64 pages, const RandomStream *random, double start_s)
{
    g_return_val_if_fail(pages > 0 && random, NULL);

    DirtyLog *log = g_new0(DirtyLog, 1);
    RandomStream seed = *random;

    marks_init(&log->marks, pages);
    log->clock = log->running = (GuestClock){.world_s = start_s, .speed = 1};
    log->told = 1;
    log->sampled_s = g_new0(double, log->marks.n_regions);
    sampler_init(&log->sampler, &seed);
    sampler_init(&log->rewrites, &seed);
    return log;
}

void
dirty_free(DirtyLog *log)
{
    if (!log)
        return;
    marks_clear(&log->marks);
    writer_clear(&log->writer);
    playback_clear(&log->playback);
    translation_clear(&log->translation);
    g_free(log->background.pages);
    g_clear_pointer(&log->devices, g_array_unref);
    g_free(log->sampled_s);
    g_free(log);
}

guint64
dirty_pages(const DirtyLog *log)
{
    g_return_val_if_fail(log, 0);
    return log->marks.pages;
}

gsize
dirty_words(const DirtyLog *log)
{
    g_return_val_if_fail(log, 0);
    return log->marks.n_words;
}

static gboolean
region_is_full(const Marks *marks, gsize region)
{
    const guint64 begin = (guint64)region * MARKS_REGION_PAGES;
    return marks->region_dirty[region] == MIN(MARKS_REGION_PAGES, marks->pages - begin);
}

/* A region that is all dirty has nothing to tell but to who watches. */
static void
advance_region(DirtyLog *log, gsize region, double guest_s)
{
    const double from_s = MAX(log->sampled_s[region], log->start_s);

    if (guest_s <= from_s)
        return;
    log->sampled_s[region] = guest_s;
    const gboolean full = region_is_full(&log->marks, region);
    if (full && !log->marks.watched)
        return;
    writer_advance(&log->writer, full ? &log->rewrites : &log->sampler, &log->marks, region, from_s - log->start_s,
                   guest_s - log->start_s);
}

static void
advance_background(DirtyLog *log, double guest_s)
{
    Background *background = &log->background;

    if (background->n == 0 || guest_s <= background->sampled_s)
        return;
    double writes = (double)background->n * background->rate_s * (guest_s - background->sampled_s);
    background->sampled_s = guest_s;
    while (sampler_next_write(&log->sampler, &writes))
        marks_write(&log->marks, background->pages[random_below(&log->sampler.random, background->n)]);
}

/* Write by write, for all of memory. */
static void
advance_in_order(DirtyLog *log, double guest_s)
{
    const double from_s = MAX(log->ordered_s, log->start_s);

    if (guest_s <= from_s)
        return;
    log->ordered_s = guest_s;
    guint64 writes = serial_count(&log->serial, &log->sampler, serial_rate(&log->serial) * (guest_s - from_s));
    for (; writes > 0; writes--) {
        const guint64 page = serial_page(&log->serial, &log->sampler);
        if (translation_write(&log->translation, page))
            marks_write(&log->marks, page);
        else
            marks_show_write(&log->marks, page);
    }
}

static void
advance_devices(DirtyLog *log, double now_s)
{
    const double running_s = clock_guest_s(&log->running, now_s);

    for (guint i = 0; log->devices && i < log->devices->len; i++)
        dma_advance(&g_array_index(log->devices, Dma, i), &log->marks, running_s);
}

/* What is advanced for all of memory at once. */
static void
advance_all(DirtyLog *log, double now_s, double guest_s)
{
    advance_devices(log, now_s);
    playback_advance(&log->playback, &log->sampler.random, &log->marks, guest_s - log->start_s);
    advance_background(log, guest_s);
    if (log->translation.entries > 0)
        advance_in_order(log, guest_s);
    else
        sweep_advance(&log->sweep, &log->marks, guest_s - log->start_s);
}

static void
notice_kinds(DirtyLog *log)
{
    const WorkloadKind kind = log->workload.kind;
    const gboolean listed = kind == WORKLOAD_REPLAY || kind == WORKLOAD_INTERVALS || kind == WORKLOAD_SWEEP;

    log->by_region = !listed && log->background.n == 0 && !log->devices && log->translation.entries == 0;
}

/* The regions of the words [first_word, end_word) that a random workload touches; the others' writes to all of memory.
 */
static void
advance(DirtyLog *log, double now_s, gsize first_word, gsize end_word)
{
    const double guest_s = clock_guest_s(&log->clock, now_s);
    const guint64 first = MAX((guint64)first_word * 64, log->writer.first);
    const guint64 end = MIN((guint64)end_word * 64, log->writer.end);

    if (!log->by_region)
        advance_all(log, now_s, guest_s);
    if (first >= end || log->translation.entries > 0)
        return;
    const gsize last = (gsize)((end - 1) / MARKS_REGION_PAGES);
    for (gsize region = (gsize)(first / MARKS_REGION_PAGES); region <= last; region++)
        advance_region(log, region, guest_s);
}

/* The old workload's writes are all sampled first, rather than kept as a list of phases to remember: a change is rare,
 * and the pass costs no more than a fetch of the whole log. */
void
dirty_set_workload(DirtyLog *log, double now_s, const Workload *workload)
{
    g_return_if_fail(log && workload && workload_fault(workload, log->marks.pages) == NULL);

    advance(log, now_s, 0, log->marks.n_words);
    writer_clear(&log->writer);
    playback_clear(&log->playback);
    log->start_s = clock_guest_s(&log->clock, now_s);
    log->end_s = log->start_s + workload_end_s(workload);
    log->workload = *workload;
    log->workload_number++;
    serial_init(&log->serial, workload);
    writer_init(&log->writer, workload);
    playback_init(&log->playback, workload, &log->sampler.random);
    sweep_init(&log->sweep, workload);
    notice_kinds(log);
}

void
dirty_set_background(DirtyLog *log, double now_s, const guint64 *pages, gsize n, double rate_s)
{
    g_return_if_fail(log && rate_s >= 0);
    Background *background = &log->background;

    advance_background(log, clock_guest_s(&log->clock, now_s));
    g_free(background->pages);
    *background = (Background){g_memdup2(pages, n * sizeof *pages), n, rate_s, clock_guest_s(&log->clock, now_s)};
    notice_kinds(log);
}

guint
dirty_add_device(DirtyLog *log, const RandomStream *random)
{
    g_return_val_if_fail(log && random, 0);
    Dma dma;

    dma_init(&dma, random);
    if (!log->devices)
        log->devices = g_array_new(FALSE, FALSE, sizeof(Dma));
    g_array_append_val(log->devices, dma);
    notice_kinds(log);
    return log->devices->len - 1;
}

void
dirty_set_device(DirtyLog *log, double now_s, guint device, guint64 first, guint64 pages, double rate_s)
{
    g_return_if_fail(log && log->devices && device < log->devices->len);
    g_return_if_fail(rate_s >= 0 && first <= log->marks.pages && pages <= log->marks.pages - first);

    advance_devices(log, now_s);
    dma_set(&g_array_index(log->devices, Dma, device), clock_guest_s(&log->running, now_s), first, pages, rate_s);
}

static gboolean
devices_write(const DirtyLog *log)
{
    for (guint i = 0; log->devices && i < log->devices->len; i++)
        if (g_array_index(log->devices, Dma, i).rate_s > 0)
            return TRUE;
    return FALSE;
}

/* Both ways of sampling are brought up to now, so that the other one can go on from here. */
void
dirty_set_translation(DirtyLog *log, double now_s, guint entries)
{
    g_return_if_fail(log);
    const double guest_s = clock_guest_s(&log->clock, now_s);

    if (entries == 0 && log->translation.entries == 0)
        return;
    advance(log, now_s, 0, log->marks.n_words);
    translation_init(&log->translation, entries);
    log->ordered_s = guest_s;
    sweep_skip(&log->sweep, guest_s - log->start_s);
    for (gsize region = 0; region < log->marks.n_regions; region++)
        log->sampled_s[region] = MAX(log->sampled_s[region], guest_s);
    notice_kinds(log);
}

gboolean
dirty_sees_every_write(const DirtyLog *log)
{
    g_return_val_if_fail(log, FALSE);
    return log->translation.entries == 0;
}

const Workload *
dirty_workload(const DirtyLog *log)
{
    g_return_val_if_fail(log, NULL);
    return &log->workload;
}

guint
dirty_workload_number(const DirtyLog *log)
{
    g_return_val_if_fail(log, 0);
    return log->workload_number;
}

double
dirty_workload_s(const DirtyLog *log, double now_s)
{
    g_return_val_if_fail(log, 0);
    return clock_guest_s(&log->clock, now_s) - log->start_s;
}

const Playback *
dirty_playback(const DirtyLog *log)
{
    g_return_val_if_fail(log, NULL);
    return &log->playback;
}

void
dirty_follow_speed(DirtyLog *log, void (*told)(double at_s, double speed, gpointer data), gpointer data)
{
    g_return_if_fail(log);

    log->told_speed = told;
    log->told_data = data;
}

static void
change_clock(DirtyLog *log, double now_s, double writes, double waiting)
{
    clock_change(&log->clock, now_s, writes, waiting);
    clock_change(&log->running, now_s, writes > 0 ? 1 : 0, waiting < 1 ? 0 : 1);
    if (log->told_speed)
        log->told_speed(log->clock.world_s, log->told * (1 - waiting), log->told_data);
}

void
dirty_set_speeds(DirtyLog *log, double now_s, double speed, double writes)
{
    g_return_if_fail(log && speed >= 0 && speed <= 1 && writes >= speed && writes <= 1);

    log->told = speed;
    change_clock(log, now_s, writes, log->clock.waiting);
}

void
dirty_set_speed(DirtyLog *log, double now_s, double speed)
{
    dirty_set_speeds(log, now_s, speed, speed);
}

void
dirty_hold(DirtyLog *log, double now_s, double waiting)
{
    g_return_if_fail(log && waiting >= 0 && waiting <= 1);

    change_clock(log, now_s, log->clock.speed, waiting);
}

double
dirty_speed(const DirtyLog *log)
{
    g_return_val_if_fail(log, 0);
    return log->clock.speed;
}

double
dirty_told_speed(const DirtyLog *log)
{
    g_return_val_if_fail(log, 0);
    return log->told;
}

void
dirty_write(DirtyLog *log, double now_s, guint64 page)
{
    g_return_if_fail(log && page < log->marks.pages);
    (void)now_s; /* writes commute: what the workload did until now may be sampled later */

    marks_write(&log->marks, page);
}

void
dirty_peek(DirtyLog *log, double now_s, gsize first_word, gsize n_words, guint64 *out)
{
    g_return_if_fail(log && out && first_word <= log->marks.n_words && n_words <= log->marks.n_words - first_word);

    advance(log, now_s, first_word, first_word + n_words);
    marks_peek(&log->marks, first_word, n_words, out);
}

guint64
dirty_fetch_and_clear(DirtyLog *log, double now_s, guint64 *out)
{
    g_return_val_if_fail(log, 0);

    advance(log, now_s, 0, log->marks.n_words);
    playback_notice_clear(&log->playback, &log->sampler.random, clock_guest_s(&log->clock, now_s) - log->start_s);
    return marks_fetch(&log->marks, out);
}

void
dirty_watch(DirtyLog *log, guint64 *watched)
{
    g_return_if_fail(log);
    log->marks.watched = watched;
}

void
dirty_advance(DirtyLog *log, double now_s, gsize first_word, gsize n_words)
{
    g_return_if_fail(log && first_word <= log->marks.n_words && n_words <= log->marks.n_words - first_word);

    advance(log, now_s, first_word, first_word + n_words);
}

Tally *
dirty_tally(DirtyLog *log, guint64 used_pages)
{
    g_return_val_if_fail(log, NULL);
    RandomStream random;

    if (!tally_can_count(&log->workload) || log->background.n > 0 || log->devices || log->translation.entries > 0)
        return NULL;
    for (guint i = 0; i < 4; i++)
        random.s[i] = random_u64(&log->sampler.random);
    return tally_new(&log->workload, log->marks.pages, used_pages, &random);
}

double
dirty_guest_s(const DirtyLog *log, double now_s)
{
    g_return_val_if_fail(log, 0);
    return clock_guest_s(&log->clock, now_s);
}

gboolean
dirty_is_active(const DirtyLog *log, double now_s)
{
    g_return_val_if_fail(log, FALSE);
    if (log->clock.speed <= 0 || log->clock.waiting >= 1)
        return FALSE;
    return log->background.n > 0 || devices_write(log) || clock_guest_s(&log->clock, now_s) < log->end_s;
}
