/* A stream of equal requests to a card through a session: what a migration whose pages a card works on asks.
 *
 * Its owner allows so many requests in all, and more as what was answered goes on; each is asked as soon as it is
 * allowed and fewer than under_way are. It is an asker as applications are (card_call.h), so that its requests stand in
 * the session's path and the card's ring at their own dates, among everybody else's.
 *
 * Scope: all requests of a pump are alike, and are answered in the order in which they were asked, as far as anybody
 * counts.
 */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_PUMP_H
#define TANDEM_SIM_PARTS_CARD_CARD_PUMP_H

#include "sim/parts/card/card_world.h"

typedef struct CardPump CardPump;

/* Through a session without a guest, of a workload that asks nothing; several pumps may share it. The world's until
 * its end. under_way >= 1; nothing is allowed yet. */
CardPump *card_pump_new(CardWorld *cards, const char *session, CardAlgorithm algorithm, guint32 bytes, guint under_way);
/* No more is asked. What is under way is answered, and nobody is told. */
void card_pump_end(CardPump *pump);

/* Of the card through which it asks. */
guint card_pump_host(const CardPump *pump);

/* From now on so many in all; fewer than before change nothing. */
void card_pump_allow(CardPump *pump, guint64 requests);
guint64 card_pump_answered(const CardPump *pump);
/* Between two answers, since this was asked last; INFINITY: there were not two. */
double card_pump_take_shortest_s(CardPump *pump);
/* Whether a request was lost, rejected or refused: no later one will be asked. */
gboolean card_pump_is_lost(const CardPump *pump);

/* When to look again for an answer, > now; G_MAXDOUBLE: none will come. While more than one is under way it may be a
 * twentieth of the time between two answers later than the answer, of which the card then feels nothing: it has the
 * next request. */
double card_pump_next_s(const CardPump *pump);
/* Everything up to now, or to a date that the engine's clock has almost reached. */
void card_pump_look(CardPump *pump, double to_s);

#endif
