/* A day of consolidation decisions: 800 hosts, 1,052 VMs, 288 rounds, as CloudSim's PlanetLab day has them. Migrations
 * take no time here: what is measured are the decisions.
 *
 * Demand is made, not PlanetLab's (its traces have no licence to ship): each VM has a level of its own and a
 * first-order autoregression around it in the logarithm, by which the marginal has that day's mean of 12 % and
 * quartiles of about 2, 6 and 15 %. The autocorrelation of 0.8 a step is chosen: nothing of it is published. Memory
 * bounds nothing, as on that day in CloudSim, whose cloudlets ask for none once their VM is there; otherwise 1,052 VMs
 * need 319 hosts of 4 GiB. */
#include "models/placement/consolidation.h"
#include "models/placement/counters.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#define HOSTS  800u
#define VMS    1052u
#define ROUNDS 288u

typedef struct {
    const char *name;
    OverloadRules overload;
} Policy;

static const double vm_mips[] = {2500, 2000, 1000, 500}, vm_mib[] = {870, 1740, 1740, 613};
static const double host_mips[] = {2 * 1860, 2 * 2660};

typedef struct {
    ConsolidationHost hosts[HOSTS];
    ConsolidationVm vms[VMS];
    Counters *counters[VMS];
    double seen[VMS][30];
    double level[VMS], swing[VMS];
    RandomStream random;
    OverloadState states[HOSTS];
} Day;

static void
begin(Day *day)
{
    random_init(&day->random, 1, "bench", "consolidation");
    for (guint i = 0; i < HOSTS; i++)
        day->hosts[i] = (ConsolidationHost){.capacity = host_mips[i % 2],
                                            .memory_bytes = 4096,
                                            .curve = power_curve_named(i % 2 ? "ml110-g5" : "ml110-g4")};
    for (guint i = 0; i < VMS; i++) {
        day->vms[i] = (ConsolidationVm){.host = i % HOSTS, .memory_bytes = vm_mib[i % 4]};
        day->counters[i] = counters_new(&(CounterRules){.interval_s = 300, .length = 30}, NULL);
        day->level[i] = log(0.06) + 1.1 * random_normal(&day->random);
    }
}

static void
measure(Day *day, double now_s)
{
    for (guint i = 0; i < VMS; i++) {
        const double *seen;
        guint n;

        day->swing[i] = 0.8 * day->swing[i] + 0.6 * 0.9 * random_normal(&day->random);
        counters_read(day->counters[i], now_s, MIN(exp(day->level[i] + day->swing[i]), 1) * vm_mips[i % 4]);
        seen = counters_seen(day->counters[i], now_s, &n);
        for (guint k = 0; k < n; k++)
            day->seen[i][k] = seen[k];
        day->vms[i].cpu = day->seen[i];
        day->vms[i].n_cpu = n;
    }
}

static void
carry_out(Day *day, const Consolidation *plan)
{
    for (guint i = 0; i < plan->wakes->len; i++)
        day->hosts[g_array_index(plan->wakes, guint, i)].asleep = FALSE;
    for (guint i = 0; i < plan->moves->len; i++) {
        const ConsolidationMove *move = &g_array_index(plan->moves, ConsolidationMove, i);
        day->vms[move->vm].host = move->to;
    }
    for (guint i = 0; i < plan->sleeps->len; i++)
        day->hosts[g_array_index(plan->sleeps, guint, i)].asleep = TRUE;
}

static void
run_day(const Policy *policy)
{
    static Day day;
    const ConsolidationRules rules = {
        .underload = {-1, 1},
        .overload = policy->overload,
        .selection = SELECTION_LEAST_MEMORY,
        .last_n = 1,
        .packing = {.rule = PACKING_POWER_AWARE, .cpu_share = 0.8, .memory_share = INFINITY, .wakes = TRUE},
        .migration_steps = 0.1};
    const ConsolidationView view = {.hosts = day.hosts, .n_hosts = HOSTS, .vms = day.vms, .n_vms = VMS};
    g_auto(Consolidation) plan;
    guint migrations = 0, sleeps = 0, awake = 0;
    const clock_t start = clock();

    consolidation_init(&plan);
    day = (Day){.random = {{0}}};
    begin(&day);
    for (guint round = 0; round < ROUNDS; round++) {
        measure(&day, 300.0 * round);
        consolidation_sweep(&rules, day.states, &view, NULL, &plan);
        carry_out(&day, &plan);
        migrations += plan.moves->len;
        sleeps += plan.sleeps->len;
        for (guint i = 0; i < HOSTS; i++)
            awake += !day.hosts[i].asleep;
    }
    printf("%-10s %6.2f s of processor time, %u migrations, %u times to sleep, %.1f hosts awake\n", policy->name,
           (double)(clock() - start) / CLOCKS_PER_SEC, migrations, sleeps, (double)awake / ROUNDS);
    for (guint i = 0; i < VMS; i++)
        counters_free(day.counters[i]);
}

int
main(void)
{
    const Policy policies[] = {
        {"THR", {.rule = OVERLOAD_THRESHOLD, .threshold = 0.8}},
        {"MAD", {.rule = OVERLOAD_MAD, .safety = 2.5, .length = 12, .strictly = TRUE, .fallback = 0.7}},
        {"IQR", {.rule = OVERLOAD_IQR, .safety = 1.5, .length = 12, .strictly = TRUE, .fallback = 0.7}},
        {"LINE", {.rule = OVERLOAD_LINE, .threshold = 1, .safety = 1.2, .length = 10, .fallback = 0.7}},
        {"LRR", {.rule = OVERLOAD_LRR, .threshold = 1, .safety = 1.2, .length = 10, .fallback = 0.7}},
        {"MHOD", {.rule = OVERLOAD_MHOD, .mhod = MHOD_RULES_NEAT}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(policies); i++)
        run_day(&policies[i]);
    return 0;
}
