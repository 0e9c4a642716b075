#include "sim/parts/migration/leg_cards.h"

#include "sim/parts/card/card_part.h"
#include "sim/parts/card/card_pump.h"
#include "sim/parts/migration/stream_card_keys.h"

#include <math.h>

#define NOTHING_BYTES 1e-3 /* chosen: what is left of sums of doubles */
#define FELT_SHARE    0.02 /* chosen: of a transfer's time, waiting that the card has caused */
#define AHEAD         1.25 /* chosen: planned above what was measured, since what is sent on time tells nothing */

struct LegCards {
    const StreamCard *spec; /* borrowed */
    CardPump *source;       /* borrowed */
    CardPump *destination;  /* borrowed; NULL: its processors do it */
    CardPump *awaited;      /* that of both which holds the stream up now */
    double packet_bytes;    /* of the stream */
    double taken_bytes, arrived_bytes;
    double waited_s, waited_before_s; /* in all, and up to the last measurement */
    double measured_Bps;              /* 0: the card held nothing up */
    guint64 packets, received;        /* when it was closed */
};

/* ---- from begin to end ---- */

static CardPump *
new_pump(const Leg *leg, const char *session, CardAlgorithm algorithm, const StreamPage *page)
{
    const StreamRules *rules = &leg->migration->hypervisor->stream;

    return card_pump_new(card_part_world(leg->migration->world), session, algorithm,
                         (guint32)stream_card_request_bytes(rules, page), stream_card_of(rules)->under_way);
}

gboolean
leg_cards_open(Leg *leg)
{
    const Migration *migration = leg->migration;
    const StreamRules *rules = &migration->hypervisor->stream;
    const StreamCard *spec = stream_card_of(rules);
    const StreamPage page = {leg->pages.page_bytes, migration->hypervisor->page.header_bytes, leg->stream.ratio};

    if (!spec)
        return TRUE;
    LegCards *cards = leg->cards = g_new0(LegCards, 1);
    cards->spec = spec;
    cards->packet_bytes = spec->packet_pages * stream_page_bytes(rules, &page);
    cards->source = cards->awaited = new_pump(leg, spec->session, spec->algorithm, &page);
    if (spec->receive_session)
        cards->destination = new_pump(leg, spec->receive_session, spec->receive_algorithm, &page);
    return card_pump_host(cards->source) == migration->source &&
           (!cards->destination || card_pump_host(cards->destination) == migration->destination);
}

void
leg_cards_close(Leg *leg)
{
    LegCards *cards = leg->cards;

    if (!cards)
        return;
    cards->packets = card_pump_answered(cards->source);
    card_pump_end(g_steal_pointer(&cards->source));
    if (!cards->destination)
        return;
    cards->received = card_pump_answered(cards->destination);
    card_pump_end(g_steal_pointer(&cards->destination));
}

void
leg_cards_free(Leg *leg)
{
    g_clear_pointer(&leg->cards, g_free);
}

/* ---- packets ---- */

/* Whole ones. */
static guint64
packets_of(const LegCards *cards, double bytes)
{
    return (guint64)((bytes + NOTHING_BYTES) / cards->packet_bytes);
}

/* Of the next packet, what has not been taken: it arrives as one, and not with others. */
static double
rest_of_packet(const LegCards *cards)
{
    return (double)(packets_of(cards, cards->taken_bytes) + 1) * cards->packet_bytes - cards->taken_bytes;
}

/* One that the wire takes leaves its buffer to the next. */
static void
ask_ahead(LegCards *cards)
{
    card_pump_allow(cards->source, packets_of(cards, cards->taken_bytes) + cards->spec->under_way);
}

static gboolean
destination_is_full(const LegCards *cards)
{
    return cards->destination &&
           packets_of(cards, cards->arrived_bytes) >= card_pump_answered(cards->destination) + cards->spec->under_way;
}

double
leg_cards_take(Leg *leg, double bytes)
{
    LegCards *cards = leg->cards;

    card_pump_look(cards->source, world_now());
    ask_ahead(cards);
    const double answered_bytes = (double)card_pump_answered(cards->source) * cards->packet_bytes;
    const double there_bytes = MIN(MIN(answered_bytes - cards->taken_bytes, bytes), rest_of_packet(cards));
    const gboolean is_full = destination_is_full(cards);
    cards->awaited = is_full ? cards->destination : cards->source;
    if (is_full || there_bytes < NOTHING_BYTES)
        return 0;
    cards->taken_bytes += there_bytes;
    ask_ahead(cards);
    return there_bytes;
}

void
leg_cards_arrive(Leg *leg, double bytes)
{
    LegCards *cards = leg->cards;

    cards->arrived_bytes += bytes;
    if (cards->destination)
        card_pump_allow(cards->destination, packets_of(cards, cards->arrived_bytes));
}

/* The last packet is a request whether it is full or not. */
gboolean
leg_cards_are_through(Leg *leg)
{
    LegCards *cards = leg->cards;

    if (!cards || !cards->destination)
        return TRUE;
    const guint64 all = (guint64)ceil((cards->arrived_bytes - NOTHING_BYTES) / cards->packet_bytes);
    card_pump_allow(cards->destination, all);
    cards->awaited = cards->destination;
    return card_pump_answered(cards->destination) >= all;
}

/* ---- waiting ---- */

gboolean
leg_cards_are_lost(const Leg *leg)
{
    const LegCards *cards = leg->cards;

    return card_pump_is_lost(cards->source) || (cards->destination && card_pump_is_lost(cards->destination));
}

double
leg_cards_next_s(const Leg *leg)
{
    const double next_s = card_pump_next_s(leg->cards->awaited);

    return next_s < G_MAXDOUBLE ? next_s : INFINITY;
}

void
leg_cards_look(Leg *leg, double since_s, double to_s)
{
    leg->cards->waited_s += world_now() - since_s;
    card_pump_look(leg->cards->awaited, to_s);
}

/* The shortest time between two answers: what it let through on average would hold back what goes faster from now on.
 */
void
leg_cards_measure(Leg *leg, double since_s, double until_s)
{
    LegCards *cards = leg->cards;
    const double took_s = world_now() - since_s, waited_s = cards->waited_s - cards->waited_before_s;
    const gboolean is_felt = waited_s > FELT_SHARE * took_s && world_now() > until_s;
    const double shortest_s = card_pump_take_shortest_s(cards->awaited);

    cards->waited_before_s = cards->waited_s;
    cards->measured_Bps = is_felt && shortest_s > 0 ? cards->packet_bytes / shortest_s : 0;
    if (is_felt)
        leg->stream.limit.bound = STREAM_CARD;
}

double
leg_cards_limit_Bps(const Leg *leg)
{
    return leg->cards ? AHEAD * leg->cards->measured_Bps : 0;
}

/* ---- results ---- */

typedef struct {
    guint64 packets, received;
    double waited_s;
} CardNumbers;

static const RecordField fields[] = {
    {"card_packets", RECORD_COUNT(CardNumbers, packets),
     "that the source's card has answered; of these as many may not have been sent as are under way"},
    {"card_received", RECORD_COUNT(CardNumbers, received), "that the destination's card has"},
    {"card_wait_s", RECORD_NUMBER(CardNumbers, waited_s),
     "that nothing was sent, since one of these cards had not answered"},
    {NULL},
};
const Record leg_cards_record = {"migration.NAME.LEG", fields,
                                 "a leg whose packets a card of the scenario works on, through a session"};

void
leg_cards_collect(const Leg *leg, const char *prefix, Result *result)
{
    const LegCards *cards = leg->cards;

    if (!cards)
        return;
    const CardNumbers numbers = {cards->packets, cards->received, cards->waited_s};
    record_add(&leg_cards_record, &numbers, result, "%s", prefix);
}
