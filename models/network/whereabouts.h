/* Where guests are, and where the network believes that they are: what becomes of a frame to a guest while it moves.
 *
 * A frame comes to a guest when the guest runs and the network leads to its host: the tables of a fabric of bridges
 * (fabric.h), or a controller's word (controller.h); where there is neither, always. A guest that runs on a new host
 * becomes known there by announcements (announcement.h), by frames of its own, by answers to frames that were flooded,
 * or when the entries that lead to the old host grow too old:
 *
 *     blackout = downtime + the first of these that arrives + the delay of learning.
 *
 * What is to happen by itself stands in a calendar (base/calendar.h) of whoever calls, who hands it back when its date
 * has come; kinds below WHEREABOUTS_EVENTS are this model's.
 *
 * Scope: frames never queue, and the only ones that are lost besides those that go astray are announcements. A guest's
 * first frames when it is created are heard by everybody. Addresses are those of the guests' links: what resolves them
 * (ARP, IPv6's neighbour discovery) is not looked at, since it names the same address after a move as before.
 */
#ifndef TANDEM_MODELS_NETWORK_WHEREABOUTS_H
#define TANDEM_MODELS_NETWORK_WHEREABOUTS_H

#include "models/base/calendar.h"
#include "models/network/announcement.h"
#include "models/network/controller.h"
#include "models/network/fabric.h"

typedef struct Whereabouts Whereabouts;

/* What the calendar holds; the id is a guest's number. */
enum {
    WHEREABOUTS_ANNOUNCE, /* somebody announces the guest */
    WHEREABOUTS_SPEAK,    /* it sends a frame of its own */
    WHEREABOUTS_POINT,    /* the controller has pointed its address to its host */
    WHEREABOUTS_LOOK,     /* tables change by themselves: is it found now? */
    WHEREABOUTS_EVENTS
};

/* By what clients found a guest again. */
typedef enum {
    WHEREABOUTS_AT_ONCE, /* nothing had to change: it is where frames went, or they went everywhere */
    WHEREABOUTS_ANNOUNCEMENT,
    WHEREABOUTS_OWN_FRAME, /* the guest's, or an answer to a flooded frame of another client */
    WHEREABOUTS_AGEING,
    WHEREABOUTS_CONTROLLER,
    WHEREABOUTS_NEVER /* not before the run ended, or it moved again */
} WhereaboutsCause;

/* A guest stood still on one host and ran again on another one. */
typedef struct {
    guint guest, from, to; /* hosts */
    double stopped_s, resumed_s;
    double announced_s; /* the first announcement that was not lost; NAN: none */
    guint lost;         /* announcements */
    double reachable_s; /* frames of all clients of the guest come to it; NAN: WHEREABOUTS_NEVER */
    WhereaboutsCause cause;
} WhereaboutsMove;

typedef struct {
    double speaks_after_s; /* after it has begun to run; INFINITY: it sends nothing of itself */
    double speaks_every_s; /* > 0; INFINITY: once */
    RandomStream losses;   /* of announcements, */
    RandomStream delays;   /* of the controller */
} WhereaboutsGuest;

/* fabric: taken; NULL: none. controller NULL: none. calendar: borrowed, as is the list within announcement; the structs
 * are copied. */
Whereabouts *whereabouts_new(Fabric *fabric, const Announcement *announcement, const Controller *controller,
                             Calendar *calendar);
void whereabouts_free(Whereabouts *whereabouts);

/* Guests are numbered from 0. */
guint whereabouts_add_guest(Whereabouts *whereabouts, const WhereaboutsGuest *guest);
/* Somebody at that place, a node of the fabric, asks the guest; it counts as found when all who do find it. */
void whereabouts_add_client(Whereabouts *whereabouts, guint guest, guint place);

/* The guest runs on that host (a node) from now on; it is stopped, or gone. */
void whereabouts_runs(Whereabouts *whereabouts, guint guest, guint host, double now_s);
void whereabouts_stops(Whereabouts *whereabouts, guint guest, double now_s);
/* An event's date has come. */
void whereabouts_happen(Whereabouts *whereabouts, const CalendarEvent *event);

/* Whether a frame that is sent at that place comes to the guest. */
gboolean whereabouts_reaches(Whereabouts *whereabouts, guint guest, guint place, double now_s);
/* The guest sends a frame there: the bridges on its way learn. */
void whereabouts_answer(Whereabouts *whereabouts, guint guest, guint place, double now_s);
/* The first date after now_s at which whereabouts_reaches may change without a change of the guest, or a frame. */
double whereabouts_next_change_s(Whereabouts *whereabouts, guint guest, guint place, double now_s);

/* Of WhereaboutsMove, in the order in which the guests ran again. */
const GArray *whereabouts_moves(const Whereabouts *whereabouts);

#endif
