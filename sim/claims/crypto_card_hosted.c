#include "sim/claims/crypto_card_hosted.h"

#include "sim/claims/paper_scenario.h"
#include "sim/output/csv.h"
#include "sim/output/files.h"
#include "sim/output/result.h"
#include "sim/scenario/data_folder.h"

#include <cjson/cJSON.h>

/* A VM has as many requests under way as its path has slots. */
static const struct {
    const char *name;
    guint outstanding;
} hosted_paths[] = {{"ivshmem", 2}, {"ivshmem-per-vm", 1}, {"emulated", 1}};

static const guint host_sizes[] = {1, 2, 4, 8};
static const guint works_us[] = {0, 5, 10, 15, 20, 30, 40, 60, 80, 100}; /* of a VM, for each request */

#define VMS_MAX      32u
#define WORKING_VMS  16u
#define SMALLEST_BIG 2u /* index: from 4 processors on, where it is not plain who is short */

typedef struct {
    guint path, processors;
    gboolean run_guests;
    guint vms, work_us;
    gboolean by_work; /* a row of own-work.csv */
    guint index;      /* in the batch */
} HostedRun;

/* The profile's stations behind one in the guest, on its virtual processor. NULL: as the profile has them. */
static char *
stations_setting(const HostedRun *run)
{
    if (run->work_us == 0)
        return NULL;
    g_autofree char *name = g_strdup_printf("configs/paths/%s.json", hosted_paths[run->path].name);
    g_autofree char *file = data_folder_file(name);
    g_autofree char *text = NULL;
    g_autofree char *fixed = g_strdup_printf("%uus", run->work_us);
    if (!files_read(file, &text, NULL, NULL))
        return NULL; /* the reader will name it */
    cJSON *profile = cJSON_Parse(text), *work = cJSON_CreateObject();
    cJSON *stations = cJSON_GetObjectItemCaseSensitive(profile, "stations");

    cJSON_AddStringToObject(work, "name", "own-work");
    cJSON_AddStringToObject(work, "place", "guest");
    cJSON_AddStringToObject(work, "direction", "forward");
    cJSON_AddStringToObject(work, "server", "guest");
    cJSON_AddStringToObject(work, "fixed", fixed);
    cJSON_AddBoolToObject(work, "per_vm", TRUE);
    cJSON_InsertItemInArray(stations, 0, work);
    char *json = cJSON_PrintUnformatted(stations);
    char *setting = g_strconcat("/card_paths/0/stations=", json, NULL);
    cJSON_free(json);
    cJSON_Delete(profile);
    return setting;
}

static gboolean
add_run(Batch *batch, GArray *hosted, HostedRun run, GError **error)
{
    g_autofree char *file = paper_scenario("crypto-card", "processors.json");
    g_autofree char *path = g_strconcat("/card_paths/0/profile=", hosted_paths[run.path].name, NULL);
    g_autofree char *processors = g_strdup_printf("/cards/0/processors=%u", run.processors);
    g_autofree char *guests = g_strconcat("/cards/0/processors_run_guests=", run.run_guests ? "true" : "false", NULL);
    g_autofree char *copies = g_strdup_printf("/card_sessions/0/copies=%u", run.vms);
    g_autofree char *outstanding =
        g_strdup_printf("/card_sessions/0/workload/outstanding=%u", hosted_paths[run.path].outstanding);
    g_autofree char *stations = stations_setting(&run);

    run.index = batch_add(batch, file, 1, error, path, processors, guests, copies, outstanding, stations, NULL);
    g_array_append_val(hosted, run);
    return run.index != G_MAXUINT;
}

static gboolean
add_by_vms(Batch *batch, GArray *hosted, guint path, guint processors, GError **error)
{
    for (guint guests = 0; guests < 2; guests++)
        for (guint vms = 1; vms <= VMS_MAX; vms *= 2) {
            const HostedRun run = {path, processors, guests != 0, vms, 0, FALSE, 0};
            if (!add_run(batch, hosted, run, error))
                return FALSE;
        }
    return TRUE;
}

static gboolean
add_by_work(Batch *batch, GArray *hosted, guint path, guint processors, GError **error)
{
    for (guint w = 0; w < G_N_ELEMENTS(works_us); w++) {
        const HostedRun run = {path, processors, TRUE, WORKING_VMS, works_us[w], TRUE, 0};
        if (!add_run(batch, hosted, run, error))
            return FALSE;
    }
    return TRUE;
}

GArray *
crypto_card_hosted_add(Batch *batch, GError **error)
{
    g_autoptr(GArray) hosted = g_array_new(FALSE, FALSE, sizeof(HostedRun));

    for (guint path = 0; path < G_N_ELEMENTS(hosted_paths); path++)
        for (guint size = 0; size < G_N_ELEMENTS(host_sizes); size++) {
            if (!add_by_vms(batch, hosted, path, host_sizes[size], error))
                return NULL;
            if (size >= SMALLEST_BIG && !add_by_work(batch, hosted, path, host_sizes[size], error))
                return NULL;
        }
    return g_steal_pointer(&hosted);
}

static void
append_results(GString *csv, const Result *result)
{
    static const char *const metrics[] = {"requests_per_s", "latency_p99_s", "processors_utilization",
                                          "processors_queue_mean"};

    for (guint i = 0; i < G_N_ELEMENTS(metrics); i++) {
        g_autofree char *name = g_strconcat("card.card.", metrics[i], NULL);
        csv_append_number(csv, result_number(result, name));
    }
    g_string_append_printf(csv, ",%s\n", result_word(result, "card.card.bottleneck"));
}

void
crypto_card_hosted_take(const GArray *hosted, const Batch *batch, FileSet *files)
{
    GString *by_vms = g_string_new("path,processors,run_guests,vms,requests_per_s,latency_p99_s,"
                                   "processors_utilization,processors_queue_mean,bottleneck\n");
    GString *by_work = g_string_new("path,processors,vms,own_work_us,requests_per_s,latency_p99_s,"
                                    "processors_utilization,processors_queue_mean,bottleneck\n");

    for (guint i = 0; i < hosted->len; i++) {
        const HostedRun *run = &g_array_index(hosted, HostedRun, i);
        const Result *result = batch_result(batch, run->index);
        GString *csv = run->by_work ? by_work : by_vms;
        g_string_append_printf(csv, "%s,%u,", hosted_paths[run->path].name, run->processors);
        if (run->by_work)
            g_string_append_printf(csv, "%u,%u", run->vms, run->work_us);
        else
            g_string_append_printf(csv, "%s,%u", run->run_guests ? "yes" : "no", run->vms);
        append_results(csv, result);
    }
    files_take(files, "processors.csv", g_string_free(by_vms, FALSE));
    files_take(files, "own-work.csv", g_string_free(by_work, FALSE));
}
