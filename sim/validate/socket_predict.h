/* Predictions of how fast two processes talk, from what each stage costs alone, and how far off they are.
 *
 * A case becomes the scenario scenarios/validation/socket-pair.json, whose system takes the measured costs, and is run:
 * docs/measuring-sockets.md says which cost goes where. Nothing is fitted to a case. Not predicted are a stream of two
 * that share one processor, for in the world each VM has its own, and sides that poll before they sleep.
 */
#ifndef TANDEM_SIM_VALIDATE_SOCKET_PREDICT_H
#define TANDEM_SIM_VALIDATE_SOCKET_PREDICT_H

#include "sim/validate/case_judge.h"
#include "sim/validate/socket_case.h"

#define SOCKET_SEEDS 1 /* there is no chance in these runs */

/* "messages_per_s", "latency_median_us"; streams have no latency */
extern const CaseMeasure socket_measures[N_CASE_MEASURES];

/* The scenario that predicts a case; more: further "POINTER=VALUE", or NULL. (transfer full) */
Scenario *socket_scenario(const SocketCase *one, const char *const *more, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* cases: of SocketCase, borrowed. workers 0: one per processor. (transfer full; element CasePrediction) */
GArray *socket_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
