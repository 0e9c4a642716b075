#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/output/files.h"
#include "sim/scenario/provenance.h"
#include "sim/scenario/units.h"
#include "sim/sweep/campaign.h"
#include "sim/sweep/slurm.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char **settings;
    char *folder;
    int workers;
    char *engine; /* NULL: local */
    char **site;  /* for sbatch */
    int tasks;
    char *poll;
    gboolean resume, retry_failed, list, quiet, dry_run;
    int point;
    char *shard;
    char *timeout;
} SweepOptions;

/* What was not given, which no number on the command line is: --point 0 is a mistake, and not all points. */
enum { NO_POINT = G_MININT, NO_TASKS = G_MININT, NO_WORKERS = G_MININT };

static void
clear_options(SweepOptions *options)
{
    g_strfreev(options->settings);
    g_free(options->folder);
    g_free(options->engine);
    g_strfreev(options->site);
    g_free(options->poll);
    g_free(options->shard);
    g_free(options->timeout);
}

/* "2/5" */
static gboolean
read_shard(const char *text, Part *part)
{
    guint64 shard, shards;
    g_auto(GStrv) halves = g_strsplit(text, "/", 2);

    if (g_strv_length(halves) != 2 || !g_ascii_string_to_unsigned(halves[1], 10, 1, AXES_MAX_POINTS, &shards, NULL) ||
        !g_ascii_string_to_unsigned(halves[0], 10, 1, shards, &shard, NULL))
        return FALSE;
    part->shard = (guint)shard;
    part->shards = (guint)shards;
    return TRUE;
}

static gboolean
read_part(const SweepOptions *options, const Plan *plan, Part *part)
{
    const guint points = axes_points(plan->axes);

    *part = (Part){1, 1, 0};
    if (options->shard && !read_shard(options->shard, part)) {
        verb_complain(0, "--shard %s: expected i/n with 1 <= i <= n, such as 2/5", options->shard);
        return FALSE;
    }
    if (options->point != NO_POINT && (options->point < 1 || (guint)options->point > points)) {
        verb_complain(0, "--point %d: expected a point from 1 to %u (see --list)", options->point, points);
        return FALSE;
    }
    part->point = options->point == NO_POINT ? 0 : (guint)options->point;
    return TRUE;
}

static gboolean
read_timeout(const SweepOptions *options, double *timeout_s)
{
    g_autoptr(GError) error = NULL;

    *timeout_s = 0;
    if (!options->timeout || (units_parse(options->timeout, UNITS_TIME, timeout_s, &error) && *timeout_s > 0))
        return TRUE;
    verb_complain(0, "--point-timeout %s: %s", options->timeout, error ? error->message : "expected more than 0s");
    return FALSE;
}

static int
list_runs(const Plan *plan, Part part)
{
    g_autoptr(GString) row = g_string_new("point,repeat,seed");

    for (guint c = 0; c < axes_columns(plan->axes); c++)
        g_string_append_printf(row, ",%s", axes_column(plan->axes, c)->name);
    verb_say("%s\n", row->str);
    for (guint run = 0; run < plan->n_runs; run++) {
        if (!campaign_part_has(part, plan, run))
            continue;
        g_string_printf(row, "%u,%u,%" G_GUINT64_FORMAT, plan_point(plan, run) + 1, plan_repeat(plan, run) + 1,
                        plan_seed(plan, run));
        plan_append_cells(plan, plan_point(plan, run), row);
        verb_say("%s\n", row->str);
    }
    return fflush(stdout) == 0 ? EXIT_DONE : verb_complain(EXIT_OTHER, "cannot write the list");
}

/* How the runs ended, as an exit status. */
static int
judge(const Campaign *campaign, const SweepOptions *options)
{
    const Journal *journal = campaign_journal(campaign);
    g_autoptr(GString) counts = g_string_new(NULL);

    if (campaign_is_complete(campaign)) {
        if (!options->quiet)
            verb_say("%s is complete: %u runs, nothing to do\n", options->folder, campaign_size(campaign));
        return EXIT_DONE;
    }
    for (RunStatus s = RUN_OK + 1; s < N_RUN_STATUSES; s++)
        if (journal_count(journal, s) > 0)
            g_string_append_printf(counts, "%s%u %s", counts->len ? ", " : "", journal_count(journal, s),
                                   journal_status_word(s));
    if (!options->quiet)
        verb_say("%u runs in %s\n", campaign_size(campaign), options->folder);
    if (counts->len == 0)
        return EXIT_DONE;
    const gboolean only_violated =
        journal_count(journal, RUN_VIOLATED) + journal_count(journal, RUN_OK) == journal_done(journal);
    return verb_complain(only_violated ? EXIT_CLAIM_FAILED : EXIT_OTHER, "%s: of %u runs %s (see status in points.csv)",
                         options->folder, journal_done(journal), counts->str);
}

/* passing: the folder goes when this command ends, and nothing can go on with it. */
static int
run_campaign(const SweepOptions *options, const Plan *plan, Part part, gboolean passing, double timeout_s)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Campaign) campaign = campaign_open(plan, options->folder, part, options->resume, &error);

    if (!campaign)
        return verb_fail_campaign(error);
    if (options->retry_failed)
        campaign_forget_failures(campaign);
    if (passing)
        interrupt_say("no result is kept; what was begun is in %s", options->folder);
    else
        interrupt_say("the runs that ended are kept; %s%s goes on", provenance_command(),
                      options->resume ? "" : " --resume");
    if (!campaign_run(campaign, (guint)options->workers, timeout_s, options->quiet, &error) ||
        !campaign_finish(campaign, &error))
        return verb_complain(EXIT_OTHER, "%s (--resume goes on from there)", error->message);
    return judge(campaign, options);
}

static void
remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        (void)g_unlink(path);
    }
    (void)g_rmdir(folder);
}

/* Without a folder the point's rows go to the screen. */
static int
show_point(SweepOptions *options, const Plan *plan, Part part, double timeout_s)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    options->folder = g_dir_make_tmp("tandem-point-XXXXXX", &error);
    if (!options->folder)
        return verb_fail(EXIT_OTHER, error);
    options->quiet = TRUE;
    const int status = run_campaign(options, plan, part, TRUE, timeout_s);
    g_autofree char *points = g_build_filename(options->folder, "points.csv", NULL);
    if (files_read(points, &text, NULL, NULL))
        verb_say("%s", text);
    remove_folder(options->folder);
    return status;
}

static int
dry_run(const SweepOptions *options, const Plan *plan, Part part)
{
    guint runs = 0;

    for (guint run = 0; run < plan->n_runs; run++)
        runs += campaign_part_has(part, plan, run);
    verb_say("%u points x %u repeats; %u runs here, into %s\n", axes_points(plan->axes), plan->repeats, runs,
             options->folder ? options->folder : "no folder (give --out)");
    return EXIT_DONE;
}

/* ---- Slurm ---- */

/* A campaign of the folder's own: its runs come from the shards. */
static int
merge_shards(const SweepOptions *options, const Plan *plan, const GPtrArray *folders)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Campaign) campaign = campaign_open(plan, options->folder, (Part){1, 1, 0}, TRUE, &error);

    if (!campaign)
        return verb_fail_campaign(error);
    for (guint i = 0; i < folders->len && !campaign_is_complete(campaign); i++)
        if (!campaign_take(campaign, g_ptr_array_index(folders, i), &error))
            return verb_fail_campaign(error);
    if (!campaign_finish(campaign, &error))
        return verb_fail_writing(error);
    return judge(campaign, options);
}

/* Holds the folder to the plan before anything is submitted. */
static int
claim_folder(const SweepOptions *options, const Plan *plan)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Campaign) campaign = campaign_open(plan, options->folder, (Part){1, 1, 0}, options->resume, &error);

    return campaign ? EXIT_DONE : verb_fail_campaign(error);
}

static int
run_on_slurm(const SweepOptions *options, const Plan *plan, const char *path)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    SlurmJob job = {.program = program,
                    .file = path,
                    .folder = options->folder,
                    .settings = (const char *const *)options->settings,
                    .options = (const char *const *)options->site,
                    .timeout = options->timeout,
                    .tasks = options->tasks == NO_TASKS ? 0 : (guint)options->tasks,
                    .poll_s = 5,
                    .quiet = options->quiet};

    if (options->poll && !units_parse(options->poll, UNITS_TIME, &job.poll_s, &error))
        return verb_complain(EXIT_BAD_INPUT, "--poll %s: %s", options->poll, error->message);
    if (!slurm_check(&job, &error))
        return verb_fail(EXIT_BAD_INPUT, error);
    if (options->dry_run) {
        const guint shards = slurm_shards(&job, plan);
        g_autofree char *array = g_strdup_printf("1-%u", shards);
        g_autofree char *script = slurm_script(&job, shards, array);
        fputs(script, stdout); /* which is a program, and refuses what would act */
        return EXIT_DONE;
    }
    const int status = claim_folder(options, plan);
    if (status != EXIT_DONE)
        return status;
    interrupt_say("what is submitted goes on without this command (squeue); %s%s waits for it and gathers it",
                  provenance_command(), options->resume ? "" : " --resume");
    if (!slurm_run(&job, plan, folders, &error))
        return verb_fail(EXIT_OTHER, error);
    return merge_shards(options, plan, folders);
}

static gboolean
check_engine(const SweepOptions *options, Part part)
{
    const gboolean slurm = options->engine && g_str_equal(options->engine, "slurm");

    if (options->engine && !slurm && !g_str_equal(options->engine, "local"))
        verb_complain(0, "--engine %s: expected local or slurm", options->engine);
    else if (slurm && (part.shards > 1 || part.point > 0))
        verb_complain(0, "--engine slurm runs the whole sweep, expected no --shard and no --point");
    else if (slurm && !options->folder)
        verb_complain(0, "sweep: no folder, expected --out DIR that the cluster's machines share");
    else if (!slurm && (options->site || options->tasks != NO_TASKS || options->poll))
        verb_complain(0, "--%s: is for Slurm, expected --engine slurm",
                      options->site   ? "slurm"
                      : options->poll ? "poll"
                                      : "tasks");
    else if (options->tasks != NO_TASKS && (options->tasks < 1 || options->tasks > SLURM_MAX_TASKS))
        verb_complain(0, "--tasks %d: expected 1 to %d", options->tasks, SLURM_MAX_TASKS);
    else
        return TRUE;
    return FALSE;
}

/* What would be ignored is refused: whoever gave it takes it to have been heard. */
static gboolean
check_heard(const SweepOptions *options)
{
    const gboolean runs = !options->list && !options->dry_run;
    const char *of_runs = options->folder                  ? "out"
                          : options->resume                ? "resume"
                          : options->workers != NO_WORKERS ? "jobs"
                          : options->timeout               ? "point-timeout"
                          : options->engine                ? "engine"
                          : options->dry_run               ? "dry-run"
                                                           : NULL;

    if (options->list && of_runs)
        verb_complain(0, "--%s: --list runs nothing, expected one of them", of_runs);
    else if (runs && options->resume && !options->folder)
        verb_complain(0, "--resume: goes on with what is in a folder, expected --out DIR");
    else if (options->workers != NO_WORKERS && g_strcmp0(options->engine, "slurm") == 0)
        verb_complain(0, "--jobs: the cluster says how many runs there are at a time, expected --tasks or nothing");
    else
        return TRUE;
    return FALSE;
}

static int
sweep(SweepOptions *options, const char *path)
{
    g_autoptr(GError) error = NULL;
    double timeout_s;
    Part part;

    if (options->workers < 0 && options->workers != NO_WORKERS)
        return verb_complain(EXIT_BAD_INPUT, "-j %d: expected a number of runs, 0 for one per processor",
                             options->workers);
    if (options->retry_failed && !options->resume)
        return verb_complain(EXIT_BAD_INPUT, "--retry-failed: nothing was tried before, expected --resume");
    if (!read_timeout(options, &timeout_s) || !check_heard(options))
        return EXIT_BAD_INPUT;
    if (options->workers == NO_WORKERS)
        options->workers = 0;
    g_autoptr(Plan) plan = plan_load(path, (const char *const *)options->settings, &error);
    if (!plan)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!read_part(options, plan, &part))
        return EXIT_BAD_INPUT;
    if (!check_engine(options, part))
        return EXIT_BAD_INPUT;
    if (options->list)
        return list_runs(plan, part);
    if (options->engine && g_str_equal(options->engine, "slurm"))
        return run_on_slurm(options, plan, path);
    if (options->dry_run)
        return dry_run(options, plan, part);
    if (options->folder)
        return run_campaign(options, plan, part, FALSE, timeout_s);
    if (part.point > 0)
        return show_point(options, plan, part, timeout_s);
    return verb_complain(EXIT_BAD_INPUT, "sweep: no folder, expected --out DIR (or --list, --point K, --dry-run)");
}

int
verb_sweep(int argc, char **argv)
{
    SweepOptions options = {.point = NO_POINT, .tasks = NO_TASKS, .workers = NO_WORKERS};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "write points.csv, summary.csv, manifest.json there",
         "DIR"},
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.settings, "put VALUE at a JSON Pointer of the scenario",
         "POINTER=VALUE"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "runs at a time (default: one per processor)", "N"},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &options.resume, "go on with what is in DIR", NULL},
        {"retry-failed", 0, 0, G_OPTION_ARG_NONE, &options.retry_failed, "with --resume: failed runs again too", NULL},
        {"list", 0, 0, G_OPTION_ARG_NONE, &options.list, "print the runs and their parameters", NULL},
        {"point", 0, 0, G_OPTION_ARG_INT, &options.point, "only this point; without --out its rows are printed", "K"},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &options.shard, "only every n-th run from the i-th on", "i/n"},
        {"point-timeout", 0, 0, G_OPTION_ARG_STRING, &options.timeout, "a run may take so long, such as 30s", "TIME"},
        {"engine", 0, 0, G_OPTION_ARG_STRING, &options.engine, "local (default), or slurm: as an array job",
         "local|slurm"},
        {"slurm", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.site,
         "an option for sbatch, such as --slurm=--partition=long; may be repeated", "OPTION"},
        {"tasks", 0, 0, G_OPTION_ARG_INT, &options.tasks, "tasks of the array (default: one for ten runs)", "N"},
        {"poll", 0, 0, G_OPTION_ARG_STRING, &options.poll, "how often to look at the queue (default 5s)", "TIME"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "no progress", NULL},
        {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, "say what would run; for Slurm: print the script",
         NULL},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(entries, "FILE",
                   "Runs every point of a scenario's sweep (FILE: the scenario, or a sweep file that names one).",
                   &argc, &argv)) {
        if (argc == 2)
            status = sweep(&options, argv[1]);
        else
            verb_complain(0, "sweep: %d files given, expected one (see tandem sweep --help)", argc - 1);
    }
    clear_options(&options);
    return status;
}
