/* The cards that compress or encrypt a leg's stream, packet by packet (stream_card_keys.h).
 *
 * The source's card is asked ahead, so many packets as there are buffers: one that was asked has its buffer until the
 * wire begins to take it. What was answered goes on the wire, while the card works on the next. At the destination a
 * packet is asked of the card when it has arrived, and nothing more leaves while as many packets wait there as there
 * are buffers. Who waits, and on what, is the stream's affair (leg_stream.c): it looks again at leg_cards_next_s.
 *
 * Scope: packets are whole ones of the stream's bytes, whatever the pages; what is asked ahead when the guest is
 * stopped is sent, as if its pages had not been written since. Device state and hand-shakes pass the cards by.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_CARDS_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_CARDS_H

#include "sim/output/record.h"
#include "sim/parts/migration/migration.h"

/* Before anything is sent, after leg_threads_plan(); leg->cards is NULL where no card is asked. FALSE: a card is not
 * where it is needed. */
gboolean leg_cards_open(Leg *leg) G_GNUC_WARN_UNUSED_RESULT;
/* No more is asked. What was counted stays. */
void leg_cards_close(Leg *leg);
void leg_cards_free(Leg *leg);

/* Of the stream's next bytes, > 0, those that may go now, which are taken; 0: none yet. */
double leg_cards_take(Leg *leg, double bytes);
/* They are at the destination. */
void leg_cards_arrive(Leg *leg, double bytes);
/* Whether the destination's card has worked on all that arrived. */
gboolean leg_cards_are_through(Leg *leg);

/* Whether a request was lost. */
gboolean leg_cards_are_lost(const Leg *leg);
/* Of what was waited for last: when to look again; INFINITY: it will not come. */
double leg_cards_next_s(const Leg *leg);
/* Looks, having waited since. */
void leg_cards_look(Leg *leg, double since_s, double to_s);

/* Since then a transfer went that was planned to end at until_s. */
void leg_cards_measure(Leg *leg, double since_s, double until_s);
/* Of the stream, above what the card has let through in the last transfer; 0: it held nothing up. */
double leg_cards_limit_Bps(const Leg *leg);

extern const Record leg_cards_record;
/* Nothing of a leg without such cards. */
void leg_cards_collect(const Leg *leg, const char *prefix, Result *result);

#endif
