#include "models/card/cardcore.h"

static void release_server(Card *card, guint32 resource_index, double since_s);

void
cardflow_free(Card *card, guint32 index)
{
    card->requests[index].flags = 0;
    card->requests[index].next = card->free_head;
    card->free_head = index;
}

/* Requests that can go on at this very instant, in the order in which they became able to. */
void
cardflow_ready(Card *card, guint32 index)
{
    card->requests[index].next = CARD_NONE;
    if (card->ready_tail == CARD_NONE)
        card->ready_head = index;
    else
        card->requests[card->ready_tail].next = index;
    card->ready_tail = index;
}

static double
draw_service(const Ziggurat *ziggurat, const CardVisit *visit, double mean_s, RandomStream *random)
{
    switch (visit->spread) {
    case CARD_CONSTANT:
        break;
    case CARD_UNIFORM:
        return mean_s * (1 + visit->share * (2 * random_unit(random) - 1));
    case CARD_TAILED:
        return mean_s * (1 - visit->share + visit->share * ziggurat_exponential(ziggurat, random));
    case CARD_EXPONENTIAL:
        return mean_s * ziggurat_exponential(ziggurat, random);
    }
    return mean_s;
}

double
cardflow_draw_s(const Card *card, const CardRequest *request)
{
    CardVm *vm = request->vm;
    const CardVisit *visit = &vm->route->visits[request->visit];
    const double mean_s = cardcore_mean_s(card, visit, request->algorithm, request->in_bytes, request->out_bytes);

    return draw_service(&card->ziggurat, visit, mean_s, &vm->services[request->visit]);
}

/* The request has its server. FALSE when it is done at once. */
static gboolean
serve(Card *card, guint32 index, CardRequest *request, CardVm *vm, const CardVisit *visit)
{
    if (visit->hold) {
        request->held |= visit->hold;
        request->held_since_s[__builtin_ctz(visit->hold)] = request->arrived_s;
    }
    if (G_UNLIKELY(request->flags & CARD_FLAG_WAKES)) {
        const double mean_s =
            visit->wake_s + (visit->works && cardprocessor_halts(card, request->where) ? card->spec.halted_wake_s : 0);
        const double wake_s = draw_service(&card->ziggurat, visit, mean_s, &vm->services[request->visit]);
        calendar_add(&card->calendar, card->now_s + wake_s, CARD_EVENT_WOKEN, index);
        return TRUE;
    }
    if (visit->instant)
        return FALSE;
    const double mean_s = cardcore_mean_s(card, visit, request->algorithm, request->in_bytes, request->out_bytes);
    if (mean_s <= 0)
        return FALSE;
    if (G_UNLIKELY(visit->works)) {
        cardprocessor_begin(card, index);
        return TRUE;
    }
    const double time_s = draw_service(&card->ziggurat, visit, mean_s, &vm->services[request->visit]);
    calendar_add(&card->calendar, card->now_s + time_s, CARD_EVENT_SERVED, index);
    return TRUE;
}

static gboolean
joins(const CardRequest *leader, const CardRequest *other, guint64 bytes_max)
{
    return other->visit == leader->visit && other->vm->route == leader->vm->route &&
           other->algorithm == leader->algorithm && other->status == CARD_DONE &&
           !(other->flags & CARD_FLAG_ABANDONED) && (guint64)leader->in_bytes + other->in_bytes <= bytes_max;
}

/* Grouping by load (paper, section 6): what waits behind the leader and fits goes along as one packet. */
static void
form_group(Card *card, CardResource *resource, guint32 leader_index, const CardVisit *visit)
{
    CardRequest *leader = &card->requests[leader_index];
    const guint64 bytes_max = MIN(visit->group_bytes_max, card->spec.packet_bytes_max);
    guint32 last = leader_index, before = CARD_NONE;
    guint members = 1;

    for (guint32 i = resource->head; i != CARD_NONE && members < visit->group_max;) {
        CardRequest *other = &card->requests[i];
        const guint32 next = other->next;
        if (!joins(leader, other, bytes_max)) {
            before = i;
            i = next;
            continue;
        }
        if (before == CARD_NONE)
            resource->head = next;
        else
            card->requests[before].next = next;
        if (resource->tail == i)
            resource->tail = before;
        resource->queued--;
        cardcore_count_departure(card, resource, other->arrived_s);
        other->flags = (guint16)((other->flags | CARD_FLAG_FOLLOWS) & ~CARD_FLAG_AT_STATION);
        leader->flags |= CARD_FLAG_SPECIAL;
        leader->in_bytes += other->in_bytes;
        leader->out_bytes += other->out_bytes;
        card->requests[last].follower = i;
        last = i;
        members++;
        i = next;
    }
}

static void
release_holds(Card *card, CardRequest *request, guint8 due)
{
    const CardVm *vm = request->vm;
    const CardRoute *route = vm->route;

    request->held &= (guint8)~due;
    while (due) {
        const gint bit = __builtin_ctz(due);
        due &= (guint8) ~(1u << bit);
        release_server(card, vm->resources[route->hold_visits[bit]], request->held_since_s[bit]);
    }
}

/* An abandoned request vanishes; its VM has it elsewhere. */
static void
cardflow_drop(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];

    release_holds(card, request, request->held);
    request->vm->discarded++;
    cardflow_free(card, index);
}

static void
grant(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];
    CardVm *vm = request->vm;
    const CardVisit *visit = &vm->route->visits[request->visit];

    if (serve(card, index, request, vm, visit))
        return;
    request->flags |= CARD_FLAG_GRANTED;
    cardflow_ready(card, index);
}

/* A server comes free: to the first that waits, if any. */
static void
release_server(Card *card, guint32 resource_index, double since_s)
{
    CardResource *resource = cardcore_resource(card, resource_index);

    cardcore_clock(resource, card->now_s);
    cardcore_count_departure(card, resource, since_s);
    while (resource->head != CARD_NONE) {
        const guint32 index = cardcore_dequeue(card, resource);
        CardRequest *request = &card->requests[index];
        if (G_UNLIKELY(request->flags & CARD_FLAG_ABANDONED)) {
            cardcore_count_departure(card, resource, request->arrived_s);
            cardflow_drop(card, index);
            continue;
        }
        const CardVm *vm = request->vm;
        const CardVisit *visit = &vm->route->visits[request->visit];
        if (visit->group_max > 1)
            form_group(card, resource, index, visit);
        grant(card, index);
        return;
    }
    resource->busy--;
    resource->idle_since_s = card->now_s;
}

/* Completion interrupts wait for company (coalesce_requests) but not for long (coalesce_s). */
void
cardflow_coalesced(Card *card)
{
    CardResource *resource = cardcore_resource(card, g_array_index(card->rows, CardRow, card->row_interrupt).shared);

    card->coalesce_generation++;
    cardcore_clock(resource, card->now_s);
    while (resource->head != CARD_NONE) {
        const guint32 index = cardcore_dequeue(card, resource);
        resource->busy++;
        grant(card, index);
    }
}

static void
coalesce_add(Card *card, CardResource *resource, guint32 index)
{
    cardcore_enqueue(card, resource, index);
    if (resource->queued >= card->spec.coalesce_requests)
        cardflow_coalesced(card);
    else if (resource->queued == 1)
        calendar_add(&card->calendar, card->now_s + card->spec.coalesce_s, CARD_EVENT_COALESCE,
                     card->coalesce_generation);
}

static void
visit_end(Card *card, CardRequest *request, const CardVisit *visit)
{
    if (visit->returns)
        release_server(card, request->where, request->arrived_s);
    request->flags &= (guint16)~CARD_FLAG_AT_STATION;
    if (request->held & visit->releases)
        release_holds(card, request, request->held & visit->releases);
    request->visit++;
}

/* FALSE: the request has to wait there. */
static gboolean
acquire(Card *card, guint32 index, CardRequest *request, guint32 resource_index, const CardVisit *visit)
{
    CardResource *resource = cardcore_resource(card, resource_index);
    const guint16 called = request->flags & CARD_FLAGS_CALLED;

    request->flags &= (guint16)~CARD_FLAGS_CALLED;
    cardcore_clock(resource, card->now_s);
    request->arrived_s = card->now_s;
    request->where = resource_index;
    request->flags |= CARD_FLAG_AT_STATION;
    if (visit->kind == CARD_VISIT_INTERRUPT && card->spec.coalesce_requests > 1) {
        coalesce_add(card, resource, index);
        return FALSE;
    }
    if (resource->busy >= resource->servers) {
        cardcore_enqueue(card, resource, index);
        return FALSE;
    }
    if (G_UNLIKELY(visit->wake_s > 0 || visit->notify_s > 0) && !(called & CARD_FLAG_FOUND) &&
        cardcore_sleeps(card, resource, visit)) {
        resource->wakes++;
        if (visit->wake_s > 0 && !(called & CARD_FLAG_QUEUED))
            request->flags |= CARD_FLAG_WAKES;
    }
    resource->preempted = FALSE;
    resource->busy++;
    return TRUE;
}

/* The answers of one packet go their own ways again. */
static void
split_group(Card *card, CardRequest *leader)
{
    const guint visit = leader->visit;
    guint32 index = leader->follower;

    leader->follower = CARD_NONE;
    leader->in_bytes = leader->bytes;
    leader->out_bytes = cardspec_output_bytes(&card->spec, (CardAlgorithm)leader->algorithm, leader->bytes);
    while (index != CARD_NONE) {
        CardRequest *request = &card->requests[index];
        const CardRoute *route = request->vm->route;
        const guint32 next = request->follower;
        request->follower = CARD_NONE;
        request->flags &= (guint16)~CARD_FLAG_FOLLOWS;
        for (guint v = request->visit; v < visit; v++)
            release_holds(card, request, request->held & route->visits[v].releases);
        request->visit = (guint8)visit;
        cardflow_ready(card, index);
        index = next;
    }
}

static void
finish(Card *card, guint32 index, CardRequest *request, CardVm *vm)
{
    const CardStatus status = (CardStatus)request->status;
    const double latency_s = card->now_s - request->issued_s;
    const gboolean own = request->tag == CARD_OWN;

    card->answers++;
    vm->outstanding--;
    vm->calls -= !own;
    if (status == CARD_DONE) {
        vm->done++;
        vm->bytes += request->bytes;
        card->done++;
        card->latency_sum_s += latency_s;
        histogram_add(&vm->latency, latency_s);
    } else if (status == CARD_REJECTED) {
        vm->rejected++;
    } else {
        vm->refused++;
    }
    if (card->on_done) {
        const CardAnswer answer = {vm->number,  vm->name,       request->id,  request->issued_s,
                                   card->now_s, request->bytes, request->tag, status};
        card->on_done(&answer, card->on_done_data);
    }
    cardflow_free(card, index);
    if (own && cardload_is_closed(&vm->player.load))
        card_answered(card, vm, status);
}

/* A request that is too large sees the guest's library (its first station) and no more. */
static gboolean
is_at_end(const CardRequest *request, const CardRoute *route)
{
    return request->visit >= route->n_visits || (request->status == CARD_REJECTED && request->visit > 0);
}

/* What only a few requests need before a visit: packets come apart, abandoned requests vanish, some visits are passed
 * by. FALSE when the request is gone. */
static gboolean
look_twice(Card *card, guint32 index, CardRequest *request)
{
    const CardRoute *route = request->vm->route;

    for (;;) {
        const CardVisit *visit = &route->visits[request->visit];
        const gboolean at_end = is_at_end(request, route);
        if (request->follower != CARD_NONE && (at_end || visit->splits))
            split_group(card, request);
        if (request->flags & CARD_FLAG_ABANDONED && request->follower == CARD_NONE && (at_end || !visit->in_card)) {
            cardflow_drop(card, index);
            return FALSE;
        }
        if (at_end)
            request->visit = (guint8)route->n_visits;
        if (at_end || cardcore_visits(visit, request->algorithm, request->status))
            return TRUE;
        release_holds(card, request, request->held & visit->releases);
        request->visit++;
    }
}

/* The request goes on from its visit until it has to wait, is being served, or is answered. */
static void
proceed(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];
    CardVm *vm = request->vm;
    const CardRoute *route = vm->route;

    for (;;) {
        if (G_UNLIKELY(request->flags & CARD_FLAG_SPECIAL) && !look_twice(card, index, request))
            return;
        if (request->visit == route->n_visits) {
            if (request->held)
                release_holds(card, request, request->held);
            finish(card, index, request, vm);
            return;
        }
        const CardVisit *visit = &route->visits[request->visit];
        if (visit->acquires &&
            !acquire(card, index, request, cardcore_where(card, vm, visit, request->visit, request->algorithm), visit))
            return;
        if (serve(card, index, request, vm, visit))
            return;
        visit_end(card, request, visit);
    }
}

static void
end_service(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];

    visit_end(card, request, &request->vm->route->visits[request->visit]);
}

/* Whom this one let go goes first: a thread that takes a finished request from the card gives it the next one before it
 * sends the answer. */
static void
leave(Card *card, guint32 index)
{
    end_service(card, index);
    if (card->ready_head != CARD_NONE)
        cardflow_ready(card, index);
    else
        proceed(card, index);
}

/* The request's server runs. What has come while it woke is there to be grouped; the wake was no work of its. */
static void
woken(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];
    const CardVisit *visit = &request->vm->route->visits[request->visit];
    CardResource *resource = cardcore_resource(card, request->where);

    request->flags &= (guint16)~CARD_FLAG_WAKES;
    resource->stalled_s += cardcore_since_s(card, request->arrived_s);
    if (visit->group_max > 1) {
        cardcore_clock(resource, card->now_s);
        form_group(card, resource, index, visit);
    }
    if (!serve(card, index, request, request->vm, visit))
        leave(card, index);
}

/* Whether the server that the request goes to next sleeps, so that this one has to wake it first: it is then served
 * that much longer here. */
static gboolean
notifies(Card *card, guint32 index, guint kind)
{
    CardRequest *request = &card->requests[index];
    const CardRoute *route = request->vm->route;
    const guint v = cardcore_next_visit(request);
    const CardVisit *next = &route->visits[v];

    if (request->flags & CARD_FLAG_NOTIFIED)
        return FALSE;
    if (v >= route->n_visits || next->notify_s <= 0 || !next->acquires ||
        route->visits[request->visit].kind != CARD_VISIT_SOFTWARE || request->flags & CARD_FLAG_ABANDONED)
        return FALSE;
    const guint32 where = cardcore_where(card, request->vm, next, v, request->algorithm);
    if (!cardcore_sleeps(card, cardcore_resource(card, where), next)) {
        request->flags |= CARD_FLAG_FOUND;
        return FALSE;
    }
    double call_s = next->notify_s;
    request->flags |= CARD_FLAG_NOTIFIED;
    if (next->works && cardprocessor_all_busy(card)) {
        request->flags |= CARD_FLAG_QUEUED;
        call_s = next->notify_queued_s;
    } else if (next->works && cardprocessor_halts(card, where)) {
        call_s += card->spec.halted_notify_s;
    }
    calendar_add(&card->calendar, card->now_s + call_s, kind, index);
    return TRUE;
}

static void
served(Card *card, guint32 index)
{
    if (G_UNLIKELY(card->requests[index].vm->route->notifies) && notifies(card, index, CARD_EVENT_SERVED))
        return;
    leave(card, index);
}

/* The processor goes to who waits for one before the station's server does: its next request asks behind those. */
static void
worked(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];
    const gboolean preempted = (request->flags & CARD_FLAG_QUEUED) != 0;
    const guint32 server = request->vm->resources[request->visit];

    if (G_UNLIKELY(request->vm->route->notifies) && notifies(card, index, CARD_EVENT_WORKED))
        return;
    cardprocessor_end(card, index);
    leave(card, index);
    if (preempted && cardcore_resource(card, server)->busy == 0)
        cardcore_resource(card, server)->preempted = TRUE;
}

/* Everything that can happen without time passing. */
void
cardflow_settle(Card *card)
{
    while (card->ready_head != CARD_NONE) {
        const guint32 index = card->ready_head;
        CardRequest *request = &card->requests[index];
        card->ready_head = request->next;
        if (card->ready_head == CARD_NONE)
            card->ready_tail = CARD_NONE;
        if (request->flags & CARD_FLAG_GRANTED) {
            request->flags &= (guint16)~CARD_FLAG_GRANTED;
            end_service(card, index);
            proceed(card, index);
        } else {
            proceed(card, index);
        }
    }
}

/* The events up to until_s, as long as fewer than `enough` answers have been given. */
void
cardflow_run(Card *card, double until_s, guint64 enough)
{
    CalendarEvent event;

    while (card->answers < enough && calendar_next_time(&card->calendar) <= until_s) {
        if (!calendar_take(&card->calendar, &event))
            return;
        card->now_s = event.time_s;
        if (G_UNLIKELY(!progress_event(&card->progress, event.time_s)))
            return;
        if (G_LIKELY(event.kind == CARD_EVENT_SERVED))
            served(card, event.id);
        else if (event.kind == CARD_EVENT_WORKED)
            worked(card, event.id);
        else if (event.kind == CARD_EVENT_WOKEN)
            woken(card, event.id);
        else
            card_handle(card, &event);
        if (card->ready_head != CARD_NONE)
            cardflow_settle(card);
    }
}
