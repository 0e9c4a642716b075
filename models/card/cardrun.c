#include "models/card/cardrun.h"

#include "models/card/cardcore.h"

#define PILOT_MEANS 100u

static CardRunRule
fill_in(const CardRunRule *rule)
{
    CardRunRule full = *rule;

    full.pilot_requests = rule->pilot_requests ? rule->pilot_requests : 50;
    full.batch_requests = rule->batch_requests ? rule->batch_requests : 1000;
    full.requests_max = rule->requests_max ? rule->requests_max : 10 * 1000 * 1000;
    full.batches_min = rule->batches_min ? rule->batches_min : 20;
    full.confidence = rule->confidence > 0 ? rule->confidence : 0.95;
    full.relative = rule->relative > 0 ? rule->relative : 0.01;
    full.limit_s = rule->limit_s > 0 ? rule->limit_s : G_MAXDOUBLE / 2;
    return full;
}

/* Answers, their latencies and the time that they took. */
typedef struct {
    double answers, done, latency_s, seconds;
} Slice;

/* FALSE: the load is over or the limit is reached, and nothing more comes. */
static gboolean
take_slice(Card *card, guint64 answers, double limit_s, Slice *slice)
{
    const guint64 before = card->answers, done_before = card->done;
    const double latency_before_s = card->latency_sum_s, start_s = card->now_s;

    if (card_next_event_s(card) > limit_s)
        return FALSE;
    card_advance_requests(card, answers, limit_s);
    slice->answers = (double)(card->answers - before);
    slice->done = (double)(card->done - done_before);
    slice->latency_s = card->latency_sum_s - latency_before_s;
    slice->seconds = card->now_s - start_s;
    return card->answers - before >= answers;
}

static gboolean
warm_up(Card *card, const CardRunRule *rule)
{
    g_autoptr(GArray) means = g_array_new(FALSE, FALSE, sizeof(double));
    guint64 wanted = PILOT_MEANS;
    Slice slice;

    for (;;) {
        while (means->len < wanted) {
            if (!take_slice(card, rule->pilot_requests, rule->limit_s, &slice))
                return FALSE;
            const double mean = slice.done > 0 ? slice.latency_s / slice.done : 0;
            g_array_append_val(means, mean);
        }
        if (statistics_warm_up((const double *)(void *)means->data, means->len) < means->len)
            return TRUE;
        wanted *= 2;
        if (wanted * rule->pilot_requests > rule->requests_max / 2)
            return FALSE;
    }
}

CardRunReport
cardrun_measure(Card *card, const CardRunRule *partial)
{
    const CardRunRule rule = fill_in(partial);
    const double start_s = card->now_s;
    CardRunReport report = {.steady = warm_up(card, &rule)};
    StatisticsBatches rates, latencies;
    Slice slice;

    card_reset_statistics(card);
    report.warm_up_s = card->now_s - start_s;
    statistics_batches_init(&rates);
    statistics_batches_init(&latencies);
    for (guint64 done = 0; done < rule.requests_max && !report.narrow; done += rule.batch_requests) {
        if (!take_slice(card, rule.batch_requests, rule.limit_s, &slice))
            break;
        statistics_batches_add(&rates, slice.answers, slice.seconds);
        statistics_batches_add(&latencies, slice.latency_s, slice.done);
        report.requests_per_s = statistics_batches_interval(&rates, rule.confidence);
        report.latency_s = statistics_batches_interval(&latencies, rule.confidence);
        report.narrow = statistics_is_narrow(&report.requests_per_s, rule.relative, rule.batches_min) &&
                        statistics_is_narrow(&report.latency_s, rule.relative, rule.batches_min);
    }
    return report;
}
