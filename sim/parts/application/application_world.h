/* Applications in the world: graphs of those that call each other, and what becomes of their guests.
 *
 * A graph is a calendar of microseconds (models/application/appgraph.h) that knows nothing of SimGrid. It is told, with
 * dates, when a guest's speed changes, when it stops and can be reached again, and when a migration begins and ends; it
 * is advanced at the end, and at intervals while a migration looks at pages that requests write. In between nothing of
 * the world hangs on it, so that applications cost the world no events. A graph whose applications call crypto cards is
 * advanced with all cards, event by event of either (application_cards.c).
 *
 * A vTPM that is called is one more server in its graph: one command at a time, of its service time, while it is
 * available to its VM.
 */
#ifndef TANDEM_SIM_PARTS_APPLICATION_APPLICATION_WORLD_H
#define TANDEM_SIM_PARTS_APPLICATION_APPLICATION_WORLD_H

#include "models/socket/socketcall.h"
#include "sim/parts/application/application_keys.h"
#include "sim/parts/card/card_world.h"
#include "sim/parts/socket/socket_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/world/part.h"

typedef struct {
    const ApplicationSpec *spec; /* borrowed; NULL: a vTPM that is called */
    const VtpmSpec *vtpm;        /* borrowed; NULL: an application */
    World *world;
    Domain *domain;        /* the guest, or the vTPM's */
    AppGraph *graph;       /* borrowed */
    guint index;           /* in the graph */
    GPtrArray *dependents; /* owned, of borrowed Application: it, and all that wait for its answers */
    gboolean has_clients;  /* who ask over the network, and not other applications */
    guint place;           /* of those, in the client network */
    double looks_s;        /* when it is looked at again although no guest changes */
    gboolean reachable, ran, gone;
    /* pages that requests write (application_writes.c) */
    guint migrations;  /* of its guest, now */
    gboolean followed; /* an actor does */
    Workload base;     /* what the guest writes besides */
    guint workload;    /* the number of the workload that was set here last; 0: none */
    guint64 served;    /* when the rate was set last, */
    double guest_s;    /* of the guest's time */
} Application;

typedef struct ApplicationSocketCall ApplicationSocketCall;

typedef struct {
    World *world;
    GPtrArray *graphs;       /* owned, of owned AppGraph */
    GPtrArray *applications; /* owned, of owned Application: as in the scenario, then vTPMs */
    GPtrArray *of_domains;   /* owned, of owned lists of borrowed Application */
    /* calls to cards (application_cards.c) */
    CardWorld *cards;        /* borrowed; NULL: there are none */
    CardAsker card_asker;    /* what cards know of it, once any is called */
    GPtrArray *card_graphs;  /* owned, of borrowed AppGraph: those that make any */
    GPtrArray *card_calls;   /* owned, of owned ApplicationCardCall */
    GArray *tickets;         /* owned, of ApplicationTicket: calls under way, and free places */
    guint ticket_free;       /* the first of these; CARD_OWN: none */
    GPtrArray *socket_calls; /* owned, of owned ApplicationSocketCall (application_sockets.c) */
} ApplicationWorld;

typedef struct {
    ApplicationWorld *own;
    AppGraph *graph;
    CardClient *client;
    CardDemand asked; /* but when */
} ApplicationCardCall;

/* Whose request it is that a card has. */
typedef struct {
    AppGraph *graph;
    guint32 request;
    guint32 next_free;
} ApplicationTicket;

/* Graphs and applications by the scenario; domains are not told of them yet. */
ApplicationWorld *application_build(World *world);
void application_world_free(ApplicationWorld *own);

/* ---- the guest, application_guest.c ---- */

/* From the beginning on, and whenever an instance of its guest, or of what it hangs on, may have changed. */
void application_guest_start(Application *application);
void application_guest_look(Application *application);
/* For processors_follow; data: a domain's list of Application. */
void application_guest_told_speed(double at_s, double speed, gpointer data);
void application_guest_note_migration(Application *application, gboolean begins);
/* Its guest is about to stop: until now it answered, and the network knew where it is. */
void application_guest_answers(const Application *application);
/* Whether a client's request reaches the guest now. */
gboolean application_reachable(const Application *application);

/* ---- pages, application_writes.c ---- */

/* The application's guest begins to migrate, or no longer does: in between its rate of writes follows the load. */
void application_writes_note_migration(Application *application, gboolean begins);
gboolean application_writes_pages(const Application *application);

/* ---- cards, application_cards.c ---- */

/* The next call of the application's requests is this one. */
void application_cards_add(ApplicationWorld *own, const Application *application, const CardCallSpec *call);
/* What calls to cards and their answers do not agree in. (transfer full) NULL: nothing. */
char *application_cards_fault(const ApplicationWorld *own);

/* ---- sockets, application_sockets.c ---- */

/* The next call of the caller's requests is made to the callee, over that socket. */
void application_sockets_add(ApplicationWorld *own, const Application *caller, const Application *callee,
                             const ApplicationOverSpec *spec);
void application_sockets_start(ApplicationWorld *own);
/* An instance of the domain has changed. */
void application_sockets_look(const ApplicationWorld *own, const Domain *domain);

/* ---- the part ---- */

/* A graph that cannot go on ends the run. */
void application_advance(World *world, AppGraph *graph);

#endif
