/* Crypto cards in the world: devices on hosts, and the sessions of VMs with them.
 *
 * A card is a calendar of microseconds (models/card/card.h) that knows nothing of SimGrid. It is advanced to the
 * world's clock whenever somebody looks: a session opens, a VM stops or runs again, the run ends. In between nothing of
 * the world can change what the card does, so that a card costs the world no events of its own. Only a drain follows
 * the card's events one by one, since its end is a date that a migration waits for.
 *
 * A migration reserves a place at the destination's card before it sends pages, and the card that the VM leaves keeps
 * its place until the VM runs again: nobody else can take what either outcome needs.
 *
 * A session follows its VM: it leaves the card when the VM stops and opens on a card of the host where the VM runs
 * again. What is under way is drained before the VM stops, or taken along and asked again.
 *
 * Scope: what the card writes into the VM's memory is not counted as dirty pages.
 */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_WORLD_H
#define TANDEM_SIM_PARTS_CARD_CARD_WORLD_H

#include "models/base/histogram.h"
#include "models/base/meter.h"
#include "models/card/cardrun.h"
#include "models/card/cardsession.h"
#include "sim/parts/card/card_build.h"
#include "sim/world/invariant.h"

typedef enum {
    CLIENT_WAITING,    /* its start has not come, or its VM does not run yet */
    CLIENT_OPEN,       /* on a card */
    CLIENT_TRAVELLING, /* its VM is stopped */
    CLIENT_REFUSED,    /* by the card that it was to open on */
    CLIENT_CRASHED,    /* ivshmem on ARM, as the scenario wanted to see */
    CLIENT_LOST        /* with its VM or its host */
} ClientState;

/* What stands between a VM and the card of a host. */
typedef enum {
    CARD_FITS,
    CARD_PATH_STAYS, /* SR-IOV, pass-through */
    CARD_NONE_THERE,
    CARD_LACKS_ALGORITHM,
    CARD_LACKS_KEYS,
    CARD_IS_FULL,
    CARD_FEARS_ARM,
    CARD_TAKES_NO_TIME
} CardFit;

/* Answers of a session in one batch of time. */
typedef struct {
    guint64 answers;
    guint64 bytes;
    double latency_sum_s, latency_max_s;
} CardBin;

typedef struct CardWorld CardWorld;
typedef struct CardDevice CardDevice;

/* Who asks cards through sessions besides their own workloads (card_call.h). */
typedef struct {
    /* Of its next event; G_MAXDOUBLE: none. */
    double (*next_s)(gpointer data);
    /* To that event's date, at which it may ask; FALSE: it cannot go on. */
    gboolean (*advance)(double to_s, gpointer data);
    /* To a date before its next event, without asking; NULL: it has no time of its own. */
    void (*settle)(double to_s, gpointer data);
    /* The call with that tag has its answer, or is lost. Must not ask. */
    void (*told)(guint32 tag, gboolean is_answered, double at_s, gpointer data);
    gpointer data; /* borrowed */
} CardAsker;

typedef struct {
    const CardSessionSpec *spec; /* borrowed */
    World *world;
    const CardKeys *keys;   /* borrowed */
    const CardWorld *cards; /* borrowed */
    char *name;             /* owned */
    Domain *domain;         /* NULL: only the card knows it */
    GArray *mix;            /* owned, of CardMix */
    GArray *replay;         /* owned, of CardReplay; NULL: none */
    CardLoad load;
    GArray *calls;          /* owned, of CardMix: what applications ask through it; NULL: nothing */
    GArray *held;           /* owned: of these, what waits for it to open */
    const CardAsker *asker; /* of all of these; borrowed; NULL: nobody */
    guint path;             /* index in card_paths */
    ClientState state;
    CardFit fit;        /* REFUSED: why */
    const char *reason; /* a sentence for that; borrowed */
    CardDevice *device; /* where it is open, or was last */
    guint vm;           /* its number there */
    CardSession *travelling;
    CardDevice *reserved; /* where a place is kept for its VM's arrival; NULL: none */
    CardDevice *left;     /* where one is kept in case that its VM comes back; NULL: none */
    gboolean draining;
    double drain_next_s;
    double left_s, drain_since_s;
    double closed_s, drained_s; /* sums: without a card while travelling; waiting for the last answers */
    guint moves;
    guint64 resubmitted;
    /* request ids: every one is answered exactly once */
    GArray *answered; /* owned, bits in guint64 */
    guint64 answers, answered_twice, dropped;
    /* of sessions that can move: over all cards, after the warm-up */
    gboolean keeps_statistics;
    guint64 done, bytes, rejected, refused;
    Histogram latency;
    GArray *series; /* owned, of CardBin, one per batch from 0 */
} CardClient;

struct CardDevice {
    const CryptoCardSpec *spec; /* borrowed */
    World *world;
    const CardWorld *cards;     /* borrowed */
    const MeasureSpec *measure; /* borrowed */
    guint host;
    Card *card;         /* owned */
    GPtrArray *clients; /* of CardClient, by the card's numbers; borrowed */
    gboolean measured;  /* card_measurement "narrow": done, stands still */
    CardRunReport report;
    Meter meter;
};

struct CardWorld {
    World *world;
    GPtrArray *devices; /* of CardDevice, owned */
    GPtrArray *paths;   /* of CardPath, owned; a card's number of a path is its index here */
    GPtrArray *clients; /* of CardClient, owned; in the order of the scenario */
    void (*ahead)(const CardWorld *cards, double to_s); /* card_call_advance, once somebody has joined; or NULL */
    GPtrArray *askers;    /* owned, of borrowed CardAsker; in the order in which they have joined */
    CardAsker pump_asker; /* of the following; data NULL: there has been none */
    GPtrArray *pumps;     /* owned, of owned CardPump (card_pump.h) */
};

extern const Invariant invariant_card_once, invariant_card_littles_law;

/* For results, of what stands between a VM and a card: a sentence. */
const char *card_world_fit_text(CardFit fit);
/* Of a session's state, one word. */
const char *card_world_state_word(const CardClient *client);

#endif
