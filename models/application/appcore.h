/* What the files of a graph of applications share (appgraph.h): its calendar, its requests, and their way. */
#ifndef TANDEM_MODELS_APPLICATION_APPCORE_H
#define TANDEM_MODELS_APPLICATION_APPCORE_H

#include "models/application/applog.h"
#include "models/application/appsetting.h"
#include "models/base/calendar.h"
#include "models/base/progress.h"

#define APP_NONE G_MAXUINT32

enum {
    APP_REQUESTS_MAX = 5000000, /* chosen: 440 MB of requests at once, of a load far above capacity */
};

typedef enum {
    APP_EVENT_ARRIVAL, /* of an open load's next request; id: application */
    APP_EVENT_USER,    /* a user has thought; id: user */
    APP_EVENT_REACH,   /* a request reaches its guest; id: request */
    APP_EVENT_RETURN,  /* the answer of its call reaches the guest of a request; id: request */
    APP_EVENT_STATION, /* something may be done at a station; id: application */
    APP_EVENT_ANSWER,  /* a server elsewhere has done with the request's call; id: request */
    APP_EVENT_TIMEOUT, /* a user's patience is at its end; id: request */
    APP_EVENT_CHANGE   /* of a guest; id: of `changes` */
} AppEventKind;

typedef struct {
    double asked_s, arrived_s, begun_s;
    double sent_s;    /* the first transmission of the frame that is under way; or when a server elsewhere was asked */
    double timeout_s; /* when its user gives up; NAN: it has no user, or no longer */
    guint32 application;
    guint32 parent; /* the request that called for it; APP_NONE: a client's */
    guint32 user;   /* APP_NONE: of an open load, or given up */
    guint32 call;   /* the calls that it has made */
    guint32 next;   /* in the list of those that are held, or free */
    guint8 live;
    guint8 returning; /* held: the answer of its call, not itself, waits for the guest */
    guint8 refused;   /* what a server elsewhere was asked has been lost */
    guint8 away;      /* counted in its application's `outside` */
    guint8 ended;     /* lost; kept for its user's patience, */
    guint8 left;      /* or given up by its user, and still under way */
} AppRequest;

typedef struct {
    guint callee;           /* APP_NONE: a server elsewhere */
    double there_s, back_s; /* of its frame and its answer's; INFINITY: it is lost on the way */
    AppAsk ask;             /* of a server elsewhere, */
    gpointer data;          /* borrowed */
} AppCall;

typedef struct {
    AppSetting setting;
    AppStation station;
    double event_s; /* of the station in the calendar; INFINITY: there is none */
    AppTime service, think;
    AppArrivals arrivals;
    GArray *calls; /* owned, of AppCall */
    gboolean reachable;
    guint32 held_first, held_last; /* requests and answers that find it unreachable; APP_NONE: none */
    guint outside;                 /* they and those that TCP will send again */
    guint64 present;               /* requests that have not ended */
    guint64 served;
    AppElsewhere elsewhere;
    AppLog log;
} App;

typedef enum { APP_SPEED, APP_REACHABLE, APP_LOSS, APP_MIGRATION, APP_STOP, APP_WAY } AppChangeKind;

typedef struct {
    AppChangeKind kind;
    guint32 application;
    double value;
    guint32 call; /* WAY: value is there, */
    double back_s;
} AppChange;

struct AppGraph {
    guint64 seed;
    double now_s;
    Calendar calendar;
    Ziggurat ziggurat;
    Progress progress;
    gboolean full;
    GPtrArray *apps; /* owned, of owned App */
    GArray *users;   /* owned, of guint32: each one's application */
    GArray *changes; /* owned, of AppChange: of the future, and in free places those of the past */
    GArray *free_changes;
    AppRequest *requests; /* owned */
    guint32 n_requests, requests_max, free_first;
    void (*told)(const AppRecord *record, gpointer data);
    gpointer told_data;
};

static inline App *
appcore_app(const AppGraph *graph, guint32 application)
{
    return g_ptr_array_index(graph->apps, application);
}

/* ---- the way of a request, apprequest.c; all happen at graph->now_s ---- */

/* How many wait at the application has changed, or may now be few enough for its disturbance to be over. */
void apprequest_note_waiting(AppGraph *graph, guint32 application);
/* A client asks; user: APP_NONE of an open load. */
void apprequest_ask(AppGraph *graph, guint32 application, guint32 user);
/* It comes to the guest, */
void apprequest_reach(AppGraph *graph, guint32 request);
/* the answer of its call does, */
void apprequest_return(AppGraph *graph, guint32 request);
/* a server elsewhere has done with its call, */
void apprequest_answered(AppGraph *graph, guint32 request);
/* what is due at the station is done, */
void apprequest_serve(AppGraph *graph, guint32 application);
/* its user's patience is at its end. */
void apprequest_time_out(AppGraph *graph, guint32 request);
/* What was held for the guest goes on: it is reachable. */
void apprequest_release(AppGraph *graph, guint32 application);
/* The guest is gone with what it served. */
void apprequest_drop(AppGraph *graph, guint32 application);
/* Whose TCP has given up by now, of those that are held. */
void apprequest_give_up(AppGraph *graph, guint32 application);
/* A user begins to think at from_s, not before now. */
void apprequest_think(AppGraph *graph, guint32 user, double from_s);

#endif
