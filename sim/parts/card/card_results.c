#include "sim/parts/card/card_results.h"

#include "models/card/cardresult.h"
#include "sim/output/shown.h"

#include <math.h>

#define LITTLE_TOLERANCE 1e-9 /* chosen: both sides add up the same times in another order, so rounding only */

/* ---- what is told ---- */

typedef struct {
    double requests_per_s, throughput_bps;
    guint64 done, rejected, refused, dropped, discarded;
    CardLatency latency;
    double fairness;
    const char *bottleneck; /* NULL: nothing was served */
    double bottleneck_utilization;
    const char *stable;
    double offered_utilization;
    const char *offered_station;                          /* NULL: no load is open */
    double processors_utilization, processors_queue_mean; /* NAN: they are not counted */
    double measured_s, warm_up_s;
    StatisticsInterval rate, batch_latency; /* NAN: of too few batches */
    const char *steady, *narrow;            /* NULL: measured as long as the run */
} CardNumbers;

static const RecordField card_fields[] = {
    {"requests_per_s", RECORD_NUMBER(CardNumbers, requests_per_s), "requests answered per second of the measured time"},
    {"throughput_bps", RECORD_NUMBER(CardNumbers, throughput_bps), "their input, in bits per second"},
    {"done", RECORD_COUNT(CardNumbers, done), "requests answered"},
    {"rejected", RECORD_COUNT(CardNumbers, rejected), "requests above the card's packet limit"},
    {"refused", RECORD_COUNT(CardNumbers, refused), "requests that named another session's key"},
    {"dropped", RECORD_COUNT(CardNumbers, dropped), "requests of open loads that found their queue full"},
    {"discarded", RECORD_COUNT(CardNumbers, discarded), "requests computed for a session that had left"},
    {"latency_mean_s", RECORD_NUMBER(CardNumbers, latency.mean_s),
     "mean latency of an answered request, from asked to answered"},
    {"latency_p50_s", RECORD_NUMBER(CardNumbers, latency.p50_s), "half took no longer"},
    {"latency_p90_s", RECORD_NUMBER(CardNumbers, latency.p90_s), "90 % took no longer"},
    {"latency_p99_s", RECORD_NUMBER(CardNumbers, latency.p99_s), "99 % took no longer"},
    {"latency_p999_s", RECORD_NUMBER(CardNumbers, latency.p999_s), "99.9 % took no longer"},
    {"latency_max_s", RECORD_NUMBER(CardNumbers, latency.max_s), "the longest"},
    {"fairness", RECORD_NUMBER(CardNumbers, fairness),
     "Jain's index over the sessions' rates: 1 when all are equal, 1/n when one has all"},
    {"bottleneck", RECORD_WORD(CardNumbers, bottleneck), "station with the highest utilization", .optional = TRUE},
    {"bottleneck_utilization", RECORD_NUMBER(CardNumbers, bottleneck_utilization),
     "its utilization; of a station that every VM has, the busiest VM's", .optional = TRUE},
    {"stable", RECORD_WORD(CardNumbers, stable), "\"no\": open loads ask some station for more than it can do"},
    {"offered_utilization", RECORD_NUMBER(CardNumbers, offered_utilization),
     "the most that open loads ask of a station"},
    {"offered_station", RECORD_WORD(CardNumbers, offered_station), "that station", .optional = TRUE},
    {"processors_utilization", RECORD_NUMBER(CardNumbers, processors_utilization),
     "of the host's processors that the paths' software shares, when counted", .optional = TRUE},
    {"processors_queue_mean", RECORD_NUMBER(CardNumbers, processors_queue_mean),
     "mean number of servers that wait for one of them", .optional = TRUE},
    {"measured_s", RECORD_NUMBER(CardNumbers, measured_s), "how long, after the warm-up"},
    {"warm_up_s", RECORD_NUMBER(CardNumbers, warm_up_s), "what was not counted before that"},
    {"requests_per_s_mean", RECORD_NUMBER(CardNumbers, rate.mean), "mean of the batches", .optional = TRUE},
    {"requests_per_s_half_width", RECORD_NUMBER(CardNumbers, rate.half_width),
     "half the width of its confidence interval", .optional = TRUE},
    {"latency_s_mean", RECORD_NUMBER(CardNumbers, batch_latency.mean), "mean of the batches", .optional = TRUE},
    {"latency_s_half_width", RECORD_NUMBER(CardNumbers, batch_latency.half_width),
     "half the width of its confidence interval", .optional = TRUE},
    {"steady", RECORD_WORD(CardNumbers, steady), "measured until narrow: whether MSER-5 saw a steady state",
     .optional = TRUE},
    {"narrow", RECORD_WORD(CardNumbers, narrow), "measured until narrow: whether both intervals became narrow enough",
     .optional = TRUE},
    {NULL},
};
static const Record card_record = {"card.NAME", card_fields, "a crypto card"};

typedef struct {
    const char *card, *path, *station, *place;
    guint64 servers, instances, bottleneck;
    double queue_max;
    CardStationResult station_result;
} StationRow;

static const RecordField station_fields[] = {
    {"card", RECORD_WORD(StationRow, card), "as in the scenario"},
    {"path", RECORD_WORD(StationRow, path), "card: the card's own"},
    {"station", RECORD_WORD(StationRow, station), "as the path calls it"},
    {"place", RECORD_WORD(StationRow, place), "guest, host-kernel, host-user, card, wire, or host"},
    {"servers", RECORD_COUNT(StationRow, servers), "of each instance"},
    {"instances", RECORD_COUNT(StationRow, instances), "one, or one for each VM"},
    {"utilization", RECORD_NUMBER(StationRow, station_result.utilization), "mean over the instances"},
    {"utilization_max", RECORD_NUMBER(StationRow, station_result.utilization_max), "of the busiest instance"},
    {"offered_utilization", RECORD_NUMBER(StationRow, station_result.offered), "what open loads ask of it"},
    {"busy_mean", RECORD_NUMBER(StationRow, station_result.busy_mean), "servers at work"},
    {"queue_mean", RECORD_NUMBER(StationRow, station_result.queue_mean), "requests that wait"},
    {"queue_max", RECORD_NUMBER(StationRow, queue_max), "the most of them"},
    {"visits", RECORD_COUNT(StationRow, station_result.visits), "requests served"},
    {"wakes", RECORD_COUNT(StationRow, station_result.wakes), "of them, those that found a server asleep and woke it"},
    {"sojourn_mean_s", RECORD_NUMBER(StationRow, station_result.sojourn_mean_s), "waiting and service"},
    {"bottleneck", RECORD_COUNT(StationRow, bottleneck), "1: the station with the highest utilization"},
    {NULL},
};
static const Record station_record = {"card-stations.csv", station_fields, "stations of every card"};

typedef struct {
    const char *state, *reason, *card;
} SessionState;

static const RecordField state_fields[] = {
    {"state", RECORD_WORD(SessionState, state),
     "at the end: open, waiting, travelling, crashed, lost, or refused-… with why"},
    {"reason", RECORD_WORD(SessionState, reason), "why it was refused or crashed, as a sentence", .optional = TRUE},
    {"card", RECORD_WORD(SessionState, card), "where it is open, or was last", .optional = TRUE},
    {NULL},
};
static const Record state_record = {"card_session.NAME", state_fields, "a session"};

/* A session's numbers, from one card or, when it may have moved, over all of them. */
typedef struct {
    double seconds;
    guint64 done, rejected, refused, dropped;
    double requests_per_s, throughput_bps;
    CardLatency latency;
} Account;

static const RecordField account_fields[] = {
    {"requests_per_s", RECORD_NUMBER(Account, requests_per_s),
     "requests answered per second of the measured time, on all cards"},
    {"throughput_bps", RECORD_NUMBER(Account, throughput_bps), "their input, in bits per second"},
    {"done", RECORD_COUNT(Account, done), "requests answered"},
    {"rejected", RECORD_COUNT(Account, rejected), "requests above the card's packet limit"},
    {"refused", RECORD_COUNT(Account, refused), "requests that named another session's key"},
    {"dropped", RECORD_COUNT(Account, dropped), "requests of an open load that found its queue full"},
    {"latency_mean_s", RECORD_NUMBER(Account, latency.mean_s),
     "mean latency of an answered request, from asked to answered"},
    {"latency_p50_s", RECORD_NUMBER(Account, latency.p50_s), "half took no longer"},
    {"latency_p90_s", RECORD_NUMBER(Account, latency.p90_s), "90 % took no longer"},
    {"latency_p99_s", RECORD_NUMBER(Account, latency.p99_s), "99 % took no longer"},
    {"latency_p999_s", RECORD_NUMBER(Account, latency.p999_s), "99.9 % took no longer"},
    {"latency_max_s", RECORD_NUMBER(Account, latency.max_s), "the longest"},
    {NULL},
};
static const Record account_record = {"card_session.NAME", account_fields, "a session that was open"};

typedef struct {
    guint64 moves, resubmitted;
    double drained_s, closed_s;
} Moves;

static const RecordField move_fields[] = {
    {"moves", RECORD_COUNT(Moves, moves), "how often it opened on another card"},
    {"resubmitted", RECORD_COUNT(Moves, resubmitted), "requests asked again there"},
    {"drained_s", RECORD_NUMBER(Moves, drained_s),
     "how long its VM was kept running to have the last requests answered"},
    {"closed_s", RECORD_NUMBER(Moves, closed_s), "how long it was on no card while its VM was stopped"},
    {NULL},
};
static const Record move_record = {"card_session.NAME", move_fields, "a session of a VM"};

typedef struct {
    const char *session, *card, *path, *state;
    Account account;
} SessionRow;

static const RecordField session_fields[] = {
    {"session", RECORD_WORD(SessionRow, session), "as in the scenario"},
    {"card", RECORD_WORD(SessionRow, card), "where it is open, or was last"},
    {"path", RECORD_WORD(SessionRow, path), "as in the scenario"},
    {"state", RECORD_WORD(SessionRow, state), "at the end"},
    {"measured_s", RECORD_NUMBER(SessionRow, account.seconds), "how long, after the warm-up"},
    {"done", RECORD_COUNT(SessionRow, account.done), "requests answered"},
    {"requests_per_s", RECORD_NUMBER(SessionRow, account.requests_per_s), "of the measured time"},
    {"throughput_bps", RECORD_NUMBER(SessionRow, account.throughput_bps), "their input"},
    {"latency_mean_s", RECORD_NUMBER(SessionRow, account.latency.mean_s), "mean"},
    {"latency_p50_s", RECORD_NUMBER(SessionRow, account.latency.p50_s), "half took no longer"},
    {"latency_p90_s", RECORD_NUMBER(SessionRow, account.latency.p90_s), "90 % took no longer"},
    {"latency_p99_s", RECORD_NUMBER(SessionRow, account.latency.p99_s), "99 % took no longer"},
    {"latency_p999_s", RECORD_NUMBER(SessionRow, account.latency.p999_s), "99.9 % took no longer"},
    {"latency_max_s", RECORD_NUMBER(SessionRow, account.latency.max_s), "the longest"},
    {"rejected", RECORD_COUNT(SessionRow, account.rejected), "above the card's packet limit"},
    {"refused", RECORD_COUNT(SessionRow, account.refused), "named another session's key"},
    {"dropped", RECORD_COUNT(SessionRow, account.dropped), "found the queue full"},
    {NULL},
};
static const Record session_record = {"card-sessions.csv", session_fields, "sessions that were open"};

typedef struct {
    const char *session;
    double start_s, requests_per_s, throughput_bps, latency_mean_s, latency_max_s;
} SeriesRow;

static const RecordField series_fields[] = {
    {"session", RECORD_WORD(SeriesRow, session), "as in the scenario"},
    {"start_s", RECORD_NUMBER(SeriesRow, start_s), "of the batch"},
    {"requests_per_s", RECORD_NUMBER(SeriesRow, requests_per_s), "answered in it"},
    {"throughput_bps", RECORD_NUMBER(SeriesRow, throughput_bps), "their input"},
    {"latency_mean_s", RECORD_NUMBER(SeriesRow, latency_mean_s), "of these"},
    {"latency_max_s", RECORD_NUMBER(SeriesRow, latency_max_s), "the longest"},
    {NULL},
};
static const Record series_record = {"card-series.csv", series_fields, "batches of time of every session of a VM"};

const Record *const card_records[] = {&card_record, &station_record, &state_record,  &account_record,
                                      &move_record, &session_record, &series_record, NULL};

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

static StatisticsInterval
known(StatisticsInterval interval)
{
    if (interval.batches < 2)
        interval.mean = interval.half_width = NAN;
    return interval;
}

static void
fill_intervals(const CardDevice *device, CardNumbers *numbers)
{
    const MeasureSpec *measure = device->measure;
    const gboolean narrow = measure->until == MEASURE_NARROW;
    const CardRunReport *report = &device->report;

    numbers->warm_up_s = narrow ? report->warm_up_s : measure->warm_up_s;
    numbers->rate = known(narrow ? report->requests_per_s : meter_rate(&device->meter, measure->confidence));
    numbers->batch_latency = known(narrow ? report->latency_s : meter_latency(&device->meter, measure->confidence));
    if (!narrow)
        return;
    numbers->steady = report->steady ? "yes" : "no";
    numbers->narrow = report->narrow ? "yes" : "no";
}

static void
fill_stations(const CardResult *card, CardNumbers *numbers)
{
    const CardStationResult *processors = cardresult_find(card, NULL, "processors");

    numbers->bottleneck_utilization = numbers->processors_utilization = numbers->processors_queue_mean = NAN;
    if (card->bottleneck >= 0) {
        const CardStationResult *station = cardresult_station(card, (guint)card->bottleneck);
        numbers->bottleneck = station_name(station);
        numbers->bottleneck_utilization = station->utilization_max;
    }
    if (card->offered_station >= 0 && card->offered > 0)
        numbers->offered_station = station_name(cardresult_station(card, (guint)card->offered_station));
    if (processors) {
        numbers->processors_utilization = processors->utilization;
        numbers->processors_queue_mean = processors->queue_mean;
    }
}

/* What a person is told first. */
static void
say_card(const CardNumbers *numbers, const char *name, Result *result)
{
    g_autoptr(GString) more = g_string_new(NULL);

    if (numbers->bottleneck)
        g_string_append_printf(more, "; bottleneck %s, %.0f %% busy", numbers->bottleneck,
                               numbers->bottleneck_utilization * 100);
    if (g_str_equal(numbers->stable, "no"))
        g_string_append_printf(more, "; unstable, %s is asked for %.2f of what it can do", numbers->offered_station,
                               numbers->offered_utilization);
    char requests[SHOWN_SIZE], rate[SHOWN_SIZE], p50[SHOWN_SIZE], p99[SHOWN_SIZE];

    result_say_one(result, "cards", "card %s: %s requests/s, %s Mb/s, latency p50 %s us, p99 %s us%s", name,
                   shown_number(requests, numbers->requests_per_s, 0),
                   shown_number(rate, numbers->throughput_bps / 1e6, 1),
                   shown_number(p50, numbers->latency.p50_s * 1e6, 1),
                   shown_number(p99, numbers->latency.p99_s * 1e6, 1), more->str);
}

static void
collect_device(const CardDevice *device, const CardResult *card, Result *result)
{
    CardNumbers numbers = {.requests_per_s = card->requests_per_s,
                           .throughput_bps = card->bytes_per_s * 8,
                           .done = card->done,
                           .rejected = card->rejected,
                           .refused = card->refused,
                           .dropped = card->dropped,
                           .discarded = card->discarded,
                           .latency = card->latency,
                           .fairness = card->jain,
                           .stable = card->unstable ? "no" : "yes",
                           .offered_utilization = card->offered,
                           .measured_s = card->seconds};

    fill_stations(card, &numbers);
    fill_intervals(device, &numbers);
    record_add(&card_record, &numbers, result, "card.%s", device->spec->name);
    say_card(&numbers, device->spec->name, result);
}

static StationRow
station_row(const CardDevice *device, const CardResult *card, guint index)
{
    static const char *const places[] = {"guest", "host-kernel", "host-user", "card", "wire", "host"};
    const CardStationResult *station = cardresult_station(card, index);

    return (StationRow){.card = device->spec->name,
                        .path = station->path ? station->path : "card",
                        .station = station_name(station),
                        .place = places[station->place],
                        .servers = station->servers,
                        .instances = station->instances,
                        .queue_max = station->queue_max,
                        .bottleneck = card->bottleneck == (gint)index,
                        .station_result = *station};
}

static void
append_stations(GString *table, const CardDevice *device, const CardResult *card)
{
    for (guint i = 0; i < card->stations->len; i++) {
        const StationRow row = station_row(device, card, i);
        record_append_row(&station_record, &row, table);
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

static Account
account_of_card(const CardVmResult *vm)
{
    return (Account){vm->seconds, vm->done,           vm->rejected,        vm->refused,
                     vm->dropped, vm->requests_per_s, vm->bytes_per_s * 8, vm->latency};
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
                     seconds > 0 ? (double)client->bytes / seconds * 8 : 0,
                     {histogram_mean(latency), histogram_percentile(latency, 0.5), histogram_percentile(latency, 0.9),
                      histogram_percentile(latency, 0.99), histogram_percentile(latency, 0.999), latency->greatest}};
}

/* account: NULL: it was never open. */
static void
collect_client(const CardClient *client, const Account *account, Result *result)
{
    const SessionState state = {card_world_state_word(client), client->reason,
                                client->device ? client->device->spec->name : NULL};
    const Moves moves = {client->moves, client->resubmitted, client->drained_s, client->closed_s};

    record_add(&state_record, &state, result, "card_session.%s", client->name);
    if (state.reason) /* a session that is simply open is nothing to tell */
        result_say_one(result, "card sessions", "card session %s: %s: %s", client->name, state.state, state.reason);
    if (account)
        record_add(&account_record, account, result, "card_session.%s", client->name);
    if (account && client->domain)
        record_add(&move_record, &moves, result, "card_session.%s", client->name);
}

static void
append_client(GString *table, const CardClient *client, const Account *account)
{
    const SessionRow row = {client->name, client->device->spec->name,
                            g_array_index(client->keys->paths, CardPathSpec, client->path).name,
                            card_world_state_word(client), *account};

    record_append_row(&session_record, &row, table);
}

static guint
series_length(const CardClient *client)
{
    return client->series ? client->series->len : 0;
}

static SeriesRow
series_row(const CardClient *client, guint index)
{
    const double batch_s = client->keys->measurement->batch_s;
    const CardBin *bin = &g_array_index(client->series, CardBin, index);

    return (SeriesRow){client->name,
                       index * batch_s,
                       (double)bin->answers / batch_s,
                       (double)bin->bytes * 8 / batch_s,
                       bin->answers ? bin->latency_sum_s / (double)bin->answers : 0,
                       bin->latency_max_s};
}

static void
append_series(GString *table, const CardClient *client)
{
    for (guint i = 0; i < series_length(client); i++) {
        const SeriesRow row = series_row(client, i);
        record_append_row(&series_record, &row, table);
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
    GString *stations = record_table(&station_record);

    for (guint i = 0; i < cards->devices->len; i++) {
        const CardDevice *device = g_ptr_array_index(cards->devices, i);
        const CardResult *card = g_ptr_array_index(results, i);
        check_little(cards, device, card);
        collect_device(device, card, result);
        append_stations(stations, device, card);
    }
    record_take_table(&station_record, stations, result);
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
    GString *sessions = record_table(&session_record), *series = record_table(&series_record);

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
    record_take_table(&session_record, sessions, result);
    record_take_table(&series_record, series, result);
}

void
card_results_collect(CardWorld *cards, Result *result)
{
    g_autoptr(GPtrArray) results = gather(cards);

    collect_devices(cards, results, result);
    collect_clients(cards, results, result);
}

/* ---- the time line ---- */

#define GROUP "crypto cards"

/* "12.5 % busy"; a station that always has a free server is never that. */
static char *
busy_text(const StationRow *row)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (row->servers == 0)
        return g_strdup("always free");
    g_ascii_formatd(text, sizeof text, "%.3g", 100 * row->station_result.utilization);
    return g_strdup_printf("%s %% busy", text);
}

/* A station's results are means over the measured time: one slice. Stations that nothing visited are left out. */
static void
show_stations(const CardDevice *device, const CardResult *card, Trace *trace)
{
    for (guint i = 0; i < card->stations->len; i++) {
        const StationRow row = station_row(device, card, i);
        g_autofree char *name = busy_text(&row);
        if (row.station_result.visits == 0)
            continue;
        TraceTrack *track = trace_track(trace, GROUP, "%s %s %s", row.card, row.path, row.station);
        trace_slice(track, name, card->start_s, card->start_s + card->seconds);
        trace_describe(track, &station_record, &row);
    }
}

/* Counters that are back at zero after the last batch; of many batches some. */
static void
show_session(const CardClient *client, Trace *trace)
{
    const guint n = series_length(client), stride = trace_stride(n);
    const double end_s = n * client->keys->measurement->batch_s;
    g_autofree char *rate = g_strdup_printf("%s rate", client->name);
    g_autofree char *latency = g_strdup_printf("%s mean latency", client->name);

    for (guint i = 0; i < n; i += stride) {
        const SeriesRow row = series_row(client, i);
        trace_counter(trace, GROUP, rate, "requests_per_s", row.start_s, row.requests_per_s);
        trace_counter(trace, GROUP, latency, "s", row.start_s, row.latency_mean_s);
    }
    if (n > 0 && end_s < world_now()) {
        trace_counter(trace, GROUP, rate, "requests_per_s", end_s, 0);
        trace_counter(trace, GROUP, latency, "s", end_s, 0);
    }
}

void
card_results_trace(const CardWorld *cards, Trace *trace)
{
    g_autoptr(GPtrArray) results = gather(cards);

    for (guint i = 0; i < cards->devices->len; i++)
        show_stations(g_ptr_array_index(cards->devices, i), g_ptr_array_index(results, i), trace);
    for (guint i = 0; i < cards->clients->len; i++)
        show_session(g_ptr_array_index(cards->clients, i), trace);
}
