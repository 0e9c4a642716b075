/* What a fleet costs: a day of 800 hosts and 1,052 VMs whose demand follows traces of five minutes, without migrations;
 * of the same day in which they consolidate themselves, with counted pages, the first hour; 10,000 hosts with 100,000
 * VMs that are only created; and of these the first rack, whose 40 hosts are evacuated. Not a test; run by hand:
 * scripts/bench.sh, or build/release/tests/bench_fleet */
#include "sim/run/run.h"
#include "sim/specs/scenario_load.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static const char day[] =
    "{\"name\": \"day\", \"run_until\": \"24h\", \"fleet\": {},"
    " \"hosts\": [{\"name\": \"h\", \"count\": 800, \"cores\": 2, \"memory\": \"8GiB\", \"processors\": \"shared\"}],"
    " \"guests\": [{\"name\": \"vm\", \"count\": 1052, \"host\": \"h\", \"memory\": \"1GiB\"}],"
    " \"demands\": [{\"guests\": [\"vm\"], \"kind\": \"synthetic\"}]}";
static const char large[] =
    "{\"name\": \"large\", \"run_until\": \"1s\", \"fleet\": {},"
    " \"fabric\": {\"kind\": \"leaf-spine\", \"racks\": 250, \"hosts\": 40, \"spines\": 4, \"oversubscription\": 3},"
    " \"guests\": [{\"name\": \"vm\", \"count\": 100000, \"host\": \"node\", \"memory\": {\"law\": \"choice\", "
    "\"values\": [\"1GiB\", \"2GiB\", \"4GiB\"]}}]}";
static const char rack[] =
    "{\"name\": \"rack\", \"run_until\": \"1h\", \"fleet\": {}, \"engine\": {\"list_domains\": false},"
    " \"fabric\": {\"kind\": \"racks\", \"racks\": 250, \"hosts\": 40, \"oversubscription\": 4},"
    " \"guests\": [{\"name\": \"vm\", \"count\": 100000, \"host\": \"node\", \"by\": \"block\", \"memory\": \"2GiB\","
    " \"workload\": {\"kind\": \"uniform\", \"working_set\": \"64MiB\", \"rate\": \"500/s\"}}],"
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"evacuate\", \"count\": 40, \"host\": \"node\", \"hypervisor\": \"qemu-10-kvm\"}]}";

static double
used_s(int who)
{
    struct rusage used;

    getrusage(who, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static const char deciding[] = TANDEM_SOURCE_DIR "/scenarios/fleets/day.json";
static const char *const first_hour[] = {"/run_until=1h", NULL};

static Scenario *
load_file(const char *path, const char *const *settings)
{
    g_autoptr(GError) error = NULL;
    Scenario *scenario = scenario_load(path, settings, &error);

    if (!scenario)
        fprintf(stderr, "%s\n", error->message);
    return scenario;
}

static Scenario *
load(const char *text)
{
    g_autofree char *folder = g_dir_make_tmp("tandem-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "scenario.json", NULL);

    g_file_set_contents(path, text, -1, NULL);
    Scenario *scenario = load_file(path, NULL);
    g_unlink(path);
    g_rmdir(folder);
    return scenario;
}

static int
run(const char *what, const char *text, const char *file)
{
    const double before_s = used_s(RUSAGE_SELF), children_s = used_s(RUSAGE_CHILDREN);
    g_autoptr(Scenario) scenario = text ? load(text) : load_file(file, first_hour);
    Run of = {.scenario = scenario, .seed = 1};
    struct rusage used;

    if (!scenario)
        return EXIT_FAILURE;
    const double read_s = used_s(RUSAGE_SELF) - before_s;
    run_all(&of, 1, 1);
    if (!of.result) {
        fprintf(stderr, "%s\n", of.error);
        return EXIT_FAILURE;
    }
    getrusage(RUSAGE_CHILDREN, &used);
    printf("%-40s read %6.2f s, run %6.2f s of processor time, %5.0f MiB", what, read_s,
           used_s(RUSAGE_CHILDREN) - children_s, (double)used.ru_maxrss / 1024);
    const double changes = result_number(of.result, "demand.changes");
    if (!isnan(changes))
        printf("; %.0f changes of demand", changes);
    const double completed = result_number(of.result, "fleet.completed");
    if (completed > 0)
        printf("; %.0f migrations", completed);
    putchar('\n');
    result_free(of.result);
    return EXIT_SUCCESS;
}

int
main(void)
{
    return run("a day of 800 hosts and 1,052 VMs", day, NULL) +
           run("of one that consolidates, the first hour", NULL, deciding) +
           run("10,000 hosts and 100,000 VMs", large, NULL) + run("of these a rack of 40 hosts evacuated", rack, NULL);
}
