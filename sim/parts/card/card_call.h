/* What others than a VM's own workload ask a card through its session: applications in guests, migrations of the host.
 *
 * Who asks has a calendar of its own, as a card has. All of them are advanced by turns, the one with the earliest next
 * event to exactly that date; of equal dates the asker that has joined first, and the cards last. A call is asked while
 * its asker is at its date, when no card is beyond it, and answered while the card is, when no asker is. So the order
 * of all events follows from their dates alone, and how often somebody looks changes nothing.
 *
 * A call travels with its session as other requests do. One that finds the session closed, since its VM is stopped or
 * its start has not come, waits for it; one whose session is refused, crashed or gone is lost. So is one that the card
 * rejects (its size) or refuses (its key).
 */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_CALL_H
#define TANDEM_SIM_PARTS_CARD_CARD_CALL_H

#include "sim/parts/card/card_world.h"

/* asker is borrowed, and remains. */
void card_call_join(CardWorld *cards, const CardAsker *asker);
/* The session of that name, which there is and of which there are no copies. */
CardClient *card_call_session(const CardWorld *cards, const char *name);
/* Before its first call: whose session it is, which is nobody's or the same one's. */
void card_call_claim(CardClient *client, const CardAsker *asker);
/* Before the run: what will be asked through it. */
void card_call_expect(CardClient *client, const CardMix *call);

/* At asked->due_s, which neither the asker nor a card has passed; told is called once, from here or later. */
void card_call_ask(CardClient *client, const CardDemand *asked, guint32 tag);

/* Calls through that asker's sessions without an answer, for the account: here, and not what it believes. */
guint64 card_call_waiting(const CardWorld *cards, const CardAsker *asker);

/* Of the next event of any asker; G_MAXDOUBLE: none. */
double card_call_asker_next_s(const CardWorld *cards);
/* The same of any asker and any card. */
double card_call_next_s(const CardWorld *cards);
/* All askers and all cards to that date, by turns. */
void card_call_advance(const CardWorld *cards, double to_s);

/* ---- for the session itself ---- */

/* It is open: what waited for it is asked. */
void card_call_flush(CardClient *client);
/* It will not open any more: calls that have no answer get none. */
void card_call_lose(CardClient *client);

#endif
