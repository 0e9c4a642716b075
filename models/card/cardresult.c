#include "models/card/cardresult.h"

#include "models/card/cardcore.h"

#include <math.h>

#define TIE 1e-9 /* chosen: both sides add up the same times in another order, so rounding only */

static void
vm_result_clear(gpointer data)
{
    g_free(((CardVmResult *)data)->name);
}

void
cardresult_free(CardResult *result)
{
    if (!result)
        return;
    g_array_unref(result->vms);
    g_array_unref(result->stations);
    g_free(result);
}

static CardLatency
latency_of(const Histogram *histogram)
{
    return (CardLatency){histogram_mean(histogram),
                         histogram_percentile(histogram, 0.5),
                         histogram_percentile(histogram, 0.9),
                         histogram_percentile(histogram, 0.99),
                         histogram_percentile(histogram, 0.999),
                         histogram->greatest};
}

static void
add_vm(const Card *card, const CardVm *vm, CardResult *result)
{
    const double seconds = card->now_s - MAX(card->statistics_s, vm->attached_s);
    const CardVmResult line = {g_strdup(vm->name),
                               vm->attached,
                               seconds,
                               vm->done,
                               vm->rejected,
                               vm->refused,
                               vm->dropped,
                               vm->discarded,
                               vm->outstanding,
                               seconds > 0 ? (double)vm->done / seconds : 0,
                               seconds > 0 ? (double)vm->bytes / seconds : 0,
                               latency_of(&vm->latency)};

    g_array_append_val(result->vms, line);
    result->done += vm->done;
    result->rejected += vm->rejected;
    result->refused += vm->refused;
    result->dropped += vm->dropped;
    result->discarded += vm->discarded;
    result->bytes_per_s += (double)vm->bytes;
}

static void
add_vms(const Card *card, CardResult *result)
{
    g_auto(Histogram) all;
    double sum = 0, squares = 0;
    guint attached = 0;

    histogram_init(&all);
    for (guint i = 0; i < card->vms->len; i++) {
        const CardVm *vm = cardcore_vm(card, i);
        add_vm(card, vm, result);
        histogram_merge(&all, &vm->latency);
        const double rate = g_array_index(result->vms, CardVmResult, i).requests_per_s;
        sum += vm->attached ? rate : 0;
        squares += vm->attached ? rate * rate : 0;
        attached += vm->attached;
    }
    result->jain = squares > 0 ? sum * sum / (attached * squares) : 1;
    result->latency = latency_of(&all);
    result->requests_per_s = result->seconds > 0 ? (double)result->done / result->seconds : 0;
    result->bytes_per_s = result->seconds > 0 ? result->bytes_per_s / result->seconds : 0;
}

/* Sums of the instances of a row, brought up to now. */
typedef struct {
    guint instances;
    double busy_area, busy_area_max, working_area_max, queue_area, sojourn_sum_s;
    guint queue_max;
    guint64 visits, wakes;
} RowSums;

/* By resource: server-seconds of those that wait for a processor now. Array owned by the caller. */
static double *
stalled_now(const Card *card)
{
    double *stalled_s = g_new0(double, card->resources->len + 1);

    if (card->processors == CARD_NONE)
        return stalled_s;
    for (guint32 i = cardcore_resource(card, card->processors)->head; i != CARD_NONE; i = card->requests[i].next) {
        const CardRequest *request = &card->requests[i];
        stalled_s[request->vm->resources[request->visit]] += cardcore_since_s(card, request->wanted_s);
    }
    return stalled_s;
}

static void
sum_resources(const Card *card, RowSums *sums)
{
    g_autofree double *stalled_now_s = stalled_now(card);

    for (guint i = 0; i < card->resources->len; i++) {
        CardResource resource = *cardcore_resource(card, i);
        RowSums *row = &sums[resource.row];
        cardcore_clock(&resource, card->now_s);
        row->instances++;
        row->busy_area += resource.busy_area;
        row->busy_area_max = MAX(row->busy_area_max, resource.busy_area);
        row->working_area_max = MAX(row->working_area_max, resource.busy_area - resource.stalled_s - stalled_now_s[i]);
        row->queue_area += resource.queue_area;
        row->queue_max = MAX(row->queue_max, resource.queued_max);
        row->sojourn_sum_s += resource.sojourn_sum_s;
        row->visits += resource.departures;
        row->wakes += resource.wakes;
    }
}

/* Requests that are at stations now, or hold their servers, have been there since they came. */
static void
sum_present(const Card *card, RowSums *sums)
{
    for (guint32 i = 0; i < card->n_requests; i++) {
        const CardRequest *request = &card->requests[i];
        if (!(request->flags & CARD_FLAG_LIVE) || request->flags & CARD_FLAG_GATED)
            continue;
        const CardVm *vm = request->vm;
        const CardRoute *route = vm->route;
        const CardVisit *visit = &route->visits[request->visit];
        if (request->flags & CARD_FLAG_AT_STATION && visit->acquires && !(request->held & visit->hold)) {
            const guint32 where = cardcore_where(card, vm, visit, request->visit, request->algorithm);
            sums[cardcore_resource(card, where)->row].sojourn_sum_s += cardcore_since_s(card, request->arrived_s);
        }
        if (request->flags & CARD_FLAG_PROCESSOR)
            sums[cardcore_resource(card, card->processors)->row].sojourn_sum_s +=
                cardcore_since_s(card, request->wanted_s);
        for (guint8 held = request->held; held; held &= (guint8)(held - 1)) {
            const gint bit = g_bit_nth_lsf(held, -1);
            sums[route->visits[route->hold_visits[bit]].row].sojourn_sum_s +=
                cardcore_since_s(card, request->held_since_s[bit]);
        }
    }
}

/* Seconds of its server that one request needs at visit v: its own time, or all until the hold ends. */
static double
occupied_s(const Card *card, const CardRoute *route, guint v, CardAlgorithm algorithm, guint32 bytes)
{
    const guint32 out = cardspec_output_bytes(&card->spec, algorithm, bytes);
    const guint8 hold = route->visits[v].hold;
    double sum_s = 0;

    for (guint i = v; i < route->n_visits; i++) {
        if (cardcore_visits(&route->visits[i], algorithm, CARD_DONE))
            sum_s += cardcore_mean_s(card, &route->visits[i], algorithm, bytes, out);
        if (!hold || route->visits[i].releases & hold)
            break;
    }
    return sum_s;
}

static void
offer(const Card *card, const CardVm *vm, CardAlgorithm algorithm, guint32 bytes, double rate, double *offered)
{
    const CardRoute *route = vm->route;

    if (bytes > card->spec.packet_bytes_max)
        return;
    if (card->processors != CARD_NONE)
        offered[card->processors] += rate * cardprocessor_work_s(card, route, algorithm, bytes);
    for (guint v = 0; v < route->n_visits; v++) {
        const CardVisit *visit = &route->visits[v];
        if (visit->acquires && cardcore_visits(visit, algorithm, CARD_DONE)) {
            const guint32 where = cardcore_where(card, vm, visit, v, algorithm);
            offered[where] += rate * occupied_s(card, route, v, algorithm, bytes);
        }
    }
}

/* By resource: servers that open loads would keep busy. Array owned by the caller. */
static double *
offered_work(const Card *card)
{
    double *offered = g_new0(double, card->resources->len + 1);

    for (guint i = 0; i < card->vms->len; i++) {
        const CardVm *vm = cardcore_vm(card, i);
        const CardLoad *load = &vm->player.load;
        const double rate = vm->attached ? cardload_rate(load) : 0;
        for (gsize m = 0; rate > 0 && m < load->n_mix && load->kind != CARD_LOAD_REPLAY; m++)
            offer(card, vm, load->mix[m].algorithm, load->mix[m].bytes,
                  rate * load->mix[m].weight / vm->player.weight_sum, offered);
        for (gsize r = 0; rate > 0 && load->kind == CARD_LOAD_REPLAY && r < load->n_replay; r++)
            offer(card, vm, load->replay[r].algorithm, load->replay[r].bytes, rate / (double)load->n_replay, offered);
    }
    return offered;
}

static void
add_station(const Card *card, guint index, const RowSums *sums, CardResult *result)
{
    const CardRow *row = &g_array_index(card->rows, CardRow, index);
    const double seconds = result->seconds;
    const double area = sums->busy_area + sums->queue_area;
    const double largest = MAX(area, sums->sojourn_sum_s);
    CardStationResult line = {.name = row->name,
                              .path = row->path,
                              .place = row->place,
                              .servers = row->servers,
                              .instances = sums->instances,
                              .token = row->token,
                              .queue_max = sums->queue_max,
                              .visits = sums->visits,
                              .wakes = sums->wakes};

    if (seconds > 0) {
        line.busy_mean = sums->busy_area / seconds;
        line.queue_mean = sums->queue_area / seconds;
        line.utilization = row->servers && sums->instances ? line.busy_mean / (row->servers * sums->instances) : 0;
        line.utilization_max = row->servers ? sums->busy_area_max / seconds / row->servers : 0;
        line.working_max = row->servers ? sums->working_area_max / seconds / row->servers : 0;
    }
    line.sojourn_mean_s = sums->visits ? sums->sojourn_sum_s / (double)sums->visits : 0;
    line.little_error = largest > 0 ? fabs(area - sums->sojourn_sum_s) / largest : 0;
    result->little_error = MAX(result->little_error, line.little_error);
    g_array_append_val(result->stations, line);
}

static void
add_offered(const Card *card, CardResult *result)
{
    g_autofree double *offered = offered_work(card);

    for (guint i = 0; i < card->resources->len; i++) {
        const CardResource *resource = cardcore_resource(card, i);
        CardStationResult *line = &g_array_index(result->stations, CardStationResult, resource->row);
        if (line->servers == 0)
            continue;
        line->offered = MAX(line->offered, offered[i] / line->servers);
        if (line->offered > result->offered) {
            result->offered = line->offered;
            result->offered_station = (gint)resource->row;
        }
    }
    result->unstable = result->offered >= 1;
}

/* The busiest that does work; of equals the first on the card or the path, but a thread before the processors that none
 * but it used: another processor would not help it. */
static gint
find_bottleneck(const CardResult *result)
{
    double highest = 0;
    gint index = -1;

    for (guint i = 0; i < result->stations->len; i++) {
        const CardStationResult *line = cardresult_station(result, i);
        const double working = line->working_max * (line->place == CARD_HOST ? 1 - TIE : 1);
        if (line->token || line->servers == 0 || working <= highest)
            continue;
        highest = working;
        index = (gint)i;
    }
    return index;
}

CardResult *
cardresult_new(const Card *card)
{
    CardResult *result = g_new0(CardResult, 1);
    g_autofree RowSums *sums = g_new0(RowSums, card->rows->len);

    result->start_s = card->statistics_s;
    result->seconds = card->now_s - card->statistics_s;
    result->vms = g_array_new(FALSE, FALSE, sizeof(CardVmResult));
    g_array_set_clear_func(result->vms, vm_result_clear);
    result->stations = g_array_new(FALSE, FALSE, sizeof(CardStationResult));
    result->offered_station = -1;
    add_vms(card, result);
    sum_resources(card, sums);
    sum_present(card, sums);
    for (guint row = 0; row < card->rows->len; row++)
        add_station(card, row, &sums[row], result);
    add_offered(card, result);
    result->bottleneck = find_bottleneck(result);
    return result;
}

const CardVmResult *
cardresult_vm(const CardResult *result, guint index)
{
    return &g_array_index(result->vms, CardVmResult, index);
}

const CardStationResult *
cardresult_station(const CardResult *result, guint index)
{
    return &g_array_index(result->stations, CardStationResult, index);
}

const CardStationResult *
cardresult_find(const CardResult *result, const char *path, const char *name)
{
    for (guint i = 0; i < result->stations->len; i++) {
        const CardStationResult *line = cardresult_station(result, i);
        if (g_strcmp0(line->path, path) == 0 && g_strcmp0(line->name, name) == 0)
            return line;
    }
    return NULL;
}
