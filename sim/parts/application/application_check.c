/* What no single key of an application can tell. */
#include "sim/parts/application/application_keys.h"

#include "sim/parts/card/card_check.h"
#include "sim/parts/socket/socket_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/reject.h"

#include <math.h>

#define BINS_MAX    1e6 /* chosen: rows of application-series.csv of one application */
#define BATCHES_MAX 1e8 /* chosen: a second of work */

static const ApplicationSpec *
at(const GArray *applications, guint index)
{
    return &g_array_index(applications, ApplicationSpec, index);
}

/* ---- processors ---- */

static gboolean
check_processors(const ScenarioSpec *scenario, const GArray *applications, guint index, GError **error)
{
    const ApplicationSpec *application = at(applications, index);
    const gint64 vcpus = scenario_guest(scenario, application->guest)->vcpus;
    gint64 taken = application_keys_servers(scenario, application);

    if (taken > vcpus)
        return reject(error,
                      "/applications/%u/processors: %" G_GINT64_FORMAT " of guest \"%s\", which has %" G_GINT64_FORMAT
                      ", expected at most as many",
                      index, taken, application->guest, vcpus);
    for (guint i = 0; i < index; i++)
        if (g_str_equal(at(applications, i)->guest, application->guest))
            taken += application_keys_servers(scenario, at(applications, i));
    return taken <= vcpus || reject(error,
                                    "/applications/%u/processors: guest \"%s\" has %" G_GINT64_FORMAT
                                    " and its applications take %" G_GINT64_FORMAT ", expected no more than there are",
                                    index, application->guest, vcpus, taken);
}

/* ---- loads and services ---- */

static gboolean
check_rates(const ApplicationLoadSpec *load, guint index, GError **error)
{
    double highest = 0;

    for (guint i = 0; load->kind == APP_LOAD_RATES && i < load->rates->len; i++) {
        const AppRate *rate = &g_array_index(load->rates, AppRate, i);
        highest = MAX(highest, rate->rate_per_s);
        if (i > 0 && rate->at_s <= g_array_index(load->rates, AppRate, i - 1).at_s)
            return reject(error,
                          "/applications/%u/load/rates/%u/at: is not after the one before, expected dates that "
                          "increase",
                          index, i);
    }
    return load->kind != APP_LOAD_RATES || highest > 0 ||
           reject(error, "/applications/%u/load/rates: all are zero, expected one that is not", index);
}

static gboolean
check_times(const ApplicationSpec *application, guint index, GError **error)
{
    const ApplicationLoadSpec *load = application->load;
    const AppTimeLaw service = application_keys_law(application->service);

    if (!(apptime_mean_s(&service) > 0))
        return reject(error, "/applications/%u/service/values: all are 0 s, expected one that is not", index);
    if (!isnan(load->stop_s) && load->stop_s <= load->start_s)
        return reject(error, "/applications/%u/load/stop: is not after the start, expected later", index);
    return check_rates(load, index, error);
}

/* Also when the time line sets another one. */
static gboolean
has_known_pages(const ScenarioSpec *scenario, const GuestSpec *guest)
{
    const GPtrArray *later = scenario_later_workloads(scenario, guest->name);

    for (guint i = 0; later && i < later->len; i++) {
        const WorkloadSpec *workload = g_ptr_array_index(later, i);
        if (!workload_is_drawn(workload->kind))
            return FALSE;
    }
    return workload_is_drawn(guest->workload->kind) && guest->phases->len == 0;
}

/* The guest's workload says where pages are written, and the application how often. */
static gboolean
check_writes(const ScenarioSpec *scenario, const GArray *applications, guint index, GError **error)
{
    const ApplicationSpec *application = at(applications, index);

    if (application->writes <= 0)
        return TRUE;
    for (guint i = 0; i < index; i++)
        if (at(applications, i)->writes > 0 && g_str_equal(at(applications, i)->guest, application->guest))
            return reject(error,
                          "/applications/%u/writes: \"%s\" of the same guest writes pages, expected one that does",
                          index, at(applications, i)->name);
    return has_known_pages(scenario, scenario_guest(scenario, application->guest)) ||
           reject(error,
                  "/applications/%u/writes: the workload of guest \"%s\" does not say to which pages, expected a "
                  "uniform, hot-cold or zipf one without phases (its rate may be \"0/s\")",
                  index, application->guest);
}

/* ---- calls ---- */

static gboolean
check_vtpm(const ScenarioSpec *scenario, const ApplicationSpec *application, guint index, guint call, GError **error)
{
    const ApplicationCallSpec *spec = &g_array_index(application->calls, ApplicationCallSpec, call);
    g_autoptr(GHashTable) by_vm = vtpm_keys_by_vm(scenario);
    const VtpmSpec *own = g_hash_table_lookup(by_vm, application->guest);

    return (own && g_str_equal(own->name, spec->vtpm)) ||
           reject(error, "/applications/%u/calls/%u/vtpm: \"%s\" does not serve guest \"%s\", expected the guest's own",
                  index, call, spec->vtpm, application->guest);
}

static gboolean
check_card(const ScenarioSpec *scenario, const ApplicationSpec *application, guint index, guint call, GError **error)
{
    const ApplicationCallSpec *spec = &g_array_index(application->calls, ApplicationCallSpec, call);
    g_autofree char *at = g_strdup_printf("/applications/%u/calls/%u/card", index, call);

    if (spec->round_trip_s > 0)
        return reject(error,
                      "/applications/%u/calls/%u/round_trip: is said of a call to a card, expected none: the session's "
                      "path says how long it takes",
                      index, call);
    return card_check_call(scenario, application->guest, spec->card, at, error);
}

static gboolean
joins(const SocketSpec *socket, const char *a, const char *b)
{
    return (g_str_equal(socket->from, a) && g_str_equal(socket->to, b)) ||
           (g_str_equal(socket->from, b) && g_str_equal(socket->to, a));
}

static gboolean
check_over(const ScenarioSpec *scenario, const ApplicationSpec *application, guint index, guint call, GError **error)
{
    const ApplicationCallSpec *spec = &g_array_index(application->calls, ApplicationCallSpec, call);

    if (!spec->application)
        return reject(error, "/applications/%u/calls/%u/over: no application is called, expected one in another guest",
                      index, call);
    if (spec->round_trip_s > 0)
        return reject(error,
                      "/applications/%u/calls/%u/round_trip: is said of a call over a socket, expected none: its path "
                      "says how long it takes",
                      index, call);
    const char *there = application_keys_find(scenario, spec->application)->guest;
    const SocketSpec *socket = socket_keys_find(scenario, spec->over->socket);
    return joins(socket, application->guest, there) ||
           reject(error,
                  "/applications/%u/calls/%u/over/socket: \"%s\" joins guests \"%s\" and \"%s\", expected one between "
                  "\"%s\" and \"%s\"",
                  index, call, socket->name, socket->from, socket->to, application->guest, there);
}

static gboolean
check_call(const ScenarioSpec *scenario, const ApplicationSpec *application, guint index, guint call, GError **error)
{
    const ApplicationCallSpec *spec = &g_array_index(application->calls, ApplicationCallSpec, call);
    const guint named = (spec->application != NULL) + (spec->vtpm != NULL) + (spec->card != NULL);

    if (named != 1)
        return reject(error, "/applications/%u/calls/%u: names %s, expected an application, a vTPM or a card", index,
                      call, named > 0 ? "two" : "nobody");
    if (spec->over && !check_over(scenario, application, index, call, error))
        return FALSE;
    if (spec->card)
        return check_card(scenario, application, index, call, error);
    return !spec->vtpm || check_vtpm(scenario, application, index, call, error);
}

static gboolean
check_calls(const ScenarioSpec *scenario, const ApplicationSpec *application, guint index, GError **error)
{
    for (guint c = 0; c < application->calls->len; c++)
        if (!check_call(scenario, application, index, c, error))
            return FALSE;
    return TRUE;
}

/* Depth-first; each application is left once. */
typedef enum { UNSEEN, UNDER_WAY, LEFT } Visit;

static guint
index_of(const GArray *applications, const char *name)
{
    guint i = 0;

    while (!g_str_equal(at(applications, i)->name, name))
        i++;
    return i;
}

static gboolean
visit(const GArray *applications, guint index, Visit *visits, GError **error)
{
    const GArray *calls = at(applications, index)->calls;

    visits[index] = UNDER_WAY;
    for (guint c = 0; c < calls->len; c++) {
        const char *name = g_array_index(calls, ApplicationCallSpec, c).application;
        if (!name)
            continue;
        const guint callee = index_of(applications, name);
        if (visits[callee] == UNDER_WAY)
            return reject(error,
                          "/applications/%u/calls/%u/application: \"%s\" waits for \"%s\" in turn, expected calls that "
                          "go round in no ring",
                          index, c, name, at(applications, index)->name);
        if (visits[callee] == UNSEEN && !visit(applications, callee, visits, error))
            return FALSE;
    }
    visits[index] = LEFT;
    return TRUE;
}

static gboolean
check_rings(const GArray *applications, GError **error)
{
    g_autofree Visit *visits = g_new0(Visit, applications->len + 1);

    for (guint i = 0; i < applications->len; i++)
        if (visits[i] == UNSEEN && !visit(applications, i, visits, error))
            return FALSE;
    return TRUE;
}

/* ---- all of it ---- */

static gboolean
check_measurement(const ScenarioSpec *scenario, const ApplicationSpec *application, guint index, GError **error)
{
    const double run_s = scenario->run_until_s;

    if (run_s > 0 && application->warm_up_s >= run_s)
        return reject(error, "/applications/%u/warm_up: lasts to the end of the run, expected less", index);
    if (run_s / application->bin_s > BINS_MAX)
        return reject(error, "/applications/%u/bin: makes %.0f rows, expected at most %.0f: longer ones", index,
                      run_s / application->bin_s, BINS_MAX);
    return run_s / application->batch_s <= BATCHES_MAX ||
           reject(error, "/applications/%u/batch: makes %.0f batches, expected at most %.0f: longer ones", index,
                  run_s / application->batch_s, BATCHES_MAX);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const GArray *applications = application_keys_of(scenario)->applications;

    for (guint i = 0; i < applications->len; i++) {
        const ApplicationSpec *application = at(applications, i);
        if (!check_processors(scenario, applications, i, error) || !check_times(application, i, error) ||
            !check_writes(scenario, applications, i, error) || !check_calls(scenario, application, i, error) ||
            !check_measurement(scenario, application, i, error))
            return FALSE;
    }
    return check_rings(applications, error);
}

/* ---- what is asked for ---- */

/* Requests per second of open loads at each application, its own and those of who calls it: whoever calls adds to them
 * before they are passed on. (transfer full) */
static double *
rates_of(const GArray *applications)
{
    double *rates_per_s = g_new0(double, applications->len);
    g_autofree guint *callers = g_new0(guint, applications->len);
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < applications->len; i++) {
        const AppLoad load = application_keys_load(at(applications, i)->load);
        rates_per_s[i] += appload_rate(&load);
        for (guint c = 0; c < at(applications, i)->calls->len; c++) {
            const char *name = g_array_index(at(applications, i)->calls, ApplicationCallSpec, c).application;
            if (name)
                callers[index_of(applications, name)]++;
        }
    }
    for (guint i = 0; i < applications->len; i++)
        if (callers[i] == 0)
            g_array_append_val(ready, i);
    for (guint r = 0; r < ready->len; r++) {
        const guint caller = g_array_index(ready, guint, r);
        for (guint c = 0; c < at(applications, caller)->calls->len; c++) {
            const char *name = g_array_index(at(applications, caller)->calls, ApplicationCallSpec, c).application;
            if (!name)
                continue;
            const guint callee = index_of(applications, name);
            rates_per_s[callee] += rates_per_s[caller];
            if (--callers[callee] == 0)
                g_array_append_val(ready, callee);
        }
    }
    return rates_per_s;
}

static void
warn(const ScenarioSpec *scenario, GPtrArray *warnings)
{
    const GArray *applications = application_keys_of(scenario)->applications;
    g_autofree double *rates_per_s = rates_of(applications);

    for (guint i = 0; i < applications->len; i++) {
        const ApplicationSpec *application = at(applications, i);
        const AppTimeLaw service = application_keys_law(application->service);
        const double asked =
            rates_per_s[i] * apptime_mean_s(&service) / application_keys_servers(scenario, application);
        if (asked >= 1)
            g_ptr_array_add(warnings, g_strdup_printf("/applications/%u/load: asks for %.2f of what its processors can "
                                                      "do at full speed, so that the backlog grows without end",
                                                      i, asked));
    }
}

const PartKeys application_keys = {"application", .fields = application_keys_fields, .size = sizeof(ApplicationKeys),
                                   .check = check, .warn = warn};
