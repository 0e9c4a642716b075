/* What a scenario says about crypto cards: the cards, the ways from a VM to a card, who uses which, and how the result
 * is measured. models/card/ says what the numbers mean; configs/cards/ and configs/paths/ hold the profiles. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_KEYS_H
#define TANDEM_SIM_PARTS_CARD_CARD_KEYS_H

#include "models/card/cardload.h"
#include "models/card/cardpath.h"
#include "sim/specs/scenario_spec.h"

/* ---- the card ---- */

/* Groups of engines; an algorithm is computed by one of them. */
typedef enum { CARD_ENGINE_SYMMETRIC, CARD_ENGINE_ASYMMETRIC, CARD_ENGINE_HASH, CARD_ENGINE_ANY } CardEngineGroup;

typedef struct {
    CardEngineGroup engine;
    double fixed_s;
    double per_kib_s;
    double rate_Bps;     /* NAN: per_kib_s says it all; else both add up */
    double output_bytes; /* may be negative: a cipher text's padding goes */
    double output_per_byte;
} AlgorithmSpec;

/* NULL: the card has not got it. In the order of CardAlgorithm, without CARD_ECHO. */
typedef struct {
    AlgorithmSpec *sm1, *sm2_sign, *sm2_verify, *sm2_encrypt, *sm2_decrypt, *sm3, *sm4, *deflate, *inflate;
} AlgorithmsSpec;

typedef struct {
    gint64 symmetric, asymmetric, hash, any;
} EnginesSpec;

typedef struct {
    gint64 slot;
    char *owner; /* a session's name */
} KeySpec;

typedef struct {
    char *name;
    char *host;
    EnginesSpec *engines;
    AlgorithmsSpec *algorithms;
    gint64 ring_slots;
    gint64 dma_channels;
    double dma_setup_s;
    double dma_rate_Bps;
    double interrupt_s;
    gint64 coalesce_requests;
    double coalesce_s;
    double packet_max_bytes;
    gint64 virtual_functions;
    gint64 key_slots;
    GArray *keys; /* of KeySpec */
    gint64 processors;
    gboolean processors_run_guests;
    double processor_switch_s;
    double processor_halts_s, halted_notify_s, halted_wake_s;
} CryptoCardSpec;

/* ---- the path ---- */

typedef struct {
    char *name;
    char *server; /* NULL: its own */
    CardPlace place;
    CardDirection direction;
    gint64 servers;
    double fixed_s;
    double per_kib_s;
    gboolean per_vm, card_only, token, latency;
    char *held_until; /* NULL: not held */
    CardSpread spread;
    double spread_share, wake_s, notify_s, notify_queued_s, poll_s;
    gint64 group_max;
    double group_bytes;
} StationSpec;

typedef struct {
    char *name;
    GArray *stations; /* of StationSpec */
    gboolean ring_per_vm;
    gboolean needs_virtual_function;
    gint64 vms_max;
    char *migration_refusal; /* NULL: a VM on it can migrate */
    char *arm_refusal;       /* NULL: works on ARM */
} CardPathSpec;

/* ---- the session ---- */

typedef struct {
    CardAlgorithm algorithm;
    double bytes;
    double weight;
    gint64 key;
} MixSpec;

typedef struct {
    CardLoadKind kind;
    GArray *mix; /* of MixSpec; NULL or empty for a replay */
    gint64 outstanding;
    double think_s;
    gboolean think_exponential;
    double rate_per_s;
    double on_s, off_s;
    char *file; /* replay: CSV, relative to the scenario's folder */
    gint64 requests_max;
    gint64 queue_limit;
} CardLoadSpec;

/* What an application asks of a card, by a call. */
typedef struct {
    char *session;
    CardAlgorithm algorithm;
    double bytes;
    gint64 key;
} CardCallSpec;

typedef enum { ON_MIGRATION_DRAIN, ON_MIGRATION_RESUBMIT } OnMigration;
typedef enum { WHEN_STOPPED_PAUSE, WHEN_STOPPED_QUEUE } WhenStopped;
typedef enum { ON_ARM_REFUSE, ON_ARM_CRASH } OnArm;

typedef struct {
    char *name;
    char *guest; /* NULL: callers that only the card knows */
    gint64 copies;
    char *card;
    char *path;
    double start_s;
    CardLoadSpec *workload;
    OnMigration on_migration;
    WhenStopped when_stopped;
    OnArm on_arm;
    gboolean require_keys;
} CardSessionSpec;

/* ---- the measurement ---- */

typedef enum { MEASURE_RUN, MEASURE_NARROW } MeasureUntil;

typedef struct {
    MeasureUntil until;
    double warm_up_s;
    double batch_s;
    gint64 pilot_requests;
    gint64 batch_requests;
    gint64 batches_min;
    gint64 requests_max;
    double relative;
    double confidence;
} MeasureSpec;

typedef struct {
    GArray *cards;            /* of CryptoCardSpec */
    GArray *paths;            /* of CardPathSpec */
    GArray *sessions;         /* of CardSessionSpec */
    MeasureSpec *measurement; /* how the results are measured */
} CardKeys;

extern const FieldTable card_table;
extern const FieldTable card_session_table;
extern const FieldTable card_call_table; /* of CardCallSpec */

/* With the checks of card_check.c. */
extern const PartKeys card_keys;
extern const Field card_keys_fields[];

const CardKeys *card_keys_of(const ScenarioSpec *scenario);
/* By names that are there: the reader has looked. */
const CryptoCardSpec *card_keys_card(const CardKeys *keys, const char *name);
const CardSessionSpec *card_keys_session(const CardKeys *keys, const char *name);

#endif
