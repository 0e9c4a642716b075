/* How sure a steady state's rate and mean latency are: what happens during a warm-up is not counted, and what follows
 * is cut into batches of equal time, whose means give a confidence interval.
 *
 * Source: batch means, models/base/statistics.h. One meter serves whoever answers requests: a card, an application.
 *
 * Scope: the warm-up's length is given, not found.
 */
#ifndef TANDEM_MODELS_BASE_METER_H
#define TANDEM_MODELS_BASE_METER_H

#include "models/base/statistics.h"

typedef struct {
    double warm_up_s; /* >= 0 */
    double batch_s;   /* > 0 */
    gboolean warm;    /* the warm-up is over */
    double next_s;    /* when the open batch ends */
    guint64 answers;  /* in the open batch, */
    double latency_s; /* and the sum of their latencies */
    StatisticsBatches rates, latencies;
} Meter;

void meter_init(Meter *meter, double warm_up_s, double batch_s);

/* The warm-up is over: the first batch begins. */
void meter_begin(Meter *meter);
/* The open batch is over: the next one begins. */
void meter_close(Meter *meter);
/* Both, for whoever has come to that date without stopping at each batch's end. */
void meter_reach(Meter *meter, double now_s);

/* One more answer, in the open batch. */
void meter_note(Meter *meter, double latency_s);

/* Answers per second, and seconds per answer. */
StatisticsInterval meter_rate(const Meter *meter, double confidence);
StatisticsInterval meter_latency(const Meter *meter, double confidence);

#endif
