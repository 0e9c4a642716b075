/* What no single key of a scenario's cards can tell: parts that do not fit each other. */
#ifndef TANDEM_SIM_SPECS_CARD_CHECK_H
#define TANDEM_SIM_SPECS_CARD_CHECK_H

#include "sim/specs/scenario_spec.h"

#define CARD_CHECK_BATCHES_MAX 1e6 /* of a run; chosen: 32 MB for each session's series */

/* The message begins with the JSON Pointer of the part that does not fit. */
gboolean card_check(const ScenarioSpec *scenario, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
