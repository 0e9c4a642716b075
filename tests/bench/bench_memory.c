/* What the dirty log costs: passes over 512 MiB and 64 GiB guests, dense to sparse, and a Xen-4.5-like loop of rounds.
 * Built with everything else, not run by ctest: build/release/tests/bench_memory */
#include "models/memory/dirty.h"

#include <stdio.h>
#include <stdlib.h>

#define PASSES 9

static int
compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static DirtyLog *
make_log(guint64 pages, const Workload *workload)
{
    RandomStream random;

    random_init(&random, 1, "bench", "memory");
    DirtyLog *log = dirty_new(pages, &random, 0);
    dirty_set_workload(log, 0, workload);
    return log;
}

/* Median microseconds of a whole-memory fetch at which `share` x pages writes are expected. */
static double
pass_us(const Workload *workload, guint64 pages, double share)
{
    g_autoptr(DirtyLog) log = make_log(pages, workload);
    g_autofree guint64 *out = g_new0(guint64, dirty_words(log));
    double us[PASSES];

    for (int i = 0; i < PASSES + 1; i++) {
        const gint64 repeats = pages < 1000000 ? 50 : 1;
        const gint64 start = g_get_monotonic_time();
        for (gint64 r = 1; r <= repeats; r++)
            dirty_fetch_and_clear(log, (double)(i * repeats + r) * share, out);
        if (i > 0) /* the first pass touches fresh memory */
            us[i - 1] = (double)(g_get_monotonic_time() - start) / (double)repeats;
    }
    qsort(us, PASSES, sizeof *us, compare);
    return us[PASSES / 2];
}

/* One migration's memory work: rounds of a region peek per batch of 1024 sent pages and one fetch, at link speed. */
static double
migration_us(const Workload *workload, guint64 pages, double link_pages_s, guint *rounds)
{
    g_autoptr(DirtyLog) log = make_log(pages, workload);
    const gsize n_words = dirty_words(log);
    g_autofree guint64 *out = g_new0(guint64, n_words);
    guint64 to_send = pages;
    double now_s = 0;
    const gint64 start = g_get_monotonic_time();

    for (*rounds = 0; *rounds < 29 && to_send >= 50; (*rounds)++) {
        const double batch_s = (double)to_send / link_pages_s / (double)((n_words + 15) / 16);
        guint64 batch[DIRTY_REGION_WORDS];
        for (gsize w = 0; w < n_words; w += DIRTY_REGION_WORDS) {
            dirty_peek(log, now_s, w, MIN(DIRTY_REGION_WORDS, n_words - w), batch);
            now_s += batch_s;
        }
        to_send = dirty_fetch_and_clear(log, now_s, out);
    }
    return (double)(g_get_monotonic_time() - start);
}

static void
bench_migrations(guint64 pages, int runs)
{
    const struct {
        const char *name;
        Workload workload;
    } cases[] = {
        {"idle", {.kind = WORKLOAD_IDLE}},
        {"uniform 10 % of link", {.kind = WORKLOAD_UNIFORM, .pages = pages, .rate_pages_s = 300}},
        {"uniform 70 % of link", {.kind = WORKLOAD_UNIFORM, .pages = pages, .rate_pages_s = 2100}},
        {"uniform set of 8192", {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 6000}},
        {"hot/cold",
         {.kind = WORKLOAD_HOT_COLD, .pages = pages, .rate_pages_s = 2100, .hot_pages = 4000, .hot_share = .9}},
        {"zipf", {.kind = WORKLOAD_ZIPF, .pages = pages, .rate_pages_s = 2100, .exponent = 1}},
        {"sweep", {.kind = WORKLOAD_SWEEP, .pages = pages, .rate_pages_s = 2100}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        double us[PASSES];
        guint rounds = 0;
        for (int k = 0; k < runs; k++)
            us[k] = migration_us(&cases[i].workload, pages, 3000, &rounds);
        qsort(us, (size_t)runs, sizeof *us, compare);
        printf("%10.0f MiB  migration, %-22s %2u rounds %10.1f us\n", (double)pages / 256, cases[i].name, rounds,
               us[runs / 2]);
    }
}

static void
bench_passes(guint64 pages)
{
    const double shares[] = {0, 1e-6, 1e-4, 1e-3, 5e-3, 1e-2, 2e-2, 0.05, 0.3, 0.7, 3, 100};
    const double rate = (double)pages;
    const Workload workloads[] = {
        {.kind = WORKLOAD_UNIFORM, .pages = pages, .rate_pages_s = rate},
        {.kind = WORKLOAD_HOT_COLD, .pages = pages, .rate_pages_s = rate, .hot_pages = pages / 10, .hot_share = 0.9},
        {.kind = WORKLOAD_ZIPF, .pages = pages, .rate_pages_s = rate, .exponent = 1},
        {.kind = WORKLOAD_SWEEP, .pages = pages, .rate_pages_s = rate},
    };
    const char *names[] = {"uniform", "hot/cold", "zipf", "sweep"};

    for (gsize w = 0; w < G_N_ELEMENTS(workloads); w++)
        for (gsize i = 0; i < G_N_ELEMENTS(shares); i++) {
            const double us = pass_us(&workloads[w], pages, shares[i]);
            printf("%10.0f MiB  %-8s %8g writes/page %10.2f us/pass %8.2f ns/word\n", (double)pages / 256, names[w],
                   shares[i], us, us * 1e3 / ((double)pages / 64));
        }
}

int
main(void)
{
    bench_migrations(131072, PASSES);
    bench_migrations(16777216, 3);
    bench_passes(131072);
    bench_passes(16777216);
    return EXIT_SUCCESS;
}
