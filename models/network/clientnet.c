#include "models/network/clientnet.h"

#include "models/base/progress.h"

#include <math.h>

/* What the calendar holds besides; id: a probe or a request. */
enum {
    EVENT_ASK = WHEREABOUTS_EVENTS, /* a probe's next request comes to where the guest is */
    EVENT_AGAIN,                    /* so does a request that was sent again, or first over a new connection */
    EVENT_GIVE_UP                   /* a client stops waiting */
};

typedef struct {
    ProbeConfig config;
    ProbeSeen seen;
    guint guest, place;
    gboolean reconnects; /* TCP */
} Client;

typedef struct {
    ProbeRequest asked;
    guint client;
    gboolean pending; /* else its place is free */
} Request;

struct ClientNet {
    Calendar calendar;
    Whereabouts *whereabouts; /* owned */
    GPtrArray *clients;       /* owned, of Client */
    GArray *requests;         /* owned, of Request */
    GArray *free;             /* owned, of guint: their places */
    GArray *answers_s;        /* owned, of double: by guest, from when on it answers what comes to it */
    Progress progress;
    guint64 events;
};

/* ---- building ---- */

static void
client_free(gpointer data)
{
    Client *client = data;

    probe_clear(&client->seen);
    g_free(client);
}

ClientNet *
clientnet_new(Fabric *fabric, const Announcement *announcement, const Controller *controller)
{
    ClientNet *net = g_new0(ClientNet, 1);

    calendar_init(&net->calendar);
    net->whereabouts = whereabouts_new(fabric, announcement, controller, &net->calendar);
    net->clients = g_ptr_array_new_with_free_func(client_free);
    net->requests = g_array_new(FALSE, FALSE, sizeof(Request));
    net->free = g_array_new(FALSE, FALSE, sizeof(guint));
    net->answers_s = g_array_new(FALSE, TRUE, sizeof(double));
    return net;
}

void
clientnet_free(ClientNet *net)
{
    whereabouts_free(net->whereabouts);
    g_ptr_array_unref(net->clients);
    g_array_unref(net->requests);
    g_array_unref(net->free);
    g_array_unref(net->answers_s);
    calendar_clear(&net->calendar);
    g_free(net);
}

static Client *
client_of(const ClientNet *net, guint client)
{
    return g_ptr_array_index(net->clients, client);
}

guint
clientnet_add_guest(ClientNet *net, const WhereaboutsGuest *guest)
{
    g_array_set_size(net->answers_s, net->answers_s->len + 1);
    return whereabouts_add_guest(net->whereabouts, guest);
}

void
clientnet_add_client(ClientNet *net, guint guest, guint place)
{
    whereabouts_add_client(net->whereabouts, guest, place);
}

/* A first request is in the calendar for the date at which it comes to the guest's network. */
guint
clientnet_add_probe(ClientNet *net, const ProbeConfig *config, guint guest, guint place)
{
    Client *client = g_new0(Client, 1);

    client->config = *config;
    client->guest = guest;
    client->place = place;
    probe_init(&client->seen, config);
    g_ptr_array_add(net->clients, client);
    whereabouts_add_client(net->whereabouts, guest, place);
    calendar_add(&net->calendar, config->start_s + config->rtt_s / 2, EVENT_ASK, net->clients->len - 1);
    return net->clients->len - 1;
}

/* ---- guests ---- */

void
clientnet_guest_runs(ClientNet *net, guint guest, guint host, double now_s, double answers_s)
{
    g_array_index(net->answers_s, double, guest) = answers_s;
    whereabouts_runs(net->whereabouts, guest, host, now_s);
}

void
clientnet_guest_stops(ClientNet *net, guint guest, double now_s)
{
    whereabouts_stops(net->whereabouts, guest, now_s);
}

gboolean
clientnet_reaches(ClientNet *net, guint guest, guint place, double now_s)
{
    return whereabouts_reaches(net->whereabouts, guest, place, now_s);
}

void
clientnet_answer(ClientNet *net, guint guest, guint place, double now_s)
{
    whereabouts_answer(net->whereabouts, guest, place, now_s);
}

double
clientnet_next_change_s(ClientNet *net, guint guest, guint place, double now_s)
{
    return whereabouts_next_change_s(net->whereabouts, guest, place, now_s);
}

/* ---- clients ---- */

static void
settle(ClientNet *net, guint id)
{
    g_array_index(net->requests, Request, id).pending = FALSE;
    g_array_append_val(net->free, id);
}

static guint
take_place(ClientNet *net, const Request *request)
{
    if (net->free->len == 0) {
        g_array_append_vals(net->requests, request, 1);
        return net->requests->len - 1;
    }
    const guint id = g_array_index(net->free, guint, net->free->len - 1);
    g_array_set_size(net->free, net->free->len - 1);
    g_array_index(net->requests, Request, id) = *request;
    return id;
}

/* The next request of a client begins at that date. */
static void
schedule_request(ClientNet *net, guint number, double at_s)
{
    const Client *client = client_of(net, number);

    if (at_s < client->config.end_s)
        calendar_add(&net->calendar, at_s + client->config.rtt_s / 2, EVENT_ASK, number);
}

/* When the guest answers the client's frame of now; NAN: it does not come to it. */
static double
exchange(ClientNet *net, const Client *client, double now_s)
{
    if (!clientnet_reaches(net, client->guest, client->place, now_s))
        return NAN;
    clientnet_answer(net, client->guest, client->place, now_s);
    return MAX(now_s, g_array_index(net->answers_s, double, client->guest));
}

/* A request has come to where the guest should be. */
static void
deliver(ClientNet *net, guint id, double now_s)
{
    Request *request = &g_array_index(net->requests, Request, id);
    Client *client = client_of(net, request->client);
    const double half_s = client->config.rtt_s / 2;
    double gives_up_s;

    const double answered_s = exchange(net, client, now_s);
    if (!isnan(answered_s)) {
        if (!probe_answer(&client->seen, &client->config, &request->asked, answered_s + half_s)) {
            calendar_add(&net->calendar, answered_s + client->config.rtt_s, EVENT_AGAIN, id);
            return;
        }
        if (client->config.kind == PROBE_TCP)
            schedule_request(net, request->client, answered_s + half_s + client->config.interval_s);
        settle(net, id);
        return;
    }
    const double again_s = probe_again_s(&client->seen, &client->config, &request->asked, &gives_up_s);
    if (isnan(again_s))
        calendar_add(&net->calendar, MAX(gives_up_s, now_s), EVENT_GIVE_UP, id);
    else
        calendar_add(&net->calendar, again_s + half_s, EVENT_AGAIN, id);
}

static void
give_up(ClientNet *net, guint id, double now_s)
{
    Request *request = &g_array_index(net->requests, Request, id);
    Client *client = client_of(net, request->client);

    probe_give_up(&client->seen, &request->asked, now_s);
    if (client->config.kind == PROBE_TCP) {
        client->reconnects = TRUE;
        schedule_request(net, request->client, now_s + client->config.interval_s);
    }
    settle(net, id);
}

static void
ask(ClientNet *net, guint number, double now_s)
{
    Client *client = client_of(net, number);
    const ProbeConfig *config = &client->config;
    const double asked_s = now_s - config->rtt_s / 2;

    if (config->kind != PROBE_TCP)
        schedule_request(net, number, config->start_s + (double)(client->seen.sent + 1) * config->interval_s);
    if (config->kind == PROBE_PING || config->kind == PROBE_UDP) {
        const double answered_s = exchange(net, client, now_s);
        probe_datagram(&client->seen, config, asked_s,
                       answered_s == now_s ? asked_s + config->rtt_s : answered_s + config->rtt_s / 2);
        return;
    }
    const Request request = {probe_request(&client->seen, config, asked_s, client->reconnects), number, TRUE};
    client->reconnects = FALSE;
    deliver(net, take_place(net, &request), now_s);
}

/* ---- the calendar ---- */

static void
happen(ClientNet *net, const CalendarEvent *event)
{
    if (event->kind == EVENT_ASK)
        ask(net, event->id, event->time_s);
    else if (event->kind == EVENT_AGAIN)
        deliver(net, event->id, event->time_s);
    else if (event->kind == EVENT_GIVE_UP)
        give_up(net, event->id, event->time_s);
    else
        whereabouts_happen(net->whereabouts, event);
}

gboolean
clientnet_advance(ClientNet *net, double until_s)
{
    CalendarEvent event = {0};

    while (calendar_next_time(&net->calendar) <= until_s) {
        calendar_take(&net->calendar, &event);
        happen(net, &event);
        net->events++;
        if (!progress_event(&net->progress, event.time_s))
            return FALSE;
    }
    return TRUE;
}

void
clientnet_finish(ClientNet *net, double end_s)
{
    for (guint i = 0; i < net->requests->len; i++) {
        const Request *request = &g_array_index(net->requests, Request, i);
        if (request->pending)
            probe_close_request(&client_of(net, request->client)->seen, &request->asked, end_s);
    }
    for (guint i = 0; i < net->clients->len; i++)
        probe_finish(&client_of(net, i)->seen, &client_of(net, i)->config, end_s);
}

/* ---- what was seen ---- */

const ProbeSeen *
clientnet_seen(const ClientNet *net, guint probe)
{
    return &client_of(net, probe)->seen;
}

const GArray *
clientnet_moves(const ClientNet *net)
{
    return whereabouts_moves(net->whereabouts);
}

guint64
clientnet_events(const ClientNet *net)
{
    return net->events;
}
