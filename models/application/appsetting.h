/* What the scenario says of one application, and what is told of one request: what a graph of applications (appgraph.h)
 * shares with who makes it and with its own files.
 */
#ifndef TANDEM_MODELS_APPLICATION_APPSETTING_H
#define TANDEM_MODELS_APPLICATION_APPSETTING_H

#include "models/application/appload.h"
#include "models/application/appstation.h"
#include "models/network/tcp_timer.h"

typedef enum { APP_WAITS_NOWHERE, APP_WAITS_CLIENT, APP_WAITS_QUEUE } AppWaits;

typedef enum { APP_ANSWERED, APP_LOST, APP_GAVE_UP } AppEnd;

/* What became of one request. */
typedef struct {
    guint application;
    double asked_s;   /* by its client or caller */
    double arrived_s; /* at the guest; NAN: never */
    double begun_s;   /* its service; NAN: never */
    double ended_s;
    AppEnd end;
} AppRecord;

typedef struct {
    const char *name; /* its random streams hang on it; borrowed */
    AppLoad load;     /* arrays are borrowed */
    AppTimeLaw service;
    guint servers; /* > 0 */
    AppDiscipline discipline;
    guint limit; /* as of appstation.h */
    AppWaits waits;
    double round_trip_s; /* >= 0; between client and guest: half before a request arrives, half behind its answer */
    TcpTimer timer;      /* APP_WAITS_CLIENT */
    double bin_s, warm_up_s, batch_s;
} AppSetting;

/* Asks a server elsewhere for a request of the graph, at_s being the graph's time; appgraph_answer is called for it
 * once, from here or later. */
typedef void (*AppAsk)(guint32 request, double at_s, gpointer data);

/* What became of calls to servers elsewhere, since the beginning. */
typedef struct {
    guint64 asked, answered, lost; /* what is missing waits */
    double answer_sum_s;           /* from call to answer, of those answered */
} AppElsewhere;

typedef struct AppGraph AppGraph;

#endif
