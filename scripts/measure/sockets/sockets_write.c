#include "sockets_write.h"

#include "common/bench_report.h"
#include <math.h>

/* Wider than for a card: interrupts that wake the other side are nobody's time, and up to a twelfth of it; and what is
 * measured beside a case takes so short that the two speeds of a processor that boosts, a tenth apart, show in it. */
#define OTHERS_OVER 0.1
#define SPEED_OVER  0.2

Result
measured_median(const Measured *measured)
{
    Result median = {0};
    double values[REPEATS_MAX];

    for (int key = 0; key < RESULTS; key++) {
        for (int i = 0; i < measured->n; i++)
            values[i] = measured->repeats[i].values[key];
        median.values[key] = median_of(values, measured->n);
    }
    for (int i = 0; i < measured->n; i++) {
        const Result *one = &measured->repeats[i];
        median.totals.messages += one->totals.messages;
        median.totals.sent_bytes += one->totals.sent_bytes;
        median.totals.received_bytes += one->totals.received_bytes;
        median.totals.compared_bytes += one->totals.compared_bytes;
        median.load.others += one->load.others / measured->n;
        median.load.steal += one->load.steal / measured->n;
    }
    return median;
}

/* Of one kind on one processor, in the order of time; gives how many. */
static int
beside_values(const Measured *measured, int kind, int rank, double *values)
{
    for (int i = 0; i <= measured->n; i++)
        values[i] = measured->beside[i].us[kind][rank];
    return measured->n + 1;
}

double
measured_drift(const Measured *measured)
{
    double values[REPEATS_MAX + 1], drift = 0;

    for (int kind = 0; kind < BESIDE_KINDS; kind++)
        for (int rank = 0; rank < BESIDE_PROCESSORS; rank++)
            drift = fmax(drift, report_drift(values, beside_values(measured, kind, rank, values)));
    return drift;
}

/* The median over time, the mean over processors. */
static double
beside_us(const Measured *measured, BesideKind kind)
{
    double values[REPEATS_MAX + 1], sum_us = 0;

    for (int rank = 0; rank < BESIDE_PROCESSORS; rank++) {
        int n = beside_values(measured, kind, rank, values);
        sum_us += median_of(values, n);
    }
    return sum_us / BESIDE_PROCESSORS;
}

bool
measured_disturbed(const Measured *measured)
{
    Result median = measured_median(measured);
    return report_disturbance(&median.load) > OTHERS_OVER || measured_drift(measured) > SPEED_OVER;
}

static void
write_what(Json *json, const Measured *measured)
{
    const Case *what = measured->what;
    LinkLimits limits = link_limits(what);

    json_text(json, "design", design_name(what->design));
    json_open(json, "case", '{');
    json_text(json, "workload", work_name(what->work));
    json_count(json, "bytes", (uint64_t)what->bytes);
    json_count(json, "receive_bytes", (uint64_t)what->receive_bytes);
    json_whole(json, "buffer_bytes", what->design == DESIGN_RING ? what->buffer_bytes : NAN);
    json_whole(json, "kernel_send_buffer_bytes", limits.send_bytes);
    json_whole(json, "kernel_receive_buffer_bytes", limits.receive_bytes);
    json_whole(json, "segment_bytes", limits.segment_bytes);
    json_bool(json, "no_delay", what->design == DESIGN_TCP && what->work == WORK_ROUND_TRIP);
    json_count(json, "poll_us", (uint64_t)what->poll_us);
    json_text(json, "processors", place_name(what->place));
    json_number(json, "warm_up_s", measured->warm_s);
    json_number(json, "measured_s", measured->measured_s);
    json_close(json, '}');
}

static void
write_size(Json *json, const SizeCosts *size)
{
    json_open(json, NULL, '{');
    json_count(json, "bytes", (uint64_t)size->bytes);
    for (int key = 0; key < SIZE_COSTS; key++)
        json_number(json, size_name((SizeKey)key), size->us[key]);
    json_close(json, '}');
}

static void
write_costs(Json *json, const Measured *measured, const Costs *costs)
{
    const LinkCosts *link = costs_of_link(costs, measured->what);

    json_open(json, "costs", '{');
    json_number(json, "copy_16k_us", beside_us(measured, BESIDE_COPY));
    json_number(json, "system_call_us", beside_us(measured, BESIDE_CALL));
    costs_write(json, &costs->general);
    wakes_write(json, &costs->wakes);
    json_open(json, "moving_by_size", '[');
    for (int i = 0; i < link->n; i++)
        write_size(json, &link->sizes[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void
write_result(Json *json, const char *key, const Result *result)
{
    json_open(json, key, '{');
    report_values(json, RESULT_NAMES, result->values, RESULTS);
    json_count(json, "messages", result->totals.messages);
    json_count(json, "sent_bytes", result->totals.sent_bytes);
    json_count(json, "received_bytes", result->totals.received_bytes);
    json_count(json, "compared_bytes", result->totals.compared_bytes);
    json_number(json, "others_share", result->load.others);
    json_number(json, "steal_share", result->load.steal);
    json_close(json, '}');
}

typedef struct {
    const Measured *measured;
    const Costs *costs;
} Written;

static void
write_text(Json *json, const void *of)
{
    const Written *written = of;
    const Measured *measured = written->measured;
    Result median = measured_median(measured);

    json_open(json, NULL, '{');
    json_text(json, "id", measured->what->id);
    json_text(json, "kind", "socket");
    report_machine(json, NULL);
    write_what(json, measured);
    write_costs(json, measured, written->costs);
    write_result(json, "result", &median);
    json_open(json, "repeats", '[');
    for (int i = 0; i < measured->n; i++)
        write_result(json, NULL, &measured->repeats[i]);
    json_close(json, ']');
    report_load(json, &median.load, &written->costs->load, "drift", measured_drift(measured));
    json_bool(json, "disturbed", measured_disturbed(measured));
    json_close(json, '}');
}

bool
write_case(const char *folder, const Measured *measured, const Costs *costs)
{
    const Written written = {measured, costs};
    return report_save(folder, measured->what->id, write_text, &written);
}
