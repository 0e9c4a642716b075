/*
 * What it costs to move so many bytes over a link when nobody sleeps.
 */
#include "common/bench_pair.h"
#include "sockets_costs.h"
#include <math.h>
#include <string.h>

#define BUDGET_S  0.025
#define ROW_BYTES 65536 /* chosen: what a stream's receiver asks for */
#define ROW_MOST  1024

static const char *const NAMES[SIZE_COSTS] = {
    [SIZE_COPY_IN_OTHER] = "copy_in_other_us",
    [SIZE_COPY_OUT_OTHER] = "copy_out_other_us",
    [SIZE_COPY_IN_SAME] = "copy_in_same_us",
    [SIZE_COPY_OUT_SAME] = "copy_out_same_us",
    [SIZE_SEND_SAME] = "send_same_us",
    [SIZE_RECEIVE_SAME] = "receive_same_us",
    [SIZE_SEND_OTHER] = "send_other_us",
    [SIZE_RECEIVE_OTHER] = "receive_other_us",
    [SIZE_SEND_ROW_OTHER] = "send_row_other_us",
    [SIZE_RECEIVE_ROW_OTHER] = "receive_row_other_us",
    [SIZE_SEND_WAKE_OTHER] = "send_wake_other_us",
    [SIZE_WAKE_OTHER_MEDIAN] = "wake_other_median_us",
    [SIZE_WAKE_OTHER_MEAN] = "wake_other_mean_us",
    [SIZE_WAKE_OTHER_P90] = "wake_other_p90_us",
    [SIZE_SEND_WAKE_SAME] = "send_wake_same_us",
    [SIZE_WAKE_SAME_MEDIAN] = "wake_same_median_us",
    [SIZE_WAKE_SAME_MEAN] = "wake_same_mean_us",
    [SIZE_WAKE_SAME_P90] = "wake_same_p90_us",
    [SIZE_SLEEP_OTHER] = "sleep_other_us",
    [SIZE_SLEEP_SAME] = "sleep_same_us",
    [SIZE_RECEIVE_FULL_OTHER] = "receive_full_other_us",
    [SIZE_RECEIVE_WAKE_OTHER] = "receive_wake_other_us",
    [SIZE_RECEIVE_WAKE_OTHER_SHARE] = "receive_wake_other_share",
    [SIZE_ROOM_OTHER_MEDIAN] = "room_other_median_us",
    [SIZE_ROOM_OTHER_MEAN] = "room_other_mean_us",
    [SIZE_ROOM_OTHER_P90] = "room_other_p90_us",
    [SIZE_RECEIVE_FULL_SAME] = "receive_full_same_us",
    [SIZE_RECEIVE_WAKE_SAME] = "receive_wake_same_us",
    [SIZE_RECEIVE_WAKE_SAME_SHARE] = "receive_wake_same_share",
    [SIZE_SEND_SEGMENT] = "send_segment_us",
    [SIZE_SEND_APPENDED] = "send_appended_us",
    [SIZE_PUSH] = "push_us",
    [SIZE_RECEIVE_UNACKNOWLEDGED] = "receive_unacknowledged_us",
    [SIZE_ACKNOWLEDGE] = "acknowledge_us",
};

const char *
size_name(SizeKey key)
{
    return NAMES[key];
}

static uint8_t data[BYTES_MAX]; /* a message; each process has its own */
static Samples sends, receives;

/* Where the next message goes: through the whole buffer and from its start again, never over its end. */
static uint8_t *
next_place(const Pair *pair, size_t *at)
{
    const Link *link = pair->of;
    const Ring *ring = &link->rings[SIDE_SENDER];
    size_t bytes = (size_t)pair->bytes;

    *at = *at + 2 * bytes <= ring->bytes ? *at + bytes : 0;
    return ring->buffer + *at;
}

static void
copy_out_and_return(Pair *pair)
{
    size_t at = 0;
    for (;;) {
        pair_spin(&pair->turn, 1);
        pair->out_ns = pair_timed_copy(data, next_place(pair, &at), (size_t)pair->bytes);
        atomic_store_explicit(&pair->turn, 0, memory_order_release);
    }
}

/*
 * Both copies of a ring, by the process that does it, on processors of their own: what one reads or overwrites lies in
 * the other's cache, as far as that holds a buffer of this size.
 */
static bool
measure_copies_other(Pair *pair, SizeCosts *size)
{
    size_t at = 0;

    if (!pair_start(pair, 1, copy_out_and_return))
        return false;
    samples_start(&sends, BUDGET_S);
    samples_start(&receives, BUDGET_S);
    while (samples_more(&sends)) {
        samples_add_ns(&sends, pair_timed_copy(next_place(pair, &at), data, (size_t)size->bytes));
        atomic_store_explicit(&pair->turn, 1, memory_order_release);
        pair_spin(&pair->turn, 0);
        samples_add_ns(&receives, pair->out_ns);
    }
    pair_end(pair);
    size->us[SIZE_COPY_IN_OTHER] = samples_spread(&sends).mean_us;
    size->us[SIZE_COPY_OUT_OTHER] = samples_spread(&receives).mean_us;
    return true;
}

static void
measure_copies_same(const Pair *pair, SizeCosts *size)
{
    size_t at = 0;

    samples_start(&sends, BUDGET_S);
    samples_start(&receives, BUDGET_S);
    while (samples_more(&sends)) {
        uint8_t *place = next_place(pair, &at);
        samples_add_ns(&sends, pair_timed_copy(place, data, (size_t)size->bytes));
        samples_add_ns(&receives, pair_timed_copy(data, place, (size_t)size->bytes));
    }
    size->us[SIZE_COPY_IN_SAME] = samples_spread(&sends).mean_us;
    size->us[SIZE_COPY_OUT_SAME] = samples_spread(&receives).mean_us;
}

/* One process that sends to itself. */
static bool
measure_same(Link *link, SizeCosts *size)
{
    size_t bytes = (size_t)size->bytes;
    End sender = link_end(link, SIDE_SENDER), receiver = link_end(link, SIDE_RECEIVER);

    samples_start(&sends, BUDGET_S);
    samples_start(&receives, BUDGET_S);
    while (samples_more(&sends)) {
        uint64_t start_ns = clock_ns();
        if (!link->kind->send(&sender, data, bytes))
            return false;
        uint64_t sent_ns = clock_ns();
        if (!link_receive_all(&receiver, data, bytes))
            return false;
        samples_add_ns(&receives, clock_ns() - sent_ns);
        samples_add_ns(&sends, sent_ns - start_ns);
    }
    size->us[SIZE_SEND_SAME] = samples_spread(&sends).mean_us;
    size->us[SIZE_RECEIVE_SAME] = samples_spread(&receives).mean_us;
    return true;
}

static void
receive_and_return(Pair *pair)
{
    End receiver = link_end(pair->of, SIDE_RECEIVER);
    for (;;) {
        pair_spin(&pair->turn, 1);
        uint64_t start_ns = clock_ns();
        if (!link_receive_all(&receiver, data, (size_t)pair->bytes))
            return;
        pair->out_ns = clock_ns() - start_ns;
        atomic_store_explicit(&pair->turn, 0, memory_order_release);
    }
}

/* Two processes take turns and look for their turn without sleeping: so many messages one after another, then one who
 * receives them all. The times of one message. */
static bool
measure_turns(Pair *pair, int messages, double *send_us, double *receive_us)
{
    Link *link = pair->of;
    size_t bytes = (size_t)pair->bytes;
    End sender = link_end(link, SIDE_SENDER);
    bool well = true;

    pair->bytes *= messages; /* the receiver takes them all */
    if (!pair_start(pair, 1, receive_and_return))
        return false;
    samples_start(&sends, BUDGET_S);
    samples_start(&receives, BUDGET_S);
    while (well && samples_more(&sends)) {
        uint64_t start_ns = clock_ns();
        for (int i = 0; i < messages && well; i++)
            well = link->kind->send(&sender, data, bytes);
        samples_add_ns(&sends, clock_ns() - start_ns);
        atomic_store_explicit(&pair->turn, 1, memory_order_release);
        pair_spin(&pair->turn, 0);
        samples_add_ns(&receives, pair->out_ns);
    }
    pair_end(pair);
    *send_us = samples_spread(&sends).mean_us / messages;
    *receive_us = samples_spread(&receives).mean_us / messages;
    return well;
}

static bool
measure_alone(Pair *pair, SizeCosts *size)
{
    Link *link = pair->of;
    if (link->what.design == DESIGN_RING)
        measure_copies_same(pair, size);
    return measure_same(link, size);
}

static bool
measure_turn(Pair *pair, SizeCosts *size)
{
    return measure_turns(pair, 1, &size->us[SIZE_SEND_OTHER], &size->us[SIZE_RECEIVE_OTHER]);
}

/* As many as a stream's receiver would take at a time, or as the design holds: a socket's buffer has room for few that
 * are small, for the kernel counts its own memory. */
static bool
measure_row(Pair *pair, SizeCosts *size)
{
    Link *link = pair->of;
    int messages = ROW_BYTES / size->bytes;

    messages = messages < ROW_MOST ? messages : ROW_MOST;
    while (messages > 1 && !link->kind->holds(link, (size_t)size->bytes, messages))
        messages /= 2;
    if (messages < 2)
        return true;
    return measure_turns(pair, messages, &size->us[SIZE_SEND_ROW_OTHER], &size->us[SIZE_RECEIVE_ROW_OTHER]);
}

static bool
measure_other(const LinkCosts *of, SizeCosts *size)
{
    if (machine_processors() < 2)
        return true;
    if (of->design == DESIGN_RING && !costs_on_link(of, WORK_ROUND_TRIP, size, measure_copies_other))
        return false;
    return costs_on_link(of, WORK_ROUND_TRIP, size, measure_turn) &&
           costs_on_link(of, WORK_ROUND_TRIP, size, measure_row);
}

static bool
is_held(Pair *pair, SizeCosts *size)
{
    Link *link = pair->of;
    return link->kind->holds(link, (size_t)size->bytes, 1);
}

bool
sizes_measure(const LinkCosts *of, SizeCosts *size)
{
    memset(data, 1, sizeof data); /* written, so that it is memory: pages that were only read are one page of zeros */
    for (int key = 0; key < SIZE_COSTS; key++)
        size->us[key] = NAN;
    if (!costs_on_link(of, WORK_ROUND_TRIP, size, is_held))
        return true;
    return costs_on_link(of, WORK_ROUND_TRIP, size, measure_alone) && measure_other(of, size) &&
           sleepers_measure(of, size) && full_measure(of, size) && tcp_measure(of, size);
}
