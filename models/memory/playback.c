#include "models/memory/playback.h"

#include <math.h>

/* NULL: past the last one, or before the first clearing. */
static const WorkloadInterval *
present(const Playback *playback)
{
    if (playback->waits)
        return NULL;
    return playback->next < playback->workload.n_intervals ? &playback->workload.intervals[playback->next] : NULL;
}

/* The next order statistic of the writes left in the present interval, after the one at `moment`. */
static void
draw_next(Playback *playback, RandomStream *random)
{
    const double exponent = playback->workload.exponent, duration_s = present(playback)->duration_s;
    const double left = pow(1.0 - random_unit(random), 1.0 / (double)playback->left);

    playback->moment = 1 - (1 - playback->moment) * left;
    const double share = exponent == 1 ? playback->moment : pow(playback->moment, 1 / exponent);
    playback->next_s =
        playback->interval_s + duration_s * share; /* at most the interval's end, as play_intervals adds */
}

/* Sets up the present interval; past the last one nothing is left. */
static void
enter_interval(Playback *playback, RandomStream *random)
{
    const WorkloadInterval *interval = present(playback);

    playback->left = interval ? interval->pages : 0;
    if (playback->left == 0)
        return;
    if (playback->n_chosen > 0)
        memset(playback->chosen, 0, bitmap_words(playback->workload.pages) * sizeof *playback->chosen);
    playback->n_chosen = 0;
    playback->moment = 0;
    draw_next(playback, random);
}

void
playback_init(Playback *playback, const Workload *workload, RandomStream *random)
{
    g_return_if_fail(playback && workload && random);

    *playback = (Playback){.workload = *workload};
    if (workload->kind != WORKLOAD_INTERVALS)
        return;
    if (workload->exponent == 0)
        playback->workload.exponent = 1;
    playback->stride = MAX(workload->spread_pages / workload->pages, 1);
    playback->chosen = g_new0(guint64, bitmap_words(workload->pages));
    playback->waits = workload->at_clears;
    enter_interval(playback, random);
}

void
playback_clear(Playback *playback)
{
    g_clear_pointer(&playback->chosen, g_free);
}

void
playback_init_copy(Playback *playback, const Playback *other)
{
    g_return_if_fail(playback && other);

    *playback = *other;
    if (other->chosen)
        playback->chosen = g_memdup2(other->chosen, bitmap_words(other->workload.pages) * sizeof *other->chosen);
}

/* A page of the working set not yet written in this interval: rejection, ln(pages) draws each at the very worst. */
static guint64
choose_page(Playback *playback, RandomStream *random)
{
    guint64 page;

    do
        page = random_below(random, playback->workload.pages);
    while (bitmap_test(playback->chosen, page));
    bitmap_set(playback->chosen, page);
    playback->n_chosen++;
    return playback->workload.first_page + page * playback->stride;
}

/* The present interval's next write. */
static guint64
take_write(Playback *playback, RandomStream *random)
{
    const guint64 page = choose_page(playback, random);

    if (--playback->left > 0)
        draw_next(playback, random);
    return page;
}

/* The present interval's writes up to to_s. */
static void
play_interval(Playback *playback, RandomStream *random, Marks *marks, double to_s)
{
    while (playback->left > 0 && playback->next_s <= to_s)
        marks_write(marks, take_write(playback, random));
}

static void
leave_interval(Playback *playback, RandomStream *random)
{
    playback->interval_s += present(playback)->duration_s;
    playback->next++;
    enter_interval(playback, random);
}

static void
play_intervals(Playback *playback, RandomStream *random, Marks *marks, double to_s)
{
    for (const WorkloadInterval *interval = present(playback); interval; interval = present(playback)) {
        const double end_s = playback->interval_s + interval->duration_s;
        play_interval(playback, random, marks, to_s);
        if (to_s < end_s || playback->workload.at_clears)
            return;
        leave_interval(playback, random);
    }
}

gboolean
playback_next(Playback *playback, RandomStream *random, double *at_s, guint64 *page)
{
    const Workload *workload = &playback->workload;

    if (workload->kind == WORKLOAD_REPLAY && playback->next < workload->n_writes) {
        *at_s = workload->writes[playback->next].time_s;
        *page = workload->writes[playback->next++].page;
        return TRUE;
    }
    if (workload->kind != WORKLOAD_INTERVALS)
        return FALSE;
    while (playback->left == 0 && present(playback) && !workload->at_clears)
        leave_interval(playback, random);
    if (playback->left == 0)
        return FALSE;
    *at_s = playback->next_s;
    *page = take_write(playback, random);
    return TRUE;
}

void
playback_advance(Playback *playback, RandomStream *random, Marks *marks, double to_s)
{
    const Workload *workload = &playback->workload;

    if (workload->kind == WORKLOAD_INTERVALS)
        play_intervals(playback, random, marks, to_s);
    if (workload->kind != WORKLOAD_REPLAY)
        return;
    while (playback->next < workload->n_writes && workload->writes[playback->next].time_s <= to_s)
        marks_write(marks, workload->writes[playback->next++].page);
}

void
playback_notice_clear(Playback *playback, RandomStream *random, double at_s)
{
    if (!playback->workload.at_clears)
        return;
    if (!playback->waits)
        playback->next++;
    playback->waits = FALSE;
    playback->interval_s = at_s;
    enter_interval(playback, random);
}
