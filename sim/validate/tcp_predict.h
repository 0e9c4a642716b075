/* What a client feels of a blackout, predicted from the kernel's settings alone: a guest that is stopped while a client
 * asks it, and the dates of its transmissions. */
#ifndef TANDEM_SIM_VALIDATE_TCP_PREDICT_H
#define TANDEM_SIM_VALIDATE_TCP_PREDICT_H

#include "sim/output/files.h"
#include "sim/specs/scenario_load.h"
#include "sim/validate/case_runs.h"
#include "sim/validate/tcp_case.h"

#define TCP_SEEDS 1 /* there is no chance in these runs */

typedef struct {
    const TcpCase *of; /* borrowed */
    Comparison felt_s;
    GArray *again_s; /* owned, of Comparison: each step */
} TcpPrediction;

/* The case as a scenario. (transfer full) */
Scenario *tcp_scenario(const TcpCase *one, const char *const *more, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full; element TcpPrediction) */
GArray *tcp_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* In percent, of all steps of all predictions. */
CaseErrors tcp_predict_errors(const GArray *predictions, TcpCaseSent sent);

char *tcp_predict_table(const GArray *predictions);
void tcp_predict_take_files(const GArray *predictions, FileSet *files);

#endif
