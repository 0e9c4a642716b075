/* The event calendar against the limit: a bare replace-top 4-ary heap (times and ids, ties in any order) written here.
 * Hold model: take the next event, schedule its successor an exponential time later. The two take turns, so that both
 * see the same machine; the medians are compared. Exits with 1 when the calendar does less than BAR of the bare heap.
 */
#include "models/base/calendar.h"
#include "models/base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BAR   0.7
#define TURNS 9

typedef struct {
    double time_s;
    guint32 id;
} Node;

/* As fast as we know how to write it: no branch picks the least child, and sentinels stand behind the last node. */
static inline void
bare_replace_top(Node *heap, gsize n, Node node)
{
    gsize i = 0;

    for (gsize child = 1; child < n; child = 4 * i + 1) {
        const gsize a = child + (heap[child + 1].time_s < heap[child].time_s);
        const gsize b = child + 2 + (heap[child + 3].time_s < heap[child + 2].time_s);
        const gsize least = heap[b].time_s < heap[a].time_s ? b : a;
        if (node.time_s <= heap[least].time_s)
            break;
        heap[i] = heap[least];
        i = least;
    }
    heap[i] = node;
}

/* pending + 4 nodes of which the last four are sentinels; node 1 begins a cache line. */
static Node *
bare_new(gsize pending, gpointer *memory)
{
    *memory = g_malloc((pending + 4) * sizeof(Node) + 128);
    const gsize base = (gsize)*memory + 63;
    Node *heap = (Node *)(base - base % 64 + 64 - sizeof(Node));

    for (gsize i = 0; i < pending + 4; i++)
        heap[i] = (Node){i < pending ? (double)i / (double)pending : G_MAXDOUBLE, (guint32)i};
    return heap;
}

static double
bare_rate(Node *heap, gsize n, const double *gaps, gsize events)
{
    const clock_t start = clock(); /* processor time: a busy machine changes little */

    for (gsize i = 0; i < events; i++)
        bare_replace_top(heap, n, (Node){heap[0].time_s + gaps[i & 0xffff], heap[0].id});
    return (double)events / (double)(clock() - start) * CLOCKS_PER_SEC;
}

static double
calendar_rate(Calendar *calendar, const double *gaps, gsize events)
{
    const clock_t start = clock();
    CalendarEvent event;

    for (gsize i = 0; i < events && calendar_take(calendar, &event); i++)
        calendar_add(calendar, event.time_s + gaps[i & 0xffff], event.kind, event.id);
    return (double)events / (double)(clock() - start) * CLOCKS_PER_SEC;
}

static int
rate_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(double *rates)
{
    qsort(rates, TURNS, sizeof *rates, rate_compare);
    return rates[TURNS / 2];
}

static double
compare(gsize pending, const double *gaps)
{
    const gsize events = 3000000;
    g_autofree gpointer memory = NULL;
    Node *heap = bare_new(pending, &memory);
    g_auto(Calendar) calendar;
    double bare[TURNS], ours[TURNS];

    calendar_init(&calendar);
    for (gsize i = 0; i < pending; i++)
        calendar_add(&calendar, heap[i].time_s, 0, (guint32)i);
    for (int turn = 0; turn < TURNS; turn++) {
        bare[turn] = bare_rate(heap, pending, gaps, events);
        ours[turn] = calendar_rate(&calendar, gaps, events);
    }
    const double limit = median(bare), rate = median(ours);
    printf("calendar %7zu pending: bare heap %6.2f M events/s, calendar %6.2f M events/s, ratio %.2f\n", pending,
           limit / 1e6, rate / 1e6, rate / limit);
    return rate / limit;
}

int
main(void)
{
    const gsize pendings[] = {16, 1024, 100000};
    g_autofree double *gaps = g_new(double, 0x10000);
    RandomStream random;
    gboolean met = TRUE;

    random_init(&random, 1, "bench", "calendar");
    for (int i = 0; i < 0x10000; i++)
        gaps[i] = random_exponential(&random, 1.0);
    for (gsize i = 0; i < G_N_ELEMENTS(pendings); i++)
        met &= compare(pendings[i], gaps) >= BAR;
    printf("calendar at least %.1f of the bare heap: %s\n", BAR, met ? "yes" : "NO");
    return met ? EXIT_SUCCESS : EXIT_FAILURE;
}
