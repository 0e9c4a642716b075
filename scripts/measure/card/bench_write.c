#include "bench_write.h"

#include "bench_json.h"
#include <errno.h>
#include <math.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_BYTES 4096

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
        median.others_share += one->others_share / measured->n;
        median.steal_share += one->steal_share / measured->n;
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
    double least = measured->ciphers[0].mean_us, most = least;

    for (int i = 1; i <= measured->n; i++) {
        least = fmin(least, measured->ciphers[i].mean_us);
        most = fmax(most, measured->ciphers[i].mean_us);
    }
    return measured->what->cipher != CIPHER_NONE && least > 0 ? most / least - 1 : 0;
}

bool
measured_disturbed(const Measured *measured)
{
    Result median = measured_median(measured);
    return result_disturbance(&median) > DISTURBED_OVER || measured_drift(measured) > DRIFT_OVER;
}

static void
write_machine(Json *json)
{
    json_open(json, "machine", '{');
    json_count(json, "processors", (uint64_t)machine_processors());
    json_text(json, "model", machine_model());
    json_text(json, "kernel", machine_kernel());
    json_text(json, "openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    json_bool(json, "virtual", machine_is_virtual());
    json_close(json, '}');
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
write_wakes(Json *json, const Costs *costs)
{
    json_open(json, "wake_other_by_gap", '[');
    for (int i = 0; i < costs->n_wakes; i++) {
        const Wake *wake = &costs->wakes[i];
        json_open(json, NULL, '{');
        json_count(json, "gap_us", (uint64_t)wake->gap_us);
        json_number(json, "eventfd_write_us", wake->written.mean_us);
        json_number(json, "median_us", wake->woken.median_us);
        json_number(json, "mean_us", wake->woken.mean_us);
        json_number(json, "p90_us", wake->woken.p90_us);
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
    for (int i = 0; i < costs->general.n; i++)
        json_number(json, costs->general.costs[i].name, costs->general.costs[i].us);
    write_wakes(json, costs);
    write_cipher_curve(json, &costs->ciphers[what->cipher]);
    write_size_curve(json, costs);
    json_close(json, '}');
}

static void
write_result(Json *json, const char *key, const Result *result)
{
    bool latency, inside = false;

    json_open(json, key, '{');
    for (int i = 0; i < RESULTS; i++) {
        const char *name = result_name((ResultKey)i, &latency);
        if (latency && !inside)
            json_open(json, "latency_us", '{');
        if (!latency && inside)
            json_close(json, '}');
        inside = latency;
        json_number(json, name, result->values[i]);
    }
    json_count(json, "requests", result->requests);
    json_count(json, "answers", result->answers);
    json_count(json, "answers_checked", result->checked);
    json_number(json, "others_share", result->others_share);
    json_number(json, "steal_share", result->steal_share);
    json_close(json, '}');
}

static void
write_text(Json *json, const Measured *measured, const Costs *costs)
{
    Result median = measured_median(measured);

    json_open(json, NULL, '{');
    json_text(json, "id", measured->what->id);
    json_text(json, "kind", "card");
    write_machine(json);
    write_what(json, measured);
    write_costs(json, measured, costs);
    write_result(json, "result", &median);
    json_open(json, "repeats", '[');
    for (int i = 0; i < measured->n; i++)
        write_result(json, NULL, &measured->repeats[i]);
    json_close(json, ']');
    json_open(json, "load", '{');
    json_number(json, "others_share", median.others_share);
    json_number(json, "steal_share", median.steal_share);
    json_number(json, "costs_others_share", costs->others_share);
    json_number(json, "costs_steal_share", costs->steal_share);
    json_bool(json, "costs_disturbed", costs_disturbance(costs) > DISTURBED_OVER);
    json_number(json, "cipher_drift", measured_drift(measured));
    json_close(json, '}');
    json_bool(json, "disturbed", measured_disturbed(measured));
    json_close(json, '}');
}

static bool
write_whole(const char *path, const char *text, size_t bytes)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    bool written = fwrite(text, 1, bytes, file) == bytes;
    return fclose(file) == 0 && written;
}

bool
write_case(const char *folder, const Measured *measured, const Costs *costs)
{
    char path[PATH_MAX_BYTES], part[PATH_MAX_BYTES], *text = NULL;
    size_t bytes = 0;
    Json json = {.to = open_memstream(&text, &bytes)};

    snprintf(path, sizeof path, "%s/%s.json", folder, measured->what->id);
    snprintf(part, sizeof part, "%s/.%s.part", folder, measured->what->id);
    if (json.to)
        write_text(&json, measured, costs);
    bool written = json.to && fclose(json.to) == 0 && write_whole(part, text, bytes) && rename(part, path) == 0;
    if (!written) {
        fprintf(stderr, "measure-card: %s: %s\n", path, strerror(errno));
        unlink(part);
    }
    free(text);
    return written;
}
