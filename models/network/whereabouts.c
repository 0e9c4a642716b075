#include "models/network/whereabouts.h"

#include <math.h>

enum { NOWHERE = G_MAXUINT };

typedef struct {
    WhereaboutsGuest config;
    guint host; /* where it runs or ran last; NOWHERE: it never did */
    gboolean runs;
    double stopped_s;
    guint pointed; /* CONTROLLER: to that host */
    guint round;   /* of the announcements, the next one */
    /* dates of the events that count; others in the calendar are stale. INFINITY: none */
    double announce_s, speak_s, point_s, look_s;
    gint last_move;         /* -1: it never moved */
    gboolean sought;        /* it is not found after that move yet */
    WhereaboutsCause heard; /* since that move */
    GArray *places;         /* owned, of guint: of its clients */
} Guest;

struct Whereabouts {
    Fabric *fabric; /* owned; NULL: none */
    Announcement announcement;
    Controller controller;
    gboolean controlled;
    GPtrArray *guests;  /* owned, of Guest */
    GArray *moves;      /* owned, of WhereaboutsMove */
    Calendar *calendar; /* borrowed */
};

/* ---- building ---- */

static void
guest_free(gpointer data)
{
    Guest *guest = data;

    g_array_unref(guest->places);
    g_free(guest);
}

Whereabouts *
whereabouts_new(Fabric *fabric, const Announcement *announcement, const Controller *controller, Calendar *calendar)
{
    Whereabouts *net = g_new0(Whereabouts, 1);

    net->fabric = fabric;
    net->announcement = *announcement;
    net->controlled = controller != NULL;
    if (controller)
        net->controller = *controller;
    net->guests = g_ptr_array_new_with_free_func(guest_free);
    net->moves = g_array_new(FALSE, FALSE, sizeof(WhereaboutsMove));
    net->calendar = calendar;
    return net;
}

void
whereabouts_free(Whereabouts *net)
{
    g_clear_pointer(&net->fabric, fabric_free);
    g_ptr_array_unref(net->guests);
    g_array_unref(net->moves);
    g_free(net);
}

static Guest *
guest_of(const Whereabouts *net, guint guest)
{
    return g_ptr_array_index(net->guests, guest);
}

guint
whereabouts_add_guest(Whereabouts *net, const WhereaboutsGuest *config)
{
    Guest *guest = g_new0(Guest, 1);

    guest->config = *config;
    guest->host = guest->pointed = NOWHERE;
    guest->announce_s = guest->speak_s = guest->point_s = guest->look_s = INFINITY;
    guest->stopped_s = NAN;
    guest->last_move = -1;
    guest->places = g_array_new(FALSE, FALSE, sizeof(guint));
    g_ptr_array_add(net->guests, guest);
    return net->guests->len - 1;
}

void
whereabouts_add_client(Whereabouts *net, guint number, guint place)
{
    g_array_append_val(guest_of(net, number)->places, place);
}

static WhereaboutsMove *
last_move(const Whereabouts *net, const Guest *guest)
{
    return &g_array_index(net->moves, WhereaboutsMove, (guint)guest->last_move);
}

/* ---- where frames go ---- */

static gboolean
leads_to(Whereabouts *net, guint number, guint place, double now_s)
{
    const Guest *guest = guest_of(net, number);

    if (net->controlled)
        return guest->pointed == guest->host;
    return !net->fabric || fabric_reaches(net->fabric, number, place, guest->host, now_s);
}

gboolean
whereabouts_reaches(Whereabouts *net, guint guest, guint place, double now_s)
{
    return guest_of(net, guest)->runs && leads_to(net, guest, place, now_s);
}

double
whereabouts_next_change_s(Whereabouts *net, guint number, guint place, double now_s)
{
    const Guest *guest = guest_of(net, number);
    double next_s = MIN(guest->point_s, MIN(guest->announce_s, guest->speak_s));

    if (guest->host == NOWHERE || !net->fabric || net->controlled)
        return next_s;
    return MIN(next_s, fabric_next_change_s(net->fabric, number, place, guest->host, now_s));
}

static gboolean
is_flooded(Whereabouts *net, guint number, double now_s)
{
    const Guest *guest = guest_of(net, number);

    for (guint i = 0; net->fabric && !net->controlled && i < guest->places->len; i++)
        if (fabric_floods(net->fabric, number, g_array_index(guest->places, guint, i), guest->host, now_s))
            return TRUE;
    return FALSE;
}

/* Which of several causes it was. An entry that is learned while another one of the way is gone by age is the frame's
 * doing, unless a bridge still sends everywhere. */
static WhereaboutsCause
cause_of(Whereabouts *net, guint number, double now_s)
{
    const Guest *guest = guest_of(net, number);
    const WhereaboutsMove *move = last_move(net, guest);

    if (!(now_s > move->resumed_s) && guest->heard == WHEREABOUTS_AT_ONCE)
        return WHEREABOUTS_AT_ONCE;
    if (net->controlled)
        return WHEREABOUTS_CONTROLLER;
    return is_flooded(net, number, now_s) ? WHEREABOUTS_AGEING : guest->heard;
}

/* Of a guest that has moved: whether all its clients find it now; if not, when to look again. */
static void
look_for(Whereabouts *net, guint number, double now_s)
{
    Guest *guest = guest_of(net, number);
    double again_s = INFINITY;
    gboolean found = TRUE;

    if (!guest->sought || !guest->runs)
        return;
    for (guint i = 0; i < guest->places->len; i++) {
        const guint place = g_array_index(guest->places, guint, i);
        found &= leads_to(net, number, place, now_s);
        if (net->fabric && !net->controlled)
            again_s = MIN(again_s, fabric_next_change_s(net->fabric, number, place, guest->host, now_s));
    }
    if (found) {
        WhereaboutsMove *move = last_move(net, guest);
        move->reachable_s = now_s;
        move->cause = cause_of(net, number, now_s);
        guest->sought = FALSE;
        guest->look_s = INFINITY;
    } else if (again_s < INFINITY && again_s != guest->look_s) {
        guest->look_s = again_s;
        calendar_add(net->calendar, again_s, WHEREABOUTS_LOOK, number);
    }
}

/* ---- what bridges and the controller hear ---- */

static void
begin_to_point(Whereabouts *net, guint number, double now_s)
{
    Guest *guest = guest_of(net, number);

    if (guest->pointed == guest->host || guest->point_s < INFINITY)
        return;
    guest->point_s = now_s + controller_delay_s(&net->controller, &guest->config.delays);
    calendar_add(net->calendar, guest->point_s, WHEREABOUTS_POINT, number);
}

/* A frame that everybody may hear, of the guest or of somebody who announces it. */
static void
broadcast(Whereabouts *net, guint number, double now_s, WhereaboutsCause cause)
{
    Guest *guest = guest_of(net, number);

    if (net->fabric)
        fabric_broadcast(net->fabric, number, guest->host, now_s);
    if (net->controlled && net->controller.begins == CONTROLLER_AT_FRAME)
        begin_to_point(net, number, now_s);
    if (guest->sought && guest->heard == WHEREABOUTS_AT_ONCE)
        guest->heard = cause;
    look_for(net, number, now_s);
}

void
whereabouts_answer(Whereabouts *net, guint number, guint place, double now_s)
{
    Guest *guest = guest_of(net, number);

    if (!net->fabric || net->controlled)
        return;
    fabric_unicast(net->fabric, number, guest->host, place, now_s);
    if (guest->sought && guest->heard == WHEREABOUTS_AT_ONCE)
        guest->heard = WHEREABOUTS_OWN_FRAME;
    look_for(net, number, now_s);
}

/* ---- guests ---- */

static void
schedule_announcement(Whereabouts *net, guint number, double resumed_s)
{
    Guest *guest = guest_of(net, number);

    guest->announce_s = INFINITY;
    if (guest->round >= announcement_rounds(&net->announcement))
        return;
    guest->announce_s = resumed_s + announcement_at_s(&net->announcement, guest->round);
    calendar_add(net->calendar, guest->announce_s, WHEREABOUTS_ANNOUNCE, number);
}

static void
announce(Whereabouts *net, guint number, double now_s)
{
    Guest *guest = guest_of(net, number);
    WhereaboutsMove *move = last_move(net, guest);

    guest->round++;
    schedule_announcement(net, number, move->resumed_s);
    if (announcement_is_lost(&net->announcement, &guest->config.losses)) {
        move->lost++;
        return;
    }
    if (isnan(move->announced_s))
        move->announced_s = now_s;
    broadcast(net, number, now_s, WHEREABOUTS_ANNOUNCEMENT);
}

static void
schedule_own_frame(Whereabouts *net, guint number, double at_s)
{
    Guest *guest = guest_of(net, number);

    guest->speak_s = at_s;
    if (at_s < INFINITY)
        calendar_add(net->calendar, at_s, WHEREABOUTS_SPEAK, number);
}

static void
begin_move(Whereabouts *net, guint number, guint from, double now_s)
{
    Guest *guest = guest_of(net, number);
    const WhereaboutsMove move = {.guest = number,
                                  .from = from,
                                  .to = guest->host,
                                  .stopped_s = guest->stopped_s,
                                  .resumed_s = now_s,
                                  .announced_s = NAN,
                                  .reachable_s = NAN,
                                  .cause = WHEREABOUTS_NEVER};

    g_array_append_val(net->moves, move);
    guest->last_move = (gint)net->moves->len - 1;
    guest->sought = TRUE;
    guest->heard = WHEREABOUTS_AT_ONCE;
    guest->round = 0;
    if (net->fabric)
        fabric_depart(net->fabric, number, from);
    schedule_announcement(net, number, now_s);
    if (net->controlled && net->controller.begins == CONTROLLER_AT_RESUME)
        begin_to_point(net, number, now_s);
    look_for(net, number, now_s);
}

void
whereabouts_runs(Whereabouts *net, guint number, guint host, double now_s)
{
    Guest *guest = guest_of(net, number);
    const guint from = guest->host;

    guest->runs = TRUE;
    guest->host = host;
    schedule_own_frame(net, number, now_s + guest->config.speaks_after_s);
    if (from == NOWHERE) {
        guest->pointed = host;
        if (net->fabric)
            fabric_broadcast(net->fabric, number, host, now_s);
    } else if (from != host) {
        guest->point_s = INFINITY;
        begin_move(net, number, from, now_s);
    } else {
        look_for(net, number, now_s);
    }
}

void
whereabouts_stops(Whereabouts *net, guint number, double now_s)
{
    Guest *guest = guest_of(net, number);

    guest->runs = FALSE;
    guest->stopped_s = now_s;
    guest->speak_s = guest->announce_s = INFINITY;
}

/* ---- events ---- */

/* Whether an event is the one that counts; it does so once. */
static gboolean
is_due(double *due_s, double at_s)
{
    if (at_s < *due_s || at_s > *due_s)
        return FALSE;
    *due_s = INFINITY;
    return TRUE;
}

void
whereabouts_happen(Whereabouts *net, const CalendarEvent *event)
{
    Guest *guest = guest_of(net, event->id);

    if (event->kind == WHEREABOUTS_ANNOUNCE && is_due(&guest->announce_s, event->time_s)) {
        announce(net, event->id, event->time_s);
    } else if (event->kind == WHEREABOUTS_SPEAK && is_due(&guest->speak_s, event->time_s)) {
        schedule_own_frame(net, event->id, event->time_s + guest->config.speaks_every_s);
        broadcast(net, event->id, event->time_s, WHEREABOUTS_OWN_FRAME);
    } else if (event->kind == WHEREABOUTS_POINT && is_due(&guest->point_s, event->time_s)) {
        guest->pointed = guest->host;
        look_for(net, event->id, event->time_s);
    } else if (event->kind == WHEREABOUTS_LOOK && is_due(&guest->look_s, event->time_s)) {
        look_for(net, event->id, event->time_s);
    }
}

const GArray *
whereabouts_moves(const Whereabouts *net)
{
    return net->moves;
}
