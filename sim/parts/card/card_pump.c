#include "sim/parts/card/card_pump.h"

#include "sim/parts/card/card_call.h"
#include "sim/parts/card/card_device.h"
#include "sim/world/engine.h"

#include <math.h>

#define LOOK_SHARE 0.05 /* chosen: of the time between two answers; an event of the world costs ten of a card's */

struct CardPump {
    CardWorld *cards;   /* borrowed */
    CardClient *client; /* borrowed; NULL: it has never been used */
    CardDemand asked;
    guint32 tag; /* its place among the world's pumps */
    guint under_way;
    guint64 allowed, n_asked, n_answered;
    gboolean ended, lost;
    double ready_s;                /* since when it may ask what it has not asked */
    double answered_s;             /* of the last answer; NAN: none yet */
    double interval_s, shortest_s; /* between the last two, 0: none; of those since somebody asked */
    double looked_s;               /* up to which somebody has looked */
};

/* ---- as an asker ---- */

static gboolean
may_ask(const CardPump *pump)
{
    return !pump->lost && pump->n_asked < pump->allowed && pump->n_asked - pump->n_answered < pump->under_way;
}

/* The first of those with the earliest date. */
static CardPump *
first_pump(const CardWorld *cards)
{
    CardPump *first = NULL;

    for (guint i = 0; i < cards->pumps->len; i++) {
        CardPump *pump = g_ptr_array_index(cards->pumps, i);
        if (may_ask(pump) && (!first || pump->ready_s < first->ready_s))
            first = pump;
    }
    return first;
}

static double
next_s(gpointer data)
{
    const CardPump *first = first_pump(data);

    return first ? first->ready_s : G_MAXDOUBLE;
}

static gboolean
advance(double to_s, gpointer data)
{
    CardPump *pump = first_pump(data);

    pump->n_asked++;
    pump->asked.due_s = to_s;
    card_call_ask(pump->client, &pump->asked, pump->tag);
    return TRUE;
}

static void
told(guint32 tag, gboolean is_answered, double at_s, gpointer data)
{
    const CardWorld *cards = data;
    CardPump *pump = g_ptr_array_index(cards->pumps, tag);
    const gboolean was_full = pump->n_asked - pump->n_answered >= pump->under_way;

    pump->n_answered++;
    pump->lost = pump->lost || !is_answered;
    if (!isnan(pump->answered_s)) {
        pump->interval_s = at_s - pump->answered_s;
        pump->shortest_s = MIN(pump->shortest_s, pump->interval_s);
    }
    pump->answered_s = at_s;
    if (was_full)
        pump->ready_s = MAX(pump->ready_s, at_s);
}

/* ---- for its owner ---- */

static const CardAsker *
asker_of(CardWorld *cards)
{
    if (cards->pump_asker.data)
        return &cards->pump_asker;
    cards->pump_asker = (CardAsker){.next_s = next_s, .advance = advance, .told = told, .data = cards};
    card_call_join(cards, &cards->pump_asker);
    return &cards->pump_asker;
}

/* One that has ended, and whose last answers have come; or one more. */
static CardPump *
free_pump(CardWorld *cards)
{
    for (guint i = 0; i < cards->pumps->len; i++) {
        CardPump *pump = g_ptr_array_index(cards->pumps, i);
        if (pump->ended && pump->n_asked == pump->n_answered)
            return pump;
    }
    CardPump *pump = g_new0(CardPump, 1);
    pump->tag = cards->pumps->len;
    g_ptr_array_add(cards->pumps, pump);
    return pump;
}

CardPump *
card_pump_new(CardWorld *cards, const char *session, CardAlgorithm algorithm, guint32 bytes, guint under_way)
{
    CardPump *pump = free_pump(cards);

    *pump = (CardPump){.cards = cards,
                       .client = card_call_session(cards, session),
                       .asked = {0, algorithm, bytes, 0},
                       .tag = pump->tag,
                       .under_way = under_way,
                       .answered_s = NAN,
                       .shortest_s = INFINITY,
                       .looked_s = world_now()};
    card_call_claim(pump->client, asker_of(cards));
    return pump;
}

void
card_pump_end(CardPump *pump)
{
    pump->allowed = pump->n_asked;
    pump->ended = TRUE;
}

guint
card_pump_host(const CardPump *pump)
{
    return card_device_named(pump->cards, pump->client->spec->card)->host;
}

static double
now_s(const CardPump *pump)
{
    return MAX(world_now(), pump->looked_s);
}

void
card_pump_allow(CardPump *pump, guint64 requests)
{
    if (requests <= pump->allowed)
        return;
    card_call_advance(pump->cards, now_s(pump));
    if (!may_ask(pump))
        pump->ready_s = now_s(pump);
    pump->allowed = requests;
    card_call_advance(pump->cards, now_s(pump));
}

guint64
card_pump_answered(const CardPump *pump)
{
    return pump->n_answered;
}

double
card_pump_take_shortest_s(CardPump *pump)
{
    const double shortest_s = pump->shortest_s;

    pump->shortest_s = INFINITY;
    return shortest_s;
}

gboolean
card_pump_is_lost(const CardPump *pump)
{
    return pump->lost;
}

/* What another session of the same card asks may hasten an answer, so that any event may be the one before it. */
double
card_pump_next_s(const CardPump *pump)
{
    const double event_s = card_call_next_s(pump->cards);
    const gboolean is_one_of_several = pump->n_asked - pump->n_answered > 1;

    if (pump->client->state == CLIENT_WAITING)
        return MAX(pump->client->spec->start_s, world_now() + ENGINE_PRECISION_S);
    if (event_s >= G_MAXDOUBLE)
        return G_MAXDOUBLE;
    return is_one_of_several ? MAX(event_s, now_s(pump) + LOOK_SHARE * pump->interval_s) : event_s;
}

void
card_pump_look(CardPump *pump, double to_s)
{
    pump->looked_s = to_s - world_now() <= ENGINE_PRECISION_S ? MAX(to_s, world_now()) : world_now();
    card_call_advance(pump->cards, now_s(pump));
}
