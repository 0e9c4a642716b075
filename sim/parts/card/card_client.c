#include "sim/parts/card/card_client.h"

#include "sim/parts/card/card_call.h"
#include "sim/parts/card/card_device.h"
#include "sim/world/domain.h"

#include <math.h>

static CardFit
fit_of(CardAttach answer)
{
    static const CardFit fits[] = {
        [CARD_ATTACHED] = CARD_FITS,
        [CARD_REFUSES_VMS] = CARD_IS_FULL,
        [CARD_REFUSES_ALGORITHM] = CARD_LACKS_ALGORITHM,
        [CARD_REFUSES_KEYS] = CARD_LACKS_KEYS,
        [CARD_REFUSES_NO_TIME] = CARD_TAKES_NO_TIME,
    };

    return fits[answer];
}

/* ---- which card ---- */

static const CardPath *
path_of(const CardClient *client)
{
    return g_ptr_array_index(client->cards->paths, client->path);
}

static gboolean
fears_arm(const CardClient *client, guint host)
{
    return path_of(client)->arm_refusal && client->world->hosts[host].spec->arch == ARCH_AARCH64;
}

static CardFit
fit_on(const CardClient *client, const CardDevice *device)
{
    if (client->travelling)
        return fit_of(cardsession_may_attach(device->card, client->path, client->travelling));
    return fit_of(cardsession_may_move(client->device->card, client->vm, device->card, client->path));
}

/* device: the first that it fits on. */
static CardFit
fit_on_host(const CardClient *client, guint host, CardDevice **device)
{
    const CardWorld *cards = client->cards;
    CardFit first = CARD_NONE_THERE;

    for (guint i = 0; i < cards->devices->len; i++) {
        *device = g_ptr_array_index(cards->devices, i);
        if ((*device)->host != host)
            continue;
        const CardFit fit = fit_on(client, *device);
        if (fit == CARD_FITS)
            return CARD_FITS;
        if (first == CARD_NONE_THERE)
            first = fit;
    }
    return first;
}

/* device: NULL when it fits without one. */
static CardFit
fit_there(const CardClient *client, guint host, CardDevice **device, const char **reason)
{
    *reason = NULL;
    *device = NULL;
    if (client->state != CLIENT_OPEN)
        return CARD_FITS;
    if (path_of(client)->migration_refusal) {
        *reason = path_of(client)->migration_refusal;
        return CARD_PATH_STAYS;
    }
    if (fears_arm(client, host) && client->spec->on_arm == ON_ARM_REFUSE) {
        *reason = path_of(client)->arm_refusal;
        return CARD_FEARS_ARM;
    }
    return fit_on_host(client, host, device);
}

CardFit
card_client_fit(const CardClient *client, guint host, const char **reason)
{
    CardDevice *device;

    return fit_there(client, host, &device, reason);
}

/* ---- places ---- */

static void
take_place(const CardClient *client, CardDevice **place, CardDevice *device)
{
    g_return_if_fail(!*place);

    *place = device;
    card_take_place(device->card, client->path);
}

static void
give_place(const CardClient *client, CardDevice **place)
{
    if (*place)
        card_give_place((*place)->card, client->path);
    *place = NULL;
}

CardFit
card_client_reserve(CardClient *client, guint host, const char **reason)
{
    CardDevice *device;
    const CardFit answer = fit_there(client, host, &device, reason);

    if (answer == CARD_FITS && device)
        take_place(client, &client->reserved, device);
    return answer;
}

void
card_client_release(CardClient *client)
{
    give_place(client, &client->reserved);
}

/* ---- sessions ---- */

static void
refuse(CardClient *client, CardFit fit, const char *reason)
{
    client->state = CLIENT_REFUSED;
    client->fit = fit;
    client->reason = reason ? reason : card_world_fit_text(fit);
    card_call_lose(client);
}

/* What the paper reports of ivshmem on ARM (section 5.1). */
static void
crash(CardClient *client)
{
    client->state = CLIENT_CRASHED;
    client->reason = path_of(client)->arm_refusal;
    card_call_lose(client);
    if (client->domain)
        domain_crash(client->domain);
}

/* FALSE: nothing more is to be done, the session has ended at the door. */
static gboolean
passes_door(CardClient *client, guint host)
{
    if (!fears_arm(client, host))
        return TRUE;
    if (client->spec->on_arm == ON_ARM_CRASH)
        crash(client);
    else
        refuse(client, CARD_FEARS_ARM, path_of(client)->arm_refusal);
    return FALSE;
}

/* The card may answer before it returns, so it is told beforehand whose answers these are. */
static CardFit
open_on(CardClient *client, CardDevice *device)
{
    const CardClient before = *client;
    guint vm;

    card_device_advance(device, world_now());
    client->state = CLIENT_OPEN;
    client->device = device;
    client->vm = card_vms(device->card);
    g_ptr_array_add(device->clients, client);
    const CardAttach answer = client->travelling
                                  ? cardsession_attach(device->card, client->path, client->travelling, &vm)
                                  : card_attach(device->card, client->path, client->name, &client->load, &vm);
    if (answer == CARD_ATTACHED) {
        g_assert(vm == client->vm);
        client->travelling = NULL;
        card_call_flush(client);
        return CARD_FITS;
    }
    g_ptr_array_set_size(device->clients, (gint)client->vm);
    *client = before;
    return fit_of(answer);
}

/* Where a place has been kept for it. */
static gboolean
open_in_place(CardClient *client, CardDevice **place, guint host)
{
    CardDevice *device = *place;

    if (!device || device->host != host)
        return FALSE;
    give_place(client, place);
    return open_on(client, device) == CARD_FITS;
}

/* In its place there, or on the first card of the host that takes it. */
static void
open_at(CardClient *client, guint host)
{
    const CardWorld *cards = client->cards;
    CardFit first = CARD_NONE_THERE;

    if (!passes_door(client, host))
        return;
    if (open_in_place(client, &client->reserved, host) || open_in_place(client, &client->left, host))
        return;
    for (guint i = 0; i < cards->devices->len; i++) {
        CardDevice *device = g_ptr_array_index(cards->devices, i);
        if (device->host != host)
            continue;
        const CardFit fit = open_on(client, device);
        if (fit == CARD_FITS)
            return;
        if (first == CARD_NONE_THERE)
            first = fit;
    }
    refuse(client, first, NULL);
}

static void
reopen(CardClient *client)
{
    const guint64 pending = client->travelling->pending->len;
    CardDevice *from = client->device;

    client->closed_s += world_now() - client->left_s;
    if (client->spec->when_stopped == WHEN_STOPPED_PAUSE)
        cardload_postpone(&client->travelling->player, world_now() - client->left_s);
    open_at(client, domain_host(client->domain));
    give_place(client, &client->reserved);
    give_place(client, &client->left);
    if (client->state != CLIENT_OPEN)
        return;
    client->resubmitted += pending;
    client->moves += client->device != from;
}

static void
leave(CardClient *client)
{
    CardDevice *device = client->device;

    card_device_advance(device, world_now());
    client->dropped += card_dropped(device->card, client->vm);
    client->travelling = cardsession_detach(device->card, client->vm);
    take_place(client, &client->left, device);
    client->state = CLIENT_TRAVELLING;
    client->left_s = world_now();
    client->draining = FALSE;
}

/* A drain that was begun for a migration which then failed. */
static void
end_drain(CardClient *client)
{
    if (!client->draining)
        return;
    card_device_advance(client->device, world_now());
    client->draining = FALSE;
    card_resume(client->device->card, client->vm);
}

void
card_client_notice(CardClient *client)
{
    const Domain *domain = client->domain;

    if (domain_is_gone(domain)) {
        if (client->state == CLIENT_OPEN)
            leave(client);
        if (client->state == CLIENT_TRAVELLING)
            client->state = CLIENT_LOST;
        card_call_lose(client);
        give_place(client, &client->reserved);
        give_place(client, &client->left);
    } else if (!domain_is_running(domain)) {
        if (client->state == CLIENT_OPEN)
            leave(client);
    } else if (client->state == CLIENT_WAITING) {
        if (world_now() >= client->spec->start_s)
            card_client_open(client);
    } else if (client->state == CLIENT_TRAVELLING) {
        reopen(client);
    } else if (client->state == CLIENT_OPEN) {
        end_drain(client);
    }
}

/* Whoever asks the card through other sessions may hasten what this one waits for, an interrupt that is shared. */
static double
next_event_s(const CardClient *client)
{
    return MIN(card_next_event_s(client->device->card), card_call_asker_next_s(client->cards));
}

double
card_client_drain(CardClient *client)
{
    if (client->state != CLIENT_OPEN || client->spec->on_migration != ON_MIGRATION_DRAIN)
        return NAN;
    Card *card = client->device->card;
    /* SimGrid's clock may stop a hair before the date that was asked for */
    card_device_advance(client->device, client->draining ? MAX(world_now(), client->drain_next_s) : world_now());
    if (!client->draining) {
        client->draining = TRUE;
        client->drain_since_s = world_now();
        card_pause(card, client->vm);
    }
    client->drain_next_s = next_event_s(client);
    if (card_outstanding(card, client->vm) > 0 && client->drain_next_s < G_MAXDOUBLE)
        return client->drain_next_s;
    client->drained_s += world_now() - client->drain_since_s;
    return NAN;
}

/* ---- from begin to end ---- */

static guint
path_index(const CardKeys *keys, const char *name)
{
    guint i = 0;

    while (!g_str_equal(g_array_index(keys->paths, CardPathSpec, i).name, name))
        i++;
    return i;
}

CardClient *
card_client_new(const CardWorld *cards, const CardSessionSpec *spec, guint copy)
{
    World *world = cards->world;
    const CardKeys *keys = card_keys_of(world->scenario);
    CardClient *client = g_new0(CardClient, 1);

    client->spec = spec;
    client->world = world;
    client->keys = keys;
    client->cards = cards;
    client->name = card_build_session_name(spec, copy);
    client->domain = spec->guest ? world_domain(world, spec->guest) : NULL;
    client->path = path_index(keys, spec->path);
    client->mix = card_build_mix(spec->workload);
    client->answered = g_array_new(FALSE, TRUE, sizeof(guint64));
    client->keeps_statistics = client->domain && keys->measurement->until == MEASURE_RUN;
    if (client->keeps_statistics) {
        histogram_init(&client->latency);
        client->series = g_array_new(FALSE, TRUE, sizeof(CardBin));
    }
    return client;
}

void
card_client_free(gpointer data)
{
    CardClient *client = data;

    if (client->travelling)
        cardsession_free(client->travelling);
    if (client->keeps_statistics) {
        histogram_clear(&client->latency);
        g_array_unref(client->series);
    }
    g_clear_pointer(&client->replay, g_array_unref);
    g_clear_pointer(&client->calls, g_array_unref);
    g_clear_pointer(&client->held, g_array_unref);
    g_array_unref(client->mix);
    g_array_unref(client->answered);
    g_free(client->name);
    g_free(client);
}

/* A session's first opening: on its own card, or on one of the host where its VM has gone meanwhile. */
void
card_client_open(CardClient *client)
{
    CardDevice *own = card_device_named(client->cards, client->spec->card);

    if (client->domain && !domain_is_running(client->domain)) {
        client->state = domain_is_gone(client->domain) ? CLIENT_LOST : CLIENT_WAITING;
        return;
    }
    if (client->domain && domain_host(client->domain) != own->host) {
        open_at(client, domain_host(client->domain));
        return;
    }
    if (!passes_door(client, own->host))
        return;
    const CardFit fit = open_on(client, own);
    if (fit != CARD_FITS)
        refuse(client, fit, NULL);
}

/* Ids asked so far, and of those the ones that still wait for their answer. */
static void
count_ids(const CardClient *client, guint64 *issued, guint64 *waiting, guint64 *dropped)
{
    *issued = *waiting = 0;
    *dropped = client->dropped;
    if (client->travelling) {
        *issued = client->travelling->player.issued;
        *waiting = client->travelling->pending->len;
    } else if (client->device && client->state == CLIENT_OPEN) {
        *issued = card_issued(client->device->card, client->vm);
        *waiting = card_under_way(client->device->card, client->vm);
        *dropped += card_dropped(client->device->card, client->vm);
    }
}

void
card_client_finish(CardClient *client)
{
    guint64 issued, waiting, dropped;

    if (!client->device)
        return;
    count_ids(client, &issued, &waiting, &dropped);
    invariant_check(client->world, &invariant_card_once,
                    client->answered_twice == 0 && client->answers + waiting + dropped == issued,
                    "%s asked %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT " answers, %" G_GUINT64_FORMAT
                    " of them twice, %" G_GUINT64_FORMAT " waiting, %" G_GUINT64_FORMAT " dropped",
                    client->name, issued, client->answers, client->answered_twice, waiting, dropped);
    if (client->state == CLIENT_OPEN && client->world->hosts[client->device->host].fails_at_s <= world_now())
        client->state = CLIENT_LOST; /* a caller without a VM, on a host that failed */
}
