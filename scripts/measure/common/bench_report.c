#include "common/bench_report.h"

#include "common/bench_program.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_BYTES 4096

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
