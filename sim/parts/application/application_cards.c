/* Applications that call crypto cards: all graphs that do are one asker (card_call.h), of which the graph with the
 * earliest next event goes on first; of equal dates the one that was made first.
 *
 * Scope: an event of these graphs looks at all of them and at all cards. Graphs that call no card are advanced as
 * before.
 */
#include "sim/parts/application/application_world.h"

#include "sim/parts/card/card_call.h"

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

static double
next_event_s(gpointer data)
{
    double next_s = G_MAXDOUBLE;

    (void)first_graph(data, &next_s);
    return next_s;
}

static gboolean
advance_first(double to_s, gpointer data)
{
    double next_s = G_MAXDOUBLE;
    AppGraph *graph = first_graph(data, &next_s);

    appgraph_advance(graph, to_s);
    return !appgraph_fault(graph);
}

static void
settle(double to_s, gpointer data)
{
    const ApplicationWorld *own = data;

    for (guint i = 0; i < own->card_graphs->len; i++)
        appgraph_advance(g_ptr_array_index(own->card_graphs, i), to_s);
}

/* ---- the account ---- */

/* What applications wait for is what cards, sessions and the tickets between them have. */
char *
application_cards_fault(const ApplicationWorld *own)
{
    const guint64 at_cards = own->card_calls->len > 0 ? card_call_waiting(own->cards, &own->card_asker) : 0;
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
    if (g_ptr_array_find(own->card_graphs, graph, NULL))
        return;
    if (own->card_graphs->len == 0)
        card_call_join(own->cards, &own->card_asker);
    g_ptr_array_add(own->card_graphs, graph);
}

void
application_cards_add(ApplicationWorld *own, const Application *application, const CardCallSpec *call)
{
    const CardAsker asker = {next_event_s, advance_first, settle, told, own};
    ApplicationCardCall *made = g_new0(ApplicationCardCall, 1);
    const CardMix kind = {call->algorithm, (guint32)call->bytes, 1, (guint)call->key};

    own->card_asker = asker;
    made->own = own;
    made->graph = application->graph;
    made->client = card_call_session(own->cards, call->session);
    made->asked = (CardDemand){0, kind.algorithm, kind.bytes, kind.key};
    card_call_claim(made->client, &own->card_asker);
    card_call_expect(made->client, &kind);
    join_graph(own, application->graph);
    appgraph_add_server(application->graph, application->index, ask, made);
    g_ptr_array_add(own->card_calls, made);
}
