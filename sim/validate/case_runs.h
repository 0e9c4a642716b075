/* A measured case as a scenario, run with several seeds: what predictions of every kind do alike. */
#ifndef TANDEM_SIM_VALIDATE_CASE_RUNS_H
#define TANDEM_SIM_VALIDATE_CASE_RUNS_H

#include "sim/run/run.h"

/* One more "POINTER=VALUE" of texts that are owned. */
void case_settings_add(GPtrArray *settings, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A file of scenarios/validation with these settings, and more ("POINTER=VALUE", or NULL), which come behind. An error
 * names the case's file. (transfer full) */
Scenario *case_scenario_load(const char *file, GPtrArray *settings, const char *const *more, const char *case_path,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* With seeds 1 … seeds. workers 0: one per processor. NULL: one failed. (transfer full; element Run) */
GArray *case_runs(const Scenario *scenario, guint seeds, guint workers, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    double measured;             /* NAN: it was not, or it says nothing */
    double predicted, low, high; /* over the seeds that count; NAN: none does */
    double error;                /* percent; NAN: nothing to compare, or zero was measured */
} Comparison;

/* Sorts what the seeds predict: their median, the lowest and the highest. The error is not known yet. */
Comparison case_compare(double measured, GArray *values);
/* Its five numbers as cells, empty where they are not known. */
void case_append_comparison(GString *csv, const Comparison *comparison);

/* A case's name on a terminal, cut or filled to a column of so many characters. */
void case_append_id(GString *out, const char *id, int column);

/* How far off predictions are: absolute values. */
typedef struct {
    guint n;
    double median, worst; /* NAN of none */
} CaseErrors;
/* Sorts them. */
CaseErrors case_errors_of(GArray *errors);

#endif
