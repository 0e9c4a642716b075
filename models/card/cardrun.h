/* Measures a card in steady state: warm-up removed by a stated rule, then batches until the intervals are narrow.
 *
 * Rule. Pilot: latencies averaged over `pilot_requests` answers each, 100 of them; MSER-5 (models/base/statistics.h)
 * says how many to drop. If its answer lies in the first half, the whole pilot is dropped (more than MSER-5 asks: the
 * pilot is not needed for anything else) and statistics begin; otherwise the pilot goes on to twice its length, at most
 * requests_max / 2. Then batches of `batch_requests` answers, until both the rate's and the mean latency's interval are
 * narrow enough, or requests_max answers or limit_s are reached.
 *
 * Scope: one card by itself. A world in which the card is one part of many advances it itself.
 */
#ifndef TANDEM_MODELS_CARD_CARDRUN_H
#define TANDEM_MODELS_CARD_CARDRUN_H

#include "models/base/statistics.h"
#include "models/card/card.h"

typedef struct {
    guint64 pilot_requests; /* 0: 50 */
    guint64 batch_requests; /* 0: 1000 */
    guint64 requests_max;   /* 0: 10 million */
    guint batches_min;      /* 0: 20 */
    double confidence;      /* 0: 0.95 */
    double relative;        /* half-width over mean that is narrow enough; 0: 0.01 */
    double limit_s;         /* card time; 0: none */
} CardRunRule;

typedef struct {
    StatisticsInterval requests_per_s;
    StatisticsInterval latency_s;
    double warm_up_s; /* card time dropped */
    gboolean steady;  /* MSER-5 saw a steady state */
    gboolean narrow;  /* both intervals became narrow enough */
} CardRunReport;

CardRunReport cardrun_measure(Card *card, const CardRunRule *rule);

#endif
