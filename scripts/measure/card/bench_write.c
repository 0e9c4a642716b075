#include "bench_write.h"

#include <openssl/crypto.h>

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
        median.requests += one->requests;
        median.answers += one->answers;
        median.checked += one->checked;
        median.load.others += one->load.others / measured->n;
        median.load.steal += one->load.steal / measured->n;
    }
    return median;
}

Spread
measured_cipher(const Measured *measured)
{
    Spread sum = {0};
    int n = measured->n + 1;

    for (int i = 0; i < n; i++) {
        const Spread *one = &measured->ciphers[i];
        sum = (Spread){sum.mean_us + one->mean_us, sum.sd_us + one->sd_us, sum.median_us + one->median_us,
                       sum.p90_us + one->p90_us};
    }
    return (Spread){sum.mean_us / n, sum.sd_us / n, sum.median_us / n, sum.p90_us / n};
}

double
measured_drift(const Measured *measured)
{
    double means_us[REPEATS_MAX + 1];

    for (int i = 0; i <= measured->n; i++)
        means_us[i] = measured->ciphers[i].mean_us;
    return measured->what->cipher == CIPHER_NONE ? 0 : report_drift(means_us, measured->n + 1);
}

bool
measured_disturbed(const Measured *measured)
{
    Result median = measured_median(measured);
    return report_disturbance(&median.load) > DISTURBED_OVER || measured_drift(measured) > DRIFT_OVER;
}

static void
write_what(Json *json, const Measured *measured)
{
    const Case *what = measured->what;

    json_text(json, "design", design_name(what->design));
    json_open(json, "case", '{');
    json_count(json, "clients", (uint64_t)what->clients);
    json_count(json, "outstanding", (uint64_t)what->outstanding);
    json_count(json, "bytes", (uint64_t)what->bytes);
    json_count(json, "answer_bytes", cipher_answer_bytes(what->cipher, (size_t)what->bytes));
    json_text(json, "cipher", cipher_name(what->cipher));
    json_count(json, "slots", (uint64_t)what->slots);
    json_count(json, "poll_us", (uint64_t)what->poll_us);
    json_text(json, "processors", place_name(what->place));
    json_number(json, "warm_up_s", measured->warm_s);
    json_number(json, "measured_s", measured->measured_s);
    json_close(json, '}');
}

/* What a copy through a slot, or a socket, costs for this case's request and for its answer. */
static void
write_moving(Json *json, const SizeCosts *request, const SizeCosts *answer)
{
    json_number(json, "copy_request_in_us", request->request_in.mean_us);
    json_number(json, "copy_request_out_us", request->request_out.mean_us);
    json_number(json, "copy_answer_in_us", answer->answer_in.mean_us);
    json_number(json, "copy_answer_out_us", answer->answer_out.mean_us);
    json_number(json, "copy_request_same_us", request->copy_same.mean_us);
    json_number(json, "copy_answer_same_us", answer->copy_same.mean_us);
    json_number(json, "send_request_us", request->send.mean_us);
    json_number(json, "recv_request_us", request->recv.mean_us);
    json_number(json, "send_answer_us", answer->send.mean_us);
    json_number(json, "recv_answer_us", answer->recv.mean_us);
    json_number(json, "recv_request_wake_other_us", request->recv_wake.mean_us);
    json_number(json, "send_answer_wake_other_us", answer->send_wake.mean_us);
    json_number(json, "socket_wake_other_median_us", answer->socket_wake.median_us);
    json_number(json, "socket_wake_other_mean_us", answer->socket_wake.mean_us);
    json_number(json, "socket_wake_other_p90_us", answer->socket_wake.p90_us);
}

static void
write_cipher_curve(Json *json, const CipherCosts *cipher)
{
    json_open(json, "cipher_by_size", '[');
    for (int i = 0; i < cipher->n; i++) {
        json_open(json, NULL, '{');
        json_count(json, "bytes", (uint64_t)cipher->bytes[i]);
        json_number(json, "mean_us", cipher->times[i].mean_us);
        json_number(json, "sd_us", cipher->times[i].sd_us);
        json_number(json, "median_us", cipher->times[i].median_us);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void
write_size_curve(Json *json, const Costs *costs)
{
    json_open(json, "moving_by_size", '[');
    for (int i = 0; i < costs->n_sizes; i++) {
        const SizeCosts *size = &costs->sizes[i];
        json_open(json, NULL, '{');
        json_count(json, "bytes", (uint64_t)size->bytes);
        json_number(json, "request_in_us", size->request_in.mean_us);
        json_number(json, "request_out_us", size->request_out.mean_us);
        json_number(json, "answer_in_us", size->answer_in.mean_us);
        json_number(json, "answer_out_us", size->answer_out.mean_us);
        json_number(json, "copy_same_us", size->copy_same.mean_us);
        json_number(json, "send_us", size->send.mean_us);
        json_number(json, "recv_us", size->recv.mean_us);
        json_number(json, "send_wake_other_us", size->send_wake.mean_us);
        json_number(json, "recv_wake_other_us", size->recv_wake.mean_us);
        json_number(json, "socket_wake_other_median_us", size->socket_wake.median_us);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void
write_costs(Json *json, const Measured *measured, const Costs *costs)
{
    const Case *what = measured->what;
    Spread cipher = measured_cipher(measured);
    int answer_bytes = (int)cipher_answer_bytes(what->cipher, (size_t)what->bytes);

    json_open(json, "costs", '{');
    json_number(json, "cipher_us", cipher.mean_us);
    json_number(json, "cipher_sd_us", cipher.sd_us);
    json_number(json, "cipher_median_us", cipher.median_us);
    json_number(json, "cipher_p90_us", cipher.p90_us);
    write_moving(json, costs_of_size(costs, what->bytes), costs_of_size(costs, answer_bytes));
    costs_write(json, &costs->general);
    wakes_write(json, &costs->wakes);
    write_cipher_curve(json, &costs->ciphers[what->cipher]);
    write_size_curve(json, costs);
    json_close(json, '}');
}

static void
write_result(Json *json, const char *key, const Result *result)
{
    json_open(json, key, '{');
    report_values(json, RESULT_NAMES, result->values, RESULTS);
    json_count(json, "requests", result->requests);
    json_count(json, "answers", result->answers);
    json_count(json, "answers_checked", result->checked);
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
    const Costs *costs = written->costs;
    Result median = measured_median(measured);

    json_open(json, NULL, '{');
    json_text(json, "id", measured->what->id);
    json_text(json, "kind", "card");
    report_machine(json, OpenSSL_version(OPENSSL_VERSION_STRING));
    write_what(json, measured);
    write_costs(json, measured, costs);
    write_result(json, "result", &median);
    json_open(json, "repeats", '[');
    for (int i = 0; i < measured->n; i++)
        write_result(json, NULL, &measured->repeats[i]);
    json_close(json, ']');
    report_load(json, &median.load, &costs->load, "cipher_drift", measured_drift(measured));
    json_bool(json, "disturbed", measured_disturbed(measured));
    json_close(json, '}');
}

bool
write_case(const char *folder, const Measured *measured, const Costs *costs)
{
    const Written written = {measured, costs};
    return report_save(folder, measured->what->id, write_text, &written);
}
