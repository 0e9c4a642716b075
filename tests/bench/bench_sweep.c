/* What a sweep costs: points per second against a new process for each, the parent's own share, and resuming 100,000
 * finished points. Not run by ctest: build/release/tests/bench_sweep build/release/tandem [RUNS] */
#include "sim/sweep/campaign.h"
#include "sim/sweep/worker.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NEW_PROCESSES = 60, FINISHED_RUNS = 100000 };

static const char scenario[] =
    "{\"name\": \"idle\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],"
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"512MiB\"}],"
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\"}], \"sweep\": {\"repeats\": %d}}";

static double
now_s(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

static double
cpu_s(int who)
{
    struct rusage usage;

    getrusage(who, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
peak_MiB(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static Plan *
make_plan(const char *folder, int runs)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf("%s/s.json", folder);
    g_autofree char *text = g_strdup_printf(scenario, runs);
    Plan *plan = g_file_set_contents(path, text, -1, &error) ? plan_load(path, NULL, &error) : NULL;

    if (!plan)
        g_error("%s", error->message);
    return plan;
}

static double
new_processes(const char *program, const char *folder)
{
    const double start_s = now_s();

    for (int i = 1; i <= NEW_PROCESSES; i++) {
        g_autofree char *line = g_strdup_printf("%s run %s/s.json --seed %d", program, folder, i);
        g_autofree char *out = NULL;
        int status = 1;
        if (!g_spawn_command_line_sync(line, &out, NULL, &status, NULL) || status != 0)
            g_error("%s failed", line);
    }
    return NEW_PROCESSES / (now_s() - start_s);
}

/* In a process of its own, so that its times are a parent's alone. */
static void
run_sweep(const char *folder, int runs, guint workers, double process_rate)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *out = g_strdup_printf("%s/j%u", folder, workers);
    g_autoptr(Plan) plan = make_plan(folder, runs);
    const double start_s = now_s(), start_cpu_s = cpu_s(RUSAGE_SELF);
    g_autoptr(Campaign) campaign = campaign_open(plan, out, (Part){1, 1, 0}, FALSE, &error);

    if (!campaign || !campaign_run(campaign, workers, 0, TRUE, &error))
        g_error("%s", error->message);
    const double wall_s = now_s() - start_s, own_s = cpu_s(RUSAGE_SELF) - start_cpu_s;
    printf("| sweep -j %u, points/s | %.0f | %.1f times a new process each |\n", workers, runs / wall_s,
           runs / wall_s / process_rate);
    printf("| parent's own work, share of its time | %.1f %% | %.1f %% of all processor time; %.0f MiB at most |\n",
           100 * own_s / wall_s, 100 * own_s / (own_s + cpu_s(RUSAGE_CHILDREN)), peak_MiB());
}

/* Lines like a run's, for every run. */
static void
finish_runs(const Plan *plan, const char *out)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf("%s/runs.journal", out);
    g_autofree char *text = NULL;
    g_autoptr(Campaign) campaign = campaign_open(plan, out, (Part){1, 1, 0}, FALSE, &error);
    g_autofree char *answer = worker_answer(plan, 0); /* status, message, names, cells */
    g_auto(GStrv) lines = g_strsplit(answer, "\n", 4);

    g_clear_pointer(&campaign, campaign_free);
    if (!g_file_get_contents(path, &text, NULL, &error))
        g_error("%s", error->message);
    g_autofree char *identity = g_strndup(strstr(text, " I ") + 3, 64);
    g_autoptr(Journal) journal = journal_open(out, identity, plan->n_runs, &error);
    for (guint run = 0; journal && run < plan->n_runs; run++)
        if (!journal_append(journal, run, RUN_OK, lines[1], lines[2], lines[3], &error))
            g_error("%s", error->message);
}

static void
resume(const char *folder, const char *what)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *out = g_strdup_printf("%s/finished", folder);
    const double start_s = now_s();
    g_autoptr(Plan) plan = make_plan(folder, FINISHED_RUNS);
    g_autoptr(Campaign) campaign = campaign_open(plan, out, (Part){1, 1, 0}, TRUE, &error);

    if (!campaign || campaign_missing(campaign) > 0 || !campaign_finish(campaign, &error))
        g_error("%s", error ? error->message : "runs are missing");
    printf("| --resume over %d finished points, %s | %.2f s | %.0f MiB at most |\n", FINISHED_RUNS, what,
           now_s() - start_s, peak_MiB());
}

static void
in_child(void (*act)(const char *, gpointer), const char *folder, gpointer data)
{
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        act(folder, data);
        fflush(NULL);
        _exit(0);
    }
    int status = 1;
    waitpid(pid, &status, 0);
    if (status != 0)
        exit(1);
}

typedef struct {
    int runs;
    guint workers;
    double process_rate;
} Sweep;

static void
act_sweep(const char *folder, gpointer data)
{
    const Sweep *sweep = data;

    run_sweep(folder, sweep->runs, sweep->workers, sweep->process_rate);
}

static void
act_finish(const char *folder, gpointer data)
{
    g_autofree char *out = g_strdup_printf("%s/finished", folder);
    g_autoptr(Plan) plan = make_plan(folder, FINISHED_RUNS);

    (void)data;
    finish_runs(plan, out);
}

static void
act_resume(const char *folder, gpointer data)
{
    resume(folder, data);
}

static void
remove_folder(const char *folder)
{
    g_autofree char *line = g_strdup_printf("rm -r %s", folder);

    (void)!g_spawn_command_line_sync(line, NULL, NULL, NULL, NULL);
}

int
main(int argc, char **argv)
{
    const int runs = argc > 2 ? atoi(argv[2]) : 3000;
    g_autofree char *folder = g_dir_make_tmp("tandem-bench-XXXXXX", NULL);

    if (argc < 2 || runs < 1 || !folder) {
        fprintf(stderr, "bench_sweep: TANDEM [RUNS]\n");
        return 2;
    }
    g_autoptr(Plan) plan = make_plan(folder, runs);
    printf("| one idle VM of 512 MiB migrates | value | |\n|---|---|---|\n");
    const double rate = new_processes(argv[1], folder);
    printf("| a new process each, points/s | %.1f | |\n", rate);
    for (guint workers = 1; workers <= 2; workers++) {
        Sweep sweep = {runs, workers, rate};
        in_child(act_sweep, folder, &sweep);
    }
    in_child(act_finish, folder, NULL);
    in_child(act_resume, folder, (gpointer) "tables to be written");
    in_child(act_resume, folder, (gpointer) "complete");
    remove_folder(folder);
    return 0;
}
