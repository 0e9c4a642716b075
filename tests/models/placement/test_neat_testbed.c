/* OpenStack Neat's test bed as a fluid: four hosts of 22,336 MHz, 28 VMs of one virtual processor each that play the
 * traces, hosts that share what they have, counters each 300 s, and Neat's rules. A migration is a time that passes,
 * one after the other; nothing is fitted. What it gives is in docs/models/placement.md. */
#include "models/placement/consolidation.h"
#include "models/placement/counters.h"
#include "tests/check_main.h"
#include "tests/models/placement/neat_traces.h"

#include <math.h>
#include <stdio.h>

#define HOSTS      4u
#define VMS        NEAT_TRACES
#define CORE_MHZ   2792.0
#define HOST_MHZ   22336.0
#define VM_MIB     128.0
#define DAY_S      86400.0
#define INTERVAL_S 300.0
#define OVERLOAD   0.8 /* settings.txt host_cpu_overload_threshold: of the measure, whatever the policy */

/* What a replay does not take from Neat's rules. */
typedef struct {
    double migration_s;  /* of each; the global manager is busy meanwhile */
    gboolean in_step;    /* all hosts read and ask at the same dates, in their order; else at phases that are drawn */
    gboolean sees_wants; /* counters show what VMs want, and not what they got */
} Reality;

typedef struct {
    const double *trace;
    guint host;
    double got_MHz_s; /* since the last reading */
    gboolean arrived; /* since then: collector.py repeats the last value of such a VM */
    gboolean moving;
    Counters *counters;
    double seen[100];
} Vm;

typedef struct {
    gboolean asleep;
    double reads_s, asks_s; /* next */
    OverloadState state;
} Machine;

typedef struct {
    const ConsolidationRules *rules;
    Reality reality;
    Machine hosts[HOSTS];
    Vm vms[VMS];
    Consolidation plan; /* under way from plan.moves[next] on */
    guint next;
    double ends_s; /* of the migration under way; INFINITY: none */
    guint asker;
    double now_s, asleep_s, active_s, overload_s;
    guint migrations;
} Bed;

typedef struct {
    double asleep, overload, migrations;
} Outcome;

static void
start_bed(Bed *bed, const ConsolidationRules *rules, Reality reality, double traces[NEAT_TRACES][NEAT_VALUES],
          guint assignment)
{
    static const CounterRules neat = {.interval_s = INTERVAL_S, .length = 100};
    g_autofree char *name = g_strdup_printf("%u", assignment);
    RandomStream random;
    guint trace_of[VMS];

    random_init(&random, 1, "assignment", name);
    *bed = (Bed){.rules = rules, .reality = reality, .ends_s = INFINITY};
    consolidation_init(&bed->plan);
    for (guint i = 0; i < VMS; i++)
        trace_of[i] = i;
    for (guint i = VMS - 1; i > 0; i--) {
        const guint j = (guint)random_below(&random, i + 1), other = trace_of[i];

        trace_of[i] = trace_of[j];
        trace_of[j] = other;
    }
    for (guint i = 0; i < VMS; i++) /* 8 8 8 4 */
        bed->vms[i] = (Vm){.trace = traces[trace_of[i]], .host = i / 8, .counters = counters_new(&neat, NULL)};
    for (guint i = 0; i < HOSTS; i++) {
        bed->hosts[i].reads_s = reality.in_step ? INTERVAL_S : INTERVAL_S * random_unit(&random);
        bed->hosts[i].asks_s = reality.in_step ? INTERVAL_S : INTERVAL_S * random_unit(&random);
    }
}

static void
end_bed(Bed *bed)
{
    for (guint i = 0; i < VMS; i++)
        counters_free(bed->vms[i].counters);
    consolidation_clear(&bed->plan);
}

static double
wanted_MHz(const Bed *bed, const Vm *vm)
{
    const guint k = (guint)(bed->now_s / INTERVAL_S);

    return vm->trace[MIN(k, NEAT_VALUES - 1)] * CORE_MHZ;
}

static void
run_host(Bed *bed, guint host, double passed_s)
{
    double wanted[VMS], got[VMS];
    Vm *here[VMS];
    guint n = 0;

    for (guint i = 0; i < VMS; i++)
        if (bed->vms[i].host == host) {
            here[n] = &bed->vms[i];
            wanted[n] = wanted_MHz(bed, here[n]);
            n++;
        }
    const double all = counters_share(wanted, n, HOST_MHZ, got);

    for (guint i = 0; i < n; i++)
        here[i]->got_MHz_s += passed_s * (bed->reality.sees_wants ? wanted[i] : got[i]);
    *(bed->hosts[host].asleep ? &bed->asleep_s : &bed->active_s) += passed_s;
    if (all > OVERLOAD * HOST_MHZ)
        bed->overload_s += passed_s;
}

/* collector.py: the mean since the last reading; of a VM that has come since, its last value again. */
static void
read_host(Bed *bed, guint host)
{
    for (guint i = 0; i < VMS; i++) {
        Vm *vm = &bed->vms[i];

        if (vm->host != host)
            continue;
        guint n;
        const double *seen = counters_seen(vm->counters, bed->now_s, &n);
        const double last = counters_last(seen, n);

        if (!vm->arrived)
            counters_read(vm->counters, bed->now_s, floor(vm->got_MHz_s / INTERVAL_S));
        else if (n)
            counters_read(vm->counters, bed->now_s, last);
        vm->arrived = FALSE;
        vm->got_MHz_s = 0;
    }
    bed->hosts[host].reads_s += INTERVAL_S;
}

typedef struct {
    ConsolidationHost hosts[HOSTS];
    ConsolidationVm vms[VMS];
    ConsolidationView view;
} Looked;

static void
look(Bed *bed, Looked *looked)
{
    for (guint i = 0; i < HOSTS; i++)
        looked->hosts[i] =
            (ConsolidationHost){.capacity = HOST_MHZ, .memory_bytes = 24576, .asleep = bed->hosts[i].asleep};
    for (guint i = 0; i < VMS; i++) {
        Vm *vm = &bed->vms[i];
        guint n;
        const double *seen = counters_seen(vm->counters, bed->now_s, &n);

        memcpy(vm->seen, seen, n * sizeof *seen);
        looked->vms[i] = (ConsolidationVm){vm->host, VM_MIB, vm->seen, n, vm->moving};
    }
    looked->view = (ConsolidationView){.hosts = looked->hosts, .n_hosts = HOSTS, .vms = looked->vms, .n_vms = VMS};
}

/* The next migration of the plan, or the plan's end: the emptied host sleeps, the asker goes on. */
static void
go_on(Bed *bed)
{
    if (bed->next < bed->plan.moves->len) {
        bed->vms[g_array_index(bed->plan.moves, ConsolidationMove, bed->next).vm].moving = TRUE;
        bed->ends_s = bed->now_s + bed->reality.migration_s;
        return;
    }
    for (guint i = 0; i < bed->plan.sleeps->len; i++)
        bed->hosts[g_array_index(bed->plan.sleeps, guint, i)].asleep = TRUE;
    bed->ends_s = INFINITY;
    bed->hosts[bed->asker].asks_s = bed->now_s + INTERVAL_S; /* common.py start: execute, then sleep */
}

static void
end_migration(Bed *bed)
{
    const ConsolidationMove *move = &g_array_index(bed->plan.moves, ConsolidationMove, bed->next);
    Vm *vm = &bed->vms[move->vm];

    vm->host = move->to;
    vm->moving = FALSE;
    vm->arrived = TRUE;
    bed->migrations++;
    bed->next++;
    go_on(bed);
}

/* locals/manager.py execute. A global manager that is busy answers when it is free, and refuses what is older than 5 s
 * (globals/manager.py validate_params). */
static void
ask(Bed *bed, guint host)
{
    Looked looked;

    bed->hosts[host].asks_s = bed->now_s + INTERVAL_S;
    if (bed->hosts[host].asleep)
        return;
    look(bed, &looked);
    const ConsolidationRequest request =
        consolidation_local(bed->rules, &bed->hosts[host].state, &looked.view, host, NULL);

    if (request.kind == CONSOLIDATION_NOTHING || isfinite(bed->ends_s))
        return;
    consolidation_answer(bed->rules, &looked.view, &request, &bed->plan);
    for (guint i = 0; i < bed->plan.wakes->len; i++)
        bed->hosts[g_array_index(bed->plan.wakes, guint, i)].asleep = FALSE;
    bed->next = 0;
    bed->asker = host;
    go_on(bed);
}

static double
next_date(const Bed *bed)
{
    double next_s = (floor(bed->now_s / INTERVAL_S) + 1) * INTERVAL_S;

    next_s = MIN(MIN(next_s, bed->ends_s), DAY_S);
    for (guint i = 0; i < HOSTS; i++)
        next_s = MIN(next_s, MIN(bed->hosts[i].reads_s, bed->hosts[i].asks_s));
    return next_s;
}

static Outcome
run_bed(const ConsolidationRules *rules, Reality reality, double traces[NEAT_TRACES][NEAT_VALUES], guint assignment)
{
    Bed bed;

    start_bed(&bed, rules, reality, traces, assignment);
    while (bed.now_s < DAY_S) {
        const double next_s = next_date(&bed);

        for (guint i = 0; i < HOSTS; i++)
            run_host(&bed, i, next_s - bed.now_s);
        bed.now_s = next_s;
        for (guint i = 0; i < HOSTS; i++)
            if (bed.hosts[i].reads_s <= next_s)
                read_host(&bed, i);
        while (bed.ends_s <= next_s)
            end_migration(&bed);
        for (guint i = 0; i < HOSTS; i++) {
            if (bed.hosts[i].asks_s <= next_s)
                ask(&bed, i);
            while (bed.ends_s <= next_s) /* of migrations that take no time */
                end_migration(&bed);
        }
    }
    const Outcome outcome = {bed.asleep_s / (bed.asleep_s + bed.active_s), bed.overload_s / bed.active_s,
                             bed.migrations};

    end_bed(&bed);
    return outcome;
}

static ConsolidationRules
rules_of(OverloadRules overload)
{
    return (ConsolidationRules){.underload = UNDERLOAD_RULES_NEAT,
                                .overload = overload,
                                .selection = SELECTION_MEMORY_THEN_CPU,
                                .last_n = 2,
                                .packing = PACKING_RULES_NEAT,
                                .migration_steps = 12.8 / INTERVAL_S};
}

static ConsolidationRules
threshold(double at)
{
    return rules_of((OverloadRules){.rule = OVERLOAD_THRESHOLD, .threshold = at});
}

#define ASSIGNMENTS 24u

static Outcome
mean_of_runs(const ConsolidationRules *rules, Reality reality, const char *name)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];
    Outcome mean = {0, 0, 0};

    neat_traces_read(traces);
    for (guint i = 0; i < ASSIGNMENTS; i++) {
        const Outcome outcome = run_bed(rules, reality, traces, i);

        mean.asleep += outcome.asleep / ASSIGNMENTS;
        mean.overload += outcome.overload / ASSIGNMENTS;
        mean.migrations += outcome.migrations / ASSIGNMENTS;
    }
    if (g_getenv("TANDEM_PRINT"))
        printf("%-40s sleep %.3f overload %.3f migrations %.1f\n", name, mean.asleep, mean.overload, mean.migrations);
    return mean;
}

/* The uncalibrated one: 12.8 s a migration (128 MB at the stated 10 MB/s), all hosts in step. */
static const Reality plain = {.migration_s = 12.8, .in_step = TRUE};

START_TEST(the_three_thresholds_come_in_the_measured_order)
{
    const Reality realities[] = {
        plain, {.migration_s = 0, .in_step = TRUE}, {.migration_s = 12.8}, {.migration_s = 38}};

    for (gsize r = 0; r < G_N_ELEMENTS(realities); r++) {
        Outcome outcomes[3];

        for (guint i = 0; i < 3; i++) {
            const ConsolidationRules rules = threshold(0.8 + 0.1 * i);
            g_autofree char *name = g_strdup_printf("reality %zu THR %.1f", r, 0.8 + 0.1 * i);

            outcomes[i] = mean_of_runs(&rules, realities[r], name);
        }
        for (guint i = 0; i < 2; i++) {
            ck_assert(outcomes[i].asleep < outcomes[i + 1].asleep);
            ck_assert(outcomes[i].overload < outcomes[i + 1].overload);
            ck_assert(outcomes[i].migrations > outcomes[i + 1].migrations);
        }
    }
}
END_TEST

/* What a policy may see decides: a threshold of 1.0 never fires on counters, and is MAX-ITF; on wants it fires. */
START_TEST(a_threshold_of_one_is_the_policy_that_never_migrates)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];
    const ConsolidationRules one = threshold(1), never = rules_of((OverloadRules){.rule = OVERLOAD_NEVER});
    const Reality wants = {.migration_s = 12.8, .in_step = TRUE, .sees_wants = TRUE};

    neat_traces_read(traces);
    for (guint i = 0; i < 4; i++) {
        const Outcome a = run_bed(&one, plain, traces, i), b = run_bed(&never, plain, traces, i);

        ck_assert_double_eq(a.asleep, b.asleep);
        ck_assert_double_eq(a.overload, b.overload);
        ck_assert_double_eq(a.migrations, b.migrations);
    }
    const Outcome counters = mean_of_runs(&one, plain, "THR 1.0"),
                  demand = mean_of_runs(&one, wants, "THR 1.0 of wants");

    ck_assert(demand.migrations > 3 * counters.migrations);
    ck_assert(demand.asleep < counters.asleep);
    ck_assert(demand.overload < counters.overload);
}
END_TEST

/* The runs of the same test bed whose results are kept: LRR by its safety, MHOD by the overload that it allows. A line
 * that is trusted less finds more overloads; more that is allowed is used. */
START_TEST(regression_and_mhod_answer_to_their_parameters)
{
    Outcome lrr[3], mhod[3];

    for (guint i = 0; i < 3; i++) {
        OverloadRules line = {.rule = OVERLOAD_LRR, .threshold = 0.8, .safety = 0.9 + 0.1 * i, .length = 30};
        OverloadRules markov = {.rule = OVERLOAD_MHOD, .mhod = MHOD_RULES_NEAT};

        markov.mhod.allowed = 0.2 + 0.1 * i;
        const ConsolidationRules by_line = rules_of(line), by_markov = rules_of(markov);
        g_autofree char *name = g_strdup_printf("LRR %.1f", line.safety);
        g_autofree char *other = g_strdup_printf("MHOD %.1f", markov.mhod.allowed);

        lrr[i] = mean_of_runs(&by_line, plain, name);
        mhod[i] = mean_of_runs(&by_markov, plain, other);
    }
    for (guint i = 0; i < 2; i++) {
        ck_assert(lrr[i].migrations < lrr[i + 1].migrations);
        ck_assert(lrr[i].overload > lrr[i + 1].overload);
        ck_assert(mhod[i].migrations > mhod[i + 1].migrations);
        ck_assert(mhod[i].overload < mhod[i + 1].overload);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("neat_testbed");

    tcase_add_test(tcase, the_three_thresholds_come_in_the_measured_order);
    tcase_add_test(tcase, a_threshold_of_one_is_the_policy_that_never_migrates);
    tcase_add_test(tcase, regression_and_mhod_answer_to_their_parameters);
    return check_main("neat_testbed", tcase, NULL);
}
