#include "bench_run.h"

#include "bench_designs.h"
#include "common/bench_process.h"
#include "common/bench_report.h"
#include "common/bench_samples.h"
#include <unistd.h>

#define GRACE_S 60 /* until processes are ready, and until they have ended: far more than a busy machine needs */
#define LOOK_US 500

const ResultName RESULT_NAMES[RESULTS] = {
    [RESULT_THROUGHPUT] = {"throughput_per_s", false},
    [RESULT_LATENCY_MEDIAN] = {"median", true},
    [RESULT_LATENCY_P90] = {"p90", true},
    [RESULT_LATENCY_P99] = {"p99", true},
    [RESULT_LATENCY_MEAN] = {"mean", true},
    [RESULT_WAKES] = {"wakes_per_request", false},
    [RESULT_SERVICE_SLEEPS] = {"service_sleeps_per_request", false},
    [RESULT_CLIENT_SLEEPS] = {"client_sleeps_per_request", false},
    [RESULT_SERVICE_RINGS] = {"service_notifications_per_request", false},
    [RESULT_CLIENT_RINGS] = {"client_notifications_per_request", false},
    [RESULT_SERVICE_CANCELLED] = {"service_sleeps_cancelled_per_request", false},
    [RESULT_SERVICE_SPURIOUS] = {"service_spurious_wakes_per_request", false},
    [RESULT_PROCESSOR] = {"processor_s_per_request", false},
    [RESULT_SERVICE_PROCESSOR] = {"service_processor_s_per_request", false},
    [RESULT_CLIENT_PROCESSOR] = {"client_processor_s_per_request", false},
    [RESULT_FAIRNESS] = {"fairness", false},
};

/* The processes of a repeat; a service, if there is one, and clients. */
typedef struct {
    World *world;
    pid_t service; /* 0: none */
    pid_t clients[CLIENTS_MAX];
} Crew;

/* What was counted up to a moment. */
typedef struct {
    uint64_t at_ns, answers;
    BellCounts service, clients;
    double service_s, clients_s, own_s;
    Load load;
} Snapshot;

static void
serve_and_end(World *world)
{
    machine_place(world->what.place, ROLE_SERVICE);
    if (world->what.design == DESIGN_STREAM)
        stream_serve(world);
    else
        slots_serve(world);
    _exit(0);
}

static void
ask_and_end(World *world, int client)
{
    static void (*const ASK[DESIGNS])(World *, int) = {[DESIGN_SLOTS] = slots_ask,
                                                       [DESIGN_THREADS] = slots_ask,
                                                       [DESIGN_STREAM] = stream_ask,
                                                       [DESIGN_HOST] = host_ask};
    machine_place(world->what.place, ROLE_CLIENT);
    ASK[world->what.design](world, client);
    _exit(0);
}

static bool
crew_start(Crew *crew)
{
    World *world = crew->world;

    if (world->what.design != DESIGN_HOST && (crew->service = process_fork()) == 0)
        serve_and_end(world);
    for (int i = 0; i < world->what.clients && crew->service >= 0; i++) {
        crew->clients[i] = process_fork();
        if (crew->clients[i] == 0)
            ask_and_end(world, i);
        if (crew->clients[i] < 0)
            return false;
    }
    return crew->service >= 0;
}

static void
crew_kill(Crew *crew)
{
    process_kill(&crew->service);
    for (int i = 0; i < crew->world->what.clients; i++)
        process_kill(&crew->clients[i]);
}

static bool
all_ready(Crew *crew)
{
    unsigned processes = (unsigned)crew->world->what.clients + (crew->service > 0);
    uint64_t deadline_ns = clock_ns() + GRACE_S * 1000000000ull;

    while (atomic_load(&crew->world->ready) < processes) {
        if (process_somebody_ended() || clock_ns() > deadline_ns)
            return false;
        usleep(LOOK_US);
    }
    return true;
}

/* Threads that sleep in bells count themselves; of a stream's the kernel knows how often they went to sleep. */
static void
count_sleeps(const Crew *crew, Snapshot *now)
{
    World *world = crew->world;

    for (int i = 0; i < world_services(world); i++)
        bell_count(&world->services[i], &now->service);
    for (int i = 0; i < world->what.clients && design_has_slots(world->what.design); i++)
        bell_count(&world->seats[i].bell, &now->clients);
    if (world->what.design != DESIGN_STREAM)
        return;
    now->service.sleeps = now->service.wakes = machine_switches(crew->service).voluntary;
    for (int i = 0; i < world->what.clients; i++)
        now->clients.sleeps += machine_switches(crew->clients[i]).voluntary;
}

static Snapshot
take_snapshot(const Crew *crew)
{
    Snapshot now = {.at_ns = clock_ns(), .load = machine_load()};

    now.service_s = crew->service > 0 ? machine_used_s(crew->service) : 0;
    for (int i = 0; i < crew->world->what.clients; i++) {
        now.clients_s += machine_used_s(crew->clients[i]);
        now.answers += atomic_load_explicit(&crew->world->seats[i].tally.answers, memory_order_relaxed);
    }
    now.own_s = now.service_s + now.clients_s + (double)clock_of(CLOCK_PROCESS_CPUTIME_ID) / 1e9;
    count_sleeps(crew, &now);
    return now;
}

static bool
crew_end(Crew *crew)
{
    World *world = crew->world;
    uint64_t deadline_ns = clock_ns() + GRACE_S * 1000000000ull;
    bool well = true;

    for (int i = 0; i < world->what.clients && well; i++)
        well = process_ended_well(&crew->clients[i], deadline_ns);
    atomic_store(&world->stop, 1);
    for (int i = 0; i < world_services(world); i++)
        bell_force(&world->services[i]);
    return process_ended_well(&crew->service, deadline_ns) && well;
}

/* Latencies, throughput, fairness: by the clients' own clocks, within the measured time. */
static void
add_tallies(const World *world, double measured_s, Result *result)
{
    static Latencies latencies;
    uint64_t least = UINT64_MAX, most = 0;

    latencies = (Latencies){0};
    for (int i = 0; i < world->what.clients; i++) {
        const Tally *tally = &world->seats[i].tally;
        uint64_t counted = tally->latencies.counted;
        latency_merge(&latencies, &tally->latencies);
        least = counted < least ? counted : least;
        most = counted > most ? counted : most;
        result->requests += tally->requests;
        result->answers += tally->answers;
        result->checked += tally->checked - tally->wrong;
    }
    result->values[RESULT_THROUGHPUT] = (double)latencies.counted / measured_s;
    result->values[RESULT_LATENCY_MEDIAN] = latency_quantile_us(&latencies, 0.5);
    result->values[RESULT_LATENCY_P90] = latency_quantile_us(&latencies, 0.9);
    result->values[RESULT_LATENCY_P99] = latency_quantile_us(&latencies, 0.99);
    result->values[RESULT_LATENCY_MEAN] = latency_mean_us(&latencies);
    result->values[RESULT_FAIRNESS] = most ? (double)least / (double)most : 0;
}

/* What is per request: of the answers between two snapshots, which a busy machine takes a little late. */
static void
add_snapshots(const Snapshot *start, const Snapshot *end, Result *result)
{
    double answers = end->answers > start->answers ? (double)(end->answers - start->answers) : 1;
    double *values = result->values;

    values[RESULT_WAKES] = (double)(end->service.wakes - start->service.wakes) / answers;
    values[RESULT_SERVICE_SLEEPS] = (double)(end->service.sleeps - start->service.sleeps) / answers;
    values[RESULT_CLIENT_SLEEPS] = (double)(end->clients.sleeps - start->clients.sleeps) / answers;
    values[RESULT_SERVICE_RINGS] = (double)(end->service.rings - start->service.rings) / answers;
    values[RESULT_CLIENT_RINGS] = (double)(end->clients.rings - start->clients.rings) / answers;
    values[RESULT_SERVICE_CANCELLED] = (double)(end->service.cancelled - start->service.cancelled) / answers;
    values[RESULT_SERVICE_SPURIOUS] = (double)(end->service.spurious - start->service.spurious) / answers;
    values[RESULT_SERVICE_PROCESSOR] = (end->service_s - start->service_s) / answers;
    values[RESULT_CLIENT_PROCESSOR] = (end->clients_s - start->clients_s) / answers;
    values[RESULT_PROCESSOR] = values[RESULT_SERVICE_PROCESSOR] + values[RESULT_CLIENT_PROCESSOR];
    result->load =
        machine_shares(&start->load, &end->load, end->own_s - start->own_s, (double)(end->at_ns - start->at_ns) / 1e9);
}

static bool
check_answers(const Case *what, const Result *result, uint64_t checks)
{
    if (result->answers != result->requests)
        return report_complain(what->id, "not as many answers as requests");
    return result->checked == checks || report_complain(what->id, "an answer was wrong");
}

static bool
measure(Crew *crew, double warm_s, double measured_s, Result *result)
{
    World *world = crew->world;

    if (!crew_start(crew) || !all_ready(crew))
        return report_complain(world->what.id, "its processes did not start");
    uint64_t start_ns = clock_ns() + (uint64_t)(warm_s * 1e9), end_ns = start_ns + (uint64_t)(measured_s * 1e9);
    atomic_store(&world->start_ns, start_ns);
    atomic_store(&world->end_ns, end_ns);
    process_sleep_until(start_ns);
    Snapshot start = take_snapshot(crew);
    process_sleep_until(end_ns);
    Snapshot end = take_snapshot(crew);
    if (!crew_end(crew))
        return report_complain(world->what.id, "a process failed, or did not end");
    add_tallies(world, measured_s, result);
    add_snapshots(&start, &end, result);
    uint64_t checks = world->what.design == DESIGN_HOST ? 1 : 2 * (uint64_t)world->what.clients;
    return check_answers(&world->what, result, checks);
}

bool
run_repeat(const Case *what, double warm_s, double measured_s, Result *result)
{
    *result = (Result){0};
    if (!cipher_prepare(what->cipher))
        return report_complain(what->id, "OpenSSL made no key");
    Crew crew = {.world = world_new(what)};
    if (!crew.world)
        return report_complain(what->id, "no shared memory, or too few open files allowed");
    bool measured = measure(&crew, warm_s, measured_s, result);
    crew_kill(&crew);
    world_free(crew.world);
    return measured;
}
