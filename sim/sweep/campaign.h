/* A campaign in its folder: run the missing runs, survive what happens to them, and write the tables.
 *
 *     points.csv, summary.csv   see sim/sweep/sweep_tables.h
 *     manifest.json             what the campaign is, which part of it this folder holds, how its runs ended
 *     runs.journal              the runs as they ended, for --resume and merge
 *     sweep.log                 what changes from time to time: dates, retries
 *
 * The first three are the same bytes for any number of workers, order, shards and resumes. The manifest is written when
 * the campaign begins and again when it is complete.
 */
#ifndef TANDEM_SIM_SWEEP_CAMPAIGN_H
#define TANDEM_SIM_SWEEP_CAMPAIGN_H

#include "sim/sweep/journal.h"
#include "sim/sweep/plan.h"

#define CAMPAIGN_ERROR campaign_error_quark()
GQuark campaign_error_quark(void);
typedef enum {
    CAMPAIGN_ERROR_FOLDER,    /* not empty, not a campaign's, of another campaign: bad input */
    CAMPAIGN_ERROR_INCOMPLETE /* runs are missing after a merge */
} CampaignError;

/* Which runs: shard i of n (every n-th run from the i-th), one point, or all (shard 1 of 1, point 0). */
typedef struct {
    guint shard, shards;
    guint point; /* from 1; 0: all */
} Part;

typedef struct Campaign Campaign;

/* resume: the folder may hold a part of this very campaign. (transfer full) */
Campaign *campaign_open(const Plan *plan, const char *folder, Part part, gboolean resume, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void campaign_free(Campaign *campaign);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Campaign, campaign_free)

/* Makes runs that did not end "ok" or "violated" run again. */
void campaign_forget_failures(Campaign *campaign);
/* Runs what is missing. FALSE: the folder cannot be written. */
gboolean campaign_run(Campaign *campaign, guint workers, double timeout_s, gboolean quiet, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Whether a folder holds runs of this plan. */
gboolean campaign_may_take(const Plan *plan, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the runs of another folder of the same campaign. */
gboolean campaign_take(Campaign *campaign, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the tables and the manifest. */
gboolean campaign_finish(Campaign *campaign, GError **error) G_GNUC_WARN_UNUSED_RESULT;

guint campaign_missing(const Campaign *campaign);
guint campaign_size(const Campaign *campaign);
const Journal *campaign_journal(const Campaign *campaign);
/* TRUE: an earlier call completed it and nothing is left to do. */
gboolean campaign_is_complete(const Campaign *campaign);

/* Whether a run belongs to the part. */
gboolean campaign_part_has(Part part, const Plan *plan, guint run);
/* The names of the parameters' columns in a manifest, which shown is the name of. (transfer full); NULL with error set.
 */
GPtrArray *campaign_columns(const cJSON *manifest, const char *shown, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A folder's manifest, read for a plan-less look; NULL with error when there is none. (transfer full) */
cJSON *campaign_read_manifest(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
