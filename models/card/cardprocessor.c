/* The host's processors, which the software of a card's paths shares.
 *
 * Source: paper, section 3.3, which says that one thread for all VMs takes less of the system's resources than a thread
 * per VM. These are that resource. A station at a host place (and, when the card says so, in a guest) needs a processor
 * while it works: once the request has won the station's server, it takes a free processor or waits for one, first
 * come, first served. A server that is held while something else happens (the card computes, a permit is awaited) uses
 * none.
 *
 * A thread whose next station follows at once on the server that it holds goes on without giving its processor away, so
 * that cutting a thread's work into two stations changes nothing.
 *
 * A switch (processor_switch_s) is paid when a processor goes to another thread than it ran last. A thread is a server
 * of one station; of a station with several or unlimited servers every start counts as another thread. A thread that
 * finds the processor idle that it ran on last takes that one, else the one that has been idle longest.
 *
 * Who wakes a server while no processor is idle only queues it (notify_queued_s). A processor that has been idle for a
 * while halts (processor_halts_s): waking a server on it then takes the waker and the server longer.
 *
 * Scope: no time slices (a request's work at a station, some microseconds, is far below a scheduler's), no priorities,
 * no affinity beyond the above, no caches.
 */
#include "models/card/cardcore.h"

/* Which thread works for a request; CARD_NONE: one that is never met again. */
static guint32
thread_of(const Card *card, const CardRequest *request)
{
    const guint32 resource = request->vm->resources[request->visit];

    return cardcore_resource(card, resource)->servers > 1 ? CARD_NONE : resource;
}

static guint32
find_idle(const Card *card, guint32 thread)
{
    const CardProcessor *states = card->processor_states;
    guint32 longest = CARD_NONE;

    for (guint32 p = 0; p < card->spec.processors; p++) {
        if (states[p].busy)
            continue;
        if (thread != CARD_NONE && states[p].thread == thread)
            return p;
        if (longest == CARD_NONE || states[p].idle_since_s < states[longest].idle_since_s)
            longest = p;
    }
    return longest;
}

static guint32
take_idle(Card *card, guint32 thread)
{
    const guint32 processor = find_idle(card, thread);

    card->processor_states[processor].busy = TRUE;
    return processor;
}

/* Time that the processor needs before it works for this request. */
static double
switch_to(Card *card, const CardRequest *request)
{
    if (!card->processor_states)
        return 0;
    CardProcessor *state = &card->processor_states[request->processor];
    const guint32 thread = thread_of(card, request);
    const gboolean same = thread != CARD_NONE && state->thread == thread;

    state->thread = thread;
    return same ? 0 : card->spec.processor_switch_s;
}

static void
run(Card *card, guint32 index)
{
    const CardRequest *request = &card->requests[index];
    const double time_s = switch_to(card, request) + cardflow_draw_s(card, request);

    calendar_add(&card->calendar, card->now_s + time_s, CARD_EVENT_WORKED, index);
}

void
cardprocessor_begin(Card *card, guint32 index)
{
    CardResource *processors = cardcore_resource(card, card->processors);
    CardRequest *request = &card->requests[index];

    if (request->flags & CARD_FLAG_PROCESSOR) {
        run(card, index); /* its thread goes on */
        return;
    }
    request->flags |= CARD_FLAG_PROCESSOR;
    request->wanted_s = card->now_s;
    cardcore_clock(processors, card->now_s);
    if (processors->busy >= processors->servers) {
        cardcore_enqueue(card, processors, index);
        return;
    }
    processors->busy++;
    if (card->processors_idle_from_s < card->now_s)
        card->processor_idle_s = card->now_s;
    if (card->processor_states)
        request->processor = take_idle(card, thread_of(card, request));
    run(card, index);
}

/* Whether the same thread has more to do for this request, at once. What is rare gives the processor back first. */
static gboolean
goes_on(const Card *card, const CardRequest *request)
{
    const CardVisit *visits = request->vm->route->visits;
    const CardVisit *visit = &visits[request->visit], *next = &visits[cardcore_next_visit(request)];

    return next->works && !next->acquires && next->row == visit->row && request->status == CARD_DONE &&
           request->follower == CARD_NONE && !(request->flags & CARD_FLAG_ABANDONED) &&
           cardcore_mean_s(card, next, request->algorithm, request->in_bytes, request->out_bytes) > 0;
}

/* To the first that waits, if any; until now its server stood still. */
static void
pass_on(Card *card, CardResource *processors, guint32 processor)
{
    if (processors->head == CARD_NONE) {
        if (cardprocessor_all_busy(card))
            card->processors_idle_from_s = card->now_s;
        processors->busy--;
        if (card->processor_states) {
            card->processor_states[processor].busy = FALSE;
            card->processor_states[processor].idle_since_s = card->now_s;
        }
        return;
    }
    const guint32 index = cardcore_dequeue(card, processors);
    CardRequest *request = &card->requests[index];
    CardResource *station = cardcore_resource(card, request->vm->resources[request->visit]);

    station->stalled_s += cardcore_since_s(card, request->wanted_s);
    request->processor = processor;
    run(card, index);
}

void
cardprocessor_end(Card *card, guint32 index)
{
    CardResource *processors = cardcore_resource(card, card->processors);
    CardRequest *request = &card->requests[index];

    if (goes_on(card, request))
        return;
    request->flags &= (guint16)~CARD_FLAG_PROCESSOR;
    cardcore_clock(processors, card->now_s);
    cardcore_count_departure(card, processors, request->wanted_s);
    pass_on(card, processors, request->processor);
}

gboolean
cardprocessor_all_busy(const Card *card)
{
    if (card->processors == CARD_NONE)
        return FALSE;
    const CardResource *processors = cardcore_resource(card, card->processors);

    return processors->busy >= processors->servers;
}

gboolean
cardprocessor_halts(const Card *card, guint32 server)
{
    if (!card->processor_states || card->spec.processor_halts_s <= 0)
        return FALSE;
    const guint32 processor = find_idle(card, server);

    return processor != CARD_NONE &&
           card->now_s - card->processor_states[processor].idle_since_s >= card->spec.processor_halts_s;
}

void
cardprocessor_reset(Card *card)
{
    for (guint32 p = 0; p < card->spec.processors; p++)
        card->processor_states[p] = (CardProcessor){.thread = CARD_NONE};
}

/* Seconds of a processor that one request needs on its way, switches apart. */
double
cardprocessor_work_s(const Card *card, const CardRoute *route, CardAlgorithm algorithm, guint32 bytes)
{
    const guint32 out = cardspec_output_bytes(&card->spec, algorithm, bytes);
    double sum_s = 0;

    for (guint v = 0; v < route->n_visits; v++)
        if (route->visits[v].works && cardcore_visits(&route->visits[v], algorithm, CARD_DONE))
            sum_s += cardcore_mean_s(card, &route->visits[v], algorithm, bytes, out);
    return sum_s;
}
