#include "common/bench_report.h"

#include "common/bench_process.h"
#include "common/bench_program.h"
#include "common/bench_samples.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_BYTES 4096
#define ATTEMPTS       3

void
report_machine(Json *json, const char *openssl)
{
    json_open(json, "machine", '{');
    json_count(json, "processors", (uint64_t)machine_processors());
    json_text(json, "model", machine_model());
    json_text(json, "kernel", machine_kernel());
    if (openssl)
        json_text(json, "openssl", openssl);
    json_bool(json, "virtual", machine_is_virtual());
    json_close(json, '}');
}

void
report_values(Json *json, const ResultName *names, const double *values, int n)
{
    bool inside = false;

    for (int i = 0; i < n; i++) {
        if (names[i].latency && !inside)
            json_open(json, "latency_us", '{');
        if (!names[i].latency && inside)
            json_close(json, '}');
        inside = names[i].latency;
        json_number(json, names[i].name, values[i]);
    }
}

double
report_disturbance(const Shares *load)
{
    return load->others + load->steal;
}

void
report_load(Json *json, const Shares *of_case, const Shares *of_costs, const char *drift_key, double drift)
{
    json_open(json, "load", '{');
    json_number(json, "others_share", of_case->others);
    json_number(json, "steal_share", of_case->steal);
    json_number(json, "costs_others_share", of_costs->others);
    json_number(json, "costs_steal_share", of_costs->steal);
    json_bool(json, "costs_disturbed", report_disturbance(of_costs) > DISTURBED_OVER);
    json_number(json, drift_key, drift);
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
report_save(const char *folder, const char *id, void (*write)(Json *, const void *), const void *of)
{
    char path[PATH_MAX_BYTES], part[PATH_MAX_BYTES], *text = NULL;
    size_t bytes = 0;
    Json json = {.to = open_memstream(&text, &bytes)};

    snprintf(path, sizeof path, "%s/%s.json", folder, id);
    snprintf(part, sizeof part, "%s/.%s.part", folder, id);
    if (json.to)
        write(&json, of);
    bool written = json.to && fclose(json.to) == 0 && write_whole(part, text, bytes) && rename(part, path) == 0;
    if (!written) {
        fprintf(stderr, "%s: %s: %s\n", PROGRAM, path, strerror(errno));
        unlink(part);
    }
    free(text);
    return written;
}

bool
report_complain(const char *id, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", PROGRAM, id, why);
    return false;
}

double
report_drift(const double *values, int n)
{
    double least = values[0], most = values[0];

    for (int i = 1; i < n; i++) {
        least = fmin(least, values[i]);
        most = fmax(most, values[i]);
    }
    return least > 0 ? most / least - 1 : 0;
}

static Shares *
load_of(const CostsKind *kind, void *costs)
{
    return (Shares *)((char *)costs + kind->load_at);
}

static bool
measure_once(const CostsKind *kind, void *costs, const void *cases)
{
    Load before = machine_load();
    uint64_t since_ns = clock_ns();
    double own_s = process_used_s();

    bool well = kind->measure(costs, cases);
    Load after = machine_load();
    *load_of(kind, costs) =
        machine_shares(&before, &after, process_used_s() - own_s, (double)(clock_ns() - since_ns) / 1e9);
    return well;
}

bool
report_measure_costs(const CostsKind *kind, void *costs, void *attempt, const void *cases)
{
    bool well = measure_once(kind, costs, cases);

    for (int i = 1; i < ATTEMPTS && well && report_disturbance(load_of(kind, costs)) > DISTURBED_OVER; i++) {
        well = measure_once(kind, attempt, cases);
        if (well && report_disturbance(load_of(kind, attempt)) < report_disturbance(load_of(kind, costs)))
            memcpy(costs, attempt, kind->bytes);
    }
    if (!well)
        fprintf(stderr, "%s: the costs of stages could not be measured: no memory, processes or open files\n", PROGRAM);
    return well;
}
