/* A study of what a paper's claims, or the predictions of measured cases, hang on: one parameter at a time, lower and
 * higher by some percent, each such world in a process of its own.
 *
 * All worlds use the same random numbers, so that differences come from the parameter; the row of kind PARAMETER_CHANCE
 * uses others and says how much of a difference is noise. Outcomes do not depend on how many worlds run at a time. A
 * world that cannot be run is an outcome with a reason.
 *
 * A change is (value / base value - 1), in percent. A parameter moves a number when its change, of the larger side, is
 * above STUDY_MOVED_PERCENT and above what chance does to that number.
 */
#ifndef TANDEM_SIM_SENSITIVITY_STUDY_H
#define TANDEM_SIM_SENSITIVITY_STUDY_H

#include "sim/claims/paper.h"
#include "sim/parameters/parameters.h"
#include "sim/sensitivity/findings.h"

#define STUDY_MOVED_PERCENT 1.0  /* chosen: a tenth of the usual 10 % */
#define STUDY_SHOWN_PERCENT 0.05 /* what a table with one digit can show */

/* What is studied: a paper, or measured cases. */
typedef struct {
    const char *name;       /* of its list of parameters and of its folder */
    const Paper *paper;     /* NULL: cases */
    const GPtrArray *cases; /* of CaseFile */
    guint seeds;            /* runs of each case */
} Target;

typedef enum { SIDE_LOW, SIDE_HIGH, N_SIDES } Side;

typedef struct {
    Findings *findings; /* owned; NULL: it could not be run */
    char *failure;      /* owned; why not */
} Outcome;

typedef struct {
    Target target;
    const ParameterList *list; /* borrowed */
    double by_percent;
    Outcome base;
    Outcome *outcomes; /* N_SIDES of each parameter */
} Study;

/* workers 0: one per processor. quiet: no progress on stderr. NULL: the base world cannot be run.
 * list must outlive the study. (transfer full) */
Study *study_run(const Target *target, const ParameterList *list, double by_percent, guint workers, gboolean quiet,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void study_free(Study *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Study, study_free)

guint study_parameters(const Study *study);
const Parameter *study_parameter(const Study *study, guint parameter);
const Outcome *study_outcome(const Study *study, guint parameter, Side side);
guint study_findings(const Study *study);
const Finding *study_finding(const Study *study, guint finding);
/* The finding in a world with a changed parameter; NULL: it is not there. */
const Finding *study_changed(const Study *study, guint finding, guint parameter, Side side);

/* Percent; NAN when there is no number to compare. */
double study_change(const Study *study, guint finding, guint parameter, Side side);
/* Whether the world ran on that side and has the number no more, as a migration that does not complete any more has no
 * total. */
gboolean study_loses(const Study *study, guint finding, guint parameter, Side side);
/* The larger side's change, without its sign; 0 when there is none, infinite when the number is lost. */
double study_influence(const Study *study, guint finding, guint parameter);
/* What other random numbers do; 0 without that row. */
double study_noise(const Study *study, guint finding);
/* Whether the verdict differs on either side; a world that cannot be run has none. */
gboolean study_flips(const Study *study, guint finding, guint parameter);

/* What a parameter reaches. A claim with several numbers counts once. */
typedef struct {
    guint predicted, other; /* claims with a number that moves; other: calibrated or exact */
    guint flips;            /* claims whose verdict changes on either side */
    double largest;         /* influence, in percent */
    const Finding *of;      /* on that number; NULL: there is none */
} StudyReach;
StudyReach study_reach(const Study *study, guint parameter);

/* Whether the parameter changes by more than was asked for: a whole number moves by one at least. */
gboolean study_oversteps(const Study *study, guint parameter);

/* The parameters by their influence on a finding, largest first, chance left out. (transfer full; element guint) */
GArray *study_ranking(const Study *study, guint finding);

#endif
