/* A campaign's plan: a scenario, the points of its sweep, their seeds, and what identifies all that.
 *
 * A run is one repeat of one point; runs are numbered from 0 inside, point by point, a point's repeats together. A
 * run's scenario is made from the written one, so that an axis may name a profile. Its seed is drawn from a stream that
 * is named after the repeat (and, for seeds "per-point", after the point's values), so that a longer axis or more
 * repeats leave the other runs as they were.
 */
#ifndef TANDEM_SIM_SWEEP_PLAN_H
#define TANDEM_SIM_SWEEP_PLAN_H

#include "sim/specs/scenario_load.h"
#include "sim/sweep/axes.h"

#define PLAN_ERROR plan_error_quark()
GQuark plan_error_quark(void);
typedef enum { PLAN_ERROR_NO_SWEEP, PLAN_ERROR_CHANGED } PlanError;

typedef struct {
    char *file;      /* that was given: scenario or sweep file */
    char *shown;     /* the scenario's file name without its folder: what errors in tables call it */
    char *folder;    /* of the scenario */
    cJSON *tree;     /* the scenario as written, without its sweep */
    cJSON *resolved; /* the same, resolved */
    cJSON *sweep;    /* resolved */
    SweepSpec spec;  /* of sweep */
    Axes *axes;
    guint64 seed;
    guint repeats;
    guint n_runs;
    cJSON *identity; /* what a campaign's folder is held to */
    cJSON *origin;   /* the command that runs it again, and the digests of the files that were read for it */
} Plan;

/* path: a scenario with "sweep", or a sweep file. settings: for the scenario, as of scenario_load. (transfer full) */
Plan *plan_load(const char *path, const char *const *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The plan of a folder's manifest, to read and merge its runs; it makes no scenarios. (transfer full) */
Plan *plan_from_manifest(const cJSON *manifest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

guint plan_point(const Plan *plan, guint run);
guint plan_repeat(const Plan *plan, guint run);
guint64 plan_seed(const Plan *plan, guint run);
/* "p1,p2,…": the cells of the point's parameters, each with a comma before it. */
void plan_append_cells(const Plan *plan, guint point, GString *out);
/* The scenario of a run; the error is a run's status "invalid". (transfer full) */
Scenario *plan_scenario(const Plan *plan, guint run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE with what changed first when a folder's identity is another one. */
gboolean plan_check_identity(const cJSON *known, const cJSON *now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
