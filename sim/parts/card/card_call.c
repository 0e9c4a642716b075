#include "sim/parts/card/card_call.h"

#include "sim/parts/card/card_device.h"
#include "sim/world/guard.h"

#include <math.h>

/* A call that waits for its session to open. */
typedef struct {
    CardDemand asked;
    guint32 tag;
} CardHeld;

void
card_call_join(CardWorld *cards, const CardAsker *asker)
{
    cards->ahead = card_call_advance;
    g_ptr_array_add(cards->askers, (gpointer)asker);
}

void
card_call_claim(CardClient *client, const CardAsker *asker)
{
    g_return_if_fail(!client->asker || client->asker == asker);
    client->asker = asker;
    if (!client->held)
        client->held = g_array_new(FALSE, FALSE, sizeof(CardHeld));
}

CardClient *
card_call_session(const CardWorld *cards, const char *name)
{
    for (guint i = 0; i < cards->clients->len; i++) {
        CardClient *client = g_ptr_array_index(cards->clients, i);
        if (g_str_equal(client->name, name))
            return client;
    }
    g_return_val_if_reached(NULL);
}

/* The array may have moved. */
void
card_call_expect(CardClient *client, const CardMix *call)
{
    if (!client->calls)
        client->calls = g_array_new(FALSE, FALSE, sizeof(CardMix));
    g_array_append_vals(client->calls, call, 1);
    client->load.calls = (const CardMix *)(gconstpointer)client->calls->data;
    client->load.n_calls = client->calls->len;
    if (client->state == CLIENT_OPEN)
        card_expect_calls(client->device->card, client->vm, client->load.calls, client->load.n_calls);
}

/* ---- asking ---- */

static void
tell_lost(const CardClient *client, guint32 tag, double at_s)
{
    client->asker->told(tag, FALSE, at_s, client->asker->data);
}

/* FALSE: the card stands still, with its host, which the session is not told of yet. */
static gboolean
ask_card(const CardClient *client, const CardDemand *asked, guint32 tag)
{
    card_device_step(client->device, asked->due_s);
    if (card_now_s(client->device->card) < asked->due_s)
        return FALSE;
    card_call(client->device->card, client->vm, asked, tag);
    return TRUE;
}

void
card_call_ask(CardClient *client, const CardDemand *asked, guint32 tag)
{
    const CardHeld held = {*asked, tag};

    switch (client->state) {
    case CLIENT_OPEN:
        if (!ask_card(client, asked, tag))
            g_array_append_val(client->held, held);
        break;
    case CLIENT_WAITING:
    case CLIENT_TRAVELLING:
        g_array_append_val(client->held, held);
        break;
    case CLIENT_REFUSED:
    case CLIENT_CRASHED:
    case CLIENT_LOST:
        tell_lost(client, tag, asked->due_s);
        break;
    }
}

static guint64
waiting_of(const CardClient *client)
{
    guint64 waiting = client->held ? client->held->len : 0;

    if (client->state == CLIENT_OPEN)
        return waiting + card_calls(client->device->card, client->vm);
    for (guint i = 0; client->travelling && i < client->travelling->pending->len; i++)
        waiting += g_array_index(client->travelling->pending, CardPending, i).tag != CARD_OWN;
    return waiting;
}

guint64
card_call_waiting(const CardWorld *cards, const CardAsker *asker)
{
    guint64 waiting = 0;

    for (guint i = 0; i < cards->clients->len; i++) {
        const CardClient *client = g_ptr_array_index(cards->clients, i);
        if (client->asker == asker)
            waiting += waiting_of(client);
    }
    return waiting;
}

/* ---- time ---- */

static double
device_next_s(const CardDevice *device)
{
    const double next_s = card_next_event_s(device->card);

    return next_s <= device->world->hosts[device->host].fails_at_s ? next_s : G_MAXDOUBLE;
}

static double
cards_next_s(const CardWorld *cards)
{
    double next_s = G_MAXDOUBLE;

    for (guint i = 0; i < cards->devices->len; i++)
        next_s = MIN(next_s, device_next_s(g_ptr_array_index(cards->devices, i)));
    return next_s;
}

/* A card that was asked at the date at which it stands may have an event at that very date: to step there is no step,
 * so that whoever takes the cards' events in turn would wait for it for ever. */
static void
step(CardDevice *device, double to_s)
{
    card_device_step(device, to_s);
    if (!device->measured && device_next_s(device) <= to_s && guard_goes_on())
        card_advance(device->card, card_now_s(device->card));
}

static void
step_cards(const CardWorld *cards, double to_s)
{
    for (guint i = 0; i < cards->devices->len; i++)
        step(g_ptr_array_index(cards->devices, i), to_s);
}

/* The first of the askers with the earliest next event; NULL: none has any. */
static const CardAsker *
first_asker(const CardWorld *cards, double *next_s)
{
    const CardAsker *first = NULL;

    *next_s = G_MAXDOUBLE;
    for (guint i = 0; i < cards->askers->len; i++) {
        const CardAsker *asker = g_ptr_array_index(cards->askers, i);
        const double at_s = asker->next_s(asker->data);
        if (at_s >= *next_s)
            continue;
        first = asker;
        *next_s = at_s;
    }
    return first;
}

double
card_call_asker_next_s(const CardWorld *cards)
{
    double next_s;

    (void)first_asker(cards, &next_s);
    return next_s;
}

double
card_call_next_s(const CardWorld *cards)
{
    return MIN(card_call_asker_next_s(cards), cards_next_s(cards));
}

/* FALSE: nothing is left to happen by that date, or it cannot go on. */
static gboolean
take_turn(const CardWorld *cards, double to_s)
{
    double asker_s;
    const CardAsker *asker = first_asker(cards, &asker_s);
    const double cards_s = cards_next_s(cards);

    if (MIN(asker_s, cards_s) > to_s || !guard_goes_on())
        return FALSE;
    if (asker && asker_s <= cards_s)
        return asker->advance(asker_s, asker->data);
    step_cards(cards, cards_s);
    return TRUE;
}

void
card_call_advance(const CardWorld *cards, double to_s)
{
    while (take_turn(cards, to_s))
        ;
    for (guint i = 0; i < cards->askers->len; i++) {
        const CardAsker *asker = g_ptr_array_index(cards->askers, i);
        if (asker->settle)
            asker->settle(to_s, asker->data);
    }
    step_cards(cards, to_s);
}

/* ---- for the session itself ---- */

void
card_call_flush(CardClient *client)
{
    if (!client->held)
        return;
    for (guint i = 0; i < client->held->len; i++) {
        const CardHeld *held = &g_array_index(client->held, CardHeld, i);
        card_call(client->device->card, client->vm, &held->asked, held->tag);
    }
    g_array_set_size(client->held, 0);
}

void
card_call_lose(CardClient *client)
{
    GArray *pending = client->travelling ? client->travelling->pending : NULL;

    for (guint i = 0; pending && i < pending->len; i++) {
        CardPending *asked = &g_array_index(pending, CardPending, i);
        if (asked->tag != CARD_OWN)
            tell_lost(client, asked->tag, world_now());
        asked->tag = CARD_OWN;
    }
    for (guint i = 0; client->held && i < client->held->len; i++)
        tell_lost(client, g_array_index(client->held, CardHeld, i).tag, world_now());
    if (client->held)
        g_array_set_size(client->held, 0);
}
