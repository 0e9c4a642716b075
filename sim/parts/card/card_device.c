#include "sim/parts/card/card_device.h"

#include "models/base/progress.h"
#include "sim/parts/card/card_check.h"
#include "sim/world/guard.h"

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
    const guint index = (guint)(answer->done_s / client->keys->measurement->batch_s);
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
    if (answer->done_s < client->keys->measurement->warm_up_s)
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
    if (answer->tag != CARD_OWN)
        client->asker->told(answer->tag, answer->status == CARD_DONE, answer->done_s, client->asker->data);
    if (client->keeps_statistics)
        note_statistics(client, answer);
    if (answer->status != CARD_DONE)
        return;
    meter_note(&device->meter, answer->done_s - answer->issued_s);
}

/* ---- time ---- */

static void
end_warm_up(CardDevice *device)
{
    card_reset_statistics(device->card);
    meter_begin(&device->meter);
}

void
card_device_check_progress(const CardDevice *device)
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
    const MeasureSpec *measure = device->measure;

    if (device->meter.next_s / measure->batch_s <= 2 * CARD_CHECK_BATCHES_MAX)
        return TRUE;
    guard_stop(GUARD_ERROR_TOO_LARGE,
               "/card_measurement/batch: made %.0f batches by %.10g s, expected a longer one or a shorter run",
               2 * CARD_CHECK_BATCHES_MAX, device->meter.next_s);
    return FALSE;
}

void
card_device_step(CardDevice *device, double to_s)
{
    const double warm_up_s = device->measure->warm_up_s;

    to_s = MIN(to_s, device->world->hosts[device->host].fails_at_s);
    if (device->measured)
        return;
    if (!device->meter.warm && warm_up_s <= to_s) {
        if (warm_up_s > card_now_s(device->card))
            card_advance(device->card, warm_up_s);
        end_warm_up(device);
    }
    while (device->meter.warm && device->meter.next_s <= to_s && has_room_for_batch(device)) {
        if (device->meter.next_s > card_now_s(device->card))
            card_advance(device->card, device->meter.next_s);
        meter_close(&device->meter);
    }
    if (to_s > card_now_s(device->card) && guard_goes_on())
        card_advance(device->card, to_s);
    card_device_check_progress(device);
}

void
card_device_advance(CardDevice *device, double to_s)
{
    if (device->cards->ahead)
        device->cards->ahead(device->cards, to_s);
    card_device_step(device, to_s);
}

/* ---- from begin to end ---- */

CardDevice *
card_device_new(const CardWorld *cards, const CryptoCardSpec *spec, const MeasureSpec *measure)
{
    CardDevice *device = g_new0(CardDevice, 1);
    const CardSpec card = card_build_spec(spec);
    World *world = cards->world;
    RandomStream seeds;

    random_init(&seeds, world->seed, "card", spec->name);
    device->spec = spec;
    device->world = world;
    device->cards = cards;
    device->measure = measure;
    device->host = world_host(world, spec->host);
    meter_init(&device->meter, measure->warm_up_s, measure->batch_s);
    device->card = card_new(&card, random_u64(&seeds), 0);
    device->clients = g_ptr_array_new();
    for (guint i = 0; i < cards->paths->len; i++)
        card_add_path(device->card, g_ptr_array_index(cards->paths, i));
    for (guint i = 0; i < spec->keys->len; i++) {
        const KeySpec *key = &g_array_index(spec->keys, KeySpec, i);
        card_set_key_owner(device->card, (guint)key->slot, key->owner);
    }
    card_on_done(device->card, on_done, device);
    return device;
}

void
card_device_free(gpointer data)
{
    CardDevice *device = data;

    card_free(device->card);
    g_ptr_array_unref(device->clients);
    g_free(device);
}

/* A warm-up that outlasted the run leaves nothing to count. */
void
card_device_finish(CardDevice *device)
{
    card_device_advance(device, world_now());
    if (!device->meter.warm && !device->measured)
        end_warm_up(device);
}

CardDevice *
card_device_named(const CardWorld *cards, const char *name)
{
    for (guint i = 0; i < cards->devices->len; i++) {
        CardDevice *device = g_ptr_array_index(cards->devices, i);
        if (g_str_equal(device->spec->name, name))
            return device;
    }
    g_assert_not_reached();
}
