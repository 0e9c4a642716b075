#include "sim/validate/socket_case.h"

#include "sim/validate/case_list.h"

#include <math.h>

#define US_MOST    1e9
#define BYTES_MOST 1073741824.0

static const char *const design_words[] = {
    [SOCKET_DESIGN_RING] = "ring", [SOCKET_DESIGN_TCP] = "tcp", [SOCKET_DESIGN_UNIX] = "unix", [SOCKET_DESIGNS] = NULL};
static const char *const workload_words[] = {
    [SOCKET_ROUND_TRIP] = "round-trip", [SOCKET_STREAM] = "stream", [SOCKET_WORKLOADS] = NULL};
static const char *const place_words[] = {
    [SOCKET_PLACE_ALL] = "all", [SOCKET_PLACE_PINNED] = "pinned", [SOCKET_PLACE_ONE] = "1", NULL};

static const CaseNumber numbers[] = {
    {"machine", "processors", TRUE, TRUE, 1, 4096, G_STRUCT_OFFSET(SocketCase, processors)},
    {"case", "bytes", TRUE, TRUE, 1, BYTES_MOST, G_STRUCT_OFFSET(SocketCase, bytes)},
    {"case", "receive_bytes", TRUE, TRUE, 1, BYTES_MOST, G_STRUCT_OFFSET(SocketCase, receive_bytes)},
    {"case", "buffer_bytes", FALSE, TRUE, 2, BYTES_MOST, G_STRUCT_OFFSET(SocketCase, buffer_bytes)},
    {"case", "kernel_send_buffer_bytes", FALSE, TRUE, 2, BYTES_MOST,
     G_STRUCT_OFFSET(SocketCase, kernel_send_buffer_bytes)},
    {"case", "kernel_receive_buffer_bytes", FALSE, TRUE, 2, BYTES_MOST,
     G_STRUCT_OFFSET(SocketCase, kernel_receive_buffer_bytes)},
    {"case", "segment_bytes", FALSE, TRUE, 1, BYTES_MOST, G_STRUCT_OFFSET(SocketCase, segment_bytes)},
    {"case", "poll_us", TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(SocketCase, poll_us)},
    {"costs", "handover_other_us", FALSE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(SocketCase, handover_us)},
    {"costs", "eventfd_write_idle_us", TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(SocketCase, write_idle_us)},
    {"costs", "sleep_same_us", FALSE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(SocketCase, sleep_same_us)},
    {"result", "messages_per_s", TRUE, FALSE, 1e-6, 1e12, G_STRUCT_OFFSET(SocketCase, messages_per_s)},
    {"result/latency_us", "median", FALSE, FALSE, 1e-6, 1e12, G_STRUCT_OFFSET(SocketCase, latency_median_us)},
};

#define MOVING(key, member)                                                                                            \
    {                                                                                                                  \
        NULL, key, FALSE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(SocketMoving, member)                                     \
    }

static const CaseNumber moving_numbers[] = {
    {NULL, "bytes", TRUE, TRUE, 1, BYTES_MOST, G_STRUCT_OFFSET(SocketMoving, bytes)},
    MOVING("send_other_us", send_other),
    MOVING("send_same_us", send_same),
    MOVING("send_row_other_us", send_row_other),
    MOVING("receive_other_us", receive_other),
    MOVING("receive_same_us", receive_same),
    MOVING("receive_row_other_us", receive_row_other),
    MOVING("send_wake_same_us", send_wake_same),
    MOVING("wake_same_median_us", wake_same),
    MOVING("send_appended_us", send_appended),
    MOVING("push_us", push),
    MOVING("acknowledge_us", acknowledge),
};

const char *
socket_design_word(SocketDesign design)
{
    return design_words[design];
}

const char *
socket_workload_word(SocketWorkload workload)
{
    return workload_words[workload];
}

/* What its design and its workload need. */
static gboolean
check_needs(const SocketCase *one, GError **error)
{
    if (one->moving->len == 0)
        return case_wrong(one->path, "/costs/moving_by_size: is missing or empty, expected what each size costs",
                          error);
    if (one->place != SOCKET_PLACE_ONE && one->processors > 1 && one->wakes->len == 0)
        return case_wrong(
            one->path, "/costs/wake_other_by_gap: is missing or empty, expected it of a case on two processors", error);
    if (one->design == SOCKET_DESIGN_RING && isnan(one->buffer_bytes))
        return case_wrong(one->path, "/case/buffer_bytes: is missing, expected it of a ring", error);
    if (one->design != SOCKET_DESIGN_RING &&
        (isnan(one->kernel_send_buffer_bytes) || isnan(one->kernel_receive_buffer_bytes)))
        return case_wrong(one->path, "/case/kernel_send_buffer_bytes: or that of receiving is missing, expected both",
                          error);
    if (one->design == SOCKET_DESIGN_TCP && isnan(one->segment_bytes))
        return case_wrong(one->path, "/case/segment_bytes: is missing, expected it of TCP", error);
    return one->workload == SOCKET_STREAM || !isnan(one->latency_median_us) ||
           case_wrong(one->path, "/result/latency_us/median: is missing, expected it of round trips", error);
}

static gboolean
read_costs(SocketCase *one, const cJSON *root, GError **error)
{
    const cJSON *costs = case_child(root, "costs");

    if (!cJSON_IsObject(costs))
        return case_wrong(one->path, "/costs: is missing, expected what each stage costs", error);
    if (!case_numbers_of(one->path, numbers, G_N_ELEMENTS(numbers), root, one, error))
        return FALSE;
    one->wakes = case_wakes_read(one->path, costs, error);
    if (!one->wakes)
        return FALSE;
    one->moving = case_list_read(one->path, costs, "moving_by_size", moving_numbers, G_N_ELEMENTS(moving_numbers),
                                 sizeof(SocketMoving), error);
    return one->moving && check_needs(one, error);
}

static gboolean
read_words(SocketCase *one, const cJSON *root, GError **error)
{
    const cJSON *disturbed = case_child(root, "disturbed"), *asked = case_child(root, "case");
    const int design = case_word_read(one->path, root, "/design", design_words, error);
    const int workload = design < 0 ? -1 : case_word_read(one->path, asked, "/case/workload", workload_words, error);
    const int place = workload < 0 ? -1 : case_word_read(one->path, asked, "/case/processors", place_words, error);

    if (place < 0)
        return FALSE;
    if (!cJSON_IsBool(disturbed))
        return case_wrong(one->path, "/disturbed: is missing or neither true nor false, expected one of them", error);
    one->design = (SocketDesign)design;
    one->workload = (SocketWorkload)workload;
    one->place = (SocketPlace)place;
    one->disturbed = cJSON_IsTrue(disturbed);
    return TRUE;
}

SocketCase *
socket_case_parse(const char *path, const cJSON *root, GError **error)
{
    g_autoptr(SocketCase) one = g_new0(SocketCase, 1);

    one->path = g_filename_display_name(path);
    if (!case_id_read(one->path, root, &one->id, error) || !read_words(one, root, error) ||
        !read_costs(one, root, error))
        return NULL;
    return g_steal_pointer(&one);
}

void
socket_case_free(SocketCase *one)
{
    if (!one)
        return;
    g_clear_pointer(&one->moving, g_array_unref);
    g_clear_pointer(&one->wakes, g_array_unref);
    g_free(one->path);
    g_free(one->id);
    g_free(one);
}
