/* What no single key of a scenario's cards can tell: parts that do not fit each other. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_CHECK_H
#define TANDEM_SIM_PARTS_CARD_CARD_CHECK_H

#include "sim/parts/card/card_keys.h"

#define CARD_CHECK_BATCHES_MAX 1e6 /* of a run; chosen: 32 MB for each session's series */

#endif
