/*
 * What calls cost while the other processor is busy.
 */
#include "bench_costs.h"
#include "bench_pair.h"
#include "bench_run.h"
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUDGET_S 0.15
#define GAP_US   50.0
#define SPIN_US  5.0

static void
sleep_as_batch(Pair *pair)
{
    struct sched_param none = {0};
    uint64_t rung;
    sched_setscheduler(0, SCHED_BATCH, &none);
    for (;;) {
        atomic_store(&pair->asleep, 1);
        if (read(pair->to_child, &rung, sizeof rung) < 0)
            _exit(1);
    }
}

static pid_t
start_spinner(int rank)
{
    pid_t spinner = run_fork();
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
    uint64_t one = 1;
    bool well = true;

    if (machine_processors() < 2) {
        costs_add(list, "eventfd_write_busy_other_us", NAN);
        return true;
    }
    pid_t spinner = start_spinner(1);
    if (spinner < 0 || !pair_start(pair, 1, sleep_as_batch))
        return false;
    samples_start(&writes, BUDGET_S);
    while (well && samples_more(&writes)) {
        pair_spin(&pair->asleep, 1);
        pair_spin_for(GAP_US);
        atomic_store(&pair->asleep, 0);
        uint64_t start_ns = clock_ns();
        well = write(pair->to_child, &one, sizeof one) == sizeof one;
        samples_add_ns(&writes, clock_ns() - start_ns);
    }
    pair_end(pair);
    kill(spinner, SIGKILL);
    waitpid(spinner, NULL, 0);
    costs_add(list, "eventfd_write_busy_other_us", samples_spread(&writes).mean_us);
    return well;
}

bool
busy_measure(Costs *costs)
{
    Pair *pair = pair_new(0);
    bool well = pair && measure_busy_other(pair, &costs->general);

    machine_place(PLACE_ALL, ROLE_CLIENT);
    if (pair)
        pair_free(pair);
    return well;
}
