#include "models/application/appgraph.h"

#include "models/application/appcore.h"

#include <math.h>

/* ---- from begin to end ---- */

AppGraph *
appgraph_new(guint64 seed)
{
    AppGraph *graph = g_new0(AppGraph, 1);

    graph->seed = seed;
    calendar_init(&graph->calendar);
    ziggurat_init(&graph->ziggurat);
    graph->apps = g_ptr_array_new();
    graph->users = g_array_new(FALSE, FALSE, sizeof(guint32));
    graph->changes = g_array_new(FALSE, FALSE, sizeof(AppChange));
    graph->free_changes = g_array_new(FALSE, FALSE, sizeof(guint32));
    graph->free_first = APP_NONE;
    return graph;
}

static void
app_free(App *app)
{
    appstation_clear(&app->station);
    applog_clear(&app->log);
    g_array_unref(app->calls);
    g_free(app);
}

void
appgraph_free(AppGraph *graph)
{
    if (!graph)
        return;
    for (guint i = 0; i < graph->apps->len; i++)
        app_free(appcore_app(graph, i));
    g_ptr_array_unref(graph->apps);
    calendar_clear(&graph->calendar);
    g_array_unref(graph->users);
    g_array_unref(graph->changes);
    g_array_unref(graph->free_changes);
    g_free(graph->requests);
    g_free(graph);
}

static RandomStream
stream_of(const AppGraph *graph, const char *purpose, const App *app)
{
    RandomStream stream;

    random_init(&stream, graph->seed, purpose, app->setting.name);
    return stream;
}

/* The users begin by thinking. */
static void
add_users(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);
    const RandomStream random = stream_of(graph, "application users", app);

    apptime_init(&app->think, &app->setting.load.think, &random);
    for (guint i = 0; i < app->setting.load.users; i++) {
        g_array_append_val(graph->users, application);
        apprequest_think(graph, graph->users->len - 1, app->setting.load.start_s);
    }
}

static void
add_arrivals(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);
    const RandomStream random = stream_of(graph, "application arrivals", app);
    const AppLoad *load = &app->setting.load;

    appload_begin(&app->arrivals, load, &random, &graph->ziggurat);
    const double first_s = appload_next_s(&app->arrivals, load->start_s, &graph->ziggurat);
    if (isfinite(first_s))
        calendar_add(&graph->calendar, first_s, APP_EVENT_ARRIVAL, application);
}

guint
appgraph_add(AppGraph *graph, const AppSetting *setting)
{
    App *app = g_new0(App, 1);
    const guint32 application = graph->apps->len;

    app->setting = *setting;
    app->event_s = INFINITY;
    app->calls = g_array_new(FALSE, FALSE, sizeof(AppCall));
    app->reachable = TRUE;
    app->held_first = app->held_last = APP_NONE;
    appstation_init(&app->station, setting->servers, setting->discipline, setting->limit);
    applog_init(&app->log, setting->bin_s, setting->warm_up_s, setting->batch_s);
    const RandomStream random = stream_of(graph, "application service", app);
    apptime_init(&app->service, &setting->service, &random);
    g_ptr_array_add(graph->apps, app);
    if (setting->load.kind == APP_LOAD_CLOSED)
        add_users(graph, application);
    else if (setting->load.kind != APP_LOAD_NONE)
        add_arrivals(graph, application);
    return application;
}

guint
appgraph_add_call(AppGraph *graph, guint caller, guint callee, double round_trip_s)
{
    const AppCall call = {.callee = callee, .there_s = round_trip_s / 2, .back_s = round_trip_s / 2};
    GArray *calls = appcore_app(graph, caller)->calls;

    g_array_append_val(calls, call);
    return calls->len - 1;
}

void
appgraph_add_server(AppGraph *graph, guint caller, AppAsk ask, gpointer data)
{
    const AppCall call = {.callee = APP_NONE, .ask = ask, .data = data};

    g_array_append_val(appcore_app(graph, caller)->calls, call);
}

void
appgraph_answer(AppGraph *graph, guint32 request, double at_s, gboolean is_lost)
{
    graph->requests[request].refused = (guint8)is_lost;
    calendar_add(&graph->calendar, MAX(at_s, graph->now_s), APP_EVENT_ANSWER, request);
}

/* ---- changes of guests ---- */

static void
insert_change(AppGraph *graph, double at_s, const AppChange *change)
{
    guint32 place = graph->changes->len;

    if (graph->free_changes->len > 0) {
        place = g_array_index(graph->free_changes, guint32, graph->free_changes->len - 1);
        g_array_set_size(graph->free_changes, graph->free_changes->len - 1);
        g_array_index(graph->changes, AppChange, place) = *change;
    } else {
        g_array_append_vals(graph->changes, change, 1);
    }
    calendar_add(&graph->calendar, MAX(at_s, graph->now_s), APP_EVENT_CHANGE, place);
}

static void
add_change(AppGraph *graph, AppChangeKind kind, guint application, double at_s, double value)
{
    insert_change(graph, at_s, &(AppChange){kind, application, value});
}

void
appgraph_set_speed(AppGraph *graph, guint application, double at_s, double speed)
{
    add_change(graph, APP_SPEED, application, at_s, speed);
}

void
appgraph_set_reachable(AppGraph *graph, guint application, double at_s, gboolean reachable)
{
    add_change(graph, APP_REACHABLE, application, at_s, reachable);
}

void
appgraph_lose(AppGraph *graph, guint application, double at_s)
{
    add_change(graph, APP_LOSS, application, at_s, 0);
}

void
appgraph_note_migration(AppGraph *graph, guint application, double at_s, gboolean begins)
{
    add_change(graph, APP_MIGRATION, application, at_s, begins);
}

void
appgraph_note_stop(AppGraph *graph, guint application, double at_s, gboolean stops)
{
    add_change(graph, APP_STOP, application, at_s, stops);
}

void
appgraph_set_way(AppGraph *graph, guint caller, guint call, double at_s, double there_s, double back_s)
{
    insert_change(graph, at_s, &(AppChange){APP_WAY, caller, there_s, call, back_s});
}

static void
change_way(App *app, const AppChange *change)
{
    AppCall *call = &g_array_index(app->calls, AppCall, change->call);

    call->there_s = change->value;
    call->back_s = change->back_s;
}

static void
change_speed(AppGraph *graph, guint32 application, double speed)
{
    App *app = appcore_app(graph, application);

    appstation_set_speed(&app->station, graph->now_s, speed);
    apprequest_serve(graph, application);
}

static void
change_reachable(AppGraph *graph, guint32 application, gboolean reachable)
{
    App *app = appcore_app(graph, application);
    const gboolean before = app->reachable;

    app->reachable = reachable;
    if (reachable && !before)
        apprequest_release(graph, application);
}

static void
handle_change(AppGraph *graph, guint32 place)
{
    const AppChange change = g_array_index(graph->changes, AppChange, place);
    App *app = appcore_app(graph, change.application);

    g_array_append_val(graph->free_changes, place);
    switch (change.kind) {
    case APP_SPEED:
        change_speed(graph, change.application, change.value);
        break;
    case APP_REACHABLE:
        change_reachable(graph, change.application, change.value > 0);
        break;
    case APP_LOSS:
        app->reachable = FALSE;
        apprequest_drop(graph, change.application);
        break;
    case APP_WAY:
        change_way(app, &change);
        break;
    case APP_MIGRATION:
        applog_note_migration(&app->log, graph->now_s, change.value > 0);
        break;
    case APP_STOP:
        applog_note_stop(&app->log, graph->now_s, change.value > 0);
        apprequest_note_waiting(graph, change.application);
        break;
    }
}

/* ---- time ---- */

static void
handle_arrival(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);
    const double next_s = appload_next_s(&app->arrivals, graph->now_s, &graph->ziggurat);

    apprequest_ask(graph, application, APP_NONE);
    if (isfinite(next_s))
        calendar_add(&graph->calendar, next_s, APP_EVENT_ARRIVAL, application);
}

/* A station's event that another one has overtaken means nothing. */
static void
handle_station(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);

    if (app->event_s != graph->now_s)
        return;
    app->event_s = INFINITY;
    apprequest_serve(graph, application);
}

static void
handle(AppGraph *graph, const CalendarEvent *event)
{
    switch ((AppEventKind)event->kind) {
    case APP_EVENT_ARRIVAL:
        handle_arrival(graph, event->id);
        break;
    case APP_EVENT_USER:
        apprequest_ask(graph, g_array_index(graph->users, guint32, event->id), event->id);
        break;
    case APP_EVENT_REACH:
        apprequest_reach(graph, event->id);
        break;
    case APP_EVENT_RETURN:
        apprequest_return(graph, event->id);
        break;
    case APP_EVENT_ANSWER:
        apprequest_answered(graph, event->id);
        break;
    case APP_EVENT_STATION:
        handle_station(graph, event->id);
        break;
    case APP_EVENT_TIMEOUT:
        apprequest_time_out(graph, event->id);
        break;
    case APP_EVENT_CHANGE:
        handle_change(graph, event->id);
        break;
    }
}

void
appgraph_advance(AppGraph *graph, double to_s)
{
    CalendarEvent event;

    while (!graph->full && calendar_next_time(&graph->calendar) <= to_s && calendar_take(&graph->calendar, &event)) {
        graph->now_s = event.time_s;
        if (!progress_event(&graph->progress, graph->now_s))
            return;
        handle(graph, &event);
    }
    graph->now_s = MAX(graph->now_s, to_s);
}

double
appgraph_now_s(const AppGraph *graph)
{
    return graph->now_s;
}

double
appgraph_next_s(AppGraph *graph)
{
    return calendar_next_time(&graph->calendar);
}

const char *
appgraph_fault(const AppGraph *graph)
{
    if (progress_is_stuck(&graph->progress))
        return "its clock stands still";
    return graph->full ? "it has more requests at once than memory holds" : NULL;
}

void
appgraph_finish(AppGraph *graph)
{
    for (guint i = 0; i < graph->apps->len; i++) {
        apprequest_give_up(graph, i);
        applog_close(&appcore_app(graph, i)->log, graph->now_s);
    }
}

/* ---- what it did ---- */

const AppLog *
appgraph_log(const AppGraph *graph, guint application)
{
    return &appcore_app(graph, application)->log;
}

guint64
appgraph_waiting(const AppGraph *graph, guint application)
{
    return appcore_app(graph, application)->present;
}

double
appgraph_utilization(const AppGraph *graph, guint application)
{
    const App *app = appcore_app(graph, application);
    const double busy_s = appstation_busy_s(&app->station, graph->now_s);

    return graph->now_s > 0 ? busy_s / (graph->now_s * app->setting.servers) : 0;
}

guint64
appgraph_served(const AppGraph *graph, guint application)
{
    return appcore_app(graph, application)->served;
}

const AppElsewhere *
appgraph_elsewhere(const AppGraph *graph, guint application)
{
    return &appcore_app(graph, application)->elsewhere;
}

/* Requests per second that reach the application: its own load's, and those of all who call it. Each is found once. */
static double
rate_at(const AppGraph *graph, guint32 application, double *known)
{
    if (known[application] >= 0)
        return known[application];
    double rate_per_s = appload_rate(&appcore_app(graph, application)->setting.load);

    for (guint32 i = 0; i < graph->apps->len; i++) {
        const GArray *calls = appcore_app(graph, i)->calls;
        for (guint c = 0; c < calls->len; c++)
            if (g_array_index(calls, AppCall, c).callee == application)
                rate_per_s += rate_at(graph, i, known);
    }
    return known[application] = rate_per_s;
}

double
appgraph_offered(const AppGraph *graph, guint application)
{
    const App *app = appcore_app(graph, application);
    g_autofree double *known = g_new(double, graph->apps->len);

    for (guint i = 0; i < graph->apps->len; i++)
        known[i] = -1;
    return rate_at(graph, application, known) * apptime_mean_s(&app->setting.service) / app->setting.servers;
}

void
appgraph_on_end(AppGraph *graph, void (*told)(const AppRecord *record, gpointer data), gpointer data)
{
    graph->told = told;
    graph->told_data = data;
}
