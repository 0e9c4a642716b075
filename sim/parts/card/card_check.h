/* What no single key of a scenario's cards can tell: parts that do not fit each other. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_CHECK_H
#define TANDEM_SIM_PARTS_CARD_CARD_CHECK_H

#include "sim/parts/card/card_keys.h"

#define CARD_CHECK_BATCHES_MAX 1e6 /* of a run; chosen: 32 MB for each session's series */

/* A call to a card by somebody in that guest; at: its place in the scenario, for the error. */
gboolean card_check_call(const ScenarioSpec *scenario, const char *guest, const CardCallSpec *call, const char *at,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
