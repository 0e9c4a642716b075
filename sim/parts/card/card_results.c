#include "sim/parts/card/card_results.h"

#include "models/card/cardresult.h"
#include "sim/world/invariant.h"

#include <math.h>

#define LITTLE_TOLERANCE 1e-9 /* chosen: both sides add up the same times in another order, so rounding only */

static void
append_cell(GString *csv, double value)
{
    g_autofree char *text = result_number_text(value);

    g_string_append_printf(csv, ",%s", text);
}

static void
append_latency(GString *csv, const CardLatency *latency)
{
    const double all[] = {latency->mean_s, latency->p50_s,  latency->p90_s,
                          latency->p99_s,  latency->p999_s, latency->max_s};

    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        append_cell(csv, all[i]);
}

static void
add_latency(Result *result, const char *name, const CardLatency *latency)
{
    result_add_number(result, latency->mean_s, "%s.latency_mean_s", name);
    result_add_number(result, latency->p50_s, "%s.latency_p50_s", name);
    result_add_number(result, latency->p90_s, "%s.latency_p90_s", name);
    result_add_number(result, latency->p99_s, "%s.latency_p99_s", name);
    result_add_number(result, latency->p999_s, "%s.latency_p999_s", name);
    result_add_number(result, latency->max_s, "%s.latency_max_s", name);
}

/* ---- cards ---- */

/* A station by the scenario's words: the card's own engine groups have a number in the model. */
static const char *
station_name(const CardStationResult *station)
{
    static const char *const engines[CARD_GROUPS_MAX][2] = {{"engine", "engine-symmetric"},
                                                            {"engine-1", "engine-asymmetric"},
                                                            {"engine-2", "engine-hash"},
                                                            {"engine-3", "engine-any"}};

    for (guint i = 0; !station->path && i < CARD_GROUPS_MAX; i++)
        if (g_str_equal(station->name, engines[i][0]))
            return engines[i][1];
    return station->name;
}

static void
add_interval(Result *result, const StatisticsInterval *interval, const char *name, const char *what)
{
    if (interval->batches < 2)
        return;
    result_add_number(result, interval->mean, "%s.%s_mean", name, what);
    result_add_number(result, interval->half_width, "%s.%s_half_width", name, what);
}

static void
collect_intervals(const CardDevice *device, Result *result, const char *name)
{
    const MeasureSpec *measure = device->measure;
    const gboolean narrow = measure->until == MEASURE_NARROW;
    const StatisticsInterval rate =
        narrow ? device->report.requests_per_s : statistics_batches_interval(&device->rates, measure->confidence);
    const StatisticsInterval latency =
        narrow ? device->report.latency_s : statistics_batches_interval(&device->latencies, measure->confidence);

    result_add_number(result, narrow ? device->report.warm_up_s : measure->warm_up_s, "%s.warm_up_s", name);
    add_interval(result, &rate, name, "requests_per_s");
    add_interval(result, &latency, name, "latency_s");
    if (!narrow)
        return;
    result_add_word(result, device->report.steady ? "yes" : "no", "%s.steady", name);
    result_add_word(result, device->report.narrow ? "yes" : "no", "%s.narrow", name);
}

static void
collect_bottleneck(const CardResult *card, Result *result, const char *name)
{
    if (card->bottleneck >= 0) {
        const CardStationResult *station = cardresult_station(card, (guint)card->bottleneck);
        result_add_word(result, station_name(station), "%s.bottleneck", name);
        result_add_number(result, station->utilization_max, "%s.bottleneck_utilization", name);
    }
    result_add_word(result, card->unstable ? "no" : "yes", "%s.stable", name);
    result_add_number(result, card->offered, "%s.offered_utilization", name);
    if (card->offered_station >= 0 && card->offered > 0)
        result_add_word(result, station_name(cardresult_station(card, (guint)card->offered_station)),
                        "%s.offered_station", name);
}

/* The processors that the card's software shares, when they are counted. */
static void
collect_processors(const CardResult *card, Result *result, const char *name)
{
    const CardStationResult *processors = cardresult_find(card, NULL, "processors");

    if (!processors)
        return;
    result_add_number(result, processors->utilization, "%s.processors_utilization", name);
    result_add_number(result, processors->queue_mean, "%s.processors_queue_mean", name);
}

static void
collect_device(const CardDevice *device, const CardResult *card, Result *result)
{
    g_autofree char *name = g_strdup_printf("card.%s", device->spec->name);

    result_add_number(result, card->requests_per_s, "%s.requests_per_s", name);
    result_add_number(result, card->bytes_per_s * 8, "%s.throughput_bps", name);
    result_add_number(result, (double)card->done, "%s.done", name);
    result_add_number(result, (double)card->rejected, "%s.rejected", name);
    result_add_number(result, (double)card->refused, "%s.refused", name);
    result_add_number(result, (double)card->dropped, "%s.dropped", name);
    result_add_number(result, (double)card->discarded, "%s.discarded", name);
    add_latency(result, name, &card->latency);
    result_add_number(result, card->jain, "%s.fairness", name);
    collect_bottleneck(card, result, name);
    collect_processors(card, result, name);
    result_add_number(result, card->seconds, "%s.measured_s", name);
    collect_intervals(device, result, name);
}

static void
append_stations(GString *csv, const CardDevice *device, const CardResult *card)
{
    static const char *const places[] = {"guest", "host-kernel", "host-user", "card", "wire", "host"};

    for (guint i = 0; i < card->stations->len; i++) {
        const CardStationResult *station = cardresult_station(card, i);
        g_string_append_printf(csv, "%s,%s,%s,%s,%u,%u", device->spec->name, station->path ? station->path : "card",
                               station_name(station), places[station->place], station->servers, station->instances);
        append_cell(csv, station->utilization);
        append_cell(csv, station->utilization_max);
        append_cell(csv, station->offered);
        append_cell(csv, station->busy_mean);
        append_cell(csv, station->queue_mean);
        append_cell(csv, station->queue_max);
        append_cell(csv, (double)station->visits);
        append_cell(csv, station->sojourn_mean_s);
        g_string_append_printf(csv, ",%d\n", card->bottleneck == (gint)i);
    }
}

static void
check_little(CardWorld *cards, const CardDevice *device, const CardResult *card)
{
    for (guint i = 0; i < card->stations->len; i++) {
        const CardStationResult *station = cardresult_station(card, i);
        invariant_check(cards->world, &invariant_card_littles_law, station->little_error <= LITTLE_TOLERANCE,
                        "card %s, station %s: %g apart", device->spec->name, station->name, station->little_error);
    }
}

/* ---- sessions ---- */

/* A session's numbers, from one card or, when it may have moved, over all of them. */
typedef struct {
    double seconds;
    guint64 done, rejected, refused, dropped;
    double requests_per_s, bytes_per_s;
    CardLatency latency;
} Account;

static Account
account_of_card(const CardVmResult *vm)
{
    return (Account){vm->seconds, vm->done,           vm->rejected,    vm->refused,
                     vm->dropped, vm->requests_per_s, vm->bytes_per_s, vm->latency};
}

static Account
account_of_client(const CardClient *client)
{
    const double warm_up_s = client->keys->measurement->warm_up_s;
    const double seconds = MAX(world_now() - MAX(warm_up_s, client->spec->start_s), 0);
    const Histogram *latency = &client->latency;
    guint64 dropped = client->dropped;

    if (client->state == CLIENT_OPEN)
        dropped += card_dropped(client->device->card, client->vm);
    return (Account){seconds,
                     client->done,
                     client->rejected,
                     client->refused,
                     dropped,
                     seconds > 0 ? (double)client->done / seconds : 0,
                     seconds > 0 ? (double)client->bytes / seconds : 0,
                     {histogram_mean(latency), histogram_percentile(latency, 0.5), histogram_percentile(latency, 0.9),
                      histogram_percentile(latency, 0.99), histogram_percentile(latency, 0.999), latency->greatest}};
}

static void
collect_moves(const CardClient *client, Result *result, const char *name)
{
    result_add_number(result, client->moves, "%s.moves", name);
    result_add_number(result, (double)client->resubmitted, "%s.resubmitted", name);
    result_add_number(result, client->drained_s, "%s.drained_s", name);
    result_add_number(result, client->closed_s, "%s.closed_s", name);
}

static void
collect_client(const CardClient *client, const Account *account, Result *result)
{
    g_autofree char *name = g_strdup_printf("card_session.%s", client->name);

    result_add_word(result, card_world_state_word(client), "%s.state", name);
    if (client->reason)
        result_add_word(result, client->reason, "%s.reason", name);
    if (client->device)
        result_add_word(result, client->device->spec->name, "%s.card", name);
    if (!account)
        return;
    result_add_number(result, account->requests_per_s, "%s.requests_per_s", name);
    result_add_number(result, account->bytes_per_s * 8, "%s.throughput_bps", name);
    result_add_number(result, (double)account->done, "%s.done", name);
    result_add_number(result, (double)account->rejected, "%s.rejected", name);
    result_add_number(result, (double)account->refused, "%s.refused", name);
    result_add_number(result, (double)account->dropped, "%s.dropped", name);
    add_latency(result, name, &account->latency);
    if (client->domain)
        collect_moves(client, result, name);
}

static void
append_client(GString *csv, const CardClient *client, const Account *account)
{
    const CardPathSpec *path = &g_array_index(client->keys->paths, CardPathSpec, client->path);

    g_string_append_printf(csv, "%s,%s,%s,%s", client->name, client->device->spec->name, path->name,
                           card_world_state_word(client));
    append_cell(csv, account->seconds);
    append_cell(csv, (double)account->done);
    append_cell(csv, account->requests_per_s);
    append_cell(csv, account->bytes_per_s * 8);
    append_latency(csv, &account->latency);
    append_cell(csv, (double)account->rejected);
    append_cell(csv, (double)account->refused);
    append_cell(csv, (double)account->dropped);
    g_string_append_c(csv, '\n');
}

static void
append_series(GString *csv, const CardClient *client)
{
    const double batch_s = client->keys->measurement->batch_s;

    for (guint i = 0; client->series && i < client->series->len; i++) {
        const CardBin *bin = &g_array_index(client->series, CardBin, i);
        g_string_append_printf(csv, "%s", client->name);
        append_cell(csv, i * batch_s);
        append_cell(csv, (double)bin->answers / batch_s);
        append_cell(csv, (double)bin->bytes * 8 / batch_s);
        append_cell(csv, bin->answers ? bin->latency_sum_s / (double)bin->answers : 0);
        append_cell(csv, bin->latency_max_s);
        g_string_append_c(csv, '\n');
    }
}

/* ---- all ---- */

/* The results of all cards, in the order of the devices. */
static GPtrArray *
gather(const CardWorld *cards)
{
    GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify)cardresult_free);

    for (guint i = 0; i < cards->devices->len; i++)
        g_ptr_array_add(results, cardresult_new(((const CardDevice *)g_ptr_array_index(cards->devices, i))->card));
    return results;
}

static void
collect_devices(CardWorld *cards, const GPtrArray *results, Result *result)
{
    GString *stations = g_string_new("card,path,station,place,servers,instances,utilization,utilization_max,"
                                     "offered_utilization,busy_mean,queue_mean,queue_max,visits,sojourn_mean_s,"
                                     "bottleneck\n");

    for (guint i = 0; i < cards->devices->len; i++) {
        const CardDevice *device = g_ptr_array_index(cards->devices, i);
        const CardResult *card = g_ptr_array_index(results, i);
        check_little(cards, device, card);
        collect_device(device, card, result);
        append_stations(stations, device, card);
    }
    result_take_table(result, "card-stations.csv", g_string_free(stations, FALSE));
}

static Account
account_of(const CardWorld *cards, const GPtrArray *results, const CardClient *client)
{
    guint index;

    if (client->keeps_statistics)
        return account_of_client(client);
    g_ptr_array_find(cards->devices, client->device, &index);
    return account_of_card(cardresult_vm(g_ptr_array_index(results, index), client->vm));
}

static void
collect_clients(const CardWorld *cards, const GPtrArray *results, Result *result)
{
    GString *sessions = g_string_new(
        "session,card,path,state,measured_s,done,requests_per_s,throughput_bps,latency_mean_s,latency_p50_s,"
        "latency_p90_s,latency_p99_s,latency_p999_s,latency_max_s,rejected,refused,dropped\n");
    GString *series = g_string_new("session,start_s,requests_per_s,throughput_bps,latency_mean_s,latency_max_s\n");

    for (guint i = 0; i < cards->clients->len; i++) {
        const CardClient *client = g_ptr_array_index(cards->clients, i);
        if (!client->device) {
            collect_client(client, NULL, result);
            continue;
        }
        const Account account = account_of(cards, results, client);
        collect_client(client, &account, result);
        append_client(sessions, client, &account);
        append_series(series, client);
    }
    result_take_table(result, "card-sessions.csv", g_string_free(sessions, FALSE));
    result_take_table(result, "card-series.csv", g_string_free(series, FALSE));
}

void
card_results_collect(CardWorld *cards, Result *result)
{
    g_autoptr(GPtrArray) results = gather(cards);

    collect_devices(cards, results, result);
    collect_clients(cards, results, result);
}
