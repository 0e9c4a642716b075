/* What the clients of an application felt: counts and response times, in bins of time and by the phases of a
 * disturbance.
 *
 * A disturbance is a migration of a guest that the application depends on, or a stop of one. Its phases:
 *
 *     before | until the first one begins
 *     during | from its begin until the guest that was stopped runs again; or, if none was, until its end
 *     after  | until what had waited is served, and the migration is over
 *     later  | until the next one begins
 *
 * A request counts in the phase and bin of its answer (or loss), its arrival in that of the arrival. So a request that
 * waited through a stop is one of "after", and "during" shows what the migration costs while the guest runs. Nothing
 * that happens before the end of the warm-up is counted but in the bins and in the totals, which are of the whole run.
 *
 *     D     | stop, s
 *     drain | from the guest's running again until no request waits, here or at an application that is called
 */
#ifndef TANDEM_MODELS_APPLICATION_APPLOG_H
#define TANDEM_MODELS_APPLICATION_APPLOG_H

#include "models/base/histogram.h"
#include "models/base/meter.h"

typedef enum { APP_BEFORE, APP_DURING, APP_AFTER, APP_LATER, APP_PHASES } AppPhase;

enum { APPLOG_BINS_MAX = 2000000 }; /* chosen: 120 MB; more are not kept, and the log says so */

typedef struct {
    guint64 offered, answered, lost, gave_up;
} AppCounts;

typedef struct {
    AppCounts counts;
    double seconds;
    Histogram responses; /* buckets NULL: nothing was answered */
} AppAccount;

typedef struct {
    AppCounts counts;
    guint waiting; /* at its end */
    double response_sum_s, median_s, p99_s, worst_s;
} AppBin;

typedef struct {
    double bin_s;
    AppCounts total; /* of the whole run */
    AppPhase phase;
    double since_s; /* the phase, or the warm-up's end */
    AppAccount accounts[APP_PHASES];
    Meter meter;
    GArray *bins; /* owned, of AppBin */
    gboolean overflowed;
    AppBin bin; /* the open one, */
    double bin_end_s;
    Histogram bin_responses; /* and its response times */
    guint waiting, waiting_max;
    /* the disturbance */
    guint migrating, stopped; /* guests that it depends on */
    double resumed_s;         /* the last stop's end; NAN: nothing drains */
    double drain_s;           /* the longest; NAN: none has ended */
} AppLog;

/* Times from 0 on; bin_s, batch_s > 0. */
void applog_init(AppLog *log, double bin_s, double warm_up_s, double batch_s);
void applog_clear(AppLog *log);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AppLog, applog_clear)

/* Dates do not go back; each of what follows first closes what ends by now_s. */
void applog_reach(AppLog *log, double now_s);
void applog_note_offered(AppLog *log, double now_s);
void applog_note_answered(AppLog *log, double now_s, double response_s);
void applog_note_lost(AppLog *log, double now_s);
void applog_note_gave_up(AppLog *log, double now_s);
/* So many wait for the guest or for a processor, */
void applog_note_waiting(AppLog *log, double now_s, guint waiting);
/* nobody does any more, here or where its calls go: what the stop left behind is served. */
void applog_note_drained(AppLog *log, double now_s);

/* A stop has ended, and what it left behind is not known to be served. */
static inline gboolean
applog_drains(const AppLog *log)
{
    return log->resumed_s >= 0; /* NAN: no */
}

/* A migration of a guest that it depends on begins or ends; such a guest stops, or runs again. */
void applog_note_migration(AppLog *log, double now_s, gboolean begins);
void applog_note_stop(AppLog *log, double now_s, gboolean stops);

/* The run is over: the open bin and the open phase end. */
void applog_close(AppLog *log, double now_s);

/* Of all phases. (transfer full: histogram_clear) */
void applog_responses(const AppLog *log, Histogram *all);
AppCounts applog_counts(const AppLog *log);
/* Seconds that were counted. */
double applog_seconds(const AppLog *log);

#endif
