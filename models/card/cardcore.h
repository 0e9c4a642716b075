/* The inside of a Card, shared by the card*.c of this folder only.
 *
 * Scope: private. A Resource is a set of servers with one queue; a Row is what a result line reports: one shared
 * resource, or one per VM. A Route is a path compiled into visits. A Request is 2 cache lines, linked by 32-bit index.
 */
#ifndef TANDEM_MODELS_CARD_CARDCORE_H
#define TANDEM_MODELS_CARD_CARDCORE_H

#include "models/base/calendar.h"
#include "models/base/histogram.h"
#include "models/base/progress.h"
#include "models/base/ziggurat.h"
#include "models/card/cardanswer.h"
#include "models/card/cardload.h"
#include "models/card/cardpath.h"
#include "models/card/cardspec.h"

#define CARD_NONE          G_MAXUINT32
#define CARD_VISITS_MAX    (CARDPATH_STATIONS_MAX + 5u)
#define CARD_ERROR_RETRY_S 1e-6 /* chosen: a caller looks at an error for so long before it asks again */

/* WORKED: served, and a processor comes free. */
enum { CARD_EVENT_SERVED, CARD_EVENT_WORKED, CARD_EVENT_WOKEN, CARD_EVENT_DUE, CARD_EVENT_COALESCE };

typedef enum {
    CARD_VISIT_SOFTWARE,
    CARD_VISIT_RING,
    CARD_VISIT_DMA,
    CARD_VISIT_ENGINE,
    CARD_VISIT_INTERRUPT
} CardVisitKind;

typedef struct {
    CardVisitKind kind;
    guint row;
    guint32 engine_mask; /* all ones for the engine: its resource depends on the algorithm */
    gboolean acquires;   /* FALSE: rides on a server that it holds already */
    gboolean card_only;  /* passed by when the request does not go to the card */
    gboolean in_card;    /* cannot be taken back here */
    gboolean instant;    /* takes no time */
    gboolean works;      /* on one of the host's processors, of which there are not always enough */
    gboolean returns;    /* its server is let go when the visit ends: neither held nor ridden on */
    gboolean splits;     /* a group comes apart before this visit */
    guint8 hold;         /* bit in CardRequest.held when the server is kept, else 0 */
    guint8 releases;     /* bits whose servers are let go when this visit ends */
    CardDirection direction;
    double fixed_s, per_byte_s;
    CardSpread spread;
    double share;
    double wake_s, notify_s, notify_queued_s, poll_s;
    guint group_max;
    guint32 group_bytes_max;
} CardVisit;

typedef struct {
    const CardPath *path;                  /* borrowed */
    CardVisit visits[CARD_VISITS_MAX + 1]; /* one blank behind the last */
    guint n_visits;
    gboolean notifies;                     /* some visit has a notify_s */
    guint hold_visits[CARDPATH_HOLDS_MAX]; /* by bit: the visit that acquired */
    guint vms;                             /* attached now, or with a place */
} CardRoute;

typedef struct {
    const char *name;
    const char *path; /* NULL: the card's own */
    CardPlace place;
    guint servers;
    gboolean per_vm;
    gboolean token;
    guint32 shared;     /* resource, CARD_NONE when per VM */
    guint engine_group; /* CARD_NONE when no engine */
} CardRow;

/* Counts are doubles: they are multiplied by times at every event. */
typedef struct {
    double servers; /* G_MAXDOUBLE: unlimited */
    double busy, queued;
    double last_s;
    double busy_area, queue_area; /* server-seconds, request-seconds */
    double sojourn_sum_s;
    double stalled_s;    /* server-seconds in which servers waited for a processor */
    double idle_since_s; /* when the last of its servers had nothing left to do */
    gboolean preempted;  /* then whom it had woken took its processor: it has yet to go to sleep */
    guint64 departures, wakes;
    guint32 head, tail;
    guint32 row, queued_max;
} CardResource;

enum {
    CARD_FLAG_LIVE = 1,
    CARD_FLAG_AT_STATION = 2,
    CARD_FLAG_GRANTED = 4,
    CARD_FLAG_ABANDONED = 8,
    CARD_FLAG_GATED = 16,
    CARD_FLAG_FOLLOWS = 32,
    CARD_FLAG_PROCESSOR = 128, /* waits for a processor or has one */
    CARD_FLAG_SPECIAL = 64,    /* echo, error, abandoned or a packet's leader: look twice */
    CARD_FLAG_WAKES = 256,     /* has found its server asleep */
    CARD_FLAG_NOTIFIED = 512,  /* its last server has told the next one */
    CARD_FLAG_QUEUED = 1024,   /* it did so while no processor was idle */
    CARD_FLAG_FOUND = 2048,    /* its last server found the next one awake */
    /* what came of the call to the next server, until the request is there */
    CARD_FLAGS_CALLED = CARD_FLAG_NOTIFIED | CARD_FLAG_QUEUED | CARD_FLAG_FOUND,
};

typedef struct CardVm CardVm;

/* 128 bytes */
typedef struct {
    guint64 id;
    double issued_s, arrived_s;
    CardVm *vm;                  /* borrowed */
    guint32 next;                /* in a queue, the ready list, the gate or the free list */
    guint32 follower;            /* next request of the packet that this one leads */
    guint32 bytes;               /* as asked */
    guint32 in_bytes, out_bytes; /* as carried: the whole packet's */
    guint16 key;
    guint8 algorithm, status, visit, held;
    guint16 flags;
    guint32 tag; /* CARD_OWN: of its VM's load */
    double held_since_s[CARDPATH_HOLDS_MAX];
    guint32 where;     /* the resource of its visit */
    guint32 processor; /* its number, where card->processor_states are */
    double wanted_s;   /* when it asked for a processor */
} CardRequest;

/* What a processor ran last; only kept when switches or halts cost time. */
typedef struct {
    guint32 thread; /* the station's resource; CARD_NONE: one that will not come again */
    gboolean busy;
    double idle_since_s;
} CardProcessor;

struct CardVm {
    char *name;             /* owned */
    const CardRoute *route; /* borrowed */
    guint number, path;
    gboolean attached, paused;
    guint32 resources[CARD_VISITS_MAX];
    RandomStream services[CARD_VISITS_MAX];
    CardPlayer player;
    double attached_s;
    guint outstanding; /* the gate's included, */
    guint calls;       /* and of these the ones that others asked */
    guint gated, parked;
    guint32 gate_head, gate_tail;
    Histogram latency;
    guint64 done, bytes, rejected, refused, dropped, discarded, offered;
    guint64 dropped_ever; /* also before the statistics began */
};

struct Card {
    CardSpec spec;
    guint64 seed;
    double now_s, statistics_s;
    Progress progress;
    Calendar calendar;
    Ziggurat ziggurat;
    GArray *rows;          /* CardRow */
    GArray *resources;     /* CardResource */
    GPtrArray *routes;     /* CardRoute, owned */
    GPtrArray *vms;        /* CardVm, owned */
    CardRequest *requests; /* owned */
    guint32 n_requests, free_head;
    guint32 ready_head, ready_tail;
    char **key_owners;      /* owned, key_slots + 1 */
    CardResource *resource; /* the array's data */
    guint rows_engine, row_dma_in, row_dma_out, row_interrupt, row_ring;
    guint32 processors;              /* resource, CARD_NONE when there are always enough */
    CardProcessor *processor_states; /* owned; NULL when neither switches nor halts cost time */
    double processors_idle_from_s;   /* when they were last no longer all busy */
    double processor_idle_s;         /* when one had been idle for a while, last; -INFINITY: not yet */
    guint32 coalesce_generation;
    guint functions_used;
    guint64 answers, done; /* since the beginning; answers include errors */
    double latency_sum_s;
    CardOnDone on_done;
    gpointer on_done_data;
};

static inline CardResource *
cardcore_resource(const Card *card, guint32 index)
{
    return &card->resource[index];
}

static inline CardVm *
cardcore_vm(const Card *card, guint32 index)
{
    return card->vms->pdata[index];
}

static inline CardRoute *
cardcore_route(const Card *card, guint32 index)
{
    return card->routes->pdata[index];
}

static inline void
cardcore_clock(CardResource *resource, double now_s)
{
    const double passed_s = now_s - resource->last_s;

    resource->busy_area += resource->busy * passed_s;
    resource->queue_area += resource->queued * passed_s;
    resource->last_s = now_s;
}

static inline void
cardcore_enqueue(Card *card, CardResource *resource, guint32 index)
{
    card->requests[index].next = CARD_NONE;
    if (resource->tail == CARD_NONE)
        resource->head = index;
    else
        card->requests[resource->tail].next = index;
    resource->tail = index;
    resource->queued++;
    resource->queued_max = MAX(resource->queued_max, (guint32)resource->queued);
}

static inline guint32
cardcore_dequeue(Card *card, CardResource *resource)
{
    const guint32 index = resource->head;

    resource->head = card->requests[index].next;
    if (resource->head == CARD_NONE)
        resource->tail = CARD_NONE;
    resource->queued--;
    return index;
}

/* Time spent up to now, from the beginning of the statistics at the earliest. */
static inline double
cardcore_since_s(const Card *card, double since_s)
{
    return card->now_s - MAX(since_s, card->statistics_s);
}

static inline void
cardcore_count_departure(Card *card, CardResource *resource, double since_s)
{
    resource->departures++;
    resource->sojourn_sum_s += cardcore_since_s(card, since_s);
}

/* The resource that serves a request of this algorithm at visit number v of its VM; the groups' engines are neighbours.
 */
static inline guint32
cardcore_where(const Card *card, const CardVm *vm, const CardVisit *visit, guint v, guint algorithm)
{
    return vm->resources[v] + (card->spec.services[algorithm].group & visit->engine_mask);
}

/* Mean time of a request at a visit. */
static inline double
cardcore_mean_s(const Card *card, const CardVisit *visit, guint algorithm, guint32 in, guint32 out)
{
    if (visit->kind == CARD_VISIT_ENGINE) {
        const CardService *service = &card->spec.services[algorithm];
        return service->fixed_s + service->per_byte_s * in;
    }
    return visit->fixed_s + visit->per_byte_s * (visit->direction == CARD_RETURN ? out : in);
}

/* Whether a request passes through a visit or by it. */
static inline gboolean
cardcore_visits(const CardVisit *visit, guint algorithm, guint status)
{
    return !visit->card_only || (algorithm != CARD_ECHO && status == CARD_DONE);
}

/* The visit after this one, past those that the request passes by; the blank one behind the last at the end. */
static inline guint
cardcore_next_visit(const CardRequest *request)
{
    guint next = request->visit + 1u;

    while (!cardcore_visits(&request->vm->route->visits[next], request->algorithm, request->status))
        next++;
    return next;
}

/* cardprocessor.c: FALSE where there are always enough */
gboolean cardprocessor_all_busy(const Card *card);

/* Whether one of the servers sleeps, so that a request for this visit must wake it. One whose processor went to
 * somebody whom it had just woken goes to sleep only once a processor is idle, or has been. */
static inline gboolean
cardcore_sleeps(const Card *card, const CardResource *resource, const CardVisit *visit)
{
    if (resource->busy >= resource->servers || card->now_s - resource->idle_since_s < visit->poll_s)
        return FALSE;
    return !resource->preempted || !cardprocessor_all_busy(card) || card->processor_idle_s > resource->idle_since_s;
}

/* cardroute.c */
void cardroute_add_card_rows(Card *card);
CardRoute *cardroute_compile(Card *card, const CardPath *path);
guint32 cardroute_add_resource(Card *card, guint row);

/* cardflow.c */
void cardflow_ready(Card *card, guint32 request); /* goes on at this very instant, after those before it */
void cardflow_coalesced(Card *card);              /* the completion interrupt fires */
void cardflow_run(Card *card, double until_s, guint64 enough);
void cardflow_settle(Card *card); /* everything that can happen without time passing */
void cardflow_free(Card *card, guint32 request);
double cardflow_draw_s(const Card *card, const CardRequest *request); /* time of its visit, whose mean is above 0 */

/* cardprocessor.c */
void cardprocessor_begin(Card *card, guint32 request); /* its visit works: now, or when a processor is free */
void cardprocessor_end(Card *card, guint32 request);   /* its work is done */
/* Whether the processor that a server of this resource would be woken on is idle and has halted. */
gboolean cardprocessor_halts(const Card *card, guint32 server);
void cardprocessor_reset(Card *card); /* as at the beginning: all idle */
double cardprocessor_work_s(const Card *card, const CardRoute *route, CardAlgorithm algorithm, guint32 bytes);

/* cardcall.c */
gboolean card_owns_key(const Card *card, guint slot, const char *vm_name);
void card_submit(Card *card, CardVm *vm, const CardPending *asked); /* goes on when the card settles */

/* card.c */
CardAttach card_may_attach(const Card *card, guint path, const char *vm_name, const CardLoad *load);
guint card_place_vm(Card *card, guint path, const char *vm_name, const CardPlayer *player);
void card_handle(Card *card, const CalendarEvent *event);
void card_answered(Card *card, CardVm *vm, CardStatus status);

#endif
