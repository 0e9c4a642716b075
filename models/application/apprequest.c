#include "models/application/appcore.h"

#include <math.h>

/* ---- places for requests ---- */

static AppRequest *
request_at(const AppGraph *graph, guint32 request)
{
    return &graph->requests[request];
}

static App *
app_of(const AppGraph *graph, guint32 request)
{
    return appcore_app(graph, request_at(graph, request)->application);
}

static guint32
take_place(AppGraph *graph)
{
    const guint32 free = graph->free_first;

    if (free != APP_NONE) {
        graph->free_first = request_at(graph, free)->next;
        return free;
    }
    if (graph->n_requests == graph->requests_max) {
        graph->requests_max = MAX(16, 2 * graph->requests_max);
        graph->requests = g_renew(AppRequest, graph->requests, graph->requests_max);
    }
    graph->full = graph->n_requests >= APP_REQUESTS_MAX;
    return graph->n_requests++;
}

static guint32
new_request(AppGraph *graph, guint32 application, guint32 parent, guint32 user)
{
    const guint32 request = take_place(graph);

    *request_at(graph, request) = (AppRequest){.asked_s = graph->now_s,
                                               .arrived_s = NAN,
                                               .begun_s = NAN,
                                               .sent_s = graph->now_s,
                                               .timeout_s = NAN,
                                               .application = application,
                                               .parent = parent,
                                               .user = user,
                                               .next = APP_NONE,
                                               .live = TRUE};
    return request;
}

static void
free_request(AppGraph *graph, guint32 request)
{
    AppRequest *place = request_at(graph, request);

    place->live = FALSE;
    place->timeout_s = NAN;
    place->next = graph->free_first;
    graph->free_first = request;
}

static guint
waiting_at(const App *app)
{
    return app->outside + appstation_excess(&app->station);
}

static gboolean
somebody_waits(const AppGraph *graph, const App *app)
{
    if (waiting_at(app) > 0)
        return TRUE;
    for (guint c = 0; c < app->calls->len; c++) {
        const guint callee = g_array_index(app->calls, AppCall, c).callee;
        if (callee != APP_NONE && somebody_waits(graph, appcore_app(graph, callee)))
            return TRUE;
    }
    return FALSE;
}

static void
note_waiting(const AppGraph *graph, App *app)
{
    applog_note_waiting(&app->log, graph->now_s, waiting_at(app));
    if (applog_drains(&app->log) && !somebody_waits(graph, app))
        applog_note_drained(&app->log, graph->now_s);
}

void
apprequest_note_waiting(AppGraph *graph, guint32 application)
{
    note_waiting(graph, appcore_app(graph, application));
}

/* ---- ends ---- */

static void
tell(const AppGraph *graph, const AppRequest *request, AppEnd end)
{
    const AppRecord record = {request->application, request->asked_s, request->arrived_s,
                              request->begun_s,     graph->now_s,     end};

    if (graph->told)
        graph->told(&record, graph->told_data);
}

void
apprequest_think(AppGraph *graph, guint32 user, double from_s)
{
    App *app = appcore_app(graph, g_array_index(graph->users, guint32, user));
    const AppLoad *load = &app->setting.load;
    const double at_s = from_s + apptime_draw(&app->think, &graph->ziggurat);

    if (at_s < load->stop_s)
        calendar_add(&graph->calendar, at_s, APP_EVENT_USER, user);
}

/* Not answered. Who called for it has no answer either; a user only finds out when the patience ends. */
static void
fail(AppGraph *graph, guint32 request, AppEnd end)
{
    AppRequest *failed = request_at(graph, request);
    App *app = app_of(graph, request);
    const guint32 parent = failed->parent;

    if (!failed->left) {
        tell(graph, failed, end);
        app->present--;
        if (end == APP_LOST)
            applog_note_lost(&app->log, graph->now_s);
        else
            applog_note_gave_up(&app->log, graph->now_s);
    }
    if (failed->user == APP_NONE)
        free_request(graph, request);
    else
        failed->ended = TRUE;
    if (parent != APP_NONE)
        fail(graph, parent, end);
}

/* The rest of its user's or caller's round trip is still ahead. */
static void
answer(AppGraph *graph, guint32 request)
{
    AppRequest *answered = request_at(graph, request);
    App *app = app_of(graph, request);
    const guint32 parent = answered->parent, user = answered->user;
    double back_s = app->setting.round_trip_s / 2;

    if (parent != APP_NONE) {
        const AppRequest *caller = request_at(graph, parent);
        const GArray *calls = appcore_app(graph, caller->application)->calls;
        back_s = g_array_index(calls, AppCall, caller->call - 1).back_s;
    }
    if (isinf(back_s)) {
        fail(graph, request, APP_LOST);
        return;
    }
    if (!answered->left) {
        tell(graph, answered, APP_ANSWERED);
        app->present--;
        applog_note_answered(&app->log, graph->now_s, graph->now_s - answered->asked_s + back_s);
    }
    free_request(graph, request);
    if (user != APP_NONE)
        apprequest_think(graph, user, graph->now_s + back_s);
    if (parent == APP_NONE)
        return;
    request_at(graph, parent)->sent_s = graph->now_s;
    calendar_add(&graph->calendar, graph->now_s + back_s, APP_EVENT_RETURN, parent);
}

/* ---- what finds the guest unreachable ---- */

/* By TCP, with whoever sent it. FALSE: it has given up. */
static gboolean
send_again(AppGraph *graph, guint32 request, gboolean returning)
{
    const AppRequest *sent = request_at(graph, request);
    const TcpTimer *timer = &app_of(graph, request)->setting.timer;
    const guint k = MAX(tcp_timer_step(timer, TCP_TIMER_SEGMENT, graph->now_s - sent->sent_s), 1);

    if (k > tcp_timer_attempts(timer, TCP_TIMER_SEGMENT))
        return FALSE;
    const double again_s = MAX(sent->sent_s + tcp_timer_again_s(timer, TCP_TIMER_SEGMENT, k), graph->now_s);
    calendar_add(&graph->calendar, again_s, returning ? APP_EVENT_RETURN : APP_EVENT_REACH, request);
    return TRUE;
}

static void
hold(AppGraph *graph, guint32 request, gboolean returning)
{
    AppRequest *held = request_at(graph, request);
    App *app = app_of(graph, request);

    if (app->setting.waits == APP_WAITS_NOWHERE) {
        fail(graph, request, APP_LOST);
        return;
    }
    held->returning = (guint8)returning;
    held->next = APP_NONE;
    if (app->held_last == APP_NONE)
        app->held_first = request;
    else
        request_at(graph, app->held_last)->next = request;
    app->held_last = request;
    app->outside += !held->away;
    held->away = TRUE;
    note_waiting(graph, app);
}

/* It has come, wherever it was. */
static void
arrive(AppGraph *graph, guint32 request)
{
    AppRequest *arrived = request_at(graph, request);

    app_of(graph, request)->outside -= arrived->away;
    arrived->away = FALSE;
}

static void
go_on(AppGraph *graph, guint32 request, gboolean returning)
{
    if (returning)
        apprequest_return(graph, request);
    else
        apprequest_reach(graph, request);
}

static void
abandon(AppGraph *graph, guint32 request)
{
    arrive(graph, request);
    fail(graph, request, APP_GAVE_UP);
}

void
apprequest_release(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);
    guint32 next, held = app->held_first;

    app->held_first = app->held_last = APP_NONE;
    for (; held != APP_NONE; held = next) {
        const gboolean returning = request_at(graph, held)->returning;
        next = request_at(graph, held)->next;
        if (app->setting.waits == APP_WAITS_QUEUE)
            go_on(graph, held, returning);
        else if (!send_again(graph, held, returning))
            abandon(graph, held);
    }
    note_waiting(graph, app);
}

void
apprequest_give_up(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);
    guint32 next, held = app->held_first;
    const double patience_s = tcp_timer_gives_up_s(&app->setting.timer, TCP_TIMER_SEGMENT);

    if (app->setting.waits != APP_WAITS_CLIENT)
        return;
    app->held_first = app->held_last = APP_NONE;
    for (; held != APP_NONE; held = next) {
        next = request_at(graph, held)->next;
        if (graph->now_s - request_at(graph, held)->sent_s >= patience_s)
            abandon(graph, held);
        else
            hold(graph, held, request_at(graph, held)->returning);
    }
}

/* ---- service ---- */

static void
ask_elsewhere(AppGraph *graph, guint32 request, const AppCall *call)
{
    request_at(graph, request)->sent_s = graph->now_s;
    app_of(graph, request)->elsewhere.asked++;
    call->ask(request, graph->now_s, call->data);
}

static void
call_next(AppGraph *graph, guint32 request)
{
    AppRequest *caller = request_at(graph, request);
    const App *app = app_of(graph, request);

    if (caller->call >= app->calls->len) {
        answer(graph, request);
        return;
    }
    const AppCall *call = &g_array_index(app->calls, AppCall, caller->call++);
    if (call->ask) {
        ask_elsewhere(graph, request, call);
        return;
    }
    if (isinf(call->there_s)) {
        fail(graph, request, APP_LOST);
        return;
    }
    const guint32 called = new_request(graph, call->callee, request, APP_NONE);
    App *callee = appcore_app(graph, call->callee);
    callee->present++;
    applog_note_offered(&callee->log, graph->now_s);
    calendar_add(&graph->calendar, graph->now_s + call->there_s, APP_EVENT_REACH, called);
}

void
apprequest_answered(AppGraph *graph, guint32 request)
{
    const AppRequest *asked = request_at(graph, request);
    AppElsewhere *elsewhere = &app_of(graph, request)->elsewhere;

    if (asked->refused) {
        elsewhere->lost++;
        fail(graph, request, APP_LOST);
        return;
    }
    elsewhere->answered++;
    elsewhere->answer_sum_s += graph->now_s - asked->sent_s;
    call_next(graph, request);
}

static void
begin(AppGraph *graph, guint32 request)
{
    request_at(graph, request)->begun_s = graph->now_s;
    app_of(graph, request)->served++;
}

static void
schedule(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);

    if (app->station.due_s >= app->event_s)
        return;
    app->event_s = app->station.due_s;
    calendar_add(&graph->calendar, app->event_s, APP_EVENT_STATION, application);
}

void
apprequest_serve(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);
    guint32 next;

    while (app->station.due_s <= graph->now_s) {
        const guint32 done = appstation_leave(&app->station);
        while (appstation_begin(&app->station, &next))
            begin(graph, next);
        call_next(graph, done);
    }
    note_waiting(graph, app);
    schedule(graph, application);
}

/* ---- the way there ---- */

static void
enter(AppGraph *graph, guint32 request)
{
    const guint32 application = request_at(graph, request)->application;
    App *app = appcore_app(graph, application);
    const double work_s = apptime_draw(&app->service, &graph->ziggurat);

    request_at(graph, request)->arrived_s = graph->now_s;
    switch (appstation_enter(&app->station, graph->now_s, request, work_s)) {
    case APP_BEGUN:
        begin(graph, request);
        break;
    case APP_QUEUED:
        break;
    case APP_REFUSED:
        fail(graph, request, APP_LOST);
        break;
    }
    note_waiting(graph, app);
    schedule(graph, application);
}

void
apprequest_reach(AppGraph *graph, guint32 request)
{
    if (!app_of(graph, request)->reachable) {
        hold(graph, request, FALSE);
        return;
    }
    arrive(graph, request);
    enter(graph, request);
}

void
apprequest_return(AppGraph *graph, guint32 request)
{
    App *app = app_of(graph, request);

    if (!app->reachable) {
        hold(graph, request, TRUE);
        return;
    }
    arrive(graph, request);
    note_waiting(graph, app);
    call_next(graph, request);
}

void
apprequest_ask(AppGraph *graph, guint32 application, guint32 user)
{
    App *app = appcore_app(graph, application);
    const guint32 request = new_request(graph, application, APP_NONE, user);

    app->present++;
    applog_note_offered(&app->log, graph->now_s);
    if (user != APP_NONE) {
        request_at(graph, request)->timeout_s = graph->now_s + app->setting.load.patience_s;
        calendar_add(&graph->calendar, request_at(graph, request)->timeout_s, APP_EVENT_TIMEOUT, request);
    }
    if (app->setting.round_trip_s > 0)
        calendar_add(&graph->calendar, graph->now_s + app->setting.round_trip_s / 2, APP_EVENT_REACH, request);
    else
        apprequest_reach(graph, request);
}

/* What was lost only now comes to an end; what is still under way goes on for nobody. */
void
apprequest_time_out(AppGraph *graph, guint32 request)
{
    AppRequest *late = request_at(graph, request);
    App *app = app_of(graph, request);
    const guint32 user = late->user;

    if (!late->live || late->timeout_s != graph->now_s)
        return;
    if (late->ended) {
        free_request(graph, request);
    } else {
        tell(graph, late, APP_GAVE_UP);
        app->present--;
        applog_note_gave_up(&app->log, graph->now_s);
        late->left = TRUE;
        late->user = APP_NONE;
        late->timeout_s = NAN;
    }
    apprequest_think(graph, user, graph->now_s);
}

static void
drop_one(guint32 request, gpointer data)
{
    fail(data, request, APP_LOST);
}

void
apprequest_drop(AppGraph *graph, guint32 application)
{
    App *app = appcore_app(graph, application);

    appstation_drop(&app->station, graph->now_s, drop_one, graph);
    note_waiting(graph, app);
}
