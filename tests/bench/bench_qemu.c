/* What QEMU's rules cost to simulate: 1,000 migrations of a 512 MiB guest in one world, back and forth, under Xen's
 * policy, QEMU's pre-copy and post-copy, for an idle guest and for one that writes. Processor time of the run alone;
 * the policies take turns, and each is compared with Xen's of the same turn: medians of the repeats. Built with
 * everything else, not run by ctest: build/release/tests/bench_qemu [MIGRATIONS [REPEATS]] */
#include "sim/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define REPEATS_MOST 99

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

/* Processor time of a migration, in ms. pages: sent by one, in the mean. */
static double
measure(const Scenario *scenario, guint migrations, double *pages)
{
    Run run = {.scenario = scenario, .seed = 1};
    const double before_s = children_s();

    run_all(&run, 1, 1);
    const double each_ms = (children_s() - before_s) * 1e3 / migrations;
    if (!run.result)
        g_error("%s", run.error);
    *pages = 0;
    for (guint i = 1; i <= migrations; i++) {
        g_autofree char *name = i > 1 ? g_strdup_printf("migration.vm.%u.vm.sent_pages", i) : NULL;
        *pages += result_number(run.result, name ? name : "migration.vm.vm.sent_pages") / migrations;
    }
    run_clear(&run);
    return each_ms;
}

static int
by_size(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;

    return (a > b) - (a < b);
}

static double
median(double *values, guint n)
{
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void
compare(const char *workload, guint migrations, guint repeats)
{
    Scenario *scenarios[G_N_ELEMENTS(policies)];
    double each_ms[G_N_ELEMENTS(policies)][REPEATS_MOST], ratio[G_N_ELEMENTS(policies)][REPEATS_MOST];
    double pages[G_N_ELEMENTS(policies)];

    for (gsize p = 0; p < G_N_ELEMENTS(policies); p++) {
        g_autofree char *text = scenario_text(policies[p].hypervisor, workload, migrations);
        scenarios[p] = load(text);
    }
    for (guint r = 0; r < repeats; r++)
        for (gsize p = 0; p < G_N_ELEMENTS(policies); p++) {
            each_ms[p][r] = measure(scenarios[p], migrations, &pages[p]);
            ratio[p][r] = each_ms[p][r] / each_ms[0][r];
        }
    for (gsize p = 0; p < G_N_ELEMENTS(policies); p++) {
        printf("  %-20s %6.3f ms  %6.2f of xen's  %9.0f pages\n", policies[p].name, median(each_ms[p], repeats),
               median(ratio[p], repeats), pages[p]);
        scenario_free(scenarios[p]);
    }
}

int
main(int argc, char **argv)
{
    const guint migrations = argc > 1 ? (guint)atoi(argv[1]) : 1000;
    const guint repeats = argc > 2 ? (guint)CLAMP(atoi(argv[2]), 1, REPEATS_MOST) : 7;

    printf("%u migrations of 512 MiB over 1 Gb/s, images verified; processor time of one, medians of %u\n", migrations,
           repeats);
    for (gsize w = 0; w < G_N_ELEMENTS(workloads); w++) {
        printf("%s\n", workloads[w].name);
        compare(workloads[w].workload, migrations, repeats);
    }
    return 0;
}
