#include "bench_run.h"

#include "bench_designs.h"
#include "bench_samples.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_S 60 /* until processes are ready, and until they have ended: far more than a busy machine needs */
#define LOOK_US 500

static const struct {
    const char *name;
    bool latency;
} NAMES[RESULTS] = {
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

const char *
result_name(ResultKey key, bool *latency)
{
    *latency = NAMES[key].latency;
    return NAMES[key].name;
}

double
result_disturbance(const Result *result)
{
    return result->others_share + result->steal_share;
}

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

static bool
complain(const Case *what, const char *why)
{
    fprintf(stderr, "measure-card: %s: %s\n", what->id, why);
    return false;
}

pid_t
run_fork(void)
{
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    return 0;
}

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

    if (world->what.design != DESIGN_HOST && (crew->service = run_fork()) == 0)
        serve_and_end(world);
    for (int i = 0; i < world->what.clients && crew->service >= 0; i++) {
        crew->clients[i] = run_fork();
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
    for (int i = -1; i < crew->world->what.clients; i++) {
        pid_t *process = i < 0 ? &crew->service : &crew->clients[i];
        if (*process <= 0)
            continue;
        kill(*process, SIGKILL);
        waitpid(*process, NULL, 0);
        *process = 0;
    }
}

/* Waits for a process until the deadline; false when it failed or goes on. */
static bool
ended_well(pid_t *process, uint64_t deadline_ns)
{
    int status = 0;
    pid_t ended = 0;

    while (*process > 0 && (ended = waitpid(*process, &status, WNOHANG)) == 0 && clock_ns() < deadline_ns)
        usleep(LOOK_US);
    if (ended == 0)
        return *process == 0;
    *process = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
somebody_ended(void)
{
    siginfo_t info = {0};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

static bool
all_ready(Crew *crew)
{
    unsigned processes = (unsigned)crew->world->what.clients + (crew->service > 0);
    uint64_t deadline_ns = clock_ns() + GRACE_S * 1000000000ull;

    while (atomic_load(&crew->world->ready) < processes) {
        if (somebody_ended() || clock_ns() > deadline_ns)
            return false;
        usleep(LOOK_US);
    }
    return true;
}

static void
sleep_until(uint64_t ns)
{
    struct timespec until = {.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        ;
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
    now->service.sleeps = now->service.wakes = machine_sleeps(crew->service);
    for (int i = 0; i < world->what.clients; i++)
        now->clients.sleeps += machine_sleeps(crew->clients[i]);
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
        well = ended_well(&crew->clients[i], deadline_ns);
    atomic_store(&world->stop, 1);
    for (int i = 0; i < world_services(world); i++)
        bell_force(&world->services[i]);
    return ended_well(&crew->service, deadline_ns) && well;
}

static double
quantile_us(const uint32_t *latencies, uint64_t counted, double of)
{
    uint64_t sum = 0;
    int bucket = 0;

    while (bucket < BUCKETS - 1 && (double)(sum += latencies[bucket]) < of * (double)counted)
        bucket++;
    return bucket_us(bucket);
}

/* Latencies, throughput, fairness: by the clients' own clocks, within the measured time. */
static void
add_tallies(const World *world, double measured_s, Result *result)
{
    static uint32_t latencies[BUCKETS];
    uint64_t counted = 0, sum_ns = 0, least = UINT64_MAX, most = 0;

    memset(latencies, 0, sizeof latencies);
    for (int i = 0; i < world->what.clients; i++) {
        const Tally *tally = &world->seats[i].tally;
        for (int j = 0; j < BUCKETS; j++)
            latencies[j] += tally->latencies[j];
        counted += tally->counted;
        sum_ns += tally->sum_ns;
        least = tally->counted < least ? tally->counted : least;
        most = tally->counted > most ? tally->counted : most;
        result->requests += tally->requests;
        result->answers += tally->answers;
        result->checked += tally->checked - tally->wrong;
    }
    result->values[RESULT_THROUGHPUT] = (double)counted / measured_s;
    result->values[RESULT_LATENCY_MEDIAN] = counted ? quantile_us(latencies, counted, 0.5) : 0;
    result->values[RESULT_LATENCY_P90] = counted ? quantile_us(latencies, counted, 0.9) : 0;
    result->values[RESULT_LATENCY_P99] = counted ? quantile_us(latencies, counted, 0.99) : 0;
    result->values[RESULT_LATENCY_MEAN] = counted ? (double)sum_ns / (double)counted / 1e3 : 0;
    result->values[RESULT_FAIRNESS] = most ? (double)least / (double)most : 0;
}

/* What is per request: of the answers between two snapshots, which a busy machine takes a little late. */
static void
add_snapshots(const Snapshot *start, const Snapshot *end, Result *result)
{
    double answers = end->answers > start->answers ? (double)(end->answers - start->answers) : 1;
    double processors_s = (double)(end->at_ns - start->at_ns) / 1e9 * machine_processors();
    double others_s = end->load.busy_s - start->load.busy_s - (end->own_s - start->own_s);
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
    result->others_share = others_s > 0 ? others_s / processors_s : 0;
    result->steal_share = (end->load.steal_s - start->load.steal_s) / processors_s;
}

static bool
check_answers(const Case *what, const Result *result, uint64_t checks)
{
    if (result->answers != result->requests)
        return complain(what, "not as many answers as requests");
    return result->checked == checks || complain(what, "an answer was wrong");
}

static bool
measure(Crew *crew, double warm_s, double measured_s, Result *result)
{
    World *world = crew->world;

    if (!crew_start(crew) || !all_ready(crew))
        return complain(&world->what, "its processes did not start");
    uint64_t start_ns = clock_ns() + (uint64_t)(warm_s * 1e9), end_ns = start_ns + (uint64_t)(measured_s * 1e9);
    atomic_store(&world->start_ns, start_ns);
    atomic_store(&world->end_ns, end_ns);
    sleep_until(start_ns);
    Snapshot start = take_snapshot(crew);
    sleep_until(end_ns);
    Snapshot end = take_snapshot(crew);
    if (!crew_end(crew))
        return complain(&world->what, "a process failed, or did not end");
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
        return complain(what, "OpenSSL made no key");
    Crew crew = {.world = world_new(what)};
    if (!crew.world)
        return complain(what, "no shared memory, or too few open files allowed");
    bool measured = measure(&crew, warm_s, measured_s, result);
    crew_kill(&crew);
    world_free(crew.world);
    return measured;
}
