/* What predictions of every kind but migrations are held to alike: errors, order, shape; a row of a table. */
#ifndef TANDEM_SIM_VALIDATE_CASE_JUDGE_H
#define TANDEM_SIM_VALIDATE_CASE_JUDGE_H

#include "sim/validate/case_runs.h"

#define CASE_LEVEL     0.05 /* chosen: what repeats of a measurement differ by */
#define CASE_ID_COLUMN 34

typedef struct {
    guint n;
    double median, worst; /* percent, absolute; NAN of none */
} CaseErrors;

/* Of errors in percent, without their signs, which are sorted. */
CaseErrors case_errors(GArray *errors);

/* How often something is as measured, of how many that can be looked at. */
typedef struct {
    guint right, n;
} CaseShare;

/* Which of two is more, by the ratio of one to the other as measured and as predicted: looked at where the measured two
 * are not within CASE_LEVEL of each other. */
void case_share_order(CaseShare *share, double measured, double predicted);
/* A step from one to the next: up or down as measured; a level one is not more than twice as steep. */
void case_share_step(CaseShare *share, double measured, double predicted);

/* A case's name, cut or filled to its column. */
void case_append_id(GString *out, const char *id);
/* Measured, predicted, error. */
void case_append_numbers(GString *out, const Comparison *comparison, int decimals);

/* "NAME throughput: median error …" of a terminal; nothing of no case. latency NULL: there is none. */
void case_append_errors(GString *out, const char *name, const CaseErrors *rate, const CaseErrors *latency);
/* A row of a summary, "measure,group,cases,median_error_percent,worst_error_percent"; none of no case. */
void case_append_summary(GString *csv, const char *measure, const char *group, const CaseErrors *errors);

#endif
