/*
 * What it costs to receive from a link that is full, and whose sender sleeps until there is room.
 *
 * A ring's receiver wakes its sender whenever it takes something. A socket's kernel does so only when much is free
 * again: some receives wake, most do not. Which one did is seen from whether the sender still sleeps.
 */
#include "sockets_costs.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

#define BUDGET_S 0.06

/* Of the sender's messages; chosen: a socket is full soon, and a woken sender says soon that it goes on. A ring's
 * sender sends no more than is taken, so that it can say so at once. */
#define SENT_BYTES 4096

static uint8_t data[BYTES_MAX];

/* Sends for ever; says when it first went on after its stamp was taken, and how often. */
static void
send_and_stamp(Pair *pair)
{
    Link *link = pair->of;
    End sender = link_end(link, SIDE_SENDER);
    bool is_ring = link->what.design == DESIGN_RING;
    size_t bytes = is_ring && pair->bytes < SENT_BYTES ? (size_t)pair->bytes : SENT_BYTES;

    while (link->kind->send(&sender, data, bytes)) {
        if (atomic_load_explicit(&pair->stamp_ns, memory_order_relaxed) == 0)
            atomic_store_explicit(&pair->stamp_ns, clock_ns(), memory_order_release);
        atomic_fetch_add(&pair->done, 1);
    }
}

static void
send_and_stamp_batch(Pair *pair)
{
    wakes_become_batch();
    send_and_stamp(pair);
}

/* Until the sender sleeps, which it does only where there is no room. On one processor this process lets it run. */
static void
wait_until_full(Pair *pair, int rank)
{
    do
        if (rank == 0)
            usleep(GAP_US);
        else
            pair_spin_for(GAP_US);
    while (!machine_is_asleep(pair->child));
}

typedef struct {
    Samples full, wakes, rooms;
} FullSamples;

/* One receive of the link while its sender sleeps; false: the stream has ended. */
static bool
receive_once(Pair *pair, int rank, End *receiver, FullSamples *samples)
{
    unsigned before = atomic_load(&pair->done);

    atomic_store(&pair->stamp_ns, 0);
    uint64_t start_ns = clock_ns();
    if (receiver->link->kind->receive(receiver, data, (size_t)pair->bytes) == 0)
        return false;
    uint64_t took_ns = clock_ns() - start_ns;
    if (machine_is_asleep(pair->child) && atomic_load(&pair->done) == before) {
        samples_add_ns(&samples->full, took_ns);
        return true;
    }
    wait_until_full(pair, rank);
    samples_add_ns(&samples->wakes, took_ns);
    if (atomic_load(&pair->stamp_ns) != 0)
        samples_add_ns(&samples->rooms, pair_take_stamp(pair) - start_ns);
    return true;
}

static Spread
spread_or_none(Samples *samples)
{
    return samples->n > 0 ? samples_spread(samples) : (Spread){NAN, NAN, NAN, NAN};
}

typedef struct {
    Spread full, wakes, rooms;
    double share; /* of receives that woke the sender */
} Full;

static bool
measure_full(Pair *pair, int rank, void (*serve)(Pair *), Full *result)
{
    static FullSamples samples;
    End receiver = link_end(pair->of, SIDE_RECEIVER);
    bool well = true;

    if (!pair_start(pair, rank, serve))
        return false;
    wait_until_full(pair, rank);
    samples_start(&samples.full, BUDGET_S);
    samples_start(&samples.wakes, BUDGET_S);
    samples_start(&samples.rooms, BUDGET_S);
    while (well && samples_more(&samples.full) && samples_more(&samples.wakes))
        well = receive_once(pair, rank, &receiver, &samples);
    pair_end(pair);
    int all = samples.full.n + samples.wakes.n;
    *result = (Full){spread_or_none(&samples.full), spread_or_none(&samples.wakes), spread_or_none(&samples.rooms),
                     all > 0 ? (double)samples.wakes.n / all : NAN};
    return well;
}

static bool
measure_full_other(Pair *pair, SizeCosts *size)
{
    Full full;
    bool well = measure_full(pair, 1, send_and_stamp, &full);

    size->us[SIZE_RECEIVE_FULL_OTHER] = full.full.mean_us;
    size->us[SIZE_RECEIVE_WAKE_OTHER] = full.wakes.mean_us;
    size->us[SIZE_RECEIVE_WAKE_OTHER_SHARE] = full.share;
    size->us[SIZE_ROOM_OTHER_MEDIAN] = full.rooms.median_us;
    size->us[SIZE_ROOM_OTHER_MEAN] = full.rooms.mean_us;
    size->us[SIZE_ROOM_OTHER_P90] = full.rooms.p90_us;
    return well;
}

/* A sender of the batch class: the receiver's call is seen alone. */
static bool
measure_full_same(Pair *pair, SizeCosts *size)
{
    Full full;
    bool well = measure_full(pair, 0, send_and_stamp_batch, &full);

    size->us[SIZE_RECEIVE_FULL_SAME] = full.full.mean_us;
    size->us[SIZE_RECEIVE_WAKE_SAME] = full.wakes.mean_us;
    size->us[SIZE_RECEIVE_WAKE_SAME_SHARE] = full.share;
    return well;
}

bool
full_measure(const LinkCosts *of, SizeCosts *size)
{
    memset(data, 1, sizeof data); /* as sockets_sizes.c */
    return costs_on_link(of, WORK_STREAM, size, measure_full_same) &&
           (machine_processors() < 2 || costs_on_link(of, WORK_STREAM, size, measure_full_other));
}
