/* The session of a VM, or of a caller that only the card knows, with a card: opened, moved, drained, refused. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_CLIENT_H
#define TANDEM_SIM_PARTS_CARD_CARD_CLIENT_H

#include "sim/parts/card/card_world.h"

/* Number copy of the session; its load is still to be filled in. (transfer full) */
CardClient *card_client_new(const CardWorld *cards, const CardSessionSpec *spec, guint copy);
void card_client_free(gpointer client);

/* A session's first opening: on its own card, or on one of the host where its VM has gone meanwhile. */
void card_client_open(CardClient *client);
/* An instance of its VM has changed. */
void card_client_notice(CardClient *client);

/* Whether it could open on a card of that host. reason: a sentence, borrowed from the scenario, when it is the path
 * that refuses; else NULL. */
CardFit card_client_fit(const CardClient *client, guint host, const char **reason);
/* The same, and takes a place there for the session. */
CardFit card_client_reserve(CardClient *client, guint host, const char **reason);
/* The migration has ended: a place that its VM does not use is given back. */
void card_client_release(CardClient *client);
/* Lets its last requests be answered and no new ones in: the date at which to call again, NAN when nothing is left to
 * wait for. */
double card_client_drain(CardClient *client);

/* The run is over, and its card has finished. */
void card_client_finish(CardClient *client);

#endif
