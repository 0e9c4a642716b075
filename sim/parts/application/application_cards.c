/* Applications that call crypto cards: a graph and the cards have a calendar each, and neither may pass a date at which
 * the other may still ask or answer.
 *
 * So they go on by turns, the one with the earlier next event to exactly that date; of equal dates the graph first, and
 * of several graphs the one that was made first. A call is asked while the graph is at its date, when no card is beyond
 * it, and answered while the card is, when no graph is. The order of all events follows from their dates alone,
 * whoever looks how often.
 *
 * Scope: an event of these graphs looks at all of them and at all cards. Graphs that call no card are advanced as
 * before.
 */
#include "sim/parts/application/application_world.h"

#include "sim/parts/card/card_call.h"
#include "sim/world/guard.h"

/* ---- calls ---- */

static guint32
take_ticket(ApplicationWorld *own, AppGraph *graph, guint32 request)
{
    const ApplicationTicket taken = {graph, request, CARD_OWN};
    const guint32 free = own->ticket_free;

    if (free == CARD_OWN) {
        g_array_append_val(own->tickets, taken);
        return own->tickets->len - 1;
    }
    ApplicationTicket *ticket = &g_array_index(own->tickets, ApplicationTicket, free);
    own->ticket_free = ticket->next_free;
    *ticket = taken;
    return free;
}

static void
ask(guint32 request, double at_s, gpointer data)
{
    const ApplicationCardCall *call = data;
    CardDemand asked = call->asked;

    asked.due_s = at_s;
    card_call_ask(call->client, &asked, take_ticket(call->own, call->graph, request));
}

static void
told(guint32 tag, gboolean is_answered, double at_s, gpointer data)
{
    ApplicationWorld *own = data;
    ApplicationTicket *ticket = &g_array_index(own->tickets, ApplicationTicket, tag);

    appgraph_answer(ticket->graph, ticket->request, at_s, !is_answered);
    ticket->next_free = own->ticket_free;
    own->ticket_free = tag;
}

/* ---- time ---- */

/* The first of the graphs with the earliest next event; there is one. */
static AppGraph *
first_graph(const ApplicationWorld *own, double *next_s)
{
    AppGraph *first = NULL;

    for (guint i = 0; i < own->card_graphs->len; i++) {
        AppGraph *graph = g_ptr_array_index(own->card_graphs, i);
        const double at_s = appgraph_next_s(graph);
        if (first && at_s >= *next_s)
            continue;
        first = graph;
        *next_s = at_s;
    }
    return first;
}

/* FALSE: nothing is left to happen by that date, or it cannot go on. */
static gboolean
take_turn(const ApplicationWorld *own, double to_s)
{
    double graph_s = G_MAXDOUBLE;
    AppGraph *graph = first_graph(own, &graph_s);
    const double cards_s = card_call_next_s(own->cards);

    if (MIN(graph_s, cards_s) > to_s || !guard_goes_on())
        return FALSE;
    if (graph_s > cards_s) {
        card_call_step(own->cards, cards_s);
        return TRUE;
    }
    appgraph_advance(graph, graph_s);
    return !appgraph_fault(graph);
}

void
application_cards_advance(const ApplicationWorld *own, double to_s)
{
    while (take_turn(own, to_s))
        ;
    for (guint i = 0; i < own->card_graphs->len; i++)
        appgraph_advance(g_ptr_array_index(own->card_graphs, i), to_s);
    card_call_step(own->cards, to_s);
}

static void
ahead(double to_s, gpointer data)
{
    application_cards_advance(data, to_s);
}

static double
next_event_s(gpointer data)
{
    double next_s = G_MAXDOUBLE;

    (void)first_graph(data, &next_s);
    return next_s;
}

/* ---- the account ---- */

/* What applications wait for is what cards, sessions and the tickets between them have. */
char *
application_cards_fault(const ApplicationWorld *own)
{
    const guint64 at_cards = own->card_calls->len > 0 ? card_call_waiting(own->cards) : 0;
    guint64 tickets = own->tickets->len, waiting = 0;

    for (guint32 i = own->ticket_free; i != CARD_OWN; i = g_array_index(own->tickets, ApplicationTicket, i).next_free)
        tickets--;
    for (guint i = 0; i < own->applications->len; i++) {
        const Application *application = g_ptr_array_index(own->applications, i);
        const AppElsewhere *calls = appgraph_elsewhere(application->graph, application->index);
        waiting += calls->asked - calls->answered - calls->lost;
    }
    if (waiting == tickets && tickets == at_cards)
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT " calls to cards wait, %" G_GUINT64_FORMAT
                           " have not been told of, and the cards have %" G_GUINT64_FORMAT,
                           waiting, tickets, at_cards);
}

/* ---- making ---- */

static void
join_graph(ApplicationWorld *own, AppGraph *graph)
{
    const CardCallers callers = {ahead, next_event_s, told, own};

    if (g_ptr_array_find(own->card_graphs, graph, NULL))
        return;
    if (own->card_graphs->len == 0)
        card_call_join(own->cards, &callers);
    g_ptr_array_add(own->card_graphs, graph);
}

void
application_cards_add(ApplicationWorld *own, const Application *application, const CardCallSpec *call)
{
    ApplicationCardCall *made = g_new0(ApplicationCardCall, 1);
    const CardMix kind = {call->algorithm, (guint32)call->bytes, 1, (guint)call->key};

    made->own = own;
    made->graph = application->graph;
    made->client = card_call_session(own->cards, call->session);
    made->asked = (CardDemand){0, kind.algorithm, kind.bytes, kind.key};
    card_call_expect(made->client, &kind);
    join_graph(own, application->graph);
    appgraph_add_server(application->graph, application->index, ask, made);
    g_ptr_array_add(own->card_calls, made);
}
