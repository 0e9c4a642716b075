#include "sim/validate/tcp_case.h"

#include "sim/validate/case_json.h"

enum { STEPS_MOST = 64 };

static const char *const sent_words[] = {[TCP_CASE_SEGMENT] = "segment", [TCP_CASE_SYN] = "syn", NULL};

static const CaseNumber numbers[] = {
    {"case", "blackout_s", TRUE, FALSE, 0.001, 1000, G_STRUCT_OFFSET(TcpCase, blackout_s)},
    {"case", "rtt_us", TRUE, FALSE, 0, 1e8, G_STRUCT_OFFSET(TcpCase, rtt_us)},
    {"case", "tick_us", TRUE, FALSE, 1, 10000, G_STRUCT_OFFSET(TcpCase, tick_us)},
    {"case", "rto_min_ms", TRUE, FALSE, 1, 120000, G_STRUCT_OFFSET(TcpCase, rto_min_ms)},
    {"case", "rto_max_ms", TRUE, FALSE, 1000, 1000000, G_STRUCT_OFFSET(TcpCase, rto_max_ms)},
    {"case", "retries", TRUE, TRUE, 0, 100, G_STRUCT_OFFSET(TcpCase, retries)},
    {"case", "syn_linear_timeouts", TRUE, TRUE, 0, 100, G_STRUCT_OFFSET(TcpCase, syn_linear_timeouts)},
    {"case", "syn_retries", TRUE, TRUE, 0, 100, G_STRUCT_OFFSET(TcpCase, syn_retries)},
    {"result", "felt_s", TRUE, FALSE, 1e-6, 10000, G_STRUCT_OFFSET(TcpCase, felt_s)},
};

const char *
tcp_case_sent_word(TcpCaseSent sent)
{
    return sent_words[sent];
}

static gboolean
read_words(TcpCase *one, const cJSON *root, GError **error)
{
    const cJSON *asked = case_child(root, "case"), *probe = case_child(asked, "tail_loss_probe");
    const int sent = case_word_read(one->path, asked, "/case/sent", sent_words, error);

    if (sent < 0)
        return FALSE;
    if (!cJSON_IsBool(probe))
        return case_wrong(one->path,
                          "/case/tail_loss_probe: is missing or neither true nor false, expected one of them", error);
    one->sent = (TcpCaseSent)sent;
    one->tail_loss_probe = cJSON_IsTrue(probe);
    return TRUE;
}

static gboolean
read_steps(TcpCase *one, const cJSON *root, GError **error)
{
    const cJSON *list = case_child(case_child(root, "result"), "again_s");
    double last_s = 0;

    if (!cJSON_IsArray(list) || !list->child)
        return case_wrong(one->path, "/result/again_s: is missing or empty, expected when it was sent again", error);
    for (const cJSON *item = list->child; item; item = item->next) {
        const double at_s = cJSON_IsNumber(item) ? item->valuedouble : 0;
        if (!(at_s > last_s) || one->again_s->len >= STEPS_MOST) {
            g_autofree char *fault = g_strdup_printf("/result/again_s/%u: is not above the one before, or there are "
                                                     "more than %d, expected dates that ascend",
                                                     one->again_s->len, STEPS_MOST);
            return case_wrong(one->path, fault, error);
        }
        g_array_append_val(one->again_s, at_s);
        last_s = at_s;
    }
    return TRUE;
}

TcpCase *
tcp_case_parse(const char *path, const cJSON *root, GError **error)
{
    g_autoptr(TcpCase) one = g_new0(TcpCase, 1);

    one->path = g_filename_display_name(path);
    one->again_s = g_array_new(FALSE, FALSE, sizeof(double));
    if (!case_id_read(one->path, root, &one->id, error) || !read_words(one, root, error) ||
        !case_numbers_of(one->path, numbers, G_N_ELEMENTS(numbers), root, one, error))
        return NULL;
    return read_steps(one, root, error) ? g_steal_pointer(&one) : NULL;
}

void
tcp_case_free(TcpCase *one)
{
    if (!one)
        return;
    g_clear_pointer(&one->again_s, g_array_unref);
    g_free(one->path);
    g_free(one->id);
    g_free(one);
}
