/* What a VM asks of the card: when, which algorithm, how many bytes, with which key.
 *
 * Kinds: closed loop with `outstanding` requests under way (1: synchronous calls) and an optional think time between
 * an answer and the next request; open loops whose requests come whatever happens (Poisson, periodic, bursts: Poisson
 * at rate_per_s during exponential on-times, nothing during exponential off-times); replay of a recorded list; none,
 * where only others ask through the VM's session (card_call), as they may beside every other kind.
 * Algorithms and sizes come from a weighted mix.
 *
 * Scope: one pattern per VM; the mix is drawn independently for every request.
 */
#ifndef TANDEM_MODELS_CARD_CARDLOAD_H
#define TANDEM_MODELS_CARD_CARDLOAD_H

#include "models/base/random.h"
#include "models/card/cardspec.h"

typedef enum {
    CARD_LOAD_CLOSED,
    CARD_LOAD_POISSON,
    CARD_LOAD_PERIODIC,
    CARD_LOAD_BURSTS,
    CARD_LOAD_REPLAY,
    CARD_LOAD_NONE
} CardLoadKind;

typedef struct {
    CardAlgorithm algorithm;
    guint32 bytes;
    double weight; /* > 0; need not sum to 1 */
    guint key;     /* slot, 0: none */
} CardMix;

typedef struct {
    double time_s; /* from the start of the load, not going back */
    CardAlgorithm algorithm;
    guint32 bytes;
} CardReplay;

typedef struct {
    CardLoadKind kind;
    const CardMix *mix; /* borrowed for the life of the session; not for replays */
    gsize n_mix;
    const CardMix *calls; /* what card_call asks besides, weights aside: a card must have it too; borrowed likewise */
    gsize n_calls;
    guint outstanding; /* closed */
    double think_s;    /* closed: mean think time */
    gboolean think_exponential;
    double rate_per_s;        /* open */
    double on_s, off_s;       /* bursts: means */
    const CardReplay *replay; /* borrowed */
    gsize n_replay;
    guint64 request_limit; /* 0: none; stops after so many */
    gboolean require_keys; /* the VM does not attach where it does not own all keys that it names */
    guint queue_limit;     /* open: requests beyond so many outstanding are dropped and counted; 0: 4096 */
} CardLoad;

#define CARDLOAD_QUEUE_LIMIT 4096u /* chosen: far above any ring, small in memory */

typedef struct {
    double due_s; /* when the application wants it */
    CardAlgorithm algorithm;
    guint32 bytes;
    guint key;
} CardDemand;

#define CARD_OWN G_MAXUINT32 /* no tag: a request of the VM's own load */

/* A request as it was asked. */
typedef struct {
    guint64 id;
    double issued_s;
    guint32 bytes;
    guint32 tag; /* card_call's, or CARD_OWN */
    guint key;
    CardAlgorithm algorithm;
} CardPending;

/* A load being played; moves with its VM. */
typedef struct {
    CardLoad load;
    double start_s;
    double next_due_s; /* open: of the next arrival */
    double burst_end_s;
    gsize replayed;
    guint64 issued; /* ids are 0 … issued - 1 */
    guint64 called; /* of these, by card_call */
    double weight_sum;
    RandomStream arrivals, mix, think;
} CardPlayer;

typedef enum { CARDLOAD_ERROR_NUMBER, CARDLOAD_ERROR_REPLAY } CardLoadError;

#define CARDLOAD_ERROR (cardload_error_quark())
GQuark cardload_error_quark(void);

gboolean cardload_check(const CardLoad *load, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Streams are named after (purpose, vm). */
void cardload_start(CardPlayer *player, const CardLoad *load, guint64 seed, const char *vm, double start_s);

gboolean cardload_is_closed(const CardLoad *load);

/* The asker stood still for so long: what was to come comes so much later. */
void cardload_postpone(CardPlayer *player, double seconds);

/* TRUE when nothing more will be asked. */
gboolean cardload_is_over(const CardPlayer *player);

/* Open loads: draws when the next request is due (player->next_due_s). */
void cardload_draw_due(CardPlayer *player);

/* The request that is due now: algorithm, bytes and key (due_s is left alone). Counts it as issued. */
void cardload_draw_demand(CardPlayer *player, CardDemand *demand);

double cardload_think_s(CardPlayer *player);

/* Mean requests per second that an open load offers; 0 for a closed one. */
double cardload_rate(const CardLoad *load);

#endif
