#include "sockets_run.h"

#include "common/bench_process.h"
#include "common/bench_report.h"
#include "common/bench_samples.h"
#include "sockets_talk.h"
#include <math.h>
#include <unistd.h>

#define GRACE_S 60 /* until processes are ready, and until they have ended: far more than a busy machine needs */
#define LOOK_US 500

const ResultName RESULT_NAMES[RESULTS] = {
    [RESULT_THROUGHPUT] = {"throughput_Bps", false},
    [RESULT_MESSAGES] = {"messages_per_s", false},
    [RESULT_LATENCY_MEDIAN] = {"median", true},
    [RESULT_LATENCY_P90] = {"p90", true},
    [RESULT_LATENCY_P99] = {"p99", true},
    [RESULT_LATENCY_MEAN] = {"mean", true},
    [RESULT_SLEEPS + SIDE_SENDER] = {"sender_sleeps_per_message", false},
    [RESULT_SLEEPS + SIDE_RECEIVER] = {"receiver_sleeps_per_message", false},
    [RESULT_NOTIFICATIONS + SIDE_SENDER] = {"sender_notifications_per_message", false},
    [RESULT_NOTIFICATIONS + SIDE_RECEIVER] = {"receiver_notifications_per_message", false},
    [RESULT_CANCELLED + SIDE_SENDER] = {"sender_sleeps_cancelled_per_message", false},
    [RESULT_CANCELLED + SIDE_RECEIVER] = {"receiver_sleeps_cancelled_per_message", false},
    [RESULT_SPURIOUS + SIDE_SENDER] = {"sender_spurious_wakes_per_message", false},
    [RESULT_SPURIOUS + SIDE_RECEIVER] = {"receiver_spurious_wakes_per_message", false},
    [RESULT_VOLUNTARY + SIDE_SENDER] = {"sender_voluntary_switches_per_message", false},
    [RESULT_VOLUNTARY + SIDE_RECEIVER] = {"receiver_voluntary_switches_per_message", false},
    [RESULT_INVOLUNTARY + SIDE_SENDER] = {"sender_involuntary_switches_per_message", false},
    [RESULT_INVOLUNTARY + SIDE_RECEIVER] = {"receiver_involuntary_switches_per_message", false},
    [RESULT_RECEIVES + SIDE_SENDER] = {"sender_receives_per_message", false},
    [RESULT_RECEIVES + SIDE_RECEIVER] = {"receiver_receives_per_message", false},
    [RESULT_SIDE_PROCESSOR + SIDE_SENDER] = {"sender_processor_s_per_message", false},
    [RESULT_SIDE_PROCESSOR + SIDE_RECEIVER] = {"receiver_processor_s_per_message", false},
    [RESULT_PROCESSOR] = {"processor_s_per_message", false},
    [RESULT_SEGMENTS] = {"segments_per_message", false},
    [RESULT_ACKNOWLEDGMENTS] = {"acknowledgments_per_message", false},
};

void
run_place(Place place, Side side)
{
    if (place == PLACE_PINNED)
        machine_pin((int)side);
    else
        machine_place(place, ROLE_CLIENT);
}

/* The processes of a repeat. */
typedef struct {
    Talk *talk;
    pid_t sides[SIDES];
} Crew;

/* What was counted up to a moment. */
typedef struct {
    uint64_t at_ns;
    struct {
        uint64_t received_bytes, receives;
        BellCounts bells;
        Switches switches;
        double used_s;
    } sides[SIDES];
    LinkSegments segments;
    double own_s;
    Load load;
} Snapshot;

static bool
crew_start(Crew *crew)
{
    for (int side = 0; side < SIDES; side++) {
        crew->sides[side] = process_fork();
        if (crew->sides[side] == 0) {
            run_place(crew->talk->what.place, (Side)side);
            _exit(talk_run(crew->talk, (Side)side) ? 0 : 1);
        }
        if (crew->sides[side] < 0)
            return false;
    }
    return true;
}

static void
crew_kill(Crew *crew)
{
    for (int side = 0; side < SIDES; side++)
        process_kill(&crew->sides[side]);
}

static bool
all_ready(const Crew *crew)
{
    uint64_t deadline_ns = clock_ns() + GRACE_S * 1000000000ull;

    while (atomic_load(&crew->talk->ready) < SIDES) {
        if (process_somebody_ended() || clock_ns() > deadline_ns)
            return false;
        usleep(LOOK_US);
    }
    return true;
}

static Snapshot
take_snapshot(const Crew *crew)
{
    Snapshot now = {.at_ns = clock_ns(), .load = machine_load(), .segments = link_segments(crew->talk->link)};

    now.own_s = (double)clock_of(CLOCK_PROCESS_CPUTIME_ID) / 1e9;
    for (int side = 0; side < SIDES; side++) {
        Tally *tally = &crew->talk->tallies[side];
        now.sides[side].received_bytes = atomic_load_explicit(&tally->received_bytes, memory_order_relaxed);
        now.sides[side].receives = atomic_load_explicit(&tally->receives, memory_order_relaxed);
        now.sides[side].bells = link_counts(crew->talk->link, (Side)side);
        now.sides[side].switches = machine_switches(crew->sides[side]);
        now.sides[side].used_s = machine_used_s(crew->sides[side]);
        now.own_s += now.sides[side].used_s;
    }
    return now;
}

static bool
crew_end(Crew *crew)
{
    uint64_t deadline_ns = clock_ns() + GRACE_S * 1000000000ull;
    bool well = true;

    atomic_store(&crew->talk->stop, 1);
    for (int side = 0; side < SIDES && well; side++)
        well = process_ended_well(&crew->sides[side], deadline_ns);
    return well;
}

/* What is counted at a ring's bells; who sleeps in a socket does so of its own accord, and in nothing else. */
static void
add_sleeps(const Case *what, const Snapshot *start, const Snapshot *end, int side, double messages, double *values)
{
    const BellCounts *before = &start->sides[side].bells, *after = &end->sides[side].bells;

    values[RESULT_SLEEPS + side] = values[RESULT_VOLUNTARY + side];
    if (what->design != DESIGN_RING)
        return;
    values[RESULT_SLEEPS + side] = (double)(after->sleeps - before->sleeps) / messages;
    values[RESULT_NOTIFICATIONS + side] = (double)(after->rings - before->rings) / messages;
    values[RESULT_CANCELLED + side] = (double)(after->cancelled - before->cancelled) / messages;
    values[RESULT_SPURIOUS + side] = (double)(after->spurious - before->spurious) / messages;
}

static void
add_side(const Case *what, const Snapshot *start, const Snapshot *end, int side, double messages, double *values)
{
    const Switches *before = &start->sides[side].switches, *after = &end->sides[side].switches;

    values[RESULT_VOLUNTARY + side] = (double)(after->voluntary - before->voluntary) / messages;
    values[RESULT_INVOLUNTARY + side] = (double)(after->involuntary - before->involuntary) / messages;
    values[RESULT_RECEIVES + side] = (double)(end->sides[side].receives - start->sides[side].receives) / messages;
    values[RESULT_SIDE_PROCESSOR + side] = (end->sides[side].used_s - start->sides[side].used_s) / messages;
    add_sleeps(what, start, end, side, messages, values);
}

/* All is of what came between two snapshots, which a busy machine takes a little late: they say how far apart. */
static void
add_snapshots(const Case *what, const Snapshot *start, const Snapshot *end, Result *result)
{
    Side counts = what->work == WORK_STREAM ? SIDE_RECEIVER : SIDE_SENDER; /* a round trip is over with its answer */
    double bytes = (double)(end->sides[counts].received_bytes - start->sides[counts].received_bytes);
    double elapsed_s = (double)(end->at_ns - start->at_ns) / 1e9, *values = result->values;
    double messages = fmax(bytes / what->bytes, 1);

    values[RESULT_THROUGHPUT] = bytes / elapsed_s;
    values[RESULT_MESSAGES] = bytes / what->bytes / elapsed_s;
    for (int side = 0; side < SIDES; side++)
        add_side(what, start, end, side, messages, values);
    values[RESULT_PROCESSOR] =
        values[RESULT_SIDE_PROCESSOR + SIDE_SENDER] + values[RESULT_SIDE_PROCESSOR + SIDE_RECEIVER];
    if (what->design == DESIGN_TCP) {
        values[RESULT_SEGMENTS] = (double)(end->segments.segments - start->segments.segments) / messages;
        values[RESULT_ACKNOWLEDGMENTS] =
            (double)(end->segments.acknowledgments - start->segments.acknowledgments) / messages;
    }
    result->load = machine_shares(&start->load, &end->load, end->own_s - start->own_s, elapsed_s);
}

static void
add_latencies(const Talk *talk, double *values)
{
    const Latencies *latencies = &talk->tallies[SIDE_SENDER].latencies;

    if (talk->what.work != WORK_ROUND_TRIP)
        return;
    values[RESULT_LATENCY_MEDIAN] = latency_quantile_us(latencies, 0.5);
    values[RESULT_LATENCY_P90] = latency_quantile_us(latencies, 0.9);
    values[RESULT_LATENCY_P99] = latency_quantile_us(latencies, 0.99);
    values[RESULT_LATENCY_MEAN] = latency_mean_us(latencies);
}

/* Whether all that each side sent came to the other, and was right. */
static bool
check_bytes(const Talk *talk, ResultTotals *totals)
{
    uint64_t wrong = 0;

    totals->messages = talk->tallies[SIDE_SENDER].sent_messages;
    for (int side = 0; side < SIDES; side++) {
        const Tally *tally = &talk->tallies[side], *other = &talk->tallies[1 - side];
        uint64_t received = atomic_load(&other->received_bytes);
        if (received != tally->sent_bytes)
            return report_complain(talk->what.id, "not as many bytes received as sent");
        totals->sent_bytes += tally->sent_bytes;
        totals->received_bytes += received;
        totals->compared_bytes += tally->compared;
        wrong += tally->wrong;
    }
    if (talk->what.work == WORK_ROUND_TRIP && talk->tallies[SIDE_RECEIVER].sent_messages != totals->messages)
        return report_complain(talk->what.id, "not as many answers as requests");
    return wrong == 0 || report_complain(talk->what.id, "a byte was wrong");
}

static bool
measure(Crew *crew, double warm_s, double measured_s, Result *result)
{
    Talk *talk = crew->talk;

    if (!crew_start(crew) || !all_ready(crew))
        return report_complain(talk->what.id, "its processes did not start");
    uint64_t start_ns = clock_ns() + (uint64_t)(warm_s * 1e9), end_ns = start_ns + (uint64_t)(measured_s * 1e9);
    atomic_store(&talk->start_ns, start_ns);
    atomic_store(&talk->end_ns, end_ns);
    process_sleep_until(start_ns);
    Snapshot start = take_snapshot(crew);
    process_sleep_until(end_ns);
    Snapshot end = take_snapshot(crew);
    if (!crew_end(crew))
        return report_complain(talk->what.id, "a process failed, or did not end");
    add_snapshots(&talk->what, &start, &end, result);
    add_latencies(talk, result->values);
    return check_bytes(talk, &result->totals);
}

bool
run_repeat(const Case *what, double warm_s, double measured_s, Result *result)
{
    Crew crew = {.talk = talk_new(what)};

    *result = (Result){0};
    for (int key = 0; key < RESULTS; key++)
        result->values[key] = NAN;
    if (!crew.talk)
        return report_complain(what->id, "no shared memory, too few open files allowed, or no loopback interface");
    bool measured = measure(&crew, warm_s, measured_s, result);
    crew_kill(&crew);
    talk_free(crew.talk);
    return measured;
}
