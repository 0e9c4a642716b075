/* Applications in the world: graphs of those that call each other, and what becomes of their guests.
 *
 * A graph is a calendar of microseconds (models/application/appgraph.h) that knows nothing of SimGrid. It is told, with
 * dates, when a guest's speed changes, when it stops and can be reached again, and when a migration begins and ends; it
 * is advanced at the end, and at intervals while a migration looks at pages that requests write. In between nothing of
 * the world hangs on it, so that applications cost the world no events.
 *
 * A vTPM that is called is one more server in its graph: one command at a time, of its service time, while it is
 * available to its VM.
 */
#ifndef TANDEM_SIM_PARTS_APPLICATION_APPLICATION_WORLD_H
#define TANDEM_SIM_PARTS_APPLICATION_APPLICATION_WORLD_H

#include "sim/parts/application/application_keys.h"
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

typedef struct {
    World *world;
    GPtrArray *graphs;       /* owned, of owned AppGraph */
    GPtrArray *applications; /* owned, of owned Application: as in the scenario, then vTPMs */
    GPtrArray *of_domains;   /* owned, of owned lists of borrowed Application */
} ApplicationWorld;

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

/* ---- the part ---- */

/* A graph that cannot go on ends the run. */
void application_advance(AppGraph *graph);

#endif
