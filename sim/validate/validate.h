/* Predictions of measured migrations from their inputs alone, and how far off they are.
 *
 * Each case's inputs are put into the scenario of its base (case_base.h), with the base's profile of the hypervisor,
 * and run with seeds 1 … N: a prediction is the median, and the lowest and highest seed say how much is left to chance
 * (the sender's buffer at the stop above all). No parameter is fitted to a case. Cases of one base are held against
 * their measurements together, those of different bases apart.
 */
#ifndef TANDEM_SIM_VALIDATE_VALIDATE_H
#define TANDEM_SIM_VALIDATE_VALIDATE_H

#include "sim/output/files.h"
#include "sim/validate/case_file.h"
#include "sim/validate/case_runs.h"

/* Chosen: a downtime is nearly a whole number of the socket's steps, and a median over 100 still jumps between two. */
#define VALIDATE_SEEDS 201

typedef enum { COUNTER_TOTAL, COUNTER_PAGES, COUNTER_DOWNTIME, COUNTER_SYNCS, N_COUNTERS } Counter;

typedef struct {
    const CaseFile *file;            /* borrowed */
    Comparison counters[N_COUNTERS]; /* ms, pages, ms, number; the error of synchronizations is the difference */
    guint completed, seeds;          /* the first: of the second */
} Prediction;

typedef struct {
    guint n; /* cases that have this counter */
    double median, worst;
    guint within_one; /* COUNTER_SYNCS: off by at most 1 */
} ErrorSummary;

/* The project's bars, in percent: of the median and of the worst case; of synchronizations the worst is a number, and
 * the share of cases that hold it stands for the median. */
typedef struct {
    double median, worst;
} ErrorBar;
extern const ErrorBar validate_bars[N_COUNTERS];

/* "total_ms", "pages", "downtime_ms", "syncs" */
const char *validate_counter_name(Counter counter);

/* cases: of CaseFile, borrowed. settings: more "POINTER=VALUE", or NULL. workers 0: one per processor.
 * (transfer full; element Prediction) */
GArray *validate_cases(const GPtrArray *cases, const char *const *settings, guint seeds, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What a case's inputs set in the scenario of its base, as "POINTER=VALUE". */
void validate_add_settings(const CaseFile *file, GPtrArray *settings);
/* Of the runs of a case (elements Run, one for each seed). */
Prediction validate_prediction(const CaseFile *file, const GArray *of);
gboolean validate_run_completed(const Run *run);

/* The predictions of each base that has some, in the order of case_bases. (transfer full; element GArray of Prediction)
 */
GPtrArray *validate_groups(const GArray *predictions);

/* Over the cases that were completed and have the counter; absolute errors. */
ErrorSummary validate_summary(const GArray *predictions, Counter counter);

/* Most seeds ended as the measurement did: completed, or not within the time that it was followed. */
gboolean validate_ends_as_measured(const Prediction *prediction);

/* For a terminal a table for each base, with its summary at the end. (transfer full) */
char *validate_table(const GArray *predictions);
/* validation.csv and summary.csv. */
void validate_take_files(const GArray *predictions, FileSet *files);

#endif
