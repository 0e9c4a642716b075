/* The way of a request from an application in a VM to the card and back, as data: a tandem of stations.
 *
 * Source: paper sections 3 (ivshmem, Fig. 4 to 6) and 4 (vhost-vsock, Fig. 7 to 10); section 1 for full emulation,
 * virtio, pass-through and SR-IOV. A new path is a new array of stations; no code knows any path by name.
 *
 * A request visits the forward stations in order, then the card (models/card/cardspec.h: "ring", "dma-in", "engine",
 * "dma-out", "interrupt"), then the return stations in order. At a station it waits for one of `servers` servers (first
 * come, first served) and is served for fixed_s + per_byte_s * bytes, where bytes is the input on the way forward and
 * the output on the way back.
 *
 * What differs in kind between the paths is said by
 *   server        stations that name the same server share it (one thread that receives, submits and replies);
 *   PER_VM        every VM has its own servers (the guest's application thread) instead of all sharing them;
 *   servers = 0   there are always enough (a thread started for each request, a latency in which nobody works);
 *   held_until    the server stays with the request until the named later station is done (a thread that blocks while
 *                 the card works; a session that has one call at a time). Without it stations overlap;
 *   CARD_ONLY     requests that do not go to the card (CARD_ECHO, refused keys) pass by;
 *   TOKEN         not a worker but a permit (a slot of the shared memory): never named as the bottleneck;
 *   LATENCY       time in which nobody works (an interrupt on its way): uses no processor of the host;
 *   wake_s        a server that is idle sleeps: a request that finds it so waits that long until it runs, on average,
 *                 spread as the station's own times. What comes meanwhile needs no wake of its own;
 *   notify_s      how long the software before it is busy with waking it, above its own work; only when it sleeps, and
 *                 only software: the card's interrupt wakes for nothing (its time is the card's);
 *   notify_queued_s  the same when no processor is idle that the server could run on: the call only queues it, and it
 *                 runs when a processor comes free, without a wake. 0: as notify_s;
 *   poll_s        how long a server that has nothing to do is awake before it sleeps: it looks for work, and then it is
 *                 busy with going to sleep. What comes meanwhile wakes nobody;
 *   group_max     a server that comes free takes up to this many waiting requests of one algorithm as one packet of at
 *                 most group_bytes_max bytes (the paper's future work, section 6: grouping by load).
 *
 * The server of the last forward station blocks while the card's ring is full (backpressure).
 *
 * Scope: one route per path, no branches, no priorities, no retries.
 */
#ifndef TANDEM_MODELS_CARD_CARDPATH_H
#define TANDEM_MODELS_CARD_CARDPATH_H

#include <glib.h>

/* CARD_HOST: in results only, the host's processors. */
typedef enum { CARD_GUEST, CARD_HOST_KERNEL, CARD_HOST_USER, CARD_ON_CARD, CARD_WIRE, CARD_HOST } CardPlace;
typedef enum { CARD_FORWARD, CARD_RETURN } CardDirection;

/* How a station's times spread around their mean b = fixed_s + per_byte_s * bytes, with the share j:
 * CONSTANT b; UNIFORM in b (1 - j) … b (1 + j); TAILED b (1 - j) + exponential of mean b j; EXPONENTIAL of mean b. */
typedef enum { CARD_CONSTANT, CARD_UNIFORM, CARD_TAILED, CARD_EXPONENTIAL } CardSpread;

enum {
    CARD_PER_VM = 1 << 0,
    CARD_CARD_ONLY = 1 << 1,
    CARD_TOKEN = 1 << 2,
    CARD_LATENCY = 1 << 3,
};

typedef struct {
    const char *name;   /* unique in the path, not one of the card's own; borrowed, like all strings here */
    const char *server; /* NULL: the station's own */
    CardPlace place;
    CardDirection direction;
    guint servers; /* 0: unlimited. Stations of one server agree in this and in PER_VM */
    double fixed_s;
    double per_byte_s;
    guint flags;
    const char *held_until; /* NULL: not held. "interrupt": until the card is done */
    CardSpread spread;
    double spread_share; /* 0 … 1 */
    double wake_s, notify_s, notify_queued_s, poll_s;
    guint group_max; /* 0 or 1: no grouping; forward stations only */
    guint32 group_bytes_max;
} CardStation;

#define CARDPATH_STATIONS_MAX 24u
#define CARDPATH_HOLDS_MAX    6u

typedef struct {
    const char *name;
    const CardStation *stations;
    guint n_stations;
    gboolean ring_per_vm; /* a virtual function has its own submission ring */
    gboolean needs_virtual_function;
    guint vms_max;                 /* 0: any number */
    const char *migration_refusal; /* NULL: a VM on this path can migrate; else why not */
    const char *arm_refusal;       /* NULL: works on ARM hosts; else why not */
} CardPath;

typedef enum {
    CARDPATH_ERROR_NUMBER,
    CARDPATH_ERROR_NAME,  /* missing, doubled or unknown */
    CARDPATH_ERROR_ORDER, /* held_until an earlier station, forward after return */
    CARDPATH_ERROR_LIMIT
} CardPathError;

#define CARDPATH_ERROR (cardpath_error_quark())
GQuark cardpath_error_quark(void);

gboolean cardpath_check(const CardPath *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sum of the stations' mean times for this size, without the card and without CARD_ONLY stations: one exchange of
 * Fig. 11 with nobody else about. */
double cardpath_echo_s(const CardPath *path, guint32 bytes);

#endif
