/* What others than a VM's own workload ask a card through its session: applications in guests.
 *
 * Who asks has a calendar of its own, as a card has. Both are advanced by turns, by whichever has the earlier next
 * event: `ahead` is called before a card is advanced because the world looks at it, and brings the askers and all cards
 * to that date; it takes the cards along by card_call_next_s and card_call_step. So a call is asked at the card's own
 * time, among all other requests, and how often somebody looks changes nothing.
 *
 * A call travels with its session as other requests do. One that finds the session closed, since its VM is stopped or
 * its start has not come, waits for it; one whose session is refused, crashed or gone is lost. So is one that the card
 * rejects (its size) or refuses (its key).
 */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_CALL_H
#define TANDEM_SIM_PARTS_CARD_CARD_CALL_H

#include "sim/parts/card/card_world.h"

/* callers is copied. Once, before the run. */
void card_call_join(CardWorld *cards, const CardCallers *callers);
/* The session of that name, which there is and which is a guest's. */
CardClient *card_call_session(const CardWorld *cards, const char *name);
/* Before the run: what will be asked through it. */
void card_call_expect(CardClient *client, const CardMix *call);

/* At asked->due_s, which neither the caller nor a card has passed; callers->told is called once, from here or later. */
void card_call_ask(CardClient *client, const CardDemand *asked, guint32 tag);

/* Calls through any session without an answer, for the account: here, and not what callers believe. */
guint64 card_call_waiting(const CardWorld *cards);

/* Of the next event of any card; G_MAXDOUBLE: none. */
double card_call_next_s(const CardWorld *cards);
/* Every card to that date; nobody asks before. */
void card_call_step(const CardWorld *cards, double to_s);

/* ---- for the session itself ---- */

/* It is open: what waited for it is asked. */
void card_call_flush(CardClient *client);
/* It will not open any more: calls that have no answer get none. */
void card_call_lose(CardClient *client);

#endif
