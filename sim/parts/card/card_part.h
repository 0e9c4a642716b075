/* Crypto cards in the world: card_world.h tells how they live beside SimGrid's clock. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_PART_H
#define TANDEM_SIM_PARTS_CARD_CARD_PART_H

#include "sim/parts/card/card_world.h"
#include "sim/world/part.h"

/* Cards and sessions of the scenario, opened at 0 or by an actor at their start. A session follows its domain. */
extern const Part card_part;

/* NULL: the scenario has no cards. */
CardWorld *card_part_world(const World *world);

#endif
