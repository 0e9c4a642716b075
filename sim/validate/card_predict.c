#include "sim/validate/card_predict.h"

#include "sim/validate/case_json.h"
#include "sim/validate/case_list.h"

#include <math.h>

#define HALTED_TIMES 1.5 /* chosen: waking a halted processor is that much slower, or no halt is seen in the curve */

const CaseMeasure card_measures[N_CASE_MEASURES] = {
    [CASE_RATE] = {"throughput_per_s", "card.card.requests_per_s", 1},
    [CASE_LATENCY] = {"latency_median_us", "card.card.latency_p50_s", 1e6},
};

/* ---- what waking costs ---- */

/* Waking a sleeper of another processor: the caller's time, then until the sleeper runs; and how much more both are
 * when that processor has been idle for so long that it halts. */
typedef struct {
    double notify_us, wake_us;
    double halts_us; /* 0: it never does */
    double halted_notify_us, halted_wake_us;
} Waking;

/* Of the curve's points from `from` to `to`: the mean call, and the mean time from its end until the sleeper runs. */
static void
mean_wake(const GArray *wakes, guint from, guint to, double *notify_us, double *wake_us)
{
    double calls_us = 0, runs_us = 0;

    for (guint i = from; i < to; i++) {
        calls_us += g_array_index(wakes, CaseWake, i).call_us;
        runs_us += g_array_index(wakes, CaseWake, i).runs_us;
    }
    *notify_us = calls_us / (to - from);
    *wake_us = MAX(runs_us - calls_us, 0) / (to - from);
}

/* Where the curve rises most from one gap to the next: between them processors begin to halt. 0: nowhere. */
static guint
halt_at(const GArray *wakes)
{
    double most = HALTED_TIMES;
    guint at = 0;

    for (guint i = 1; i < wakes->len; i++) {
        const double times = g_array_index(wakes, CaseWake, i).runs_us / g_array_index(wakes, CaseWake, i - 1).runs_us;
        if (times > most) {
            most = times;
            at = i;
        }
    }
    return at;
}

static Waking
waking_of(const CardCase *card)
{
    const GArray *wakes = card->costs.wakes;
    Waking waking = {.notify_us = card->costs.write_same_us};

    if (card->place == CARD_PLACE_ONE || wakes->len == 0)
        return waking;
    const guint at = halt_at(wakes);
    mean_wake(wakes, 0, at ? at : wakes->len, &waking.notify_us, &waking.wake_us);
    if (at == 0)
        return waking;
    mean_wake(wakes, at, wakes->len, &waking.halted_notify_us, &waking.halted_wake_us);
    waking.halted_notify_us = MAX(waking.halted_notify_us - waking.notify_us, 0);
    waking.halted_wake_us = MAX(waking.halted_wake_us - waking.wake_us, 0);
    waking.halts_us = sqrt(g_array_index(wakes, CaseWake, at - 1).gap_us * g_array_index(wakes, CaseWake, at).gap_us);
    return waking;
}

/* ---- a case as a scenario ---- */

static void
add_time(GPtrArray *settings, const char *pointer, double us)
{
    case_settings_add(settings, "%s=%.6fus", pointer, MAX(us, 0));
}

static void
add_station(GPtrArray *settings, guint station, const char *key, double us)
{
    g_autofree char *pointer = g_strdup_printf("/card_paths/0/stations/%u/%s", station, key);

    add_time(settings, pointer, us);
}

/* A station whose idle server is woken by a call: an eventfd's write, or what a send takes longer. */
static void
add_sleeper(GPtrArray *settings, guint station, const Waking *waking, double queued_us)
{
    add_station(settings, station, "notify", waking->notify_us);
    add_station(settings, station, "notify_queued", queued_us);
    add_station(settings, station, "wake", waking->wake_us);
}

/* A call for a sleeper while no processor is idle. The one thread of all slots has a processor of its own and its
 * clients the others; a thread per client is as often with its client as apart from it. */
static double
queued_us(const CardCase *card)
{
    const CardCosts *costs = &card->costs;

    if (card->place == CARD_PLACE_ONE || isnan(costs->write_busy_us))
        return costs->write_same_us;
    if (card->design == CARD_DESIGN_SLOTS || card->place == CARD_PLACE_PINNED)
        return costs->write_busy_us;
    return (costs->write_same_us + costs->write_busy_us) / 2;
}

/* Work that holds the cipher varies as the cipher alone did: a share of it, as an exponential's. */
static void
add_cipher(GPtrArray *settings, guint station, const CardCosts *costs, double whole_us)
{
    add_station(settings, station, "fixed", whole_us);
    if (whole_us > 0)
        case_settings_add(settings, "/card_paths/0/stations/%u/spread_share=%.6f", station,
                          MIN(costs->cipher_sd_us / whole_us, 1));
}

/* Work of a client. Pinned, all clients have one processor, and are then one server. */
static void
add_client(GPtrArray *settings, guint station, const CardCase *card, double us)
{
    add_station(settings, station, "fixed", us);
    if (card->place == CARD_PLACE_PINNED)
        case_settings_add(settings, "/card_paths/0/stations/%u/per_vm=false", station);
}

/* With all on one processor what one side wrote lies in the other's cache. */
static void
add_slots(const CardCase *card, const Waking *waking, GPtrArray *settings)
{
    enum { SLOT, SEND, SERVE, TAKE };
    const CardCosts *costs = &card->costs;
    const gboolean one = card->place == CARD_PLACE_ONE || isnan(costs->copy_request_in_us);
    const double request_in = one ? costs->copy_request_same_us : costs->copy_request_in_us;
    const double request_out = one ? costs->copy_request_same_us : costs->copy_request_out_us;
    const double answer_in = one ? costs->copy_answer_same_us : costs->copy_answer_in_us;
    const double answer_out = one ? costs->copy_answer_same_us : costs->copy_answer_out_us;

    case_settings_add(settings, "/card_paths/0/stations/%d/servers=%.0f", SLOT, card->inputs.slots);
    add_client(settings, SEND, card, request_in);
    add_cipher(settings, SERVE, costs, request_out + costs->cipher_us + answer_in);
    add_sleeper(settings, SERVE, waking, queued_us(card));
    add_station(settings, SERVE, "poll", card->inputs.poll_us);
    add_client(settings, TAKE, card, answer_out);
    add_sleeper(settings, TAKE, waking, queued_us(card));
}

/* What a stream's stages cost where it runs: all on one processor; nobody beside the one request; or others beside it,
 * so that the one who accepts is never idle. */
typedef struct {
    double recv_us;   /* of the request; its sender sleeps, and is woken for nothing */
    double create_us; /* the call that makes a thread */
    double start_us;  /* from that call until the thread runs */
    double life_us;   /* all its processor time */
} StreamCosts;

static StreamCosts
stream_costs(const CardCase *card)
{
    const CardCosts *costs = &card->costs;

    if (card->place == CARD_PLACE_ONE || card->processors < 2)
        return (StreamCosts){costs->recv_request_us + costs->write_same_us, costs->thread_create_same_us,
                             costs->thread_start_same_us, costs->thread_processor_same_us};
    if (card->inputs.clients * card->inputs.outstanding < 2)
        return (StreamCosts){costs->recv_wake_us, costs->thread_create_us, costs->thread_start_us,
                             costs->thread_processor_us};
    return (StreamCosts){costs->recv_wake_us, costs->thread_in_row_us, costs->thread_in_row_us,
                         costs->thread_in_row_processor_us + costs->sleep_same_us};
}

static void
add_stream(const CardCase *card, const Waking *waking, GPtrArray *settings)
{
    enum { SEND, ACCEPT, START, SERVE, TAKE };
    const CardCosts *costs = &card->costs;
    const StreamCosts stream = stream_costs(card);

    add_client(settings, SEND, card, costs->send_request_us);
    add_station(settings, ACCEPT, "fixed", costs->epoll_us + stream.recv_us + stream.create_us);
    add_sleeper(settings, ACCEPT, waking, queued_us(card));
    add_station(settings, START, "fixed", stream.start_us - stream.create_us);
    add_cipher(settings, SERVE, costs,
               stream.life_us - stream.create_us - costs->sleep_same_us + costs->cipher_us + costs->send_answer_us);
    add_client(settings, TAKE, card, costs->recv_answer_us + costs->sleep_same_us);
    add_sleeper(settings, TAKE, waking, queued_us(card));
}

static void
add_host(const CardCase *card, const Waking *waking G_GNUC_UNUSED, GPtrArray *settings)
{
    add_cipher(settings, 0, &card->costs, card->costs.cipher_us);
}

static void (*const add_design[CARD_DESIGNS])(const CardCase *, const Waking *, GPtrArray *) = {
    [CARD_DESIGN_SLOTS] = add_slots,
    [CARD_DESIGN_THREADS] = add_slots,
    [CARD_DESIGN_STREAM] = add_stream,
    [CARD_DESIGN_HOST] = add_host,
};

/* Pinned, the service has one processor and the clients another (add_client). */
static void
add_processors(const CardCase *card, const Waking *waking, GPtrArray *settings)
{
    const gboolean pinned = card->place == CARD_PLACE_PINNED && card->design != CARD_DESIGN_HOST;
    const double processors = card->place == CARD_PLACE_ALL ? card->processors : 1;

    case_settings_add(settings, "/cards/0/processors=%.0f", processors);
    add_time(settings, "/cards/0/processor_switch", card->costs.sleep_same_us);
    add_time(settings, "/cards/0/processor_halts_after", waking->halts_us);
    add_time(settings, "/cards/0/halted_notify", waking->halted_notify_us);
    add_time(settings, "/cards/0/halted_wake", waking->halted_wake_us);
    if (pinned)
        case_settings_add(settings, "/cards/0/processors_run_guests=false");
}

Scenario *
card_scenario(const CardCase *card, const char *const *more, GError **error)
{
    g_autofree char *name = g_strconcat("card-", card_design_word(card->design), ".json", NULL);
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);
    const Waking waking = waking_of(card);

    case_settings_add(settings, "/card_sessions/0/copies=%.0f",
                      card->design == CARD_DESIGN_HOST ? 1 : card->inputs.clients);
    case_settings_add(settings, "/card_sessions/0/workload/outstanding=%.0f",
                      card->design == CARD_DESIGN_HOST ? 1 : card->inputs.outstanding);
    case_settings_add(settings, "/card_sessions/0/workload/mix/0/bytes=%.0fB", card->inputs.bytes);
    add_processors(card, &waking, settings);
    add_design[card->design](card, &waking, settings);
    return case_scenario_load(name, settings, more, card->path, error);
}

/* ---- predictions ---- */

/* A world in which nobody is answered, as one whose stations take no time is refused, predicts nothing. */
static gboolean
check_answers(const CardCase *card, const GArray *runs, GError **error)
{
    for (guint i = 0; i < runs->len; i++) {
        const double rate = result_number(g_array_index(runs, Run, i).result, card_measures[CASE_RATE].metric);
        if (rate > 0)
            continue;
        return case_wrong(
            card->path, "/costs: nobody is answered in the world that they make, expected costs that take time", error);
    }
    return TRUE;
}

static gboolean
predict_case(const CardCase *card, const Scenario *scenario, guint seeds, guint workers, GArray *predictions,
             GError **error)
{
    g_autoptr(GArray) runs = case_runs(scenario, seeds, workers, error);

    if (!runs || !check_answers(card, runs, error))
        return FALSE;
    const CasePrediction prediction = {
        .of = card,
        .id = card->id,
        .disturbed = card->disturbed,
        .measures = {[CASE_RATE] = case_predicted(runs, &card_measures[CASE_RATE], card->throughput_per_s),
                     [CASE_LATENCY] = case_predicted(runs, &card_measures[CASE_LATENCY], card->latency_median_us)}};
    g_array_append_val(predictions, prediction);
    return TRUE;
}

GArray *
card_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
{
    g_autoptr(GArray) predictions = g_array_new(FALSE, FALSE, sizeof(CasePrediction));

    g_return_val_if_fail(seeds > 0, NULL);
    for (guint i = 0; i < cases->len; i++) {
        const CardCase *card = g_ptr_array_index(cases, i);
        g_autoptr(Scenario) scenario = card_scenario(card, more, error);
        if (!scenario || !predict_case(card, scenario, seeds, workers, predictions, error))
            return NULL;
    }
    return g_steal_pointer(&predictions);
}
