/* What it costs to evacuate forty hosts of a thousand VMs: to forty others, two of each host and so many in all at a
 * time. Not a test; run by hand: scripts/bench.sh, or build/release/tests/bench_evacuation [REPEATS] */
#include "sim/run/run.h"
#include "sim/specs/scenario_load.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define HOSTS   40u
#define GUESTS  25u /* of each host */
#define REPEATS 3

static void
append_hosts(GString *json)
{
    g_string_append(json, "{\"name\": \"evacuations\", \"switches\": [{\"name\": \"s\"}], \"hosts\": [");
    for (guint h = 0; h < 2 * HOSTS; h++)
        g_string_append_printf(json, "%s{\"name\": \"h%u\", \"memory\": \"64GiB\"}", h > 0 ? "," : "", h);
    g_string_append(json, "], \"links\": [");
    for (guint h = 0; h < 2 * HOSTS; h++)
        g_string_append_printf(json, "%s{\"name\": \"l%u\", \"ends\": [\"h%u\", \"s\"], \"bandwidth\": \"10Gbps\"}",
                               h > 0 ? "," : "", h, h);
    g_string_append(json, "]");
}

static void
append_guests(GString *json)
{
    g_string_append(json, ", \"guests\": [");
    for (guint g = 0; g < HOSTS * GUESTS; g++)
        g_string_append_printf(
            json,
            "%s{\"name\": \"g%u\", \"host\": \"h%u\", \"memory\": \"1GiB\", \"workload\": {\"kind\": "
            "\"uniform\", \"working_set\": \"128MiB\", \"rate\": \"2000/s\"}}",
            g > 0 ? "," : "", g, g % HOSTS);
    g_string_append(json, "]");
}

static void
append_evacuations(GString *json, guint in_all)
{
    g_string_append(json, ", \"timeline\": [");
    for (guint h = 0; h < HOSTS; h++)
        g_string_append_printf(json,
                               "%s{\"at\": \"0s\", \"do\": \"evacuate\", \"host\": \"h%u\", \"in_all\": %u, "
                               "\"hypervisor\": \"qemu-kvm\"}",
                               h > 0 ? "," : "", h, in_all);
    g_string_append(json, "]}");
}

static Scenario *
scenario_of(guint in_all)
{
    g_autoptr(GString) json = g_string_new(NULL);
    g_autofree char *folder = g_dir_make_tmp("tandem-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "scenario.json", NULL);
    g_autoptr(GError) error = NULL;

    append_hosts(json);
    append_guests(json);
    append_evacuations(json, in_all);
    g_file_set_contents(path, json->str, -1, NULL);
    Scenario *scenario = scenario_load(path, NULL, &error);
    if (!scenario)
        fprintf(stderr, "%s\n", error->message);
    g_unlink(path);
    g_rmdir(folder);
    return scenario;
}

static double
children_s(void)
{
    struct rusage used;

    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void
measure(guint in_all)
{
    g_autoptr(Scenario) scenario = scenario_of(in_all);
    const double before_s = children_s();
    Run run = {.scenario = scenario, .seed = 1};

    if (!scenario)
        return;
    run_all(&run, 1, 1);
    if (!run.result) {
        fprintf(stderr, "%s\n", run.error);
        return;
    }
    printf("1,000 VMs of 40 hosts, %3u at a time: %6.2f s of processor time, evacuated after %.0f simulated seconds\n",
           in_all, children_s() - before_s, result_number(run.result, "evacuation.h39.spent_s"));
    result_free(run.result);
}

int
main(int argc, char **argv)
{
    const int repeats = argc > 1 ? atoi(argv[1]) : REPEATS;

    for (int i = 0; i < repeats; i++) {
        measure(5);
        measure(80);
    }
    return 0;
}
