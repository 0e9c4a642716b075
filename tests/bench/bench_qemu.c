/* What QEMU's rules cost to simulate: 1,000 migrations of a 512 MiB guest in one world, back and forth, under Xen's
 * policy, QEMU's pre-copy and post-copy, for an idle guest and for one that writes. Processor time of the run alone.
 * Built with everything else, not run by ctest: build/release/tests/bench_qemu [MIGRATIONS] */
#include "sim/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define REPEATS 5

static const struct {
    const char *name;
    const char *hypervisor;
} policies[] = {
    {"xen", "{\"profile\":\"xen-4.5\",\"costs\":{},\"cump_page_work\":\"0s\"}"},
    {"qemu pre-copy (KVM)", "\"qemu-kvm\""},
    {"qemu pre-copy (TCG)", "\"qemu-7.2-tcg\""},
    {"qemu post-copy", "{\"profile\":\"qemu-kvm\",\"postcopy_rounds\":1}"},
    {"qemu hybrid", "{\"profile\":\"qemu-kvm\",\"postcopy_rounds\":2}"},
};

static const struct {
    const char *name;
    const char *workload;
} workloads[] = {
    {"idle", "{\"kind\":\"idle\"}"},
    {"510 writes/s to 256 MiB", "{\"kind\":\"uniform\",\"working_set\":\"256MiB\",\"rate\":\"510/s\"}"},
    {"5,000 writes/s to 32 MiB", "{\"kind\":\"uniform\",\"working_set\":\"32MiB\",\"rate\":\"5k/s\"}"},
};

static char *
scenario_text(const char *hypervisor, const char *workload, guint migrations)
{
    GString *text = g_string_new(
        "{\"name\":\"bench\",\"engine\":{\"list_domains\":false},\"hosts\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
        "\"links\":[{\"name\":\"l\",\"ends\":[\"a\",\"b\"],\"bandwidth\":\"1Gbps\"}],");

    g_string_append_printf(
        text, "\"guests\":[{\"name\":\"vm\",\"host\":\"a\",\"memory\":\"512MiB\",\"workload\":%s}],\"timeline\":[",
        workload);
    for (guint i = 0; i < migrations; i++)
        g_string_append_printf(text,
                               "%s{\"at\":\"%us\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"%s\",\"hypervisor\":%s}",
                               i > 0 ? "," : "", 1 + 60 * i, i % 2 ? "a" : "b", hypervisor);
    g_string_append(text, "]}");
    return g_string_free(text, FALSE);
}

static Scenario *
load(const char *text)
{
    g_autofree char *path = g_strdup_printf("%s/bench-qemu-%d.json", g_get_tmp_dir(), (int)getpid());
    g_autoptr(GError) error = NULL;

    if (!g_file_set_contents(path, text, -1, &error))
        g_error("%s", error->message);
    Scenario *scenario = scenario_load(path, NULL, &error);
    unlink(path);
    if (!scenario)
        g_error("%s", error->message);
    return scenario;
}

static double
children_s(void)
{
    struct rusage usage;

    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The least of some runs: what is left when nothing disturbs. pages: sent in all. */
static double
measure(const Scenario *scenario, guint migrations, double *pages)
{
    double least_s = 1e9;

    for (int repeat = 0; repeat < REPEATS; repeat++) {
        Run run = {.scenario = scenario, .seed = 1};
        const double before_s = children_s();
        run_all(&run, 1, 1);
        least_s = MIN(least_s, children_s() - before_s);
        if (!run.result)
            g_error("%s", run.error);
        *pages = 0;
        for (guint i = 1; i <= migrations; i++) {
            g_autofree char *name = i > 1 ? g_strdup_printf("migration.vm.%u.vm.sent_pages", i) : NULL;
            *pages += result_number(run.result, name ? name : "migration.vm.vm.sent_pages");
        }
        run_clear(&run);
    }
    return least_s;
}

int
main(int argc, char **argv)
{
    const guint migrations = argc > 1 ? (guint)atoi(argv[1]) : 1000;

    printf("%u migrations of 512 MiB over 1 Gb/s, images verified; processor time\n", migrations);
    for (gsize w = 0; w < G_N_ELEMENTS(workloads); w++) {
        printf("%s\n", workloads[w].name);
        for (gsize p = 0; p < G_N_ELEMENTS(policies); p++) {
            g_autofree char *text = scenario_text(policies[p].hypervisor, workloads[w].workload, migrations);
            g_autoptr(Scenario) scenario = load(text);
            double pages;
            const double seconds = measure(scenario, migrations, &pages);
            printf("  %-20s %7.3f s  %6.2f ms each  %9.0f pages each  %5.2f ns a page\n", policies[p].name, seconds,
                   seconds * 1e3 / migrations, pages / migrations, seconds * 1e9 / pages);
        }
    }
    return 0;
}
