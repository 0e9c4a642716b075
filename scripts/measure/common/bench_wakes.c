#include "common/bench_wakes.h"

#include "common/bench_machine.h"
#include "common/bench_pair.h"
#include "common/bench_process.h"
#include <math.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BUDGET_S  0.25
#define GAP_S     0.15 /* for each gap */
#define BUSY_S    0.15
#define SPIN_US   5.0 /* of the one who keeps a processor busy, before it lets others run */
#define HANDOVERS 100

static const int GAPS_US[] = {5, 20, GAP_US, 100, 200, 500, 1000, 2000};
#define GAPS ((int)(sizeof GAPS_US / sizeof *GAPS_US))
_Static_assert(GAPS <= WAKES_MAX, "room for each gap");

void
costs_add(CostList *list, const char *name, double us)
{
    if (list->n < COSTS_MAX)
        list->costs[list->n++] = (Cost){name, us};
}

void
costs_write(Json *json, const CostList *list)
{
    for (int i = 0; i < list->n; i++)
        json_number(json, list->costs[i].name, list->costs[i].us);
}

void
wakes_write(Json *json, const WakeList *wakes)
{
    json_open(json, "wake_other_by_gap", '[');
    for (int i = 0; i < wakes->n; i++) {
        const Wake *wake = &wakes->wakes[i];
        json_open(json, NULL, '{');
        json_count(json, "gap_us", (uint64_t)wake->gap_us);
        json_number(json, "eventfd_write_us", wake->written.mean_us);
        json_number(json, "median_us", wake->woken.median_us);
        json_number(json, "mean_us", wake->woken.mean_us);
        json_number(json, "p90_us", wake->woken.p90_us);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void
notify(int fd)
{
    uint64_t one = 1;
    if (write(fd, &one, sizeof one) < 0)
        _exit(1);
}

static void
wait_for(int fd)
{
    uint64_t rung;
    if (read(fd, &rung, sizeof rung) < 0)
        _exit(1);
}

static void
return_turns(Pair *pair)
{
    for (;;) {
        pair_spin(&pair->turn, 1);
        atomic_store_explicit(&pair->turn, 0, memory_order_release);
    }
}

/*
 * A flag that goes to another processor and is seen there: half of a round trip between two that spin. The model needs
 * it where a side is awake and looks: that is all that a ready slot then costs.
 */
static bool
measure_handover(Pair *pair, CostList *list)
{
    static Samples samples;

    if (machine_processors() < 2) {
        costs_add(list, "handover_other_us", NAN);
        return true;
    }
    if (!pair_start(pair, 1, return_turns))
        return false;
    samples_start(&samples, BUDGET_S);
    while (samples_more(&samples)) {
        uint64_t start_ns = clock_ns();
        for (int i = 0; i < HANDOVERS; i++) {
            atomic_store_explicit(&pair->turn, 1, memory_order_release);
            pair_spin(&pair->turn, 0);
        }
        samples_add_us(&samples, (double)(clock_ns() - start_ns) / 1e3 / (2 * HANDOVERS));
    }
    pair_end(pair);
    costs_add(list, "handover_other_us", samples_spread(&samples).median_us);
    return true;
}

/* System calls that find nobody asleep and something ready: a notification that nobody waits for, a wait that is none.
 */
static bool
measure_calls(CostList *list)
{
    static Samples writes, reads;
    int fd = eventfd(0, EFD_CLOEXEC);

    if (fd < 0)
        return false;
    samples_start(&writes, BUDGET_S);
    samples_start(&reads, BUDGET_S);
    while (samples_more(&writes)) {
        uint64_t start_ns = clock_ns();
        notify(fd);
        uint64_t written_ns = clock_ns();
        wait_for(fd);
        samples_add_ns(&reads, clock_ns() - written_ns);
        samples_add_ns(&writes, written_ns - start_ns);
    }
    close(fd);
    costs_add(list, "eventfd_write_idle_us", samples_spread(&writes).mean_us);
    costs_add(list, "eventfd_read_ready_us", samples_spread(&reads).mean_us);
    return true;
}

static void
sleep_and_stamp(Pair *pair)
{
    for (;;) {
        atomic_store(&pair->asleep, 1);
        wait_for(pair->to_child);
        atomic_store_explicit(&pair->stamp_ns, clock_ns(), memory_order_release);
    }
}

/*
 * A sleeper on another processor, that has slept for `gap_us`: what the writer's call takes, and how long from before
 * that call until the sleeper runs. The first is work of who notifies, the second a delay of what it notified of.
 */
static bool
measure_wake_other(Pair *pair, Wake *wake)
{
    static Samples writes, wakes;

    if (!pair_start(pair, 1, sleep_and_stamp))
        return false;
    samples_start(&writes, GAP_S);
    samples_start(&wakes, GAP_S);
    while (samples_more(&wakes)) {
        pair_spin(&pair->asleep, 1);
        pair_spin_for(wake->gap_us);
        atomic_store(&pair->asleep, 0);
        atomic_store(&pair->stamp_ns, 0);
        uint64_t start_ns = clock_ns();
        notify(pair->to_child);
        samples_add_ns(&writes, clock_ns() - start_ns);
        samples_add_ns(&wakes, pair_take_stamp(pair) - start_ns);
    }
    pair_end(pair);
    wake->written = samples_spread(&writes);
    wake->woken = samples_spread(&wakes);
    return true;
}

/* The flat costs are those after GAP_US; all gaps stand in a list, for a processor that rests deeper wakes later. */
static bool
add_wakes_other(Pair *pair, CostList *list, WakeList *wakes)
{
    const Spread none = {NAN, NAN, NAN, NAN};
    Wake usual = {.written = none, .woken = none};
    bool well = true;

    for (int i = 0; i < GAPS && machine_processors() > 1 && well; i++) {
        Wake *wake = &wakes->wakes[wakes->n++];
        wake->gap_us = GAPS_US[i];
        well = measure_wake_other(pair, wake);
        if (GAPS_US[i] == GAP_US)
            usual = *wake;
    }
    costs_add(list, "eventfd_write_wake_other_us", usual.written.mean_us);
    costs_add(list, "wake_other_median_us", usual.woken.median_us);
    costs_add(list, "wake_other_mean_us", usual.woken.mean_us);
    costs_add(list, "wake_other_p90_us", usual.woken.p90_us);
    return well;
}

static void
stamp_and_return(Pair *pair)
{
    for (;;) {
        wait_for(pair->to_child);
        atomic_store_explicit(&pair->stamp_ns, clock_ns(), memory_order_release);
        notify(pair->to_parent);
    }
}

void
wakes_become_batch(void)
{
    struct sched_param none = {0};
    sched_setscheduler(0, SCHED_BATCH, &none);
}

static void
stamp_and_return_batch(Pair *pair)
{
    wakes_become_batch();
    stamp_and_return(pair);
}

typedef struct {
    Spread written, woken, round;
    double preempted_share; /* of writes, that returned only after the sleeper had run */
    double processor_us;    /* that this side used for a round */
} PingPong;

/*
 * Two processes that wake each other and sleep: the round trip, and from the write until the other runs, which on one
 * processor contains the writer's going to sleep. The processor time of a side, less its write, is what a sleep costs
 * of the processor: into the call that blocks, and out of it.
 */
static bool
measure_ping_pong(Pair *pair, int rank, void (*serve)(Pair *), PingPong *result)
{
    static Samples writes, wakes, rounds;
    int preempted = 0;

    if (!pair_start(pair, rank, serve))
        return false;
    usleep(1000);
    samples_start(&writes, BUDGET_S);
    samples_start(&wakes, BUDGET_S);
    samples_start(&rounds, BUDGET_S);
    uint64_t used_ns = clock_of(CLOCK_THREAD_CPUTIME_ID);
    while (samples_more(&rounds)) {
        uint64_t start_ns = clock_ns();
        notify(pair->to_child);
        uint64_t written_ns = clock_ns();
        wait_for(pair->to_parent);
        uint64_t end_ns = clock_ns(), stamp_ns = atomic_load_explicit(&pair->stamp_ns, memory_order_acquire);
        samples_add_ns(&rounds, end_ns - start_ns);
        samples_add_ns(&wakes, stamp_ns - start_ns);
        if (stamp_ns < written_ns)
            preempted++;
        else
            samples_add_ns(&writes, written_ns - start_ns);
    }
    used_ns = clock_of(CLOCK_THREAD_CPUTIME_ID) - used_ns;
    pair_end(pair);
    result->preempted_share = (double)preempted / rounds.n;
    result->processor_us = (double)used_ns / 1e3 / rounds.n;
    result->written = samples_spread(&writes);
    result->woken = samples_spread(&wakes);
    result->round = samples_spread(&rounds);
    return true;
}

/* Sleeps where others run, and never runs at once when it is woken. */
static void
sleep_as_batch(Pair *pair)
{
    wakes_become_batch();
    sleep_and_stamp(pair);
}

static pid_t
start_spinner(int rank)
{
    pid_t spinner = process_fork();
    if (spinner != 0)
        return spinner;
    machine_pin(rank);
    for (;;) {
        pair_spin_for(SPIN_US);
        sched_yield();
    }
}

/* A sleeper of another processor, on which somebody else runs meanwhile: the call cannot but queue it there. */
static bool
measure_busy_other(Pair *pair, CostList *list)
{
    static Samples writes;

    if (machine_processors() < 2) {
        costs_add(list, "eventfd_write_busy_other_us", NAN);
        return true;
    }
    pid_t spinner = start_spinner(1);
    if (spinner < 0 || !pair_start(pair, 1, sleep_as_batch))
        return false;
    samples_start(&writes, BUSY_S);
    while (samples_more(&writes)) {
        pair_spin(&pair->asleep, 1);
        pair_spin_for(GAP_US);
        atomic_store(&pair->asleep, 0);
        uint64_t start_ns = clock_ns();
        notify(pair->to_child);
        samples_add_ns(&writes, clock_ns() - start_ns);
    }
    pair_end(pair);
    process_kill(&spinner);
    costs_add(list, "eventfd_write_busy_other_us", samples_spread(&writes).mean_us);
    return true;
}

static bool
add_ping_pongs(Pair *pair, CostList *list, double clock_us)
{
    PingPong same = {0}, batch = {0}, other = {.round = {NAN, NAN, NAN, NAN}, .written = {NAN, NAN, NAN, NAN}};

    if (!measure_ping_pong(pair, 0, stamp_and_return, &same) ||
        !measure_ping_pong(pair, 0, stamp_and_return_batch, &batch))
        return false;
    if (machine_processors() > 1 && !measure_ping_pong(pair, 1, stamp_and_return, &other))
        return false;
    costs_add(list, "eventfd_write_wake_same_us", batch.written.mean_us);
    costs_add(list, "wake_same_median_us", same.woken.median_us);
    costs_add(list, "wake_same_mean_us", same.woken.mean_us);
    costs_add(list, "wake_same_p90_us", same.woken.p90_us);
    costs_add(list, "wake_same_at_once_share", same.preempted_share);
    costs_add(list, "round_same_us", same.round.mean_us);
    costs_add(list, "round_other_us", other.round.mean_us);
    costs_add(list, "sleep_same_us", batch.processor_us - batch.written.mean_us - 3 * clock_us);
    costs_add(list, "sleep_other_us", other.processor_us - other.written.mean_us - 3 * clock_us);
    return true;
}

bool
wakes_measure(CostList *list, WakeList *wakes)
{
    double clock_us = samples_calibrate();
    Pair *pair = pair_new(0, NULL);

    if (!pair)
        return false;
    costs_add(list, "clock_us", clock_us);
    bool well = measure_handover(pair, list) && measure_calls(list) && add_wakes_other(pair, list, wakes) &&
                add_ping_pongs(pair, list, clock_us) && measure_busy_other(pair, list);
    pair_free(pair);
    return well;
}
