/* Wall time of 1,000 connections between 100 VMs on 10 hosts while each VM migrates once (bar: 10 s), and messages per
 * second of one core through a running world on the shared-memory path (bar: 2 million).
 * The connections are half requests and half bursts; each starts on one host and both its VMs move away, so that it
 * is on shared memory, then apart, then (every third pair) together again. */
#include "sim/run/run.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/resource.h>

#define VMS     100
#define HOSTS   10
#define SIM_S   20
#define PER_VM  10
#define SCALE   "'hypervisor': {'profile': 'xen-4.5', 'costs': {'suspend': '20ms', 'resume': '20ms'}}"
#define REQUEST "'application': 'request-response', 'messages': [{'size': '1KiB'}], 'pause': '50ms'"
#define BURST   "'application': 'bursty', 'messages': [{'size': '4KiB'}], 'burst': 16, 'pause': '100ms'"

static void
append_platform(GString *text)
{
    g_string_append(text, "'hosts': [");
    for (int h = 0; h < HOSTS; h++)
        g_string_append_printf(text, "%s{'name': 'h%d', 'memory': '64GiB'}", h ? "," : "", h);
    g_string_append(text, "], 'switches': [{'name': 's'}], 'links': [");
    for (int h = 0; h < HOSTS; h++)
        g_string_append_printf(text, "%s{'name': 'l%d', 'ends': ['h%d', 's'], 'profile': 'ethernet-10000'}",
                               h ? "," : "", h, h);
    g_string_append(text, "], 'guests': [");
    for (int v = 0; v < VMS; v++)
        g_string_append_printf(text,
                               "%s{'name': 'v%d', 'host': 'h%d', 'memory': '64MiB', 'workload': {'kind': 'uniform', "
                               "'working_set': '16MiB', 'rate': '1k/s'}}",
                               v ? "," : "", v, v / PER_VM);
    g_string_append(text, "],");
}

/* VMs 2 k and 2 k + 1 start on one host and talk; every third pair moves to one host, the others apart. */
static char *
busy_scenario(void)
{
    GString *text = g_string_new("{'name': 'busy', ");

    append_platform(text);
    g_string_append_printf(text, "'run_until': '%ds', 'sockets': [", SIM_S);
    for (int v = 0; v < VMS; v++)
        g_string_append_printf(text, "%s{'name': 's%d', 'from': 'v%d', 'to': 'v%d', 'connections': %d, %s}",
                               v ? "," : "", v, v, v ^ 1, PER_VM, v % 2 ? BURST : REQUEST);
    g_string_append(text, "], 'timeline': [");
    for (int v = 0; v < VMS; v++)
        g_string_append_printf(text, "%s{'at': '%.2fs', 'do': 'migrate', 'vm': 'v%d', 'to': 'h%d', %s}", v ? "," : "",
                               1 + 0.15 * v, v, (v / PER_VM + 1 + (v / 2 % 3 ? v % 2 : 0)) % HOSTS, SCALE);
    g_string_append(text, "]}");
    return g_string_free(text, FALSE);
}

static const char stream[] = "{'name': 'stream', 'run_until': '2s', 'hosts': [{'name': 'a'}],"
                             "'guests': [{'name': 'x', 'host': 'a'}, {'name': 'y', 'host': 'a'}], 'sockets': [{'name': "
                             "'s', 'from': 'x', 'to': 'y', 'application': 'bulk', 'messages': [{'size': '1KiB'}], "
                             "'buffer': '1MiB'}]}";

/* Processor time of the runs so far, which are children. */
static double
cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static Result *
run_text(const char *text, double *wall_s, double *cpu_s)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    g_autofree char *folder = g_dir_make_tmp("tandem-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "scenario.json", NULL);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, json, -1, NULL);
    g_autoptr(Scenario) scenario = scenario_load(path, NULL, &error);
    g_unlink(path);
    g_rmdir(folder);
    if (!scenario)
        g_error("%s", error->message);
    Run run = {.scenario = scenario, .seed = 1};
    const gint64 start = g_get_monotonic_time();
    const double cpu_start_s = cpu_seconds();
    run_all(&run, 1, 1);
    *wall_s = (double)(g_get_monotonic_time() - start) * 1e-6;
    *cpu_s = cpu_seconds() - cpu_start_s;
    if (!run.result)
        g_error("%s", run.error);
    return run.result;
}

static void
report_busy(void)
{
    g_autofree char *text = busy_scenario();
    double wall_s, cpu_s, messages = 0, switches = 0;
    int completed = 0;
    g_autoptr(Result) result = run_text(text, &wall_s, &cpu_s);
    g_autofree char *violation = result_violation(result);

    for (int v = 0; v < VMS; v++) {
        g_autofree char *m = g_strdup_printf("socket.s%d.messages", v);
        g_autofree char *p = g_strdup_printf("socket.s%d.path_switches", v);
        g_autofree char *o = g_strdup_printf("migration.v%d.outcome", v);
        messages += result_number(result, m);
        switches += result_number(result, p);
        completed += g_strcmp0(result_word(result, o), "completed") == 0;
    }
    printf(
        "1,000 connections, 100 VMs, %d migrations, %d s: %.2f s of wall time (bar: 10), %.2f s of one core; %.0f messages, %.0f switches "
        "of path, %s\n",
        completed, SIM_S, wall_s, cpu_s, messages, switches, violation ? violation : "all invariants hold");
}

int
main(void)
{
    double wall_s, cpu_s;
    g_autoptr(Result) result = run_text(stream, &wall_s, &cpu_s);
    const double messages = result_number(result, "socket.s.messages");

    printf("stream of 1 KiB messages in a running world: %.2f M messages/s of one core (bar: 2)\n",
           messages / cpu_s / 1e6);
    report_busy();
    return 0;
}
