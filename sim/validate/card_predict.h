/* Predictions of measured ways to share a crypto service, from what each stage costs alone, and how far off they are.
 *
 * A case becomes the scenario of its design (scenarios/validation/card-DESIGN.json), whose stations take the measured
 * costs, and is run: docs/measuring-card.md says which cost goes where. Nothing is fitted to a case. */
#ifndef TANDEM_SIM_VALIDATE_CARD_PREDICT_H
#define TANDEM_SIM_VALIDATE_CARD_PREDICT_H

#include "sim/validate/card_case.h"
#include "sim/validate/case_judge.h"

#define CARD_SEEDS 5 /* chosen: a run ends when its rate is known to 1 %, so that seeds differ by less */

/* "throughput_per_s", "latency_median_us" */
extern const CaseMeasure card_measures[N_CASE_MEASURES];

/* The scenario that predicts a case; more: further "POINTER=VALUE", or NULL. (transfer full) */
Scenario *card_scenario(const CardCase *card, const char *const *more, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* cases: of CardCase, borrowed. workers 0: one per processor. (transfer full; element CasePrediction) */
GArray *card_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
