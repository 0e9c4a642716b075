#include "sim/parts/application/application_keys.h"

#include <math.h>

/* ---- times ---- */

#define MEAN_FIELD                                                                                                     \
    {                                                                                                                  \
        "mean", FIELD_TIME(ApplicationTimeSpec, mean_s), .required = TRUE, .above = "0s", .help = "of these times"     \
    }

static const Field plain_fields[] = {MEAN_FIELD, {NULL}};
static const Field lognormal_fields[] = {
    MEAN_FIELD,
    {"cv", FIELD_NUMBER(ApplicationTimeSpec, cv), .required = TRUE, .above = "0", .max = "100",
     .help = "coefficient of variation: standard deviation over mean"},
    {NULL},
};
static const Field trace_fields[] = {
    {"values", FIELD_LIST(ApplicationTimeSpec, values_s, TIME), .required = TRUE, .min_items = 1,
     .help = "taken in this order, again and again"},
    {NULL},
};
static const Field no_fields[] = {{NULL}};
static const FieldCase time_cases[] = {
    {"exponential", plain_fields, "memoryless"},
    {"constant", plain_fields, "always alike"},
    {"lognormal", lognormal_fields, "many short ones and a long tail"},
    {"trace", trace_fields, "as they were recorded"},
    {NULL},
};
static const FieldTable time_table = {
    "application-time",  sizeof(ApplicationTimeSpec), no_fields, .tag = "kind", FIELD_TAG(ApplicationTimeSpec, kind),
    .cases = time_cases, .help = "times by a law"};

/* ---- loads ---- */

static const char *const arrivals_words[] = {"poisson", "constant", NULL};

static const Field rate_fields[] = {
    {"at", FIELD_TIME(AppRate, at_s), .required = TRUE, .help = "from this date on"},
    {"rate", FIELD_FREQUENCY(AppRate, rate_per_s), .required = TRUE, .max = "10000000/s",
     .help = "requests per second"},
    {NULL},
};
static const FieldTable rate_table = {"application-rate", sizeof(AppRate), rate_fields,
                                      .help = "a rate that holds until the next one's date"};

#define ARRIVALS_FIELD                                                                                                 \
    {                                                                                                                  \
        "arrivals", FIELD_ENUM(ApplicationLoadSpec, arrivals), .words = arrivals_words, .preset = "poisson",           \
                                                               .help = "independent of each other, or evenly spaced"   \
    }
#define REQUEST_RATE_FIELD                                                                                             \
    {                                                                                                                  \
        "rate", FIELD_FREQUENCY(ApplicationLoadSpec, rate_per_s), .required = TRUE, .above = "0/s",                    \
                                                                  .max = "10000000/s", .help = "requests per second"   \
    }

static const Field open_fields[] = {ARRIVALS_FIELD, REQUEST_RATE_FIELD, {NULL}};
static const Field rates_fields[] = {
    ARRIVALS_FIELD,
    {"rates", FIELD_LIST(ApplicationLoadSpec, rates, OBJECT), .table = &rate_table, .required = TRUE, .min_items = 1,
     .help = "one after the other; nothing is asked before the first"},
    {NULL},
};
static const Field bursts_fields[] = {
    ARRIVALS_FIELD,
    REQUEST_RATE_FIELD,
    {"burst", FIELD_TIME(ApplicationLoadSpec, burst_s), .required = TRUE, .above = "0s",
     .help = "mean length of a burst, exponential: the rate is that within it"},
    {"lull", FIELD_TIME(ApplicationLoadSpec, lull_s), .required = TRUE, .above = "0s",
     .help = "mean time between two bursts, exponential: nothing is asked"},
    {NULL},
};
static const Field closed_fields[] = {
    {"users", FIELD_INTEGER(ApplicationLoadSpec, users), .required = TRUE, .min = "1", .max = "1000000",
     .help = "each has at most one request under way"},
    {"think", FIELD_OBJECT(ApplicationLoadSpec, think), .table = &time_table, .required = TRUE,
     .help = "from an answer to the user's next request"},
    {"patience", FIELD_TIME(ApplicationLoadSpec, patience_s), .preset = "30s", .above = "0s",
     .help = "who waits longer for an answer gives up, thinks and asks anew"},
    {NULL},
};
static const Field load_fields[] = {
    {"start", FIELD_TIME(ApplicationLoadSpec, start_s), .preset = "0s", .help = "nothing is asked before"},
    {"stop", FIELD_TIME(ApplicationLoadSpec, stop_s), .above = "0s", .help = "or from then on; absent: it never ends"},
    {NULL},
};
static const FieldCase load_cases[] = {
    {"none", no_fields, "only other applications call it"},
    {"open", open_fields, "requests come whether or not earlier ones were answered"},
    {"rates", rates_fields, "open, of a rate that changes"},
    {"bursts", bursts_fields, "open, in bursts"},
    {"closed", closed_fields, "users who wait for an answer before they ask again"},
    {NULL},
};
static const FieldTable load_table = {
    "application-load",  sizeof(ApplicationLoadSpec), load_fields, .tag = "kind", FIELD_TAG(ApplicationLoadSpec, kind),
    .cases = load_cases, .help = "who asks, and when"};

/* ---- applications ---- */

static const Field over_fields[] = {
    {"socket", FIELD_REFERENCE(ApplicationOverSpec, socket), .refers = "/sockets", .required = TRUE,
     .help = "between the two guests: its system, its network and where they are say how long a message takes"},
    {"request", FIELD_SIZE(ApplicationOverSpec, request_bytes), .required = TRUE, .min = "1B", .max = "1GiB",
     .help = "the call's message"},
    {"answer", FIELD_SIZE(ApplicationOverSpec, answer_bytes), .required = TRUE, .min = "1B", .max = "1GiB",
     .help = "its answer's"},
    {NULL},
};
static const FieldTable over_table = {"application-over", sizeof(ApplicationOverSpec), over_fields,
                                      .help = "a call that a socket carries, in place of a round trip"};

static const Field call_fields[] = {
    {"application", FIELD_REFERENCE(ApplicationCallSpec, application), .refers = "/applications",
     .help = "an application of this or another guest"},
    {"over", FIELD_OBJECT(ApplicationCallSpec, over), .table = &over_table,
     .help = "by a message each way over a socket between the two guests, by the path that it has then"},
    {"vtpm", FIELD_REFERENCE(ApplicationCallSpec, vtpm), .refers = "/vtpms",
     .help = "or the guest's own vTPM: a command that takes its service_time and extends no register"},
    {"card", FIELD_OBJECT(ApplicationCallSpec, card), .table = &card_call_table,
     .help =
         "or a crypto card, through a session of the guest: among the requests of all who share the session's path"},
    {"round_trip", FIELD_TIME(ApplicationCallSpec, round_trip_s), .preset = "0s", .max = "1h",
     .help = "of the way there and back, half before and half after; not of calls to a card or over a socket"},
    {NULL},
};
static const FieldTable call_table = {"application-call", sizeof(ApplicationCallSpec), call_fields,
                                      .help = "a call that an answer waits for"};

static const char *const discipline_words[] = {"first-come", "sharing", NULL};
static const char *const waits_words[] = {"nowhere", "client", "queue", NULL};

static const Field application_fields[] = {
    {"name", FIELD_NAME(ApplicationSpec, name), .required = TRUE, .help = "what the results call it"},
    {"guest", FIELD_REFERENCE(ApplicationSpec, guest), .refers = "/guests", .required = TRUE, .help = "where it runs"},
    {"processors", FIELD_INTEGER(ApplicationSpec, processors), .preset = "0", .min = "0", .max = "1024",
     .help = "how many of the guest's virtual processors serve it; 0: all of them"},
    {"load", FIELD_OBJECT(ApplicationSpec, load), .table = &load_table, .required = TRUE, .help = "who asks it"},
    {"service", FIELD_OBJECT(ApplicationSpec, service), .table = &time_table, .required = TRUE,
     .help = "time of a processor at full speed that a request takes"},
    {"discipline", FIELD_ENUM(ApplicationSpec, discipline), .words = discipline_words, .preset = "first-come",
     .help = "a request has a processor to its end, or all that are there share the processors"},
    {"queue", FIELD_INTEGER(ApplicationSpec, queue), .preset = "-1", .min = "-1", .max = "1000000000",
     .help = "requests that may be there beyond one for each processor; more are lost; -1: any number"},
    {"waits", FIELD_ENUM(ApplicationSpec, waits), .words = waits_words, .preset = "client",
     .help = "where a request is that finds the guest stopped: nowhere (lost), with the client, whose TCP sends again, "
             "or in a queue before the guest"},
    {"at", FIELD_REFERENCE(ApplicationSpec, at), .refers = "/hosts /client_network/switches",
     .help = "where its clients are, in a scenario with a client network; absent: at its first switch"},
    {"round_trip", FIELD_TIME(ApplicationSpec, round_trip_s), .max = "1h",
     .help = "between client and guest, a part of the response time; absent: the client network's rtt, without one 0"},
    {"tail_loss_probe", FIELD_BOOLEAN(ApplicationSpec, tail_loss_probe), .preset = "true",
     .help = "waits \"client\": TCP probes once before its time-outs double"},
    {"writes", FIELD_NUMBER(ApplicationSpec, writes), .preset = "0", .min = "0", .max = "1000000",
     .help = "pages that a request writes, where the guest's workload writes and beside it"},
    {"calls", FIELD_LIST(ApplicationSpec, calls, OBJECT), .table = &call_table,
     .help = "made one after the other when a request has been served, before its answer"},
    {"warm_up", FIELD_TIME(ApplicationSpec, warm_up_s), .preset = "0s",
     .help = "what happens before this date is not counted"},
    {"batch", FIELD_TIME(ApplicationSpec, batch_s), .preset = "1s", .min = "1ms",
     .help = "length of a batch, whose means give the 95 % intervals"},
    {"bin", FIELD_TIME(ApplicationSpec, bin_s), .preset = "1s", .min = "1ms",
     .help = "length of a row of application-series.csv"},
    {NULL},
};
const FieldTable application_table = {"application", sizeof(ApplicationSpec), application_fields, .groups = TRUE,
                                      .help = "an application in a guest, and its clients"};

const Field application_keys_fields[] = {
    {"applications", FIELD_LIST(ApplicationKeys, applications, OBJECT), .table = &application_table,
     .help = "applications in guests"},
    {NULL},
};

/* ---- what the models are told ---- */

const ApplicationKeys *
application_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &application_keys);
}

const ApplicationSpec *
application_keys_find(const ScenarioSpec *scenario, const char *name)
{
    const GArray *applications = application_keys_of(scenario)->applications;

    for (guint i = 0; i < applications->len; i++) {
        const ApplicationSpec *application = &g_array_index(applications, ApplicationSpec, i);
        if (g_str_equal(application->name, name))
            return application;
    }
    g_return_val_if_reached(NULL);
}

guint
application_keys_servers(const ScenarioSpec *scenario, const ApplicationSpec *application)
{
    return (guint)(application->processors > 0 ? application->processors
                                               : scenario_guest(scenario, application->guest)->vcpus);
}

AppTimeLaw
application_keys_law(const ApplicationTimeSpec *spec)
{
    const gboolean trace = spec->kind == APP_TIME_TRACE;

    return (AppTimeLaw){.kind = spec->kind,
                        .mean_s = spec->mean_s,
                        .cv = spec->cv,
                        .values_s = trace ? (const double *)(const void *)spec->values_s->data : NULL,
                        .n_values = trace ? spec->values_s->len : 0};
}

AppLoad
application_keys_load(const ApplicationLoadSpec *spec)
{
    AppLoad load = {.kind = spec->kind,
                    .constant = spec->arrivals == ARRIVALS_CONSTANT,
                    .start_s = spec->start_s,
                    .stop_s = isnan(spec->stop_s) ? INFINITY : spec->stop_s};

    if (spec->kind == APP_LOAD_RATES) {
        load.rates = (const AppRate *)(const void *)spec->rates->data;
        load.n_rates = spec->rates->len;
    } else if (spec->kind == APP_LOAD_CLOSED) {
        load.users = (guint)spec->users;
        load.think = application_keys_law(spec->think);
        load.patience_s = spec->patience_s;
    } else if (spec->kind != APP_LOAD_NONE) {
        load.rate_per_s = spec->rate_per_s;
        load.burst_s = spec->burst_s;
        load.lull_s = spec->lull_s;
    }
    return load;
}
