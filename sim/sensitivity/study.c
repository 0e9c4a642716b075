#include "sim/sensitivity/study.h"

#include "sim/run/crew.h"
#include "sim/run/progress.h"
#include "sim/run/run.h"
#include "sim/scenario/data_folder.h"

#include <math.h>
#include <string.h>

typedef struct {
    Study *study;
    guint next, done, failed;
    Progress progress;
} Runner;

/* ---- one world, in a child ---- */

static Findings *
observe_paper(const Target *target, GError **error)
{
    g_autoptr(ClaimSet) claims = claims_new();

    return target->paper->reproduce(claims, NULL, 1, error) ? findings_from_claims(claims) : NULL;
}

static Findings *
observe_cases(const Target *target, GError **error)
{
    g_autoptr(GArray) predictions = validate_cases(target->cases, NULL, target->seeds, 1, error);

    return predictions ? findings_from_predictions(predictions) : NULL;
}

/* Job 0 is the base; then N_SIDES jobs for each parameter. */
static double
factor_of(const Study *study, guint job)
{
    return 1 + ((job - 1) % N_SIDES == SIDE_LOW ? -1 : 1) * study->by_percent / 100;
}

/* Findings, or "!" and why there are none. */
static char *
work(guint job, gpointer data)
{
    const Study *study = ((const Runner *)data)->study;
    g_autoptr(GError) error = NULL;

    if (job > 0)
        parameter_override(study_parameter(study, (job - 1) / N_SIDES), factor_of(study, job));
    g_autoptr(Findings) findings =
        study->target.paper ? observe_paper(&study->target, &error) : observe_cases(&study->target, &error);
    return findings ? findings_pack(findings) : g_strconcat("!", error->message, NULL);
}

/* ---- all of them ---- */

/* One line, without the places of the data folders: the same on every machine. */
static char *
failure_text(const char *message)
{
    GString *text = g_string_new(message);

    for (const char *const *folder = data_folders(); *folder; folder++) {
        g_autofree char *start = g_strconcat(*folder, "/", NULL);
        g_string_replace(text, start, "", 0);
    }
    return g_strdelimit(g_string_free(text, FALSE), "\n", ' ');
}

static gboolean
next_job(guint *job, gpointer data)
{
    Runner *runner = data;

    if (runner->next > study_parameters(runner->study) * N_SIDES)
        return FALSE;
    *job = runner->next++;
    return TRUE;
}

static gboolean
take(const CrewReport *report, gpointer data)
{
    Runner *runner = data;
    Study *study = runner->study;
    Outcome *outcome = report->job == 0 ? &study->base : &study->outcomes[report->job - 1];

    runner->done++;
    if (report->outcome == CREW_ANSWERED && *report->answer != '!')
        outcome->findings = findings_unpack(report->answer);
    else if (report->outcome == CREW_ANSWERED)
        outcome->failure = failure_text(report->answer + 1);
    else
        outcome->failure = failure_text(*report->answer ? report->answer : "the process was killed or crashed");
    runner->failed += outcome->failure != NULL;
    return report->job > 0 || outcome->findings; /* without a base there is nothing to compare with */
}

static void
tick(gpointer data)
{
    Runner *runner = data;

    progress_show(&runner->progress, runner->done, runner->failed);
}

Study *
study_run(const Target *target, const ParameterList *list, double by_percent, guint workers, gboolean quiet,
          GError **error)
{
    g_autoptr(Study) study = g_new0(Study, 1);
    Runner runner = {.study = study};
    const Crew crew = {.work = work,
                       .next = next_job,
                       .take = take,
                       .tick = tick,
                       .data = &runner,
                       .workers = workers,
                       .stderr_fd = -1};

    study->target = *target;
    study->list = list;
    study->by_percent = by_percent;
    study->outcomes = g_new0(Outcome, list->parameters->len * N_SIDES);
    run_warm_up();
    progress_begin(&runner.progress, 1 + list->parameters->len * N_SIDES, 0, quiet);
    crew_run(&crew);
    progress_end(&runner.progress, runner.done, runner.failed);
    if (!study->base.findings) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", target->name, study->base.failure);
        return NULL;
    }
    return g_steal_pointer(&study);
}

static void
clear_outcome(Outcome *outcome)
{
    findings_free(outcome->findings);
    g_free(outcome->failure);
}

void
study_free(Study *study)
{
    if (!study)
        return;
    clear_outcome(&study->base);
    for (guint i = 0; i < study_parameters(study) * N_SIDES; i++)
        clear_outcome(&study->outcomes[i]);
    g_free(study->outcomes);
    g_free(study);
}

/* ---- looking ---- */

guint
study_parameters(const Study *study)
{
    return study->list->parameters->len;
}

const Parameter *
study_parameter(const Study *study, guint parameter)
{
    return g_ptr_array_index(study->list->parameters, parameter);
}

const Outcome *
study_outcome(const Study *study, guint parameter, Side side)
{
    return &study->outcomes[parameter * N_SIDES + side];
}

guint
study_findings(const Study *study)
{
    return study->base.findings->list->len;
}

const Finding *
study_finding(const Study *study, guint finding)
{
    return &g_array_index(study->base.findings->list, Finding, finding);
}

const Finding *
study_changed(const Study *study, guint finding, guint parameter, Side side)
{
    const Outcome *outcome = study_outcome(study, parameter, side);
    const char *id = study_finding(study, finding)->id;

    if (!outcome->findings)
        return NULL;
    if (finding < outcome->findings->list->len) { /* nearly always in the same place */
        const Finding *same = &g_array_index(outcome->findings->list, Finding, finding);
        if (g_str_equal(same->id, id))
            return same;
    }
    return findings_find(outcome->findings, id);
}

double
study_change(const Study *study, guint finding, guint parameter, Side side)
{
    const Finding *changed = study_changed(study, finding, parameter, side);
    const double base = study_finding(study, finding)->value;

    if (!changed || isnan(base) || isnan(changed->value))
        return NAN;
    if (changed->value == base)
        return 0;
    return base == 0 ? NAN : (changed->value - base) / fabs(base) * 100;
}

gboolean
study_loses(const Study *study, guint finding, guint parameter, Side side)
{
    const Finding *changed = study_changed(study, finding, parameter, side);

    return study_outcome(study, parameter, side)->findings && !isnan(study_finding(study, finding)->value) &&
           (!changed || isnan(changed->value));
}

double
study_influence(const Study *study, guint finding, guint parameter)
{
    const double low = fabs(study_change(study, finding, parameter, SIDE_LOW));
    const double high = fabs(study_change(study, finding, parameter, SIDE_HIGH));
    const double larger = fmax(low, high); /* of a number and NAN the number */

    if (study_loses(study, finding, parameter, SIDE_LOW) || study_loses(study, finding, parameter, SIDE_HIGH))
        return INFINITY;
    return isnan(larger) ? 0 : larger;
}

double
study_noise(const Study *study, guint finding)
{
    for (guint p = 0; p < study_parameters(study); p++)
        if (study_parameter(study, p)->kind == PARAMETER_CHANCE)
            return study_influence(study, finding, p);
    return 0;
}

static gboolean
study_moves(const Study *study, guint finding, guint parameter)
{
    const double influence = study_influence(study, finding, parameter);

    return influence > STUDY_MOVED_PERCENT && influence > study_noise(study, finding);
}

gboolean
study_flips(const Study *study, guint finding, guint parameter)
{
    const Verdict base = study_finding(study, finding)->verdict;

    for (Side side = SIDE_LOW; side < N_SIDES; side++) {
        const Finding *changed = study_changed(study, finding, parameter, side);
        if (changed && changed->verdict != base)
            return TRUE;
    }
    return FALSE;
}

/* Findings of one claim follow each other. */
StudyReach
study_reach(const Study *study, guint p)
{
    StudyReach reach = {0};
    const char *moved = "", *flipped = "";

    for (guint f = 0; f < study_findings(study); f++) {
        const Finding *finding = study_finding(study, f);
        const double influence = study_influence(study, f, p);
        if (study_moves(study, f, p) && !g_str_equal(moved, finding->claim)) {
            *(finding->role == ROLE_PREDICTED ? &reach.predicted : &reach.other) += 1;
            moved = finding->claim;
        }
        if (study_flips(study, f, p) && !g_str_equal(flipped, finding->claim)) {
            reach.flips++;
            flipped = finding->claim;
        }
        if (influence > reach.largest) {
            reach.largest = influence;
            reach.of = finding;
        }
    }
    return reach;
}

gboolean
study_oversteps(const Study *study, guint p)
{
    const Parameter *parameter = study_parameter(study, p);
    const double by = study->by_percent / 100;
    const double step = fmax(fabs(parameter_step(parameter, 1 - by)), fabs(parameter_step(parameter, 1 + by)));

    return step > 1.05 * study->by_percent; /* a size's rounding to whole bytes is none */
}

typedef struct {
    const Study *study;
    guint finding;
} Ranked;

/* Equal influence keeps the list's order. */
static int
compare_influence(gconstpointer a, gconstpointer b, gpointer data)
{
    const Ranked *ranked = data;
    const guint first = *(const guint *)a, second = *(const guint *)b;
    const double one = study_influence(ranked->study, ranked->finding, first);
    const double other = study_influence(ranked->study, ranked->finding, second);

    return one != other ? (one < other) - (one > other) : (first > second) - (first < second);
}

GArray *
study_ranking(const Study *study, guint finding)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
    Ranked ranked = {study, finding};

    for (guint p = 0; p < study_parameters(study); p++)
        if (study_parameter(study, p)->kind != PARAMETER_CHANCE)
            g_array_append_val(order, p);
    g_array_sort_with_data(order, compare_influence, &ranked);
    return order;
}
