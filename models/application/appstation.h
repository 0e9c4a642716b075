/* The processors of a guest, at which the requests of an application are served.
 *
 * Sources: L. Kleinrock, "Queueing Systems", volume 1, 1975 (first come first served at c servers), volume 2, 1976,
 * chapter 4 (processor sharing); the virtual time by which sharing costs one heap operation per request: A. K. Parekh,
 * R. G. Gallager, "A generalized processor sharing approach to flow control", IEEE/ACM Transactions on Networking 1(3),
 * 1993.
 *
 *     symbol | here    | unit | meaning
 *     c      | servers |      | processors
 *     n      | n       |      | requests that are being served
 *     v(t)   | speed   |      | share of their full speed, 0 (stopped) to 1, at which the processors run
 *     V(t)   | clock_s | s    | virtual time: what each request in service has been given
 *
 *     dV/dt = v (first come first served), v min (1, c / n) (sharing)
 *
 * A request that begins at V and needs s seconds of a processor is done when the clock reads V + s, whatever happens to
 * the speed meanwhile: a change of speed touches no request. Equal ends leave in the order in which they began.
 *
 * Scope: a request uses one processor at a time; a switch between requests costs nothing.
 */
#ifndef TANDEM_MODELS_APPLICATION_APPSTATION_H
#define TANDEM_MODELS_APPLICATION_APPSTATION_H

#include <glib.h>

typedef enum { APP_FIRST_COME, APP_SHARING } AppDiscipline;

typedef struct {
    double end_s; /* by the station's clock */
    guint64 order;
    guint32 request;
} AppJob;

typedef struct {
    double work_s;
    guint32 request;
} AppWaiting;

typedef struct {
    guint servers; /* > 0 */
    AppDiscipline discipline;
    guint limit; /* requests that may be there beyond one for each server; G_MAXUINT: any number */
    double speed;
    double clock_s, at_s; /* the clock, as it was at that date, */
    double rate;          /* and how fast it goes */
    AppJob *jobs;         /* owned; a binary heap by end, then order */
    guint n, n_max;
    AppWaiting *waiting; /* owned; a ring of waiting_max places */
    guint waiting_first, n_waiting, waiting_max;
    guint64 order;
    double due_s;  /* when the next request in service is done; INFINITY: not as things stand */
    double busy_s; /* server-seconds in which a server that ran had a request, until at_s */
} AppStation;

typedef enum { APP_BEGUN, APP_QUEUED, APP_REFUSED } AppEntry;

void appstation_init(AppStation *station, guint servers, AppDiscipline discipline, guint limit);
void appstation_clear(AppStation *station);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AppStation, appstation_clear)

/* Dates do not go back. From now on it runs at this share of full speed, 0 to 1. */
void appstation_set_speed(AppStation *station, double now_s, double speed);

/* A request that needs work_s >= 0 of a processor. */
AppEntry appstation_enter(AppStation *station, double now_s, guint32 request, double work_s);

/* At due_s: the request that is done. */
guint32 appstation_leave(AppStation *station);
/* Afterwards: the next one that waited and begins; FALSE: none. */
gboolean appstation_begin(AppStation *station, guint32 *request);

/* All that are there are gone; each is told. */
void appstation_drop(AppStation *station, double now_s, void (*told)(guint32 request, gpointer data), gpointer data);

/* Requests that are there, and of these those for which there is no server now. */
guint appstation_present(const AppStation *station);
guint appstation_excess(const AppStation *station);
/* Server-seconds in which a server that ran had a request, until now_s. */
double appstation_busy_s(const AppStation *station, double now_s);

#endif
