/* A card on its host: its calendar against the world's clock, and what it answers. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_DEVICE_H
#define TANDEM_SIM_PARTS_CARD_CARD_DEVICE_H

#include "sim/parts/card/card_world.h"

/* With the paths of the card world. (transfer full) */
CardDevice *card_device_new(const CardWorld *cards, const CryptoCardSpec *spec, const MeasureSpec *measure);
void card_device_free(gpointer device);

/* To the date or, if that is earlier, the loss of the card's host: with whoever else asks the card (card_call.h), */
void card_device_advance(CardDevice *device, double to_s);
/* or without, for these themselves. */
void card_device_step(CardDevice *device, double to_s);
/* Ends the run when the card's own clock stands still. */
void card_device_check_progress(const CardDevice *device);
/* The run is over. */
void card_device_finish(CardDevice *device);
/* The device of that name, which there is. */
CardDevice *card_device_named(const CardWorld *cards, const char *name);

#endif
