#include "models/card/cardload.h"

#include <math.h>

GQuark
cardload_error_quark(void)
{
    return g_quark_from_static_string("tandem-cardload-error");
}

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, CARDLOAD_ERROR, CARDLOAD_ERROR_NUMBER, what);
    return FALSE;
}

static gboolean
is_positive(double value)
{
    return value > 0 && isfinite(value);
}

static gboolean
check_replay(const CardLoad *load, GError **error)
{
    for (gsize i = 0; i < load->n_replay; i++) {
        const double time_s = load->replay[i].time_s;
        if (time_s >= 0 && isfinite(time_s) && (i == 0 || time_s >= load->replay[i - 1].time_s))
            continue;
        g_set_error(error, CARDLOAD_ERROR, CARDLOAD_ERROR_REPLAY, "replay row %" G_GSIZE_FORMAT ": time %g goes back",
                    i + 1, time_s);
        return FALSE;
    }
    return load->n_replay > 0 || fail(error, "a replay needs rows");
}

static gboolean
check_mix(const CardLoad *load, GError **error)
{
    if (load->n_mix == 0)
        return fail(error, "a load needs at least one algorithm");
    for (gsize i = 0; i < load->n_mix; i++) {
        if (!is_positive(load->mix[i].weight))
            return fail(error, "a weight must be finite and > 0");
        if ((guint)load->mix[i].algorithm >= CARD_ALGORITHMS)
            return fail(error, "unknown algorithm");
    }
    return TRUE;
}

gboolean
cardload_check(const CardLoad *load, GError **error)
{
    if (load->kind == CARD_LOAD_NONE)
        return TRUE;
    if (load->kind == CARD_LOAD_REPLAY)
        return check_replay(load, error);
    if (!check_mix(load, error))
        return FALSE;
    if (load->kind == CARD_LOAD_CLOSED) {
        if (load->outstanding == 0)
            return fail(error, "a closed load needs at least one outstanding request");
        return (load->think_s >= 0 && isfinite(load->think_s)) || fail(error, "think time must be finite and >= 0");
    }
    if (!is_positive(load->rate_per_s))
        return fail(error, "an open load needs a finite rate > 0");
    if (load->kind == CARD_LOAD_BURSTS && (!is_positive(load->on_s) || !is_positive(load->off_s)))
        return fail(error, "bursts need finite on and off times > 0");
    return TRUE;
}

void
cardload_postpone(CardPlayer *player, double seconds)
{
    player->start_s += seconds;
    player->next_due_s += seconds;
    player->burst_end_s += seconds;
}

gboolean
cardload_is_closed(const CardLoad *load)
{
    return load->kind == CARD_LOAD_CLOSED;
}

void
cardload_start(CardPlayer *player, const CardLoad *load, guint64 seed, const char *vm, double start_s)
{
    *player = (CardPlayer){.load = *load, .start_s = start_s, .next_due_s = start_s, .burst_end_s = start_s};
    random_init(&player->arrivals, seed, "card/arrivals", vm);
    random_init(&player->mix, seed, "card/mix", vm);
    random_init(&player->think, seed, "card/think", vm);
    if (player->load.queue_limit == 0)
        player->load.queue_limit = CARDLOAD_QUEUE_LIMIT;
    for (gsize i = 0; i < load->n_mix; i++)
        player->weight_sum += load->mix[i].weight;
    if (load->kind == CARD_LOAD_BURSTS)
        player->burst_end_s = start_s + random_exponential(&player->arrivals, load->on_s);
    if (!cardload_is_closed(load))
        cardload_draw_due(player);
}

gboolean
cardload_is_over(const CardPlayer *player)
{
    if (player->load.kind == CARD_LOAD_NONE)
        return TRUE;
    if (player->load.request_limit > 0 && player->issued - player->called >= player->load.request_limit)
        return TRUE;
    return player->load.kind == CARD_LOAD_REPLAY && player->replayed >= player->load.n_replay;
}

/* Poisson arrivals have no memory, so a gap that would outlast the burst starts anew in the next burst. */
static void
draw_burst_due(CardPlayer *player)
{
    const CardLoad *load = &player->load;
    double due_s = player->next_due_s + random_exponential(&player->arrivals, 1 / load->rate_per_s);

    while (due_s > player->burst_end_s) {
        const double begin_s = player->burst_end_s + random_exponential(&player->arrivals, load->off_s);
        player->burst_end_s = begin_s + random_exponential(&player->arrivals, load->on_s);
        due_s = begin_s + random_exponential(&player->arrivals, 1 / load->rate_per_s);
    }
    player->next_due_s = due_s;
}

void
cardload_draw_due(CardPlayer *player)
{
    const CardLoad *load = &player->load;

    switch (load->kind) {
    case CARD_LOAD_POISSON:
        player->next_due_s += random_exponential(&player->arrivals, 1 / load->rate_per_s);
        break;
    case CARD_LOAD_PERIODIC:
        player->next_due_s += 1 / load->rate_per_s;
        break;
    case CARD_LOAD_BURSTS:
        draw_burst_due(player);
        break;
    case CARD_LOAD_REPLAY:
        if (player->replayed < load->n_replay)
            player->next_due_s = player->start_s + load->replay[player->replayed].time_s;
        break;
    case CARD_LOAD_CLOSED:
    case CARD_LOAD_NONE:
        break;
    }
}

static const CardMix *
draw_mix(CardPlayer *player)
{
    const CardLoad *load = &player->load;
    double left;

    if (load->n_mix == 1)
        return &load->mix[0];
    left = random_unit(&player->mix) * player->weight_sum;
    for (gsize i = 0; i + 1 < load->n_mix; i++) {
        if (left < load->mix[i].weight)
            return &load->mix[i];
        left -= load->mix[i].weight;
    }
    return &load->mix[load->n_mix - 1];
}

void
cardload_draw_demand(CardPlayer *player, CardDemand *demand)
{
    player->issued++;
    if (player->load.kind == CARD_LOAD_REPLAY) {
        const CardReplay *row = &player->load.replay[player->replayed++];
        demand->algorithm = row->algorithm;
        demand->bytes = row->bytes;
        demand->key = 0;
        return;
    }
    const CardMix *mix = draw_mix(player);
    demand->algorithm = mix->algorithm;
    demand->bytes = mix->bytes;
    demand->key = mix->key;
}

double
cardload_think_s(CardPlayer *player)
{
    if (player->load.think_s <= 0)
        return 0;
    return player->load.think_exponential ? random_exponential(&player->think, player->load.think_s)
                                          : player->load.think_s;
}

double
cardload_rate(const CardLoad *load)
{
    double span_s;

    switch (load->kind) {
    case CARD_LOAD_POISSON:
    case CARD_LOAD_PERIODIC:
        return load->rate_per_s;
    case CARD_LOAD_BURSTS:
        return load->rate_per_s * load->on_s / (load->on_s + load->off_s);
    case CARD_LOAD_REPLAY:
        span_s = load->replay[load->n_replay - 1].time_s - load->replay[0].time_s;
        return span_s > 0 ? (double)(load->n_replay - 1) / span_s : 0;
    case CARD_LOAD_CLOSED:
    case CARD_LOAD_NONE:
        break;
    }
    return 0;
}
