#include "sim/sweep/slurm.h"

#include "sim/output/files.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"
#include "sim/sweep/campaign.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

enum { RUNS_PER_TASK = 10 }; /* chosen: starting a task costs about as much as ten short runs */

GQuark
slurm_error_quark(void)
{
    return g_quark_from_static_string("tandem-slurm-error");
}

static char *
path_in(const SlurmJob *job, const char *name)
{
    return g_build_filename(job->folder, "slurm", name, NULL);
}

guint
slurm_shards(const SlurmJob *job, const Plan *plan)
{
    g_autofree char *path = path_in(job, "shards");
    g_autofree char *text = NULL;
    guint64 known;

    if (files_read(path, &text, NULL, NULL) &&
        g_ascii_string_to_unsigned(g_strstrip(text), 10, 1, SLURM_MAX_TASKS, &known, NULL))
        return (guint)known;
    const guint by_runs = (plan->n_runs + RUNS_PER_TASK - 1) / RUNS_PER_TASK;
    return CLAMP(job->tasks > 0 ? job->tasks : by_runs, 1, SLURM_MAX_TASKS);
}

/* ---- the script ---- */

static void
append_quoted(GString *out, const char *option, const char *word)
{
    g_autofree char *quoted = g_shell_quote(word);

    g_string_append_printf(out, " %s%s%s", option, *option ? " " : "", quoted);
}

/* What would be more than a word of its line, to a shell or to sbatch: the first of these texts. */
static const char *
first_that_acts(const SlurmJob *job, const char *folder)
{
    const char *const words[] = {job->program, job->file, folder, job->timeout ? job->timeout : ""};
    const char *const *const lists[] = {job->settings, job->options};

    if (strpbrk(folder, "\"\\%")) /* in the name of a log, which sbatch reads by rules of its own */
        return folder;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_regex_match_simple("[[:cntrl:]]", words[i], G_REGEX_RAW, 0))
            return words[i];
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        for (const char *const *word = lists[i]; word && *word; word++)
            if (g_regex_match_simple("[[:cntrl:]]", *word, G_REGEX_RAW, 0))
                return *word;
    return NULL;
}

static char *
absolute(const char *path)
{
    return g_canonicalize_filename(path, NULL);
}

gboolean
slurm_check(const SlurmJob *job, GError **error)
{
    g_autofree char *folder = absolute(job->folder);
    const char *word = first_that_acts(job, folder);

    if (!word)
        return TRUE;
    g_autofree char *quoted = wording_quote(word);
    g_set_error(error, SLURM_ERROR, SLURM_ERROR_TEXT,
                "%s: cannot stand in a job's script, expected no line's end or other control character%s", quoted,
                word == folder ? ", and in --out no quote, backslash or %" : "");
    return FALSE;
}

char *
slurm_script(const SlurmJob *job, guint shards, const char *array)
{
    g_autofree char *program = absolute(job->program);
    g_autofree char *file = absolute(job->file);
    g_autofree char *folder = absolute(job->folder);
    g_autofree char *quoted_folder = g_shell_quote(folder);
    GString *script = g_string_new("#!/bin/sh\n# Written by `tandem sweep --engine slurm`: each task runs one shard.\n"
                                   "#SBATCH --job-name=tandem\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=1\n");

    g_string_append_printf(script, "#SBATCH --array=%s\n#SBATCH --output=\"%s/slurm/logs/%%a.log\"\n", array, folder);
    for (const char *const *option = job->options; option && *option; option++)
        g_string_append_printf(script, "#SBATCH %s\n", *option);
    g_string_append(script, "exec");
    append_quoted(script, "", program);
    append_quoted(script, "sweep", file);
    g_string_append_printf(script, " --out %s/shards/$SLURM_ARRAY_TASK_ID --shard $SLURM_ARRAY_TASK_ID/%u",
                           quoted_folder, shards);
    g_string_append(script, " --resume -j 1 --quiet");
    for (const char *const *setting = job->settings; setting && *setting; setting++)
        append_quoted(script, "--set", *setting);
    if (job->timeout)
        append_quoted(script, "--point-timeout", job->timeout);
    g_string_append_c(script, '\n');
    return g_string_free(script, FALSE);
}

/* ---- the queue ---- */

static gboolean
run_command(const char *const *argv, char **out, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autofree char *complaint = NULL;
    int status = 0;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out, &complaint, &status, &reason)) {
        g_set_error(error, SLURM_ERROR, SLURM_ERROR_COMMAND, "%s cannot be run (%s); expected Slurm here, or --shard",
                    argv[0], reason->message);
        return FALSE;
    }
    if (status == 0)
        return TRUE;
    g_strdelimit(g_strstrip(complaint), "\n", ' ');
    g_set_error(error, SLURM_ERROR, SLURM_ERROR_COMMAND, "%s failed: %s", argv[0], complaint);
    return FALSE;
}

/* How many tasks of the job wait or run; a job that the queue has forgotten has none. */
static gboolean
count_tasks(const char *id, guint *tasks, GError **error)
{
    const char *const argv[] = {"squeue", "--noheader", "--array", "--format=%i", "--jobs", id, NULL};
    g_autofree char *out = NULL;
    g_autoptr(GError) reason = NULL;

    *tasks = 0;
    if (!run_command(argv, &out, &reason)) {
        if (strstr(reason->message, "Invalid job id"))
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    for (const char *p = out; *p; p++)
        *tasks += *p == '\n';
    return TRUE;
}

/* ---- shards ---- */

static gboolean
is_complete(const char *folder)
{
    g_autoptr(cJSON) manifest = campaign_read_manifest(folder, NULL);

    return manifest && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(manifest, "complete"));
}

/* Folders of all shards, and "1-3,7" of those that are not complete. */
static char *
find_missing(const SlurmJob *job, guint shards, GPtrArray *folders, guint *missing)
{
    GString *array = g_string_new(NULL);
    guint first = 0; /* of the row that is being counted; 0: none */

    *missing = 0;
    for (guint i = 1; i <= shards + 1; i++) {
        g_autofree char *number = g_strdup_printf("%u", i);
        g_autofree char *folder = g_build_filename(job->folder, "shards", number, NULL);
        const gboolean lacks = i <= shards && !is_complete(folder);
        *missing += lacks;
        if (lacks && first == 0)
            first = i;
        if (!lacks && first > 0) {
            g_string_append_printf(array, "%s%u", array->len ? "," : "", first);
            if (i - 1 > first)
                g_string_append_printf(array, "-%u", i - 1);
            first = 0;
        }
        if (i <= shards && folders)
            g_ptr_array_add(folders, g_steal_pointer(&folder));
    }
    return g_string_free(array, FALSE);
}

/* ---- submit and follow ---- */

static gboolean
write_script(const SlurmJob *job, guint shards, const char *array, char **path, GError **error)
{
    g_autofree char *logs = path_in(job, "logs");
    g_autofree char *shard_folder = g_build_filename(job->folder, "shards", NULL);
    g_autofree char *shards_path = path_in(job, "shards");
    g_autofree char *number = g_strdup_printf("%u\n", shards);
    g_autofree char *script = slurm_script(job, shards, array);

    *path = path_in(job, "job.sh");
    if (g_mkdir_with_parents(logs, 0777) != 0 || g_mkdir_with_parents(shard_folder, 0777) != 0) {
        g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER, "%s: cannot make the folder: %s", job->folder,
                    g_strerror(errno));
        return FALSE;
    }
    return files_write_text(shards_path, number, error) && files_write_text(*path, script, error);
}

/* The number of the job in the queue: one that was submitted before and still has tasks, or a new one. */
static gboolean
submit(const SlurmJob *job, guint shards, const char *array, char **id, GError **error)
{
    g_autofree char *record = path_in(job, "job");
    g_autofree char *script = NULL;
    guint tasks = 0;

    if (files_read(record, id, NULL, NULL)) {
        g_strstrip(*id);
        if (!count_tasks(*id, &tasks, error))
            return FALSE;
        if (tasks > 0) /* an earlier call was ended while it followed the job */
            return TRUE;
        g_clear_pointer(id, g_free);
    }
    if (!write_script(job, shards, array, &script, error))
        return FALSE;
    const char *const argv[] = {"sbatch", "--parsable", script, NULL};
    if (!run_command(argv, id, error))
        return FALSE;
    g_strdelimit(g_strstrip(*id), ";", '\0'); /* "12;cluster" */
    return files_write_text(record, *id, error);
}

static gboolean
follow(const SlurmJob *job, const char *id, guint shards, GError **error)
{
    guint tasks = 0, shown = G_MAXUINT;

    do {
        if (!count_tasks(id, &tasks, error))
            return FALSE;
        if (!job->quiet && tasks != shown)
            fprintf(stderr, "job %s: %u of %u tasks wait or run\n", id, tasks, shards);
        shown = tasks;
        if (tasks > 0)
            g_usleep((gulong)(job->poll_s * 1e6));
    } while (tasks > 0);
    return TRUE;
}

gboolean
slurm_run(const SlurmJob *job, const Plan *plan, GPtrArray *folders, GError **error)
{
    const guint shards = slurm_shards(job, plan);
    guint missing;
    g_autofree char *array = find_missing(job, shards, folders, &missing);
    g_autofree char *id = NULL;

    if (missing == 0)
        return TRUE;
    if (!submit(job, shards, array, &id, error) || !follow(job, id, missing, error))
        return FALSE;
    g_autofree char *left = find_missing(job, shards, NULL, &missing);
    if (missing == 0)
        return TRUE;
    g_set_error(error, SLURM_ERROR, SLURM_ERROR_INCOMPLETE,
                "job %s ended and %u of %u shards are not complete (%s; see %s/slurm/logs); --resume submits them", id,
                missing, shards, left, job->folder);
    return FALSE;
}
