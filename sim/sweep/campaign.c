#include "sim/sweep/campaign.h"

#include "sim/output/csv.h"
#include "sim/output/exact.h"
#include "sim/output/files.h"
#include "sim/output/inert.h"
#include "sim/run/crew.h"
#include "sim/run/progress.h"
#include "sim/run/run.h"
#include "sim/scenario/json_text.h"
#include "sim/sweep/sweep_tables.h"
#include "sim/sweep/worker.h"
#include "sim/version.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct Campaign {
    const Plan *plan;
    char *folder;
    Part part;
    Journal *journal;
    gboolean complete; /* by its manifest */
    int log_fd;

    /* while it runs */
    guint next_run;
    guint size;          /* runs of the part */
    GQueue again;        /* of GUINT_TO_POINTER(run) */
    GHashTable *retried; /* set of runs that had their second try */
    Progress progress;
    GError *error; /* owned; why it stopped */
};

GQuark
campaign_error_quark(void)
{
    return g_quark_from_static_string("tandem-campaign-error");
}

gboolean
campaign_part_has(Part part, const Plan *plan, guint run)
{
    return run % part.shards == part.shard - 1 && (part.point == 0 || plan_point(plan, run) == part.point - 1);
}

static char *
part_text(Part part)
{
    if (part.point > 0)
        return g_strdup_printf("point %u", part.point);
    return part.shards > 1 ? g_strdup_printf("shard %u/%u", part.shard, part.shards) : g_strdup("all");
}

/* ---- manifest ---- */

cJSON *
campaign_read_manifest(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "manifest.json", NULL);

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return json_text_load(path, error);
    g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER,
                "%s: is no sweep's folder, expected a manifest.json in it", folder);
    return NULL;
}

GPtrArray *
campaign_columns(const cJSON *manifest, const char *shown, GError **error)
{
    g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(g_free);
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(manifest, "parameters"), *parameter;

    if (!cJSON_IsArray(parameters)) {
        g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER, "%s: /parameters: is no list, expected one", shown);
        return NULL;
    }
    cJSON_ArrayForEach(parameter, parameters)
    {
        const char *column = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(parameter, "column"));
        if (!column) {
            g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER,
                        "%s: /parameters/%u/column: is no text, expected the parameter's column", shown, columns->len);
            return NULL;
        }
        g_ptr_array_add(columns, g_strdup(column));
    }
    return g_steal_pointer(&columns);
}

static void
add_columns(const Plan *plan, cJSON *manifest)
{
    cJSON *parameters = cJSON_AddArrayToObject(manifest, "parameters");

    for (guint c = 0; c < axes_columns(plan->axes); c++) {
        const AxisColumn *column = axes_column(plan->axes, c);
        cJSON *parameter = cJSON_CreateObject();
        cJSON_AddStringToObject(parameter, "column", column->name);
        cJSON_AddStringToObject(parameter, "pointer", column->pointer);
        cJSON_AddNumberToObject(parameter, "axis", column->axis + 1);
        cJSON_AddNumberToObject(parameter, "values", column->values->len);
        cJSON_AddItemToArray(parameters, parameter);
    }
}

static cJSON *
new_manifest(const Campaign *campaign, gboolean complete)
{
    const Plan *plan = campaign->plan;
    g_autofree char *part = part_text(campaign->part);
    cJSON *manifest = cJSON_CreateObject();

    cJSON_AddStringToObject(manifest, "kind", "sweep");
    cJSON_AddStringToObject(manifest, "part", part);
    cJSON_AddNumberToObject(manifest, "points", axes_points(plan->axes));
    cJSON_AddNumberToObject(manifest, "repeats", plan->repeats);
    cJSON_AddNumberToObject(manifest, "runs", campaign->size);
    cJSON_AddBoolToObject(manifest, "complete", complete);
    cJSON *status = cJSON_AddObjectToObject(manifest, "status");
    for (RunStatus s = 0; complete && s < N_RUN_STATUSES; s++)
        cJSON_AddNumberToObject(status, journal_status_word(s), journal_count(campaign->journal, s));
    add_columns(plan, manifest);
    if (plan->origin)
        cJSON_AddItemReferenceToObject(manifest, "origin", plan->origin);
    cJSON_AddItemReferenceToObject(manifest, "campaign", plan->identity);
    return manifest;
}

static gboolean
write_manifest(const Campaign *campaign, gboolean complete, GError **error)
{
    g_autoptr(cJSON) manifest = new_manifest(campaign, complete);
    g_autoptr(FileSet) files = files_new();
    g_autofree char *printed = exact_print(manifest, TRUE);

    files_take(files, "manifest.json", g_strconcat(printed, "\n", NULL));
    return files_write(files, campaign->folder, error);
}

/* ---- folder ---- */

static gboolean
is_empty_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    if (!dir)
        return TRUE;
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (*name != '.') /* a file that was being written when it was killed */
            return FALSE;
    return TRUE;
}

/* Holds a folder that is not empty to the plan. */
static gboolean
check_manifest(Campaign *campaign, GError **error)
{
    g_autoptr(cJSON) manifest = campaign_read_manifest(campaign->folder, error);
    g_autofree char *part = part_text(campaign->part);
    g_autoptr(GError) difference = NULL;

    if (!manifest)
        return FALSE;
    const cJSON *identity = cJSON_GetObjectItemCaseSensitive(manifest, "campaign");
    const char *known_part = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(manifest, "part"));
    if (!identity || !plan_check_identity(identity, campaign->plan->identity, &difference)) {
        g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER,
                    "%s: holds another campaign: %s; expected the same scenario, or another --out", campaign->folder,
                    difference ? difference->message : "its manifest names none");
        return FALSE;
    }
    if (g_strcmp0(known_part, part) != 0) {
        g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER, "%s: holds %s of the campaign, expected %s",
                    campaign->folder, known_part ? known_part : "no part", part);
        return FALSE;
    }
    campaign->complete = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(manifest, "complete"));
    return TRUE;
}

static gboolean
open_folder(Campaign *campaign, gboolean resume, GError **error)
{
    const gboolean is_new = is_empty_folder(campaign->folder);

    if (!is_new && !resume) {
        g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER,
                    "%s: the folder is not empty, expected --resume to go on with it, or another --out",
                    campaign->folder);
        return FALSE;
    }
    if (!files_check_folder(campaign->folder, error)) {
        g_autofree char *reason = g_strdup((*error)->message);
        g_clear_error(error);
        g_set_error_literal(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER, reason);
        return FALSE;
    }
    return is_new ? write_manifest(campaign, FALSE, error) : check_manifest(campaign, error);
}

static void G_GNUC_PRINTF(2, 3) write_log(const Campaign *campaign, const char *format, ...)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = inert_line(text);
    dprintf(campaign->log_fd, "%s %s\n", date, line);
}

static char *
identity_digest(const Plan *plan)
{
    g_autofree char *text = exact_print(plan->identity, FALSE);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static gboolean
open_journal(Campaign *campaign, GError **error)
{
    g_autofree char *digest = identity_digest(campaign->plan);
    g_autofree char *log = g_build_filename(campaign->folder, "sweep.log", NULL);

    if (!files_check_target(log, error))
        return FALSE;
    campaign->journal = journal_open(campaign->folder, digest, campaign->plan->n_runs, error);
    if (!campaign->journal)
        return FALSE;
    campaign->log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    write_log(campaign, "opened on %s, %u of %u runs are there", g_get_host_name(), journal_done(campaign->journal),
              campaign->size);
    if (journal_torn(campaign->journal) > 0)
        write_log(campaign, "the journal's last line was torn: %" G_GSIZE_FORMAT " bytes dropped",
                  journal_torn(campaign->journal));
    if (journal_damaged(campaign->journal) > 0)
        write_log(campaign, "%u damaged lines in the journal", journal_damaged(campaign->journal));
    return TRUE;
}

Campaign *
campaign_open(const Plan *plan, const char *folder, Part part, gboolean resume, GError **error)
{
    g_autoptr(Campaign) campaign = g_new0(Campaign, 1);

    campaign->plan = plan;
    campaign->folder = g_strdup(folder);
    campaign->part = part;
    campaign->log_fd = -1;
    campaign->retried = g_hash_table_new(NULL, NULL);
    for (guint run = 0; run < plan->n_runs; run++)
        campaign->size += campaign_part_has(part, plan, run);
    if (!open_folder(campaign, resume, error))
        return NULL;
    return campaign->complete || open_journal(campaign, error) ? g_steal_pointer(&campaign) : NULL;
}

void
campaign_free(Campaign *campaign)
{
    if (!campaign)
        return;
    journal_free(campaign->journal);
    if (campaign->log_fd >= 0)
        close(campaign->log_fd);
    g_queue_clear(&campaign->again);
    g_hash_table_unref(campaign->retried);
    g_clear_error(&campaign->error);
    g_free(campaign->folder);
    g_free(campaign);
}

guint
campaign_size(const Campaign *campaign)
{
    return campaign->size;
}

guint
campaign_missing(const Campaign *campaign)
{
    return campaign->complete ? 0 : campaign->size - journal_done(campaign->journal);
}

gboolean
campaign_is_complete(const Campaign *campaign)
{
    return campaign->complete;
}

const Journal *
campaign_journal(const Campaign *campaign)
{
    return campaign->journal;
}

/* ---- all runs ---- */

static char *
work(guint job, gpointer data)
{
    return worker_answer(((const Campaign *)data)->plan, job);
}

static gboolean
next_run(guint *job, gpointer data)
{
    Campaign *campaign = data;

    if (!g_queue_is_empty(&campaign->again)) {
        *job = GPOINTER_TO_UINT(g_queue_pop_head(&campaign->again));
        return TRUE;
    }
    for (; campaign->next_run < campaign->plan->n_runs; campaign->next_run++) {
        if (!campaign_part_has(campaign->part, campaign->plan, campaign->next_run) ||
            journal_has(campaign->journal, campaign->next_run))
            continue;
        *job = campaign->next_run++;
        return TRUE;
    }
    return FALSE;
}

static gboolean
append_answer(Campaign *campaign, guint run, char *answer)
{
    char *lines[4] = {answer};

    for (int i = 1; i < 4; i++) {
        char *newline = strchr(lines[i - 1], '\n');
        g_assert(newline);
        *newline = '\0';
        lines[i] = newline + 1;
    }
    return journal_append(campaign->journal, run, (RunStatus)atoi(lines[0]), lines[1], lines[2], lines[3],
                          &campaign->error);
}

static RunStatus
failure(const CrewReport *report, char **message)
{
    switch (report->outcome) {
    case CREW_SIGNALLED:
        *message = g_strdup_printf("ended by signal %d (%s)", report->detail, g_strsignal(report->detail));
        return report->detail == SIGKILL || report->detail == SIGTERM ? RUN_KILLED : RUN_CRASHED;
    case CREW_TIMED_OUT:
        *message = g_strdup("took longer than --point-timeout");
        return RUN_TIMED_OUT;
    case CREW_LOST:
        *message = g_strdup("its worker was lost");
        return RUN_KILLED;
    default:
        *message = g_strdup_printf("ended with status %d without a result%s%s", report->detail,
                                   *report->answer ? ": " : "", report->answer);
        return RUN_FAILED;
    }
}

/* A run that did not answer gets one more try; then it stays in the tables with its status. */
static gboolean
take_failure(Campaign *campaign, const CrewReport *report)
{
    g_autofree char *message = NULL;
    const RunStatus status = failure(report, &message);
    const gboolean first = g_hash_table_add(campaign->retried, GUINT_TO_POINTER(report->job + 1));

    write_log(campaign, "run %u (point %u, repeat %u): %s%s", report->job + 1,
              plan_point(campaign->plan, report->job) + 1, plan_repeat(campaign->plan, report->job) + 1, message,
              first ? "; tried again" : "");
    if (first) {
        g_queue_push_tail(&campaign->again, GUINT_TO_POINTER(report->job));
        return TRUE;
    }
    g_autofree char *cell = csv_quote(message);
    return journal_append(campaign->journal, report->job, status, cell, "", "", &campaign->error);
}

static gboolean
take_run(const CrewReport *report, gpointer data)
{
    Campaign *campaign = data;

    return report->outcome == CREW_ANSWERED ? append_answer(campaign, report->job, (char *)report->answer)
                                            : take_failure(campaign, report);
}

static guint
failures(const Campaign *campaign)
{
    return journal_done(campaign->journal) - journal_count(campaign->journal, RUN_OK);
}

static void
show(gpointer data)
{
    Campaign *campaign = data;

    progress_show(&campaign->progress, journal_done(campaign->journal), failures(campaign));
}

void
campaign_forget_failures(Campaign *campaign)
{
    GError *error = NULL;
    JournalLine line;

    if (campaign->complete && !open_journal(campaign, &error)) {
        g_propagate_error(&campaign->error, error);
        return;
    }
    if (!journal_map(campaign->journal, &campaign->error))
        return;
    for (guint run = 0; run < campaign->plan->n_runs; run++)
        if (journal_line(campaign->journal, run, &line) && line.status != RUN_OK && line.status != RUN_VIOLATED)
            journal_forget(campaign->journal, run);
    campaign->complete = FALSE;
}

gboolean
campaign_run(Campaign *campaign, guint workers, double timeout_s, gboolean quiet, GError **error)
{
    const guint missing = campaign_missing(campaign);

    if (missing == 0 || campaign->error)
        return campaign->error ? (g_propagate_error(error, g_steal_pointer(&campaign->error)), FALSE) : TRUE;
    const guint limit = workers > 0 ? workers : crew_processors();
    const Crew crew = {work, next_run, take_run, show, campaign, MIN(limit, missing), timeout_s, campaign->log_fd};
    progress_begin(&campaign->progress, campaign->size, journal_done(campaign->journal), quiet);
    run_warm_up();
    crew_run(&crew);
    progress_end(&campaign->progress, journal_done(campaign->journal), failures(campaign));
    if (!campaign->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&campaign->error));
    return FALSE;
}

/* ---- after the runs ---- */

gboolean
campaign_finish(Campaign *campaign, GError **error)
{
    if (campaign->complete)
        return TRUE;
    if (!sweep_tables_write(campaign->plan, campaign->journal, campaign->folder, error) ||
        !write_manifest(campaign, campaign_missing(campaign) == 0, error))
        return FALSE;
    write_log(campaign, "%u of %u runs are there, %u failed", journal_done(campaign->journal), campaign->size,
              failures(campaign));
    return TRUE;
}

/* Appends the runs of another journal that this one does not have. */
static gboolean
take_lines(Campaign *campaign, Journal *other, GError **error)
{
    JournalLine line;

    if (!journal_map(other, error))
        return FALSE;
    for (guint run = 0; run < campaign->plan->n_runs; run++) {
        if (journal_has(campaign->journal, run) || !journal_line(other, run, &line))
            continue;
        g_autofree char *message = g_strndup(line.message, line.message_length);
        g_autofree char *cells = g_strndup(line.cells, line.cells_length);
        if (!journal_append(campaign->journal, run, line.status, message, journal_shape(other, line.shape), cells,
                            error))
            return FALSE;
    }
    return TRUE;
}

/* The runs of a folder that holds a part of the same campaign. (transfer full) */
static Journal *
journal_of(const Plan *plan, const char *folder, GError **error)
{
    g_autoptr(cJSON) manifest = campaign_read_manifest(folder, error);
    g_autoptr(GError) difference = NULL;

    if (!manifest)
        return NULL;
    const cJSON *identity = cJSON_GetObjectItemCaseSensitive(manifest, "campaign");
    if (!identity || !plan_check_identity(identity, plan->identity, &difference)) {
        g_set_error(error, CAMPAIGN_ERROR, CAMPAIGN_ERROR_FOLDER, "%s: holds another campaign: %s", folder,
                    difference ? difference->message : "its manifest names none");
        return NULL;
    }
    g_autofree char *digest = identity_digest(plan);
    return journal_open(folder, digest, plan->n_runs, error);
}

gboolean
campaign_may_take(const Plan *plan, const char *folder, GError **error)
{
    g_autoptr(Journal) journal = journal_of(plan, folder, error);

    return journal != NULL;
}

gboolean
campaign_take(Campaign *campaign, const char *folder, GError **error)
{
    g_autoptr(Journal) other = journal_of(campaign->plan, folder, error);

    return other && take_lines(campaign, other, error);
}
