#include "sim/parts/card/card_part.h"

#include "sim/parts/card/card_client.h"
#include "sim/parts/card/card_device.h"
#include "sim/parts/card/card_file.h"
#include "sim/parts/card/card_results.h"

#include <math.h>
#include <simgrid/actor.h>

CardWorld *
card_part_world(const World *world)
{
    return part_of_world(world, &card_part);
}

/* ---- from begin to end ---- */

static gboolean
add_clients(CardWorld *cards, const CardSessionSpec *spec, GError **error)
{
    for (guint copy = 0; copy < spec->copies; copy++) {
        CardClient *client = card_client_new(cards, spec, copy);
        g_ptr_array_add(cards->clients, client);
        if (client->domain)
            part_set_domain(client->domain, &card_part, client);
        if (spec->workload->kind == CARD_LOAD_REPLAY) {
            g_autofree char *file = g_path_is_absolute(spec->workload->file)
                                        ? g_strdup(spec->workload->file)
                                        : g_build_filename(cards->world->folder, spec->workload->file, NULL);
            client->replay = card_file_read(file, error);
            if (!client->replay)
                return FALSE;
        }
        client->load = card_build_load(spec, client->mix, client->replay);
    }
    return TRUE;
}

static void
run_start(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    CardClient *client = sg_actor_self_get_data();

    sg_actor_sleep_until(client->spec->start_s);
    card_client_open(client);
}

/* Measures alone from 0 on and lets the world's clock follow. */
static void
run_measure(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    CardDevice *device = sg_actor_self_get_data();
    const MeasureSpec *measure = device->measure;
    const CardRunRule rule = {.pilot_requests = (guint64)measure->pilot_requests,
                              .batch_requests = (guint64)measure->batch_requests,
                              .requests_max = (guint64)measure->requests_max,
                              .batches_min = (guint)measure->batches_min,
                              .confidence = measure->confidence,
                              .relative = measure->relative};

    device->report = cardrun_measure(device->card, &rule);
    card_device_check_progress(device);
    device->measured = TRUE;
    if (card_now_s(device->card) > world_now())
        sg_actor_sleep_until(card_now_s(device->card));
}

static void
start_actors(const CardWorld *cards)
{
    World *world = cards->world;
    const gboolean narrow = card_keys_of(world->scenario)->measurement->until == MEASURE_NARROW;

    for (guint i = 0; i < cards->clients->len; i++) {
        CardClient *client = g_ptr_array_index(cards->clients, i);
        if (client->spec->start_s > 0)
            world_start_actor(client->name, world->hosts[0].sg, run_start, client, TRUE);
        else
            card_client_open(client);
    }
    for (guint i = 0; narrow && i < cards->devices->len; i++) {
        CardDevice *device = g_ptr_array_index(cards->devices, i);
        world_start_actor(device->spec->name, world->hosts[device->host].sg, run_measure, device, FALSE);
    }
}

static gboolean
create(World *world, GError **error)
{
    const CardKeys *keys = card_keys_of(world->scenario);

    if (keys->cards->len == 0)
        return TRUE;
    CardWorld *cards = g_new0(CardWorld, 1);
    part_set_world(world, &card_part, cards);
    invariant_add(world, &invariant_card_once);
    invariant_add(world, &invariant_card_littles_law);
    cards->world = world;
    cards->devices = g_ptr_array_new_with_free_func(card_device_free);
    cards->paths = g_ptr_array_new_with_free_func((GDestroyNotify)card_build_path_free);
    cards->clients = g_ptr_array_new_with_free_func(card_client_free);
    cards->askers = g_ptr_array_new();
    cards->pumps = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < keys->paths->len; i++)
        g_ptr_array_add(cards->paths, card_build_path(&g_array_index(keys->paths, CardPathSpec, i)));
    for (guint i = 0; i < keys->cards->len; i++)
        g_ptr_array_add(cards->devices,
                        card_device_new(cards, &g_array_index(keys->cards, CryptoCardSpec, i), keys->measurement));
    for (guint i = 0; i < keys->sessions->len; i++)
        if (!add_clients(cards, &g_array_index(keys->sessions, CardSessionSpec, i), error))
            return FALSE;
    start_actors(cards);
    return TRUE;
}

/* ---- what happens to the VMs ---- */

/* NULL: the domain has no session. */
static CardClient *
client_of(const Domain *domain)
{
    return part_of_domain(domain, &card_part);
}

static void
notice(Domain *domain)
{
    CardClient *client = client_of(domain);

    if (client)
        card_client_notice(client);
}

/* ---- migrations ---- */

/* What a card that does not fit makes of the migration. */
static const Outcome outcomes[] = {
    [CARD_PATH_STAYS] = {"card-stays", "the VM's way to its crypto card cannot be moved"},
    [CARD_NONE_THERE] = {"no-card", "the destination has no crypto card that serves the VM"},
    [CARD_LACKS_ALGORITHM] = {"no-card", "the destination has no crypto card that serves the VM"},
    [CARD_LACKS_KEYS] = {"no-keys", "the destination's crypto card has not got the VM's keys"},
    [CARD_IS_FULL] = {"no-card", "the destination has no crypto card that serves the VM"},
    [CARD_FEARS_ARM] = {"card-arm", "the VM's way to its crypto card does not work on the destination"},
    [CARD_TAKES_NO_TIME] = {"no-card", "the destination has no crypto card that serves the VM"},
};

/* reason: the path's own sentence, or NULL. */
static gboolean
answer(CardFit fit, const char *reason, Outcome *why)
{
    if (fit == CARD_FITS)
        return TRUE;
    *why = outcomes[fit];
    if (reason)
        why->text = reason;
    return FALSE;
}

static gboolean
may_move(const Domain *domain, guint destination, Outcome *why)
{
    const CardClient *client = client_of(domain);
    const char *reason = NULL;
    const CardFit fit = client ? card_client_fit(client, destination, &reason) : CARD_FITS;

    return answer(fit, reason, why);
}

static gboolean
reserve(Domain *domain, guint destination, Outcome *why)
{
    CardClient *client = client_of(domain);
    const char *reason = NULL;
    const CardFit fit = client ? card_client_reserve(client, destination, &reason) : CARD_FITS;

    return answer(fit, reason, why);
}

static void
release(Domain *domain)
{
    CardClient *client = client_of(domain);

    if (client)
        card_client_release(client);
}

static double
drain(Domain *domain)
{
    CardClient *client = client_of(domain);

    return client ? card_client_drain(client) : NAN;
}

/* ---- the end ---- */

static void
finish(World *world)
{
    const CardWorld *cards = part_of_world(world, &card_part);

    for (guint i = 0; cards && i < cards->devices->len; i++)
        card_device_finish(g_ptr_array_index(cards->devices, i));
    for (guint i = 0; cards && i < cards->clients->len; i++)
        card_client_finish(g_ptr_array_index(cards->clients, i));
}

static void
collect(World *world, Result *result)
{
    CardWorld *cards = part_of_world(world, &card_part);

    if (cards)
        card_results_collect(cards, result);
}

static void
trace(World *world, Trace *to)
{
    const CardWorld *cards = part_of_world(world, &card_part);

    if (cards)
        card_results_trace(cards, to);
}

static void
forget(World *world)
{
    CardWorld *cards = part_of_world(world, &card_part);

    if (!cards)
        return;
    g_ptr_array_unref(cards->clients);
    g_ptr_array_unref(cards->devices);
    g_ptr_array_unref(cards->paths);
    g_ptr_array_unref(cards->askers);
    g_ptr_array_unref(cards->pumps);
    g_free(cards);
}

const Part card_part = {"card",
                        .keys = &card_keys,
                        .create = create,
                        .notice = notice,
                        .may_move = may_move,
                        .reserve = reserve,
                        .release = release,
                        .drain = drain,
                        .finish = finish,
                        .collect = collect,
                        .records = card_records,
                        .trace = trace,
                        .forget = forget};
