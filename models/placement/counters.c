#include "models/placement/counters.h"

#include "models/base/statistics.h"

#include <math.h>

typedef struct {
    double at_s; /* when it arrives */
    double value;
} Report;

struct Counters {
    CounterRules rules;
    RandomStream stream;
    GQueue under_way; /* of Report, owned; the first to arrive first */
    double *values;   /* twice the length, so that the last ones stand side by side and are seldom moved */
    guint first, n;   /* those that have arrived: values[first] … */
};

Counters *
counters_new(const CounterRules *rules, const RandomStream *stream)
{
    g_return_val_if_fail(rules->interval_s > 0 && rules->length >= 1, NULL);
    g_return_val_if_fail(rules->delay_s >= 0 && rules->loss >= 0 && rules->loss <= 1, NULL);
    g_return_val_if_fail(stream || rules->loss == 0, NULL);
    Counters *counters = g_new0(Counters, 1);

    counters->rules = *rules;
    if (stream)
        counters->stream = *stream;
    g_queue_init(&counters->under_way);
    counters->values = g_new(double, 2 * (gsize)rules->length);
    return counters;
}

void
counters_free(Counters *counters)
{
    if (!counters)
        return;
    g_queue_clear_full(&counters->under_way, g_free);
    g_free(counters->values);
    g_free(counters);
}

static void
arrive(Counters *counters, double value)
{
    const guint length = counters->rules.length;

    if (counters->n == length) {
        counters->first++;
        counters->n--;
    }
    if (counters->first + counters->n == 2 * length) {
        for (guint i = 0; i < counters->n; i++)
            counters->values[i] = counters->values[counters->first + i];
        counters->first = 0;
    }
    counters->values[counters->first + counters->n++] = value;
}

gboolean
counters_read(Counters *counters, double at_s, double value)
{
    /* drawn where some can be lost at all: a loss of 0 takes nothing from the stream */
    if (counters->rules.loss > 0 && random_unit(&counters->stream) < counters->rules.loss)
        return FALSE;
    if (counters->rules.delay_s == 0) {
        arrive(counters, value);
        return TRUE;
    }
    Report *report = g_new(Report, 1);

    *report = (Report){at_s + counters->rules.delay_s, value};
    g_queue_push_tail(&counters->under_way, report);
    return TRUE;
}

void
counters_clear(Counters *counters)
{
    g_queue_clear_full(&counters->under_way, g_free);
    counters->first = counters->n = 0;
}

const double *
counters_seen(Counters *counters, double now_s, guint *n)
{
    for (const Report *next = g_queue_peek_head(&counters->under_way); next && next->at_s <= now_s;
         next = g_queue_peek_head(&counters->under_way)) {
        arrive(counters, next->value);
        g_free(g_queue_pop_head(&counters->under_way));
    }
    *n = counters->n;
    return counters->values + counters->first;
}

double
counters_mean_of_last(const double *values, guint n, guint last)
{
    const guint k = MIN(n, last);
    double sum = 0;

    for (guint i = n - k; i < n; i++)
        sum += values[i];
    return k ? sum / k : NAN;
}

double
counters_last(const double *values, guint n)
{
    return n ? values[n - 1] : NAN;
}

/* Whoever wants less than an equal part of what is left gets it, the smallest first; the rest is parted among the
 * others. INFINITY: there is enough for all. */
static double
fair_level(const double *wanted, guint n, double capacity)
{
    g_autoptr(GArray) sorted = statistics_sorted(wanted, n);

    for (guint i = 0; i < n; i++) {
        const double least = g_array_index(sorted, double, i);

        if (least * (n - i) > capacity)
            return MAX(capacity, 0) / (n - i);
        capacity -= least;
    }
    return INFINITY;
}

double
counters_share(const double *wanted, guint n, double capacity, double *got)
{
    double sum = 0;

    for (guint i = 0; i < n; i++)
        sum += wanted[i];
    const double level = n && sum > capacity ? fair_level(wanted, n, capacity) : INFINITY;

    for (guint i = 0; i < n; i++)
        got[i] = MIN(wanted[i], level);
    return MIN(sum, capacity);
}
