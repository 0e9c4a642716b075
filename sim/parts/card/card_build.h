/* From what a scenario says about cards to what models/card/ takes. Names stay borrowed from the scenario. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_BUILD_H
#define TANDEM_SIM_PARTS_CARD_CARD_BUILD_H

#include "sim/parts/card/card_keys.h"

CardSpec card_build_spec(const CryptoCardSpec *spec);

/* A path with its stations in one piece. (transfer full) */
CardPath *card_build_path(const CardPathSpec *spec);
void card_build_path_free(CardPath *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardPath, card_build_path_free)

/* Array of CardMix. (transfer full) */
GArray *card_build_mix(const CardLoadSpec *spec);
/* mix and replay (NULL: none) are borrowed by the load. */
CardLoad card_build_load(const CardSessionSpec *session, const GArray *mix, const GArray *replay);

/* The name of copy i, from 0. (transfer full) */
char *card_build_session_name(const CardSessionSpec *session, guint copy);

#endif
