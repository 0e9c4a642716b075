#include "sim/parts/application/application_results.h"

#include "sim/output/shown.h"
#include "sim/world/domain.h"

#include <math.h>

#define CONFIDENCE 0.95 /* chosen: what papers print */
#define LATE       10   /* chosen: of the median response, what makes one late; so do measured calls of a vTPM */

static const char *const phase_words[APP_PHASES] = {
    [APP_BEFORE] = "before", [APP_DURING] = "during", [APP_AFTER] = "after", [APP_LATER] = "later"};

/* ---- what is told ---- */

typedef struct {
    double mean_s, p50_s, p90_s, p95_s, p99_s, max_s; /* NAN: nothing was answered */
} Responses;

#define RESPONSE_FIELDS(Struct, is_optional)                                                                           \
    {"response_mean_s", RECORD_NUMBER(Struct, responses.mean_s),                                                       \
     "mean response time of an answered request, as its client feels it", .optional = is_optional},                    \
        {"response_p50_s", RECORD_NUMBER(Struct, responses.p50_s), "half took no longer", .optional = is_optional},    \
        {"response_p90_s", RECORD_NUMBER(Struct, responses.p90_s), "90 % took no longer", .optional = is_optional},    \
        {"response_p95_s", RECORD_NUMBER(Struct, responses.p95_s), "95 % took no longer", .optional = is_optional},    \
        {"response_p99_s", RECORD_NUMBER(Struct, responses.p99_s), "99 % took no longer", .optional = is_optional},    \
    {                                                                                                                  \
        "response_max_s", RECORD_NUMBER(Struct, responses.max_s), "the longest", .optional = is_optional               \
    }

typedef struct {
    const char *application, *guest;
    AppCounts counts;
    guint64 waiting;
    double measured_s, requests_per_s;
    Responses responses;
    guint64 delayed;
    double delayed_s;
    StatisticsInterval rate, response;
    guint64 backlog_peak;
    double drain_s; /* NAN: nothing was disturbed, or it has not ended */
    double utilization;
    double offered_utilization;
    const char *stable;
} ApplicationNumbers;

#define COUNT_FIELDS(Struct)                                                                                           \
    {"offered", RECORD_COUNT(Struct, counts.offered), "requests asked, by clients and by applications that call it"},  \
        {"answered", RECORD_COUNT(Struct, counts.answered), "requests answered"},                                      \
        {"lost", RECORD_COUNT(Struct, counts.lost),                                                                    \
         "requests lost: their frames found the guest stopped, the queue was full, or the guest is gone"},             \
    {                                                                                                                  \
        "gave_up", RECORD_COUNT(Struct, counts.gave_up),                                                               \
            "requests that a user, or the client's TCP, no longer waits for"                                           \
    }

static const RecordField application_fields[] = {
    COUNT_FIELDS(ApplicationNumbers),
    {"waiting", RECORD_COUNT(ApplicationNumbers, waiting), "requests without an end when the run ends"},
    {"requests_per_s", RECORD_NUMBER(ApplicationNumbers, requests_per_s), "answered per second of the measured time"},
    RESPONSE_FIELDS(ApplicationNumbers, TRUE),
    {"delayed", RECORD_COUNT(ApplicationNumbers, delayed), "requests whose answer took ten times the median, or more"},
    {"delayed_s", RECORD_NUMBER(ApplicationNumbers, delayed_s), "by how much these took longer than it, together"},
    {"requests_per_s_half_width", RECORD_NUMBER(ApplicationNumbers, rate.half_width),
     "half the width of the confidence interval of the batches' rates", .optional = TRUE},
    {"response_mean_half_width_s", RECORD_NUMBER(ApplicationNumbers, response.half_width),
     "the same of their mean response times", .optional = TRUE},
    {"backlog_peak", RECORD_COUNT(ApplicationNumbers, backlog_peak),
     "most requests that waited at once: for the guest, with their clients' TCP, or for a processor"},
    {"drain_s", RECORD_NUMBER(ApplicationNumbers, drain_s),
     "from the guest's running again until nobody waited; of several stops the longest", .optional = TRUE},
    {"utilization", RECORD_NUMBER(ApplicationNumbers, utilization),
     "share of the run in which its processors ran and had a request"},
    {"offered_utilization", RECORD_NUMBER(ApplicationNumbers, offered_utilization),
     "what open loads ask of its processors at full speed; of a rate that changes the highest"},
    {"stable", RECORD_WORD(ApplicationNumbers, stable), "\"no\": that is more than they can do"},
    {NULL},
};
static const Record application_record = {"application.NAME", application_fields, "an application"};

typedef struct {
    AppCounts counts;
    double seconds, requests_per_s;
    Responses responses;
} PhaseNumbers;

static const RecordField phase_fields[] = {
    {"lasted_s", RECORD_NUMBER(PhaseNumbers, seconds), "how long, after the warm-up; of several disturbances in all"},
    COUNT_FIELDS(PhaseNumbers),
    {"requests_per_s", RECORD_NUMBER(PhaseNumbers, requests_per_s), "answered per second of it"},
    RESPONSE_FIELDS(PhaseNumbers, TRUE),
    {NULL},
};
static const Record phase_record = {
    "application.NAME.PHASE", phase_fields,
    "an application before, during, after and later than migrations and stops of guests that it hangs on"};

/* Calls to crypto cards. */
typedef struct {
    guint64 asked, answered, lost, waiting;
    double mean_s; /* NAN: none was answered */
} CardCallNumbers;

static const RecordField card_call_fields[] = {
    {"card_asked", RECORD_COUNT(CardCallNumbers, asked), "requests to crypto cards, of the whole run"},
    {"card_answered", RECORD_COUNT(CardCallNumbers, answered), "of these, what a card answered"},
    {"card_lost", RECORD_COUNT(CardCallNumbers, lost),
     "what it rejected or refused, or what its session did not survive: the application's request is lost"},
    {"card_waiting", RECORD_COUNT(CardCallNumbers, waiting), "what has no answer when the run ends"},
    {"card_latency_mean_s", RECORD_NUMBER(CardCallNumbers, mean_s), "mean time from call to answer", .optional = TRUE},
    {NULL},
};
static const Record card_call_record = {"application.NAME", card_call_fields,
                                        "calls of an application to crypto cards, when it makes any"};

static const RecordField row_fields[] = {
    {"application", RECORD_WORD(ApplicationNumbers, application), "as in the scenario"},
    {"guest", RECORD_WORD(ApplicationNumbers, guest), "where it runs"},
    {"measured_s", RECORD_NUMBER(ApplicationNumbers, measured_s), "after the warm-up"},
    COUNT_FIELDS(ApplicationNumbers),
    {"waiting", RECORD_COUNT(ApplicationNumbers, waiting), "at the end"},
    {"requests_per_s", RECORD_NUMBER(ApplicationNumbers, requests_per_s), "answered"},
    RESPONSE_FIELDS(ApplicationNumbers, FALSE),
    {"backlog_peak", RECORD_COUNT(ApplicationNumbers, backlog_peak), "most that waited at once"},
    {"drain_s", RECORD_NUMBER(ApplicationNumbers, drain_s), "until nobody waited after a stop"},
    {"utilization", RECORD_NUMBER(ApplicationNumbers, utilization), "of its processors, over the run"},
    {NULL},
};
static const Record row_record = {"applications.csv", row_fields, "applications, one row each"};

typedef struct {
    const char *application;
    double start_s;
    AppCounts counts;
    guint64 waiting;
    double mean_s, p50_s, p99_s, max_s;
} SeriesRow;

static const RecordField series_fields[] = {
    {"application", RECORD_WORD(SeriesRow, application), "as in the scenario"},
    {"start_s", RECORD_NUMBER(SeriesRow, start_s), "of the bin"},
    {"offered", RECORD_COUNT(SeriesRow, counts.offered), "asked in it"},
    {"answered", RECORD_COUNT(SeriesRow, counts.answered), "answered in it"},
    {"lost", RECORD_COUNT(SeriesRow, counts.lost), "lost in it"},
    {"gave_up", RECORD_COUNT(SeriesRow, counts.gave_up), "given up in it"},
    {"waiting", RECORD_COUNT(SeriesRow, waiting), "at its end, for the guest or for a processor"},
    {"response_mean_s", RECORD_NUMBER(SeriesRow, mean_s), "of those answered in it"},
    {"response_p50_s", RECORD_NUMBER(SeriesRow, p50_s), "half of them took no longer"},
    {"response_p99_s", RECORD_NUMBER(SeriesRow, p99_s), "99 % took no longer"},
    {"response_max_s", RECORD_NUMBER(SeriesRow, max_s), "the longest"},
    {NULL},
};
static const Record series_record = {"application-series.csv", series_fields, "bins of time of every application"};

const Record *const application_records[] = {&application_record, &phase_record,  &card_call_record,
                                             &row_record,         &series_record, NULL};

/* ---- numbers ---- */

static const AppLog *
log_of(const Application *application)
{
    return appgraph_log(application->graph, application->index);
}

static Responses
responses_of(const Histogram *responses)
{
    if (responses->count == 0)
        return (Responses){NAN, NAN, NAN, NAN, NAN, NAN};
    return (Responses){histogram_mean(responses),
                       histogram_percentile(responses, 0.5),
                       histogram_percentile(responses, 0.9),
                       histogram_percentile(responses, 0.95),
                       histogram_percentile(responses, 0.99),
                       responses->greatest};
}

static StatisticsInterval
known(StatisticsInterval interval)
{
    if (isinf(interval.half_width))
        interval.half_width = NAN;
    return interval;
}

static ApplicationNumbers
numbers_of(const Application *application)
{
    const AppLog *log = log_of(application);
    g_auto(Histogram) all;

    applog_responses(log, &all);
    ApplicationNumbers numbers = {.application = application->spec->name,
                                  .guest = application->spec->guest,
                                  .counts = applog_counts(log),
                                  .waiting = appgraph_waiting(application->graph, application->index),
                                  .measured_s = applog_seconds(log),
                                  .responses = responses_of(&all),
                                  .rate = known(meter_rate(&log->meter, CONFIDENCE)),
                                  .response = known(meter_latency(&log->meter, CONFIDENCE)),
                                  .backlog_peak = log->waiting_max,
                                  .drain_s = log->drain_s,
                                  .utilization = appgraph_utilization(application->graph, application->index),
                                  .offered_utilization = appgraph_offered(application->graph, application->index)};
    numbers.delayed =
        histogram_beyond(&all, LATE * numbers.responses.p50_s, numbers.responses.p50_s, &numbers.delayed_s);
    numbers.stable = numbers.offered_utilization < 1 ? "yes" : "no";
    numbers.requests_per_s = numbers.measured_s > 0 ? (double)numbers.counts.answered / numbers.measured_s : 0;
    return numbers;
}

static PhaseNumbers
phase_of(const AppAccount *account)
{
    static const Histogram nothing = {0};
    const Histogram *responses = account->responses.buckets ? &account->responses : &nothing;

    return (PhaseNumbers){account->counts, account->seconds,
                          account->seconds > 0 ? (double)account->counts.answered / account->seconds : NAN,
                          responses_of(responses)};
}

static CardCallNumbers
card_calls_of(const Application *application)
{
    const AppElsewhere *calls = appgraph_elsewhere(application->graph, application->index);

    return (CardCallNumbers){calls->asked, calls->answered, calls->lost, calls->asked - calls->answered - calls->lost,
                             calls->answered > 0 ? calls->answer_sum_s / (double)calls->answered : NAN};
}

static gboolean
calls_cards(const Application *application)
{
    const GArray *calls = application->spec->calls;

    for (guint i = 0; i < calls->len; i++)
        if (g_array_index(calls, ApplicationCallSpec, i).card)
            return TRUE;
    return FALSE;
}

/* ---- lines ---- */

static void
say_disturbance(GString *line, const AppLog *log, const ApplicationNumbers *numbers)
{
    const Responses before = phase_of(&log->accounts[APP_BEFORE]).responses;
    const Responses during = phase_of(&log->accounts[APP_DURING]).responses;
    const Responses after = phase_of(&log->accounts[APP_AFTER]).responses;
    char a[SHOWN_SIZE], b[SHOWN_SIZE], c[SHOWN_SIZE];

    g_string_append_printf(line, ", p99 before %s s, during %s s, after %s s", shown_seconds(a, before.p99_s),
                           shown_seconds(b, during.p99_s), shown_seconds(c, after.p99_s));
    if (!isnan(numbers->drain_s))
        g_string_append_printf(line, "; backlog at most %" G_GUINT64_FORMAT ", drained %s s after the stop",
                               numbers->backlog_peak, shown_seconds(a, numbers->drain_s));
}

static void
say_application(const Application *application, const ApplicationNumbers *numbers, Result *result)
{
    const AppLog *log = log_of(application);
    g_autoptr(GString) line = g_string_new(NULL);
    char p50[SHOWN_SIZE], worst[SHOWN_SIZE];

    g_string_append_printf(line, "%" G_GUINT64_FORMAT " requests answered, response p50 %s s, worst %s s",
                           numbers->counts.answered, shown_seconds(p50, numbers->responses.p50_s),
                           shown_seconds(worst, numbers->responses.max_s));
    if (log->phase != APP_BEFORE)
        say_disturbance(line, log, numbers);
    if (numbers->counts.lost > 0)
        g_string_append_printf(line, "; %" G_GUINT64_FORMAT " lost", numbers->counts.lost);
    if (numbers->counts.gave_up > 0)
        g_string_append_printf(line, "; %" G_GUINT64_FORMAT " given up", numbers->counts.gave_up);
    if (g_str_equal(numbers->stable, "no"))
        g_string_append_printf(line, "; unstable, asked for %.2f of what it can do, %" G_GUINT64_FORMAT " wait",
                               numbers->offered_utilization, numbers->waiting);
    result_say_one(result, "applications", "application %s: %s", application->spec->name, line->str);
}

/* ---- all of it ---- */

static void
append_series(const Application *application, GString *table)
{
    const AppLog *log = log_of(application);

    for (guint i = 0; i < log->bins->len; i++) {
        const AppBin *bin = &g_array_index(log->bins, AppBin, i);
        const gboolean any = bin->counts.answered > 0;
        const SeriesRow row = {application->spec->name,
                               i * log->bin_s,
                               bin->counts,
                               bin->waiting,
                               any ? bin->response_sum_s / (double)bin->counts.answered : NAN,
                               any ? bin->median_s : NAN,
                               any ? bin->p99_s : NAN,
                               any ? bin->worst_s : NAN};
        record_append_row(&series_record, &row, table);
    }
}

static void
collect_application(const Application *application, GString *rows, GString *series, Result *result)
{
    const AppLog *log = log_of(application);
    const ApplicationNumbers numbers = numbers_of(application);

    record_add(&application_record, &numbers, result, "application.%s", application->spec->name);
    for (guint i = 0; i < APP_PHASES && log->phase != APP_BEFORE; i++) {
        const PhaseNumbers phase = phase_of(&log->accounts[i]);
        if (phase.seconds > 0)
            record_add(&phase_record, &phase, result, "application.%s.%s", application->spec->name, phase_words[i]);
    }
    if (calls_cards(application)) {
        const CardCallNumbers calls = card_calls_of(application);
        record_add(&card_call_record, &calls, result, "application.%s", application->spec->name);
    }
    record_append_row(&row_record, &numbers, rows);
    append_series(application, series);
    say_application(application, &numbers, result);
}

void
application_results_collect(const ApplicationWorld *own, Result *result)
{
    GString *rows = record_table(&row_record), *series = record_table(&series_record);

    for (guint i = 0; i < own->applications->len; i++) {
        const Application *application = g_ptr_array_index(own->applications, i);
        if (application->spec)
            collect_application(application, rows, series, result);
    }
    record_take_table(&row_record, rows, result);
    record_take_table(&series_record, series, result);
}

/* Two counters: requests that wait, and the longest response of each bin. */
void
application_results_trace(const ApplicationWorld *own, Trace *trace)
{
    for (guint i = 0; i < own->applications->len; i++) {
        const Application *application = g_ptr_array_index(own->applications, i);
        if (!application->spec)
            continue;
        const AppLog *log = log_of(application);
        g_autofree char *waiting = g_strdup_printf("%s waiting", application->spec->name);
        g_autofree char *worst = g_strdup_printf("%s worst response", application->spec->name);
        for (guint b = 0; b < log->bins->len; b += trace_stride(log->bins->len)) {
            const AppBin *bin = &g_array_index(log->bins, AppBin, b);
            trace_counter(trace, "applications", waiting, "requests", b * log->bin_s, bin->waiting);
            trace_counter(trace, "applications", worst, "s", b * log->bin_s, bin->worst_s);
        }
    }
}

/* ---- rules of the tables ---- */

char *
application_results_fault(const Application *application)
{
    const AppLog *log = log_of(application);
    const AppCounts *total = &log->total;
    const guint64 waiting = appgraph_waiting(application->graph, application->index);
    AppCounts bins = {0};

    for (guint i = 0; i < log->bins->len; i++) {
        const AppCounts *counts = &g_array_index(log->bins, AppBin, i).counts;
        bins.offered += counts->offered;
        bins.answered += counts->answered;
        bins.lost += counts->lost;
        bins.gave_up += counts->gave_up;
    }
    if (total->offered != total->answered + total->lost + total->gave_up + waiting)
        return g_strdup_printf("%" G_GUINT64_FORMAT " requests were asked, %" G_GUINT64_FORMAT
                               " answered, %" G_GUINT64_FORMAT " lost, %" G_GUINT64_FORMAT
                               " given up and %" G_GUINT64_FORMAT " wait",
                               total->offered, total->answered, total->lost, total->gave_up, waiting);
    if (!log->overflowed && (bins.offered != total->offered || bins.answered != total->answered ||
                             bins.lost != total->lost || bins.gave_up != total->gave_up))
        return g_strdup_printf("the series has %" G_GUINT64_FORMAT " answers, the application %" G_GUINT64_FORMAT,
                               bins.answered, total->answered);
    return NULL;
}
