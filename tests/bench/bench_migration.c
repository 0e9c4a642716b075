/* What a migration costs, beside SimGrid's own live-migration plugin: same hosts, cables, guests and dirtying rates.
 *
 * The plugin is fluid: it multiplies a dirtying rate by the work done and sends that many bytes per round. tandem draws
 * how many pages are dirty when, or which. docs/benchmarks.md says what is compared and how to read it. Every run is a
 * forked child, since SimGrid has one engine per process; runs of tandem and of the plugin alternate. Built with
 * everything else, not run by ctest: scripts/bench.sh, or build/release/tests/bench_migration [REPEATS [ROW]]
 */
#include "sim/output/result.h"
#include "sim/parts/migration/migration_part.h"
#include "sim/specs/scenario_load.h"
#include "sim/world/collect.h"
#include "sim/world/simulate.h"

#include <glib/gstdio.h>
#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/plugins/live_migration.h>
#include <simgrid/vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REPEATS_MAX 31
/* The plugin's load: a migration speed of 90 MiB/s of which 10 % are dirtied while the guest computes all the time, at
 * most nine tenths of its memory; three quarters of a 100 Mb/s cable. tandem's: single writes at that rate, evenly over
 * nine tenths of the memory. */
#define PLUGIN_SPEED_MIB   90
#define PLUGIN_INTENSITY   10
#define PLUGIN_WORKING_SET 0.9
#define DIRTY_PAGES_S      (PLUGIN_SPEED_MIB * 256.0 * PLUGIN_INTENSITY / 100)

#define EACH_PAGE "\"pages\": \"each\""

/* Guests on hosts, all with a 100 Mb/s cable to one switch (two hosts: one cable), each moving on to the next host. */
typedef struct {
    guint hosts;
    guint guests;    /* guest g starts on host g % hosts, or on host 0 */
    gboolean packed; /* all on host 0 */
    guint moves;     /* of each guest */
    double memory_mib;
    double dirty_pages_s; /* 0: idle */
    double working_set;   /* share of the memory */
    const char *kind;     /* of the workload: NULL: uniform */
    const char *engine;   /* its settings; NULL: as a user writes a scenario, none */
} Case;

typedef struct {
    double run_s;    /* wall time from the engine's start to the end of the run */
    double cpu_s;    /* processor time of the same */
    double around_s; /* tandem: reading the scenario before it and collecting the results after it */
    double end_s;    /* simulated end of the last migration */
    double rounds;   /* tandem: live rounds of the last migration */
    double rss_mib;  /* peak of the process above what it had before */
} Measure;

static double
wall_s(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

static double
cpu_s(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static double
peak_rss_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static guint
first_host(const Case *c, guint guest)
{
    return c->packed ? 0 : guest % c->hosts;
}

/* ---- tandem ---- */

static void
append_hosts(GString *json, const Case *c)
{
    g_string_append(json, "\"hosts\": [");
    for (guint h = 0; h < c->hosts; h++)
        g_string_append_printf(json, "%s{\"name\": \"h%u\", \"memory\": \"16TiB\"}", h ? "," : "", h);
    g_string_append(json, "], \"links\": [");
    if (c->hosts == 2)
        g_string_append(json, "{\"name\": \"l\", \"ends\": [\"h0\", \"h1\"], \"profile\": \"ideal-100\"}]");
    for (guint h = 0; c->hosts > 2 && h < c->hosts; h++)
        g_string_append_printf(json, "%s{\"name\": \"l%u\", \"ends\": [\"h%u\", \"sw\"], \"profile\": \"ideal-100\"}%s",
                               h ? "," : "", h, h, h + 1 == c->hosts ? "], \"switches\": [{\"name\": \"sw\"}]" : "");
}

static void
append_guests(GString *json, const Case *c)
{
    g_string_append(json, ", \"guests\": [");
    for (guint g = 0; g < c->guests; g++) {
        g_string_append_printf(json, "%s{\"name\": \"g%u\", \"host\": \"h%u\", \"memory\": \"%.0fMiB\"", g ? "," : "",
                               g, first_host(c, g), c->memory_mib);
        if (c->dirty_pages_s > 0)
            g_string_append_printf(json,
                                   ", \"workload\": {\"kind\": \"%s\", \"working_set\": \"%.0fKiB\", "
                                   "\"rate\": \"%.0f/s\"}",
                                   c->kind ? c->kind : "uniform", floor(c->memory_mib * c->working_set * 1024),
                                   c->dirty_pages_s);
        g_string_append_c(json, '}');
    }
    g_string_append(json, "], \"timeline\": [");
}

/* Far enough apart for one move to end before the next: four times the memory over the cable. */
static void
append_moves(GString *json, const Case *c)
{
    const double every_s = c->memory_mib / 512 * 43 * 4;

    for (guint m = 0; m < c->moves; m++)
        for (guint g = 0; g < c->guests; g++)
            g_string_append_printf(json,
                                   "%s{\"at\": \"%.0fs\", \"do\": \"migrate\", \"vm\": \"g%u\", \"to\": \"h%u\", "
                                   "\"hypervisor\": \"ideal\"}",
                                   m || g ? "," : "", m * every_s, g, (first_host(c, g) + m + 1) % c->hosts);
    g_string_append(json, "]}");
}

/* (transfer full) The path of the scenario's file. */
static char *
write_scenario(const Case *c)
{
    g_autoptr(GString) json = g_string_new(NULL);
    char *path = NULL;
    const int fd = g_file_open_tmp("tandem-bench-XXXXXX.json", &path, NULL);

    g_string_append_printf(json, "{\"name\": \"bench\", \"engine\": {%s}, ", c->engine ? c->engine : "");
    append_hosts(json, c);
    append_guests(json, c);
    append_moves(json, c);
    close(fd);
    if (!g_file_set_contents(path, json->str, -1, NULL))
        exit(EXIT_FAILURE);
    return path;
}

static Measure
run_tandem(const Case *c)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_scenario(c);
    const double base_mib = peak_rss_mib(), load_s = wall_s();
    g_autoptr(Scenario) scenario = scenario_load(path, NULL, &error);

    g_unlink(path);
    if (!scenario) {
        fprintf(stderr, "%s\n", error->message);
        exit(EXIT_FAILURE);
    }
    const double start_s = wall_s(), start_cpu_s = cpu_s();
    g_autoptr(World) world = simulate_scenario(&scenario->spec, scenario->folder, 1, &error);
    const double end_s = wall_s(), run_cpu_s = cpu_s() - start_cpu_s;
    Result *result = result_new(scenario->resolved, 1);
    collect_results(world, result);
    const double collected_s = wall_s();
    const GPtrArray *migrations = ((const MigrationWorld *)part_of_world(world, &migration_part))->migrations;
    const Migration *last = g_ptr_array_index(migrations, migrations->len - 1);
    for (guint i = 0; i < migrations->len; i++)
        if (((Migration *)g_ptr_array_index(migrations, i))->outcome != &outcome_completed)
            exit(EXIT_FAILURE);
    const Leg *leg = g_ptr_array_index(last->legs, 0);
    return (Measure){end_s - start_s,
                     run_cpu_s,
                     start_s - load_s + collected_s - end_s,
                     last->end_s,
                     copier_totals(&leg->copier).rounds->len - 1,
                     peak_rss_mib() - base_mib};
}

/* ---- the plugin ---- */

static char *
write_platform(const Case *c)
{
    GString *xml = g_string_new("<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM "
                                "\"https://simgrid.org/simgrid.dtd\">\n<platform version=\"4.1\">"
                                "<zone id=\"z\" routing=\"DijkstraCache\">\n");
    char *path = NULL;
    const int fd = g_file_open_tmp("tandem-bench-XXXXXX.xml", &path, NULL);
    const char *link = "<link id=\"l%u%s\" bandwidth=\"12.5MBps\" latency=\"0s\"/>\n";

    for (guint h = 0; h < c->hosts; h++)
        g_string_append_printf(xml, "<host id=\"h%u\" speed=\"1Gf\" core=\"%u\"/>\n", h, MAX(8, c->guests));
    if (c->hosts > 2)
        g_string_append(xml, "<router id=\"sw\"/>\n");
    const guint cables = c->hosts == 2 ? 1 : c->hosts;
    for (guint l = 0; l < cables; l++) {
        g_string_append_printf(xml, link, l, "o");
        g_string_append_printf(xml, link, l, "b");
    }
    for (guint l = 0; l < cables; l++) {
        g_autofree char *host = g_strdup_printf("h%u", l);
        const char *to = c->hosts == 2 ? "h1" : "sw";
        g_string_append_printf(xml, "<route src=\"%s\" dst=\"%s\" symmetrical=\"NO\"><link_ctn id=\"l%uo\"/></route>\n",
                               host, to, l);
        g_string_append_printf(xml, "<route src=\"%s\" dst=\"%s\" symmetrical=\"NO\"><link_ctn id=\"l%ub\"/></route>\n",
                               to, host, l);
    }
    g_string_append(xml, "</zone></platform>\n");
    close(fd);
    if (!g_file_set_contents(path, xml->str, -1, NULL))
        exit(EXIT_FAILURE);
    g_string_free(xml, TRUE);
    return path;
}

static const Case *plugin_case;
static double plugin_end_s;

static void
compute(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    sg_actor_execute(1e15);
}

static void
move_plugin_guest(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const Case *c = plugin_case;
    const guint guest = GPOINTER_TO_UINT(sg_actor_self_get_data());
    g_autofree char *name = g_strdup_printf("g%u", guest);
    g_autofree char *start = g_strdup_printf("h%u", first_host(c, guest));
    sg_actor_t load = NULL;
    sg_vm_t vm = sg_vm_create_migratable(sg_host_by_name(start), name, 1, (int)c->memory_mib, PLUGIN_SPEED_MIB,
                                         c->dirty_pages_s > 0 ? PLUGIN_INTENSITY : 0);

    sg_vm_start(vm);
    if (c->dirty_pages_s > 0) {
        load = sg_actor_init("load", (sg_host_t)vm);
        sg_actor_start(load, compute, 0, NULL);
    }
    for (guint m = 0; m < c->moves; m++) {
        g_autofree char *to = g_strdup_printf("h%u", (first_host(c, guest) + m + 1) % c->hosts);
        sg_vm_migrate(vm, sg_host_by_name(to));
        plugin_end_s = simgrid_get_clock();
    }
    if (load)
        sg_actor_kill(load);
    sg_vm_destroy(vm);
}

static Measure
run_plugin(const Case *c)
{
    char *arguments[] = {"bench", "--cfg=network/model:CM02", "--cfg=network/crosstraffic:0",
                         "--log=root.thres:critical", NULL};
    char **argv = arguments;
    int argc = 4;
    g_autofree char *path = write_platform(c);
    const double base_mib = peak_rss_mib(), start_s = wall_s(), start_cpu_s = cpu_s();

    plugin_case = c;
    simgrid_init(&argc, argv);
    sg_vm_live_migration_plugin_init();
    simgrid_load_platform(path);
    g_unlink(path);
    for (guint g = 0; g < c->guests; g++) {
        g_autofree char *host = g_strdup_printf("h%u", first_host(c, g));
        sg_actor_t actor = sg_actor_init("mover", sg_host_by_name(host));
        sg_actor_set_data(actor, GUINT_TO_POINTER(g));
        sg_actor_start(actor, move_plugin_guest, 0, NULL);
    }
    simgrid_run();
    return (Measure){wall_s() - start_s, cpu_s() - start_cpu_s, 0, plugin_end_s, 0, peak_rss_mib() - base_mib};
}

/* ---- runs and tables ---- */

typedef Measure (*Runner)(const Case *c);

/* One run in a process of its own. */
static Measure
measure(Runner run, const Case *c)
{
    Measure answer = {0};
    int ends[2];

    fflush(stdout);
    if (pipe(ends) != 0)
        exit(EXIT_FAILURE);
    const pid_t child = fork();
    if (child == 0) {
        answer = run(c);
        _exit(write(ends[1], &answer, sizeof answer) == (ssize_t)sizeof answer ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    const gboolean whole = read(ends[0], &answer, sizeof answer) == (ssize_t)sizeof answer;
    close(ends[0]);
    waitpid(child, NULL, 0);
    if (!whole) {
        fprintf(stderr, "bench_migration: a run failed\n");
        exit(EXIT_FAILURE);
    }
    return answer;
}

/* By processor time: runs are single-threaded and wait for nothing, so that on an idle machine it is the wall time;
 * with neighbours on the machine it is what can be compared. */
static int
compare_runs(const void *a, const void *b)
{
    const double x = ((const Measure *)a)->cpu_s, y = ((const Measure *)b)->cpu_s;
    return (x > y) - (x < y);
}

static Measure
median(Measure *measures, int n)
{
    qsort(measures, (size_t)n, sizeof *measures, compare_runs);
    return measures[n / 2];
}

static Measure
measure_tandem(const Case *c, int repeats)
{
    Measure all[REPEATS_MAX];

    for (int i = 0; i < repeats; i++)
        all[i] = measure(run_tandem, c);
    return median(all, repeats);
}

static void
print_row(const char *what, double ours, const char *unit, double limit, const char *against, double bar)
{
    g_autofree char *asked = isfinite(bar) ? g_strdup_printf("<= %.2f", bar) : g_strdup("none");
    const char *verdict = !isfinite(bar) ? "" : ours / limit <= bar ? "met" : "NOT MET";

    printf("| %-58s | %9.3f %-3s | %9.3f %-7s | %6.2f | %-7s | %-7s |\n", what, ours, unit, limit, against,
           ours / limit, asked, verdict);
}

static const char *only; /* the row that was asked for; NULL: all of them */

/* Alternating runs of both. */
static void
compare_with_plugin(const char *what, const Case *c, double bar, int repeats)
{
    Measure ours[REPEATS_MAX], theirs[REPEATS_MAX];

    if (only && !g_str_equal(what, only))
        return;
    for (int i = 0; i < repeats; i++) {
        ours[i] = measure(run_tandem, c);
        theirs[i] = measure(run_plugin, c);
    }
    const Measure tandem = median(ours, repeats), plugin = median(theirs, repeats);
    print_row(what, tandem.cpu_s * 1e3, "ms", plugin.cpu_s * 1e3, "plugin", bar);
    printf("|   wall time %.1f and %.1f ms, ratio %.2f; around the run: %.1f ms; live rounds of the last: %.0f; "
           "simulated end: %.0f and %.0f s\n",
           tandem.run_s * 1e3, plugin.run_s * 1e3, tandem.run_s / plugin.run_s, tandem.around_s * 1e3, tandem.rounds,
           tandem.end_s, plugin.end_s);
}

/* sweep: every write goes to a fresh page while there is one, which is just what the plugin's formula counts. */
static void
bench_against_plugin(int repeats)
{
    const struct {
        const char *text, *kind, *engine;
        double bar;
    } ways[] = {{"uniform", "uniform", NULL, 0.8},
                {"sweep", "sweep", NULL, 0.8},
                {"uniform, each page", "uniform", EACH_PAGE, 2.5}};

    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        Case c = {.hosts = 2,
                  .guests = 1,
                  .moves = 1000,
                  .memory_mib = 512,
                  .dirty_pages_s = DIRTY_PAGES_S,
                  .working_set = PLUGIN_WORKING_SET,
                  .kind = ways[i].kind,
                  .engine = ways[i].engine};
        g_autofree char *two = g_strdup_printf("1,000 loaded, 2 hosts, %s", ways[i].text);
        g_autofree char *hundred = g_strdup_printf("1,000 loaded, 100 hosts, %s", ways[i].text);
        compare_with_plugin(two, &c, ways[i].bar, repeats);
        c.hosts = c.guests = 100;
        c.moves = 10;
        compare_with_plugin(hundred, &c, ways[i].bar, repeats);
    }
}

/* A working set of an eighth, written faster than the cable sends: never converges, 29 rounds. The large guest's pages
 * are drawn each, which is what memory's size costs. */
static void
bench_one(int repeats)
{
    Case c = {.hosts = 2, .guests = 1, .moves = 100, .memory_mib = 512, .dirty_pages_s = 6000, .working_set = 0.125};
    Measure m = measure_tandem(&c, repeats);
    g_autofree char *what = g_strdup_printf("one 512 MiB migration of %.0f live rounds (mean of 100)", m.rounds);

    print_row(what, m.cpu_s * 1e3 / c.moves, "ms", 2, "limit", 1);
    c = (Case){.hosts = 2,
               .guests = 1,
               .moves = 1,
               .memory_mib = 65536,
               .dirty_pages_s = DIRTY_PAGES_S,
               .working_set = PLUGIN_WORKING_SET,
               .engine = EACH_PAGE};
    m = measure_tandem(&c, repeats);
    g_autofree char *large = g_strdup_printf("one 64 GiB migration of %.0f live rounds, whole run", m.rounds);
    print_row(large, m.cpu_s * 1e3, "ms", 150, "limit", 1);
    print_row("its memory above the process before the run", m.rss_mib, "MiB", 64, "limit", 1);
}

/* Each page is drawn. The load keeps its ratio to the cable and to the memory. */
static void
bench_sizes(int repeats)
{
    for (double mib = 512; mib <= 65536; mib *= 2) {
        const Case c = {.hosts = 2,
                        .guests = 1,
                        .moves = mib < 8192 ? 20 : 2,
                        .memory_mib = mib,
                        .dirty_pages_s = DIRTY_PAGES_S,
                        .working_set = PLUGIN_WORKING_SET,
                        .engine = EACH_PAGE};
        const Measure m = measure_tandem(&c, repeats);
        printf("| %6.0f MiB, one loaded migration: %8.3f ms, %6.3f ms per GiB, %2.0f live rounds, %5.1f MiB above |\n",
               mib, m.cpu_s * 1e3 / c.moves, m.cpu_s * 1e3 / c.moves / (mib / 1024), m.rounds, m.rss_mib);
    }
}

/* No bar on the wall time. With listings, each of the 1,000 migrations lists up to 1,000 domains twice. */
static void
bench_concurrent(int repeats)
{
    Case c = {.hosts = 2, .guests = 1, .packed = TRUE, .moves = 1, .memory_mib = 512};
    const Measure one = measure_tandem(&c, 1);

    c.guests = 1000;
    const Measure all = measure_tandem(&c, 1);
    print_row("1,000 idle at once over one cable, simulated time", all.end_s, "s", 1000 * one.end_s, "s", 1.00001);
    compare_with_plugin("the same, its cost, with domain listings", &c, INFINITY, MIN(repeats, 3));
    c.engine = "\"list_domains\": false";
    compare_with_plugin("the same, its cost, without listings", &c, INFINITY, MIN(repeats, 3));
}

int
main(int argc, char **argv)
{
    const int repeats = argc > 1 ? CLAMP(atoi(argv[1]), 1, REPEATS_MAX) : 7;

    printf("| %-58s | %-13s | %-17s | %-6s | %-7s | %-7s |\n", "what", "tandem", "against", "ratio", "bar", "verdict");
    only = argc > 2 ? argv[2] : NULL;
    bench_against_plugin(repeats);
    if (only)
        return EXIT_SUCCESS;
    bench_one(repeats);
    bench_concurrent(repeats);
    bench_sizes(MIN(repeats, 3));
    return EXIT_SUCCESS;
}
