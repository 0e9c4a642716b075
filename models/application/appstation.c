#include "models/application/appstation.h"

#include <math.h>

void
appstation_init(AppStation *station, guint servers, AppDiscipline discipline, guint limit)
{
    *station = (AppStation){
        .servers = servers, .discipline = discipline, .limit = limit, .speed = 1, .rate = 1, .due_s = INFINITY};
}

void
appstation_clear(AppStation *station)
{
    g_free(station->jobs);
    g_free(station->waiting);
    *station = (AppStation){0};
}

/* ---- the clock ---- */

static double
busy_servers(const AppStation *station)
{
    return station->speed > 0 ? (double)MIN(station->n, station->servers) : 0;
}

static void
advance(AppStation *station, double now_s)
{
    const double passed_s = now_s - station->at_s;

    if (passed_s <= 0)
        return;
    station->clock_s += passed_s * station->rate;
    station->busy_s += passed_s * busy_servers(station);
    station->at_s = now_s;
}

/* Who is in service, or the speed, has changed. */
static void
settle(AppStation *station)
{
    const gboolean shares = station->discipline == APP_SHARING && station->n > station->servers;

    station->rate = shares ? station->speed * station->servers / station->n : station->speed;
    station->due_s = station->n > 0 && station->rate > 0
                         ? station->at_s + MAX(station->jobs[0].end_s - station->clock_s, 0) / station->rate
                         : INFINITY;
}

void
appstation_set_speed(AppStation *station, double now_s, double speed)
{
    advance(station, now_s);
    station->speed = speed;
    settle(station);
}

/* ---- who is in service: a heap ---- */

static gboolean
job_is_before(const AppJob *a, const AppJob *b)
{
    return a->end_s < b->end_s || (a->end_s == b->end_s && a->order < b->order);
}

static void
push_job(AppStation *station, guint32 request, double work_s)
{
    const AppJob job = {station->clock_s + work_s, station->order++, request};

    if (station->n == station->n_max) {
        station->n_max = MAX(4, 2 * station->n_max);
        station->jobs = g_renew(AppJob, station->jobs, station->n_max);
    }
    guint i = station->n++;
    while (i > 0 && job_is_before(&job, &station->jobs[(i - 1) / 2])) {
        station->jobs[i] = station->jobs[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    station->jobs[i] = job;
}

static guint32
pop_job(AppStation *station)
{
    AppJob *jobs = station->jobs;
    const guint32 request = jobs[0].request;
    const AppJob last = jobs[--station->n];
    guint i = 0;

    for (guint child = 1; child < station->n; child = 2 * i + 1) {
        if (child + 1 < station->n && job_is_before(&jobs[child + 1], &jobs[child]))
            child++;
        if (job_is_before(&last, &jobs[child]))
            break;
        jobs[i] = jobs[child];
        i = child;
    }
    jobs[i] = last;
    return request;
}

/* ---- who waits: a ring ---- */

static void
grow_waiting(AppStation *station)
{
    const guint more = MAX(8, 2 * station->waiting_max);
    AppWaiting *waiting = g_new(AppWaiting, more);

    for (guint i = 0; i < station->n_waiting; i++)
        waiting[i] = station->waiting[(station->waiting_first + i) % station->waiting_max];
    g_free(station->waiting);
    station->waiting = waiting;
    station->waiting_max = more;
    station->waiting_first = 0;
}

static void
push_waiting(AppStation *station, guint32 request, double work_s)
{
    if (station->n_waiting == station->waiting_max)
        grow_waiting(station);
    guint place = station->waiting_first + station->n_waiting++;
    if (place >= station->waiting_max)
        place -= station->waiting_max;
    station->waiting[place] = (AppWaiting){work_s, request};
}

static AppWaiting
pop_waiting(AppStation *station)
{
    const AppWaiting first = station->waiting[station->waiting_first];

    if (++station->waiting_first == station->waiting_max)
        station->waiting_first = 0;
    station->n_waiting--;
    return first;
}

/* ---- requests ---- */

AppEntry
appstation_enter(AppStation *station, double now_s, guint32 request, double work_s)
{
    const gboolean served = station->discipline == APP_SHARING ? station->n < station->servers + (guint64)station->limit
                                                               : station->n < station->servers;

    advance(station, now_s);
    if (served) {
        push_job(station, request, work_s);
        settle(station);
        return APP_BEGUN;
    }
    if (station->discipline == APP_SHARING || station->n_waiting >= station->limit)
        return APP_REFUSED;
    push_waiting(station, request, work_s);
    return APP_QUEUED;
}

/* The clock is set to the end that it has reached: what rounding would leave is nobody's work. */
guint32
appstation_leave(AppStation *station)
{
    advance(station, station->due_s);
    station->clock_s = station->jobs[0].end_s;
    const guint32 request = pop_job(station);
    settle(station);
    return request;
}

gboolean
appstation_begin(AppStation *station, guint32 *request)
{
    if (station->n_waiting == 0 || station->n >= station->servers)
        return FALSE;
    const AppWaiting first = pop_waiting(station);
    push_job(station, first.request, first.work_s);
    settle(station);
    *request = first.request;
    return TRUE;
}

void
appstation_drop(AppStation *station, double now_s, void (*told)(guint32 request, gpointer data), gpointer data)
{
    advance(station, now_s);
    while (station->n > 0)
        told(pop_job(station), data);
    while (station->n_waiting > 0)
        told(pop_waiting(station).request, data);
    settle(station);
}

guint
appstation_present(const AppStation *station)
{
    return station->n + station->n_waiting;
}

guint
appstation_excess(const AppStation *station)
{
    const guint present = appstation_present(station);

    return present > station->servers ? present - station->servers : 0;
}

double
appstation_busy_s(const AppStation *station, double now_s)
{
    return station->busy_s + MAX(now_s - station->at_s, 0) * busy_servers(station);
}
