#include "models/application/applog.h"

#include <math.h>

void
applog_init(AppLog *log, double bin_s, double warm_up_s, double batch_s)
{
    *log = (AppLog){.bin_s = bin_s, .bin_end_s = bin_s, .resumed_s = NAN, .drain_s = NAN, .since_s = warm_up_s};
    log->bins = g_array_new(FALSE, FALSE, sizeof(AppBin));
    histogram_init(&log->bin_responses);
    meter_init(&log->meter, warm_up_s, batch_s);
}

void
applog_clear(AppLog *log)
{
    for (guint i = 0; i < APP_PHASES; i++)
        histogram_clear(&log->accounts[i].responses);
    histogram_clear(&log->bin_responses);
    g_array_unref(log->bins);
}

/* ---- time ---- */

static void
close_bin(AppLog *log)
{
    AppBin *bin = &log->bin;

    bin->waiting = log->waiting;
    if (bin->counts.answered > 0) {
        bin->median_s = histogram_percentile(&log->bin_responses, 0.5);
        bin->p99_s = histogram_percentile(&log->bin_responses, 0.99);
        bin->worst_s = log->bin_responses.greatest;
        histogram_reset(&log->bin_responses);
    }
    if (log->bins->len < APPLOG_BINS_MAX)
        g_array_append_val(log->bins, *bin);
    else
        log->overflowed = TRUE;
    *bin = (AppBin){0};
    log->bin_end_s = (log->bins->len + 1) * log->bin_s;
}

void
applog_reach(AppLog *log, double now_s)
{
    while (log->bin_end_s <= now_s && !log->overflowed)
        close_bin(log);
    if (log->meter.next_s <= now_s)
        meter_reach(&log->meter, now_s);
}

static AppAccount *
account_of(AppLog *log)
{
    return &log->accounts[log->phase];
}

/* ---- requests ---- */

void
applog_note_offered(AppLog *log, double now_s)
{
    applog_reach(log, now_s);
    log->total.offered++;
    log->bin.counts.offered++;
    account_of(log)->counts.offered += log->meter.warm;
}

void
applog_note_answered(AppLog *log, double now_s, double response_s)
{
    applog_reach(log, now_s);
    log->total.answered++;
    log->bin.counts.answered++;
    log->bin.response_sum_s += response_s;
    histogram_add(&log->bin_responses, response_s);
    if (!log->meter.warm)
        return;
    AppAccount *account = account_of(log);
    if (!account->responses.buckets)
        histogram_init(&account->responses);
    histogram_add(&account->responses, response_s);
    account->counts.answered++;
    meter_note(&log->meter, response_s);
}

void
applog_note_lost(AppLog *log, double now_s)
{
    applog_reach(log, now_s);
    log->total.lost++;
    log->bin.counts.lost++;
    account_of(log)->counts.lost += log->meter.warm;
}

void
applog_note_gave_up(AppLog *log, double now_s)
{
    applog_reach(log, now_s);
    log->total.gave_up++;
    log->bin.counts.gave_up++;
    account_of(log)->counts.gave_up += log->meter.warm;
}

/* ---- phases ---- */

static void
enter_phase(AppLog *log, double now_s, AppPhase phase)
{
    applog_reach(log, now_s);
    if (log->meter.warm) {
        account_of(log)->seconds += MAX(now_s - log->since_s, 0);
        log->since_s = MAX(now_s, log->since_s);
    }
    log->phase = phase;
}

static void
end_if_over(AppLog *log, double now_s)
{
    if (log->phase == APP_AFTER && log->migrating == 0 && isnan(log->resumed_s))
        enter_phase(log, now_s, APP_LATER);
}

void
applog_note_waiting(AppLog *log, double now_s, guint waiting)
{
    if (log->meter.next_s <= now_s || log->bin_end_s <= now_s)
        applog_reach(log, now_s);
    log->waiting = waiting;
    if (waiting > log->waiting_max && log->meter.warm)
        log->waiting_max = waiting;
}

void
applog_note_drained(AppLog *log, double now_s)
{
    if (isnan(log->resumed_s))
        return;
    const double drain_s = now_s - log->resumed_s;
    log->drain_s = isnan(log->drain_s) ? drain_s : MAX(log->drain_s, drain_s);
    log->resumed_s = NAN;
    end_if_over(log, now_s);
}

void
applog_note_migration(AppLog *log, double now_s, gboolean begins)
{
    log->migrating += begins ? 1 : -1;
    if (begins)
        enter_phase(log, now_s, APP_DURING);
    else if (log->migrating == 0 && log->stopped == 0 && log->phase == APP_DURING)
        enter_phase(log, now_s, APP_AFTER);
    end_if_over(log, now_s);
}

void
applog_note_stop(AppLog *log, double now_s, gboolean stops)
{
    log->stopped += stops ? 1 : -1;
    if (stops) {
        log->resumed_s = NAN;
        enter_phase(log, now_s, APP_DURING);
        return;
    }
    if (log->stopped > 0)
        return;
    log->resumed_s = now_s;
    enter_phase(log, now_s, APP_AFTER);
}

void
applog_close(AppLog *log, double now_s)
{
    enter_phase(log, now_s, log->phase);
    if (!log->overflowed && log->bin_end_s - log->bin_s < now_s)
        close_bin(log);
}

/* ---- sums ---- */

void
applog_responses(const AppLog *log, Histogram *all)
{
    histogram_init(all);
    for (guint i = 0; i < APP_PHASES; i++)
        if (log->accounts[i].responses.buckets)
            histogram_merge(all, &log->accounts[i].responses);
}

AppCounts
applog_counts(const AppLog *log)
{
    AppCounts sum = {0};

    for (guint i = 0; i < APP_PHASES; i++) {
        const AppCounts *counts = &log->accounts[i].counts;
        sum.offered += counts->offered;
        sum.answered += counts->answered;
        sum.lost += counts->lost;
        sum.gave_up += counts->gave_up;
    }
    return sum;
}

double
applog_seconds(const AppLog *log)
{
    double sum_s = 0;

    for (guint i = 0; i < APP_PHASES; i++)
        sum_s += log->accounts[i].seconds;
    return sum_s;
}
