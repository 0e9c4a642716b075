#include "tcp_write.h"

#include "common/bench_report.h"
#include "common/bench_samples.h"
#include "tcp_run.h"
#include <math.h>

#define RTO_MIN_MS 200.0    /* TCP_RTO_MIN, where the kernel has no setting for it */
#define RTO_MAX_MS 120000.0 /* TCP_RTO_MAX */

Result
measured_median(const Measured *measured)
{
    Result median = measured->repeats[0];
    double values[REPEATS_MAX];

    for (int i = 0; i < measured->n; i++)
        median.steps = measured->repeats[i].steps < median.steps ? measured->repeats[i].steps : median.steps;
    for (int step = 0; step < median.steps; step++) {
        for (int i = 0; i < measured->n; i++)
            values[i] = measured->repeats[i].again_s[step];
        median.again_s[step] = median_of(values, measured->n);
    }
    for (int i = 0; i < measured->n; i++)
        values[i] = measured->repeats[i].felt_s;
    median.felt_s = median_of(values, measured->n);
    for (int i = 0; i < measured->n; i++)
        values[i] = measured->repeats[i].rtt_us;
    median.rtt_us = median_of(values, measured->n);
    return median;
}

static void
write_what(Json *json, const Case *what, const Result *median)
{
    const long *set = median->settings;

    json_open(json, "case", '{');
    json_text(json, "sent", sent_name(what->sent));
    json_number(json, "blackout_s", what->blackout_ms / 1e3);
    json_bool(json, "tail_loss_probe", set[SETTING_EARLY_RETRANS] >= 3);
    json_count(json, "syn_linear_timeouts", (uint64_t)(set[SETTING_SYN_LINEAR] < 0 ? 0 : set[SETTING_SYN_LINEAR]));
    json_number(json, "rto_min_ms", set[SETTING_RTO_MIN_US] < 0 ? RTO_MIN_MS : (double)set[SETTING_RTO_MIN_US] / 1e3);
    json_number(json, "rto_max_ms", set[SETTING_RTO_MAX_MS] < 0 ? RTO_MAX_MS : (double)set[SETTING_RTO_MAX_MS]);
    json_count(json, "retries", (uint64_t)set[SETTING_RETRIES2]);
    json_count(json, "syn_retries", (uint64_t)set[SETTING_SYN_RETRIES]);
    json_number(json, "tick_us", run_tick_us());
    json_number(json, "rtt_us", median->rtt_us);
    json_close(json, '}');
}

static void
write_result(Json *json, const char *key, const Result *result)
{
    json_open(json, key, '{');
    json_number(json, "felt_s", result->felt_s);
    json_open(json, "again_s", '[');
    for (int i = 0; i < result->steps; i++)
        json_number(json, NULL, result->again_s[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void
write_all(Json *json, const void *of)
{
    const Measured *measured = of;
    const Result median = measured_median(measured);

    json_open(json, NULL, '{');
    json_text(json, "kind", "tcp");
    json_text(json, "id", measured->what->id);
    report_machine(json, NULL);
    write_what(json, measured->what, &median);
    write_result(json, "result", &median);
    json_open(json, "repeats", '[');
    for (int i = 0; i < measured->n; i++)
        write_result(json, NULL, &measured->repeats[i]);
    json_close(json, ']');
    json_close(json, '}');
}

bool
write_case(const char *folder, const Measured *measured)
{
    return report_save(folder, measured->what->id, write_all, measured);
}
