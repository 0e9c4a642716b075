/* Applications in guests, their clients, and how they call each other, on one calendar of their own.
 *
 * Each application serves its requests at the processors of its guest (appstation.h); one that calls others does so
 * when a request has had its service, one call after the other, and answers when the last one was answered. A call
 * holds no processor. What is connected by calls is one graph with one calendar, which knows nothing of the world
 * around it: that world tells it beforehand, with dates, what becomes of the guests, and advances it when it wants to
 * look. How often it is advanced changes nothing.
 *
 * Where a request waits that finds the guest unreachable (stopped, or not yet found by the network):
 *
 *     APP_WAITS_NOWHERE | its frame is lost, and so is the request, with whoever called for it: what datagrams do
 *     APP_WAITS_CLIENT  | with who sent it, whose TCP sends again at the dates of models/network/tcp_timer.h: it
 * arrives | by the first of these at which the guest is reachable, or TCP gives up APP_WAITS_QUEUE   | before the
 * guest, and is served in its turn: a balancer, a switch that buffers
 *
 * The same holds for the answer of a call that finds its caller unreachable.
 *
 * A call may also be made to a server elsewhere, outside of the graph: the world around carries it there, at the date
 * of the call, and tells the graph when it was answered, or that it never will be. Such a server is the guest's own
 * device: no frame has to reach the guest, so that its answer goes on at once. Whoever keeps that server must advance
 * it and the graph by turns, by whichever has the earlier next event (appgraph_next_s): then neither is ever told of a
 * date that it has passed.
 *
 * Theory (open load of rate lambda, stop D, load rho, service S), which the tests hold it to: with a queue the backlog
 * is lambda D when the guest runs again, its drain takes D rho / (1 - rho), the worst response is D + S; with nowhere
 * lambda D requests are lost; N users never have more than N requests, and N = X (R + Z).
 *
 * Scope: one connection for each request, established; frames are lost only by stops; no retries by the application
 * itself; a caller does not give up on a call.
 */
#ifndef TANDEM_MODELS_APPLICATION_APPGRAPH_H
#define TANDEM_MODELS_APPLICATION_APPGRAPH_H

#include "models/application/appload.h"
#include "models/application/applog.h"
#include "models/application/appsetting.h"

AppGraph *appgraph_new(guint64 seed);
void appgraph_free(AppGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppGraph, appgraph_free)

/* At time 0, before anything is advanced: an application (setting is copied), which runs and is reachable; its number,
 * from 0. */
guint appgraph_add(AppGraph *graph, const AppSetting *setting);
/* Each request of the caller calls that one as well, after the calls added before, whose number is returned: half of
 * the round trip before it arrives, half behind its answer. Calls go round in no ring. */
guint appgraph_add_call(AppGraph *graph, guint caller, guint callee, double round_trip_s);

/* Each request of the caller asks that server as well, after the calls added before. data is borrowed. */
void appgraph_add_server(AppGraph *graph, guint caller, AppAsk ask, gpointer data);
/* The server has done with what the request asked: it has the answer at at_s, or it is lost, with whoever called for
 * it. */
void appgraph_answer(AppGraph *graph, guint32 request, double at_s, gboolean is_lost);

/* ---- what becomes of the guest: from at_s on, or from where the graph is when that is later ---- */

/* Its processors run at this share of full speed, 0 to 1. */
void appgraph_set_speed(AppGraph *graph, guint application, double at_s, double speed);
/* Its frames reach it, or do not. */
void appgraph_set_reachable(AppGraph *graph, guint application, double at_s, gboolean reachable);
/* It is gone with all that it was serving. */
void appgraph_lose(AppGraph *graph, guint application, double at_s);
/* Whoever makes that call of the caller's from then on is there_s on the way, and its answer back_s; INFINITY: is lost
 * there, with whoever called for it. What is under way arrives when it was to. */
void appgraph_set_way(AppGraph *graph, guint caller, guint call, double at_s, double there_s, double back_s);
/* For the log's phases: a migration, or a stop, of a guest that the application depends on (applog.h). */
void appgraph_note_migration(AppGraph *graph, guint application, double at_s, gboolean begins);
void appgraph_note_stop(AppGraph *graph, guint application, double at_s, gboolean stops);

/* ---- time ---- */

/* Everything up to that date has happened, unless the graph cannot go on. */
void appgraph_advance(AppGraph *graph, double to_s);
double appgraph_now_s(const AppGraph *graph);
/* Of its next event; G_MAXDOUBLE: nothing will happen by itself. */
double appgraph_next_s(AppGraph *graph);
/* Its clock stands still, or it has more requests than memory holds: why, as half a sentence; NULL: it goes on. */
const char *appgraph_fault(const AppGraph *graph);
/* The run is over: whose TCP has given up meanwhile is counted, and the logs are closed. */
void appgraph_finish(AppGraph *graph);

/* ---- what it did ---- */

const AppLog *appgraph_log(const AppGraph *graph, guint application);
/* Requests that have neither ended nor been given up. */
guint64 appgraph_waiting(const AppGraph *graph, guint application);
/* Busy server-seconds over server-seconds, of all its time. */
double appgraph_utilization(const AppGraph *graph, guint application);
/* Requests whose service began: what the guest has worked off, and written pages for. */
guint64 appgraph_served(const AppGraph *graph, guint application);
/* Of all its calls to servers elsewhere. */
const AppElsewhere *appgraph_elsewhere(const AppGraph *graph, guint application);
/* Servers that open loads would keep busy, its own and those of who calls it, over its servers. */
double appgraph_offered(const AppGraph *graph, guint application);
/* Told of each request as it ends; NULL: nobody. */
void appgraph_on_end(AppGraph *graph, void (*told)(const AppRecord *record, gpointer data), gpointer data);

#endif
