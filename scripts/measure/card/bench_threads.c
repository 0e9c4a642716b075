/*
 * What a stream's service does for a request: it looks at a poll set, and starts a thread that ends. One alone, all on
 * one processor, and many in a row.
 */
#include "bench_costs.h"
#include "bench_stream.h"
#include <math.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BUDGET_S     0.25
#define THREAD_COSTS 6
#define IN_ROW_MOST  8 /* threads at a time; chosen: a service's clients are about as many */

/* The look at a poll set that a stream's service takes before it reads a request that is there. */
static bool
measure_poll_set(CostList *list)
{
    static Samples polls;
    struct epoll_event event = {.events = EPOLLIN};
    int fd = eventfd(1, EFD_CLOEXEC), polled = epoll_create1(EPOLL_CLOEXEC);

    if (fd < 0 || polled < 0 || epoll_ctl(polled, EPOLL_CTL_ADD, fd, &event) != 0)
        return false;
    samples_start(&polls, BUDGET_S);
    while (samples_more(&polls)) {
        uint64_t start_ns = clock_ns();
        epoll_wait(polled, &event, 1, -1);
        samples_add_ns(&polls, clock_ns() - start_ns);
    }
    close(fd);
    close(polled);
    costs_add(list, "epoll_ready_us", samples_spread(&polls).mean_us);
    return true;
}

typedef struct {
    atomic_uint_least64_t stamp_ns, begun_ns; /* when it ran; processor time that it had used by then */
    sem_t ran;
} Started;

static void *
stamp_and_end(void *of)
{
    Started *started = of;
    atomic_store_explicit(&started->begun_ns, clock_of(CLOCK_THREAD_CPUTIME_ID), memory_order_relaxed);
    atomic_store_explicit(&started->stamp_ns, clock_ns(), memory_order_release);
    sem_post(&started->ran);
    return NULL;
}

static bool
create_thread(Started *started, pthread_attr_t *attributes, Samples *creates, Samples *starts, Samples *begins)
{
    pthread_t thread;
    uint64_t start_ns = clock_ns();

    if (pthread_create(&thread, attributes, stamp_and_end, started) != 0)
        return false;
    samples_add_ns(creates, clock_ns() - start_ns);
    while (sem_wait(&started->ran) != 0)
        ;
    samples_add_ns(begins, atomic_load_explicit(&started->begun_ns, memory_order_relaxed));
    samples_add_ns(starts, atomic_load_explicit(&started->stamp_ns, memory_order_acquire) - start_ns);
    return true;
}

/*
 * The thread that a stream's service starts for each request: what the call costs the one that accepts, how long until
 * the thread runs, and all processor time of its life, with the creator's sleep until it has run.
 */
static bool
measure_threads(CostList *list, const char *const names[THREAD_COSTS])
{
    static Samples creates, starts, begins;
    Started started = {0};
    pthread_attr_t attributes;
    bool well = sem_init(&started.ran, 0, 0) == 0;

    stream_thread_attributes(&attributes);
    samples_start(&creates, BUDGET_S);
    samples_start(&starts, BUDGET_S);
    samples_start(&begins, BUDGET_S);
    uint64_t used_ns = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    while (well && samples_more(&starts))
        well = create_thread(&started, &attributes, &creates, &starts, &begins);
    usleep(2000); /* the last one ends, too */
    used_ns = clock_of(CLOCK_PROCESS_CPUTIME_ID) - used_ns;
    pthread_attr_destroy(&attributes);
    sem_destroy(&started.ran);
    int n = starts.n ? starts.n : 1;
    Spread start = samples_spread(&starts);
    costs_add(list, names[0], samples_spread(&creates).mean_us);
    costs_add(list, names[1], start.median_us);
    costs_add(list, names[2], start.mean_us);
    costs_add(list, names[3], start.p90_us);
    costs_add(list, names[4], samples_spread(&begins).mean_us);
    costs_add(list, names[5], (double)used_ns / 1e3 / n);
    return well;
}

static atomic_int in_row;

static void *
end_at_once(void *of)
{
    (void)of;
    atomic_fetch_sub_explicit(&in_row, 1, memory_order_relaxed);
    return NULL;
}

/*
 * Threads started one after another by one that does nothing else, as the one that accepts does when it is never idle:
 * how long it takes for each, and all processor time. Others end meanwhile, on other processors.
 */
static bool
measure_threads_in_row(CostList *list)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int n = 0;
    bool well = true;

    stream_thread_attributes(&attributes);
    uint64_t start_ns = clock_ns(), used_ns = clock_of(CLOCK_PROCESS_CPUTIME_ID), end_ns = start_ns;
    while (well && (n == 0 || (double)(end_ns - start_ns) < samples_budget_s(BUDGET_S) * 1e9)) {
        while (atomic_load_explicit(&in_row, memory_order_relaxed) >= IN_ROW_MOST)
            sched_yield();
        atomic_fetch_add_explicit(&in_row, 1, memory_order_relaxed);
        well = pthread_create(&thread, &attributes, end_at_once, NULL) == 0;
        n++;
        end_ns = clock_ns();
    }
    used_ns = clock_of(CLOCK_PROCESS_CPUTIME_ID) - used_ns;
    usleep(2000); /* the last ones end */
    pthread_attr_destroy(&attributes);
    costs_add(list, "thread_in_row_us", (double)(end_ns - start_ns) / 1e3 / n);
    costs_add(list, "thread_in_row_processor_us", (double)used_ns / 1e3 / n);
    return well;
}

bool
threads_measure(CostList *list)
{
    static const char *const ALL[] = {"thread_create_us",    "thread_start_median_us", "thread_start_mean_us",
                                      "thread_start_p90_us", "thread_begin_us",        "thread_processor_us"};
    static const char *const SAME[] = {"thread_create_same_us",     "thread_start_same_median_us",
                                       "thread_start_same_mean_us", "thread_start_same_p90_us",
                                       "thread_begin_same_us",      "thread_processor_same_us"};

    bool well = measure_poll_set(list) && measure_threads(list, ALL) && measure_threads_in_row(list);
    machine_pin(0);
    well = well && measure_threads(list, SAME);
    machine_place(PLACE_ALL, ROLE_CLIENT);
    return well;
}
