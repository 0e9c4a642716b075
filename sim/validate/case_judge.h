/* What predictions of every kind but migrations are made of and held to alike: a rate and a latency, their errors,
 * which of two designs is faster, and how the rate goes from one case to the next. */
#ifndef TANDEM_SIM_VALIDATE_CASE_JUDGE_H
#define TANDEM_SIM_VALIDATE_CASE_JUDGE_H

#include "sim/validate/case_runs.h"

#define CASE_LEVEL     0.05 /* chosen: what repeats of a measurement differ by */
#define CASE_ID_COLUMN 34

enum { CASE_RATE, CASE_LATENCY, N_CASE_MEASURES };

/* What a kind calls its rate and its latency in its files, and where runs have them. */
typedef struct {
    const char *name, *metric;
    double scale; /* of the metric, to the measured value's unit */
} CaseMeasure;

typedef struct {
    gconstpointer of;     /* borrowed; the kind's case */
    const char *id;       /* borrowed; its name */
    gboolean disturbed;   /* it was measured beside others: it is in no summary */
    const char *left_out; /* why it is not predicted; NULL: it is */
    Comparison measures[N_CASE_MEASURES];
} CasePrediction;

/* The runs' median of a measure against the measured value. */
Comparison case_predicted(const GArray *runs, const CaseMeasure *measure, double measured);

/* In percent, of the predictions (elements CasePrediction) that count, and belong to the group; what is not known is
 * left out. */
CaseErrors case_judge_errors(const GArray *predictions, guint measure,
                             gboolean (*belongs)(gconstpointer of, gconstpointer group), gconstpointer group);

/* How often something is as measured, of how many that can be looked at. */
typedef struct {
    guint right, n;
} CaseShare;

/* How the cases of a kind hang together. */
typedef struct {
    gboolean (*alike)(gconstpointer a, gconstpointer b); /* asked alike, but for the design and what it goes over */
    int (*design)(gconstpointer of);
    gboolean (*continues)(gconstpointer a, gconstpointer b); /* b may follow a of its design; NULL: any may */
    double (*over)(gconstpointer of); /* what a series of cases goes over: the number of clients, the size */
    gboolean per_over;                /* the rate is multiplied by it */
} CaseSeries;

/* Pairs that differ in design alone: the faster one is it in the prediction. Pairs that are within CASE_LEVEL of each
 * other in the measurement say nothing. */
CaseShare case_judge_order(const GArray *predictions, const CaseSeries *series);
/* Steps to the next measured case of a series: the rate goes up or down as measured; a level one is not more than twice
 * as steep as CASE_LEVEL. */
CaseShare case_judge_shape(const GArray *predictions, const CaseSeries *series);

/* The first lines of a terminal's table: what the cases are of, and the columns. */
void case_append_heading(GString *out, const GArray *predictions, const char *kind, const char *of, const char *rate);
/* Measured, predicted, error. */
void case_append_numbers(GString *out, const Comparison *comparison, int decimals);
/* "NAME throughput: median error …"; nothing of no case. latency NULL: there is none. */
void case_append_errors(GString *out, const char *name, const CaseErrors *rate, const CaseErrors *latency);
/* How many are in no summary; nothing of none. */
void case_append_disturbed(GString *out, const GArray *predictions);

/* The columns of a file's first line that tell the measures, and its end; and those of a case. */
void case_append_columns(GString *csv, const CaseMeasure measures[N_CASE_MEASURES]);
void case_append_measures(GString *csv, const CasePrediction *prediction);
/* A row of a summary, "measure,group,cases,median_error_percent,worst_error_percent"; none of no case. */
void case_append_summary(GString *csv, const char *measure, const char *group, const CaseErrors *errors);

#endif
