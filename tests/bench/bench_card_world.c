/* A joint migration of a minute with a card session of 50,000 requests per second beside it, and both apart.
 *
 * Bars: at most 2 s together, and at most 1.3 times the sum of the two apart. Every run is a forked child (SimGrid has
 * one engine per process); processor time of the child, the median of the repeats; wall time beside it.
 * Built with everything else, not run by ctest: scripts/bench.sh, or build/release/tests/bench_card_world [REPEATS]
 */
#include "sim/claims/paper_scenario.h"
#include "sim/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define REPEATS_MAX 31

typedef struct {
    const char *what;
    const char *setting;
} Case;

static const Case cases[] = {
    {"migration and card", NULL},
    {"the migration alone", "/card_sessions=[]"},
    {"the card alone", "/timeline=[]"},
};
enum { TOGETHER, MIGRATION, CARD, N_CASES };

typedef struct {
    double cpu_s, wall_s, requests, migration_s;
} Measure;

static double
children_s(void)
{
    struct rusage used;

    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static Measure
measure(const Scenario *scenario)
{
    Run run = {.scenario = scenario, .seed = 1};
    const double cpu_s = children_s(), wall_s = (double)g_get_monotonic_time() / 1e6;

    run_all(&run, 1, 1);
    if (!run.result)
        g_error("%s", run.error);
    const Measure found = {children_s() - cpu_s, (double)g_get_monotonic_time() / 1e6 - wall_s,
                           result_number(run.result, "card_session.vm.done"),
                           result_number(run.result, "migration.vm.total_s")};
    run_clear(&run);
    return found;
}

static int
compare(const void *a, const void *b)
{
    const double first = ((const Measure *)a)->cpu_s, second = ((const Measure *)b)->cpu_s;

    return (first > second) - (first < second);
}

static void
report(const Case *c, const Measure *found)
{
    printf("%-22s %7.3f s processor, %7.3f s wall", c->what, found->cpu_s, found->wall_s);
    if (found->requests > 0)
        printf("; %.0f requests", found->requests);
    if (found->migration_s > 0)
        printf("; migration of %.1f s", found->migration_s);
    printf("\n");
}

int
main(int argc, char **argv)
{
    const guint repeats = CLAMP(argc > 1 ? (guint)atoi(argv[1]) : 7u, 1, REPEATS_MAX);
    Measure found[N_CASES][REPEATS_MAX];
    Scenario *scenarios[N_CASES];
    g_autofree char *file = paper_scenario("crypto-card", "migration.json");

    for (guint c = 0; c < N_CASES; c++) {
        const char *const settings[] = {"/run_until=61s", cases[c].setting, NULL};
        g_autoptr(GError) error = NULL;
        scenarios[c] = scenario_load(file, settings, &error);
        if (!scenarios[c])
            g_error("%s", error->message);
    }
    for (guint r = 0; r < repeats; r++)
        for (guint c = 0; c < N_CASES; c++)
            found[c][r] = measure(scenarios[c]);
    for (guint c = 0; c < N_CASES; c++) {
        qsort(found[c], repeats, sizeof(Measure), compare);
        report(&cases[c], &found[c][repeats / 2]);
        scenario_free(scenarios[c]);
    }
    const double together_s = found[TOGETHER][repeats / 2].cpu_s;
    const double ratio = together_s / (found[MIGRATION][repeats / 2].cpu_s + found[CARD][repeats / 2].cpu_s);
    const gboolean met = together_s <= 2 && ratio <= 1.3;
    printf("together %.3f s (bar 2 s), %.2f times the sum of both apart (bar 1.3): %s\n", together_s, ratio,
           met ? "met" : "not met");
    return met ? 0 : 1;
}
