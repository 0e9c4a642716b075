#include "sim/world/card_world.h"

#include "models/base/progress.h"
#include "sim/specs/card_check.h"
#include "sim/world/card_collect.h"
#include "sim/world/card_file.h"
#include "sim/world/domain.h"
#include "sim/world/guard.h"
#include "sim/world/invariant.h"

#include <math.h>
#include <simgrid/actor.h>

/* ---- words ---- */

static const struct {
    const char *word, *text;
} fit_words[] = {
    [CARD_FITS] = {"open", "open"},
    [CARD_PATH_STAYS] = {"refused-path", "the path cannot be moved"},
    [CARD_NONE_THERE] = {"refused-no-card", "the host has no crypto card"},
    [CARD_LACKS_ALGORITHM] = {"refused-algorithm", "the card has not got an algorithm that the VM uses"},
    [CARD_LACKS_KEYS] = {"refused-keys", "the card has not got the VM's keys"},
    [CARD_IS_FULL] = {"refused-full", "the card serves no more VMs on this path"},
    [CARD_FEARS_ARM] = {"refused-arm", "the path does not work on ARM hosts"},
    [CARD_TAKES_NO_TIME] = {"refused-no-time", "the card answers at once, so that a closed loop would never end"},
};

const char *
card_world_fit_text(CardFit fit)
{
    return fit_words[fit].text;
}

const char *
card_world_state_word(const CardClient *client)
{
    static const char *const words[] = {
        [CLIENT_WAITING] = "waiting", [CLIENT_OPEN] = "open",       [CLIENT_TRAVELLING] = "travelling",
        [CLIENT_REFUSED] = "",        [CLIENT_CRASHED] = "crashed", [CLIENT_LOST] = "lost",
    };

    return client->state == CLIENT_REFUSED ? fit_words[client->fit].word : words[client->state];
}

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

/* ---- answers ---- */

static void
note_id(CardClient *client, guint64 id)
{
    const guint word = (guint)(id / 64);
    const guint64 bit = G_GUINT64_CONSTANT(1) << (id % 64);

    if (word >= client->answered->len)
        g_array_set_size(client->answered, MAX(word + 1, client->answered->len * 2));
    guint64 *bits = &g_array_index(client->answered, guint64, word);
    client->answered_twice += (*bits & bit) != 0;
    *bits |= bit;
    client->answers++;
}

static void
note_bin(CardClient *client, const CardAnswer *answer)
{
    const guint index = (guint)(answer->done_s / client->world->scenario->card_measurement->batch_s);
    const double latency_s = answer->done_s - answer->issued_s;

    if (index >= client->series->len)
        g_array_set_size(client->series, index + 1);
    CardBin *bin = &g_array_index(client->series, CardBin, index);
    bin->answers++;
    bin->bytes += answer->bytes;
    bin->latency_sum_s += latency_s;
    bin->latency_max_s = MAX(bin->latency_max_s, latency_s);
}

static void
note_statistics(CardClient *client, const CardAnswer *answer)
{
    if (answer->status == CARD_DONE)
        note_bin(client, answer);
    if (answer->done_s < client->world->scenario->card_measurement->warm_up_s)
        return;
    client->rejected += answer->status == CARD_REJECTED;
    client->refused += answer->status == CARD_REFUSED;
    if (answer->status != CARD_DONE)
        return;
    client->done++;
    client->bytes += answer->bytes;
    histogram_add(&client->latency, answer->done_s - answer->issued_s);
}

static void
on_done(const CardAnswer *answer, gpointer data)
{
    CardDevice *device = data;
    CardClient *client = g_ptr_array_index(device->clients, answer->vm);

    note_id(client, answer->id);
    if (client->keeps_statistics)
        note_statistics(client, answer);
    if (answer->status != CARD_DONE)
        return;
    device->batch_done++;
    device->batch_latency_s += answer->done_s - answer->issued_s;
}

/* ---- time ---- */

static void
close_batch(CardDevice *device)
{
    const MeasureSpec *measure = device->world->scenario->card_measurement;

    if (device->warm) {
        statistics_batches_add(&device->rates, (double)device->batch_done, measure->batch_s);
        statistics_batches_add(&device->latencies, device->batch_latency_s, (double)device->batch_done);
    }
    device->batch_done = 0;
    device->batch_latency_s = 0;
    device->next_batch_s += measure->batch_s;
}

static void
end_warm_up(CardDevice *device)
{
    card_reset_statistics(device->card);
    device->warm = TRUE;
    device->batch_done = 0;
    device->batch_latency_s = 0;
    device->next_batch_s = device->world->scenario->card_measurement->warm_up_s;
    close_batch(device);
    statistics_batches_init(&device->rates);
    statistics_batches_init(&device->latencies);
}

static void
check_progress(const CardDevice *device)
{
    if (card_is_stuck(device->card))
        guard_stop(GUARD_ERROR_STUCK,
                   "card %s: the clock stands still at %.10g s after %d events, expected longer times or earlier dates",
                   device->spec->name, card_now_s(device->card), PROGRESS_EVENTS_MAX);
}

/* A run goes on to its last migration's end, which nobody knows beforehand: its series must not fill memory. */
static gboolean
has_room_for_batch(const CardDevice *device)
{
    const MeasureSpec *measure = device->world->scenario->card_measurement;

    if (device->next_batch_s / measure->batch_s <= 2 * CARD_CHECK_BATCHES_MAX)
        return TRUE;
    guard_stop(GUARD_ERROR_TOO_LARGE,
               "/card_measurement/batch: made %.0f batches by %.10g s, expected a longer one or a shorter run",
               2 * CARD_CHECK_BATCHES_MAX, device->next_batch_s);
    return FALSE;
}

/* To the world's clock or, if that is earlier, the loss of the card's host. */
static void
advance(CardDevice *device, double to_s)
{
    const double warm_up_s = device->world->scenario->card_measurement->warm_up_s;

    to_s = MIN(to_s, device->world->hosts[device->host].fails_at_s);
    if (device->measured)
        return;
    if (!device->warm && warm_up_s <= to_s) {
        if (warm_up_s > card_now_s(device->card))
            card_advance(device->card, warm_up_s);
        end_warm_up(device);
    }
    while (device->warm && device->next_batch_s <= to_s && has_room_for_batch(device)) {
        if (device->next_batch_s > card_now_s(device->card))
            card_advance(device->card, device->next_batch_s);
        close_batch(device);
    }
    if (to_s > card_now_s(device->card) && guard_goes_on())
        card_advance(device->card, to_s);
    check_progress(device);
}

/* ---- which card ---- */

static const CardPath *
path_of(const CardClient *client)
{
    return g_ptr_array_index(client->world->cards->paths, client->path);
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
    const CardWorld *cards = client->world->cards;
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

static CardClient *
client_of(const Domain *domain)
{
    const CardWorld *cards = domain->world->cards;

    for (guint i = 0; cards && i < cards->clients->len; i++) {
        CardClient *client = g_ptr_array_index(cards->clients, i);
        if (client->domain == domain)
            return client;
    }
    return NULL;
}

/* device: NULL when it fits without one. */
static CardFit
fit_there(const CardClient *client, guint host, CardDevice **device, const char **reason)
{
    *reason = NULL;
    *device = NULL;
    if (!client || client->state != CLIENT_OPEN)
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
card_world_fit(const Domain *domain, guint host, const char **reason)
{
    CardDevice *device;

    return fit_there(client_of(domain), host, &device, reason);
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
card_world_reserve(Domain *domain, guint host, const char **reason)
{
    CardClient *client = client_of(domain);
    CardDevice *device;
    const CardFit answer = fit_there(client, host, &device, reason);

    if (answer == CARD_FITS && device)
        take_place(client, &client->reserved, device);
    return answer;
}

void
card_world_release(Domain *domain)
{
    CardClient *client = client_of(domain);

    if (client)
        give_place(client, &client->reserved);
}

/* ---- sessions ---- */

static void
refuse(CardClient *client, CardFit fit, const char *reason)
{
    client->state = CLIENT_REFUSED;
    client->fit = fit;
    client->reason = reason ? reason : card_world_fit_text(fit);
}

/* What the paper reports of ivshmem on ARM (section 5.1). */
static void
crash(CardClient *client)
{
    client->state = CLIENT_CRASHED;
    client->reason = path_of(client)->arm_refusal;
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

    advance(device, world_now());
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
    const CardWorld *cards = client->world->cards;
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

    advance(device, world_now());
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
    advance(client->device, world_now());
    client->draining = FALSE;
    card_resume(client->device->card, client->vm);
}

static void
notice(Domain *domain)
{
    CardClient *client = client_of(domain);

    if (!client)
        return;
    if (domain_is_lost(domain)) {
        if (client->state == CLIENT_OPEN)
            leave(client);
        if (client->state == CLIENT_TRAVELLING)
            client->state = CLIENT_LOST;
        give_place(client, &client->reserved);
        give_place(client, &client->left);
    } else if (!domain_is_running(domain)) {
        if (client->state == CLIENT_OPEN)
            leave(client);
    } else if (client->state == CLIENT_TRAVELLING) {
        reopen(client);
    } else if (client->state == CLIENT_OPEN) {
        end_drain(client);
    }
}

double
card_world_drain(Domain *domain)
{
    CardClient *client = client_of(domain);

    if (!client || client->state != CLIENT_OPEN || client->spec->on_migration != ON_MIGRATION_DRAIN)
        return NAN;
    Card *card = client->device->card;
    /* SimGrid's clock may stop a hair before the date that was asked for */
    advance(client->device, client->draining ? MAX(world_now(), client->drain_next_s) : world_now());
    if (!client->draining) {
        client->draining = TRUE;
        client->drain_since_s = world_now();
        card_pause(card, client->vm);
    }
    client->drain_next_s = card_next_event_s(card);
    if (card_outstanding(card, client->vm) > 0 && client->drain_next_s < G_MAXDOUBLE)
        return client->drain_next_s;
    client->drained_s += world_now() - client->drain_since_s;
    return NAN;
}

/* ---- from begin to end ---- */

static CardDevice *
new_device(World *world, const CryptoCardSpec *spec)
{
    CardDevice *device = g_new0(CardDevice, 1);
    const CardSpec card = card_build_spec(spec);
    RandomStream seeds;

    random_init(&seeds, world->seed, "card", spec->name);
    device->spec = spec;
    device->world = world;
    device->host = world_host(world, spec->host);
    device->card = card_new(&card, random_u64(&seeds), 0);
    device->clients = g_ptr_array_new();
    for (guint i = 0; i < world->cards->paths->len; i++)
        card_add_path(device->card, g_ptr_array_index(world->cards->paths, i));
    for (guint i = 0; i < spec->keys->len; i++) {
        const KeySpec *key = &g_array_index(spec->keys, KeySpec, i);
        card_set_key_owner(device->card, (guint)key->slot, key->owner);
    }
    card_on_done(device->card, on_done, device);
    return device;
}

static void
free_device(gpointer data)
{
    CardDevice *device = data;

    card_free(device->card);
    g_ptr_array_unref(device->clients);
    g_free(device);
}

static guint
path_index(const ScenarioSpec *scenario, const char *name)
{
    guint i = 0;

    while (!g_str_equal(g_array_index(scenario->card_paths, CardPathSpec, i).name, name))
        i++;
    return i;
}

static CardClient *
new_client(World *world, const CardSessionSpec *spec, guint copy)
{
    CardClient *client = g_new0(CardClient, 1);

    client->spec = spec;
    client->world = world;
    client->name = card_build_session_name(spec, copy);
    client->domain = spec->guest ? world_domain(world, spec->guest) : NULL;
    client->path = path_index(world->scenario, spec->path);
    client->mix = card_build_mix(spec->workload);
    client->answered = g_array_new(FALSE, TRUE, sizeof(guint64));
    client->keeps_statistics = client->domain && world->scenario->card_measurement->until == MEASURE_RUN;
    if (client->keeps_statistics) {
        histogram_init(&client->latency);
        client->series = g_array_new(FALSE, TRUE, sizeof(CardBin));
    }
    return client;
}

static void
free_client(gpointer data)
{
    CardClient *client = data;

    if (client->travelling)
        cardsession_free(client->travelling);
    if (client->keeps_statistics) {
        histogram_clear(&client->latency);
        g_array_unref(client->series);
    }
    g_clear_pointer(&client->replay, g_array_unref);
    g_array_unref(client->mix);
    g_array_unref(client->answered);
    g_free(client->name);
    g_free(client);
}

static gboolean
add_clients(World *world, const CardSessionSpec *spec, GError **error)
{
    for (guint copy = 0; copy < spec->copies; copy++) {
        CardClient *client = new_client(world, spec, copy);
        g_ptr_array_add(world->cards->clients, client);
        if (spec->workload->kind == CARD_LOAD_REPLAY) {
            g_autofree char *file = g_path_is_absolute(spec->workload->file)
                                        ? g_strdup(spec->workload->file)
                                        : g_build_filename(world->folder, spec->workload->file, NULL);
            client->replay = card_file_read(file, error);
            if (!client->replay)
                return FALSE;
        }
        client->load = card_build_load(spec, client->mix, client->replay);
    }
    return TRUE;
}

static CardDevice *
device_named(const CardWorld *cards, const char *name)
{
    for (guint i = 0; i < cards->devices->len; i++) {
        CardDevice *device = g_ptr_array_index(cards->devices, i);
        if (g_str_equal(device->spec->name, name))
            return device;
    }
    g_assert_not_reached();
}

/* A session's first opening: on its own card, or on one of the host where its VM has gone meanwhile. */
static void
open_first(CardClient *client)
{
    CardDevice *own = device_named(client->world->cards, client->spec->card);

    if (client->domain && !domain_is_running(client->domain)) {
        client->state = domain_is_lost(client->domain) ? CLIENT_LOST : CLIENT_WAITING;
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

static void
run_start(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    CardClient *client = sg_actor_self_get_data();

    sg_actor_sleep_until(client->spec->start_s);
    open_first(client);
}

/* Measures alone from 0 on and lets the world's clock follow. */
static void
run_measure(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    CardDevice *device = sg_actor_self_get_data();
    const MeasureSpec *measure = device->world->scenario->card_measurement;
    const CardRunRule rule = {.pilot_requests = (guint64)measure->pilot_requests,
                              .batch_requests = (guint64)measure->batch_requests,
                              .requests_max = (guint64)measure->requests_max,
                              .batches_min = (guint)measure->batches_min,
                              .confidence = measure->confidence,
                              .relative = measure->relative};

    device->report = cardrun_measure(device->card, &rule);
    check_progress(device);
    device->measured = TRUE;
    if (card_now_s(device->card) > world_now())
        sg_actor_sleep_until(card_now_s(device->card));
}

static void
start_actors(World *world)
{
    const gboolean narrow = world->scenario->card_measurement->until == MEASURE_NARROW;

    for (guint i = 0; i < world->cards->clients->len; i++) {
        CardClient *client = g_ptr_array_index(world->cards->clients, i);
        if (client->spec->start_s > 0)
            world_start_actor(client->name, world->hosts[0].sg, run_start, client, TRUE);
        else
            open_first(client);
    }
    for (guint i = 0; narrow && i < world->cards->devices->len; i++) {
        CardDevice *device = g_ptr_array_index(world->cards->devices, i);
        world_start_actor(device->spec->name, world->hosts[device->host].sg, run_measure, device, FALSE);
    }
}

static gboolean
create(World *world, GError **error)
{
    const ScenarioSpec *scenario = world->scenario;

    if (scenario->cards->len == 0)
        return TRUE;
    CardWorld *cards = world->cards = g_new0(CardWorld, 1);
    cards->world = world;
    cards->devices = g_ptr_array_new_with_free_func(free_device);
    cards->paths = g_ptr_array_new_with_free_func((GDestroyNotify)card_build_path_free);
    cards->clients = g_ptr_array_new_with_free_func(free_client);
    for (guint i = 0; i < scenario->card_paths->len; i++)
        g_ptr_array_add(cards->paths, card_build_path(&g_array_index(scenario->card_paths, CardPathSpec, i)));
    for (guint i = 0; i < scenario->cards->len; i++)
        g_ptr_array_add(cards->devices, new_device(world, &g_array_index(scenario->cards, CryptoCardSpec, i)));
    for (guint i = 0; i < scenario->card_sessions->len; i++)
        if (!add_clients(world, &g_array_index(scenario->card_sessions, CardSessionSpec, i), error))
            return FALSE;
    start_actors(world);
    return TRUE;
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

static void
check_ids(World *world, const CardClient *client)
{
    guint64 issued, waiting, dropped;

    count_ids(client, &issued, &waiting, &dropped);
    invariant_check(world, INVARIANT_CARD_ONCE,
                    client->answered_twice == 0 && client->answers + waiting + dropped == issued,
                    "%s asked %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT " answers, %" G_GUINT64_FORMAT
                    " of them twice, %" G_GUINT64_FORMAT " waiting, %" G_GUINT64_FORMAT " dropped",
                    client->name, issued, client->answers, client->answered_twice, waiting, dropped);
}

/* A warm-up that outlasted the run leaves nothing to count. */
static void
finish_device(CardDevice *device)
{
    advance(device, world_now());
    if (!device->warm && !device->measured)
        end_warm_up(device);
}

static void
finish(World *world)
{
    if (!world->cards)
        return;
    for (guint i = 0; i < world->cards->devices->len; i++)
        finish_device(g_ptr_array_index(world->cards->devices, i));
    for (guint i = 0; i < world->cards->clients->len; i++) {
        CardClient *client = g_ptr_array_index(world->cards->clients, i);
        if (!client->device)
            continue;
        check_ids(world, client);
        if (client->state == CLIENT_OPEN && world->hosts[client->device->host].fails_at_s <= world_now())
            client->state = CLIENT_LOST; /* a caller without a VM, on a host that failed */
    }
}

static void
forget(World *world)
{
    CardWorld *cards = world->cards;

    if (!cards)
        return;
    g_ptr_array_unref(cards->clients);
    g_ptr_array_unref(cards->devices);
    g_ptr_array_unref(cards->paths);
    g_free(cards);
}

static void
collect(World *world, Result *result)
{
    if (world->cards)
        card_collect(world->cards, result);
}

const Part card_part = {"card",           .create = create,   .notice = notice,
                        .finish = finish, .collect = collect, .forget = forget};
