/*
 * What it costs to send to a receiver that sleeps, and to sleep.
 */
#include "sockets_costs.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

#define BUDGET_S 0.04

static uint8_t data[BYTES_MAX]; /* a message; each process has its own */
static double used_clock_ns;    /* what a read of the clock of processor time costs, which is no cheap one */

static uint64_t
used_ns(void)
{
    return clock_of(CLOCK_THREAD_CPUTIME_ID);
}

static void
calibrate_used(void)
{
    enum { READS = 1000 };
    uint64_t start_ns = used_ns();

    for (int i = 0; i < READS - 1; i++)
        (void)used_ns();
    used_clock_ns = (double)(used_ns() - start_ns) / READS;
}

static bool
take_message(End *end, const Pair *pair)
{
    return link_receive_all(end, data, (size_t)pair->bytes);
}

static bool
send_message(End *end, const Pair *pair)
{
    return end->link->kind->send(end, data, (size_t)pair->bytes);
}

static void
receive_and_stamp(Pair *pair)
{
    End receiver = link_end(pair->of, SIDE_RECEIVER);
    uint64_t one = 1;
    bool well = true;

    while (well) {
        uint64_t start_ns = used_ns();
        atomic_store(&pair->asleep, 1);
        well = take_message(&receiver, pair);
        uint64_t now_ns = clock_ns();
        pair->in_ns = used_ns() - start_ns;
        atomic_store_explicit(&pair->stamp_ns, now_ns, memory_order_release);
        well = well && write(pair->to_parent, &one, sizeof one) > 0;
    }
}

static void
receive_and_stamp_batch(Pair *pair)
{
    wakes_become_batch();
    receive_and_stamp(pair);
}

static void
wait_a_while(int rank)
{
    if (rank == 0)
        usleep(GAP_US);
    else
        pair_spin_for(GAP_US);
}

/* Until the child sleeps, and has slept a while. On another processor this one looks, so that it is awake as a sender
 * is; on the same it lets the child run. */
static void
wait_for_sleeper(Pair *pair, int rank)
{
    while (!atomic_load(&pair->asleep) || !machine_is_asleep(pair->child))
        wait_a_while(rank);
    wait_a_while(rank);
    atomic_store(&pair->asleep, 0);
}

typedef struct {
    Spread sent;  /* what the sender's call takes */
    Spread woken; /* from before that call until the receiver has the bytes */
    Spread slept; /* processor time of the receiver's call */
} Sleeper;

/* Where both are on one processor, the sender sleeps after its call until the receiver has run. */
static bool
measure_sleeper(Pair *pair, int rank, void (*serve)(Pair *), Sleeper *result)
{
    static Samples sends, wakes, sleeps;
    End sender = link_end(pair->of, SIDE_SENDER);
    uint64_t rung;
    bool well = true;

    if (!pair_start(pair, rank, serve))
        return false;
    samples_start(&sends, BUDGET_S);
    samples_start(&wakes, BUDGET_S);
    samples_start(&sleeps, BUDGET_S);
    while (well && samples_more(&wakes)) {
        wait_for_sleeper(pair, rank);
        atomic_store(&pair->stamp_ns, 0);
        uint64_t start_ns = clock_ns();
        well = send_message(&sender, pair);
        uint64_t sent_ns = clock_ns();
        if (rank != 0)
            pair_take_stamp(pair); /* awake, so that the receiver is not slowed down by waking it */
        well = well && read(pair->to_parent, &rung, sizeof rung) > 0;
        samples_add_ns(&sends, sent_ns - start_ns);
        samples_add_ns(&wakes, pair_take_stamp(pair) - start_ns);
        samples_add_us(&sleeps, ((double)pair->in_ns - used_clock_ns) / 1e3);
    }
    pair_end(pair);
    *result = (Sleeper){samples_spread(&sends), samples_spread(&wakes), samples_spread(&sleeps)};
    return well;
}

/* A sleep is what a call that blocks takes beyond one that does not: into the wait, and out of it. */
static bool
measure_other(Pair *pair, SizeCosts *size)
{
    Sleeper result;
    bool well = measure_sleeper(pair, 1, receive_and_stamp, &result);

    size->us[SIZE_SEND_WAKE_OTHER] = result.sent.mean_us;
    size->us[SIZE_WAKE_OTHER_MEDIAN] = result.woken.median_us;
    size->us[SIZE_WAKE_OTHER_MEAN] = result.woken.mean_us;
    size->us[SIZE_WAKE_OTHER_P90] = result.woken.p90_us;
    size->us[SIZE_SLEEP_OTHER] = fmax(result.slept.median_us - size->us[SIZE_RECEIVE_OTHER], 0);
    return well;
}

/* A usual receiver, which may run before the sender's call returns. */
static bool
measure_same(Pair *pair, SizeCosts *size)
{
    Sleeper result;
    bool well = measure_sleeper(pair, 0, receive_and_stamp, &result);

    size->us[SIZE_WAKE_SAME_MEDIAN] = result.woken.median_us;
    size->us[SIZE_WAKE_SAME_MEAN] = result.woken.mean_us;
    size->us[SIZE_WAKE_SAME_P90] = result.woken.p90_us;
    size->us[SIZE_SLEEP_SAME] = fmax(result.slept.median_us - size->us[SIZE_RECEIVE_SAME], 0);
    return well;
}

/* The sender's call is seen alone when the receiver does not run before the sender sleeps. */
static bool
measure_same_batch(Pair *pair, SizeCosts *size)
{
    Sleeper result;
    bool well = measure_sleeper(pair, 0, receive_and_stamp_batch, &result);

    size->us[SIZE_SEND_WAKE_SAME] = result.sent.mean_us;
    return well;
}

bool
sleepers_measure(const LinkCosts *of, SizeCosts *size)
{
    calibrate_used();
    memset(data, 1, sizeof data); /* as sockets_sizes.c */
    return costs_on_link(of, WORK_ROUND_TRIP, size, measure_same) &&
           costs_on_link(of, WORK_ROUND_TRIP, size, measure_same_batch) &&
           (machine_processors() < 2 || costs_on_link(of, WORK_ROUND_TRIP, size, measure_other));
}
