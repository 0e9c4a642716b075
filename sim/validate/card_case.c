#include "sim/validate/card_case.h"

#include "sim/scenario/json_text.h"
#include "sim/validate/case_list.h"

#include <math.h>
#include <string.h>

#define US_MOST    1e9
#define COUNT_MOST 64.0 /* clients, requests under way, slots: what the script measures at most */
#define BYTES_MOST 16384.0

static const char *const design_words[] = {
    [CARD_DESIGN_SLOTS] = "slots",   [CARD_DESIGN_THREADS] = "threads",
    [CARD_DESIGN_STREAM] = "stream", [CARD_DESIGN_HOST] = "host",
    [CARD_DESIGNS] = NULL,
};
static const char *const place_words[] = {
    [CARD_PLACE_ALL] = "all", [CARD_PLACE_PINNED] = "pinned", [CARD_PLACE_ONE] = "1", NULL};

#define INPUT(key, least, most, member)                                                                                \
    {                                                                                                                  \
        "case", key, TRUE, TRUE, least, most, G_STRUCT_OFFSET(CardCase, inputs.member)                                 \
    }
#define COST(key, member)                                                                                              \
    {                                                                                                                  \
        "costs", key, TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(CardCase, costs.member)                                 \
    }
/* null with one processor */
#define COST_OTHER(key, member)                                                                                        \
    {                                                                                                                  \
        "costs", key, FALSE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(CardCase, costs.member)                                \
    }

static const CaseNumber numbers[] = {
    {"machine", "processors", TRUE, TRUE, 1, 4096, G_STRUCT_OFFSET(CardCase, processors)},
    INPUT("clients", 1, COUNT_MOST, clients),
    INPUT("outstanding", 1, COUNT_MOST, outstanding),
    INPUT("bytes", 1, BYTES_MOST, bytes),
    INPUT("answer_bytes", 1, BYTES_MOST, answer_bytes),
    INPUT("slots", 0, COUNT_MOST, slots),
    INPUT("poll_us", 0, US_MOST, poll_us),
    COST("cipher_us", cipher_us),
    COST("cipher_sd_us", cipher_sd_us),
    COST_OTHER("copy_request_in_us", copy_request_in_us),
    COST_OTHER("copy_request_out_us", copy_request_out_us),
    COST_OTHER("copy_answer_in_us", copy_answer_in_us),
    COST_OTHER("copy_answer_out_us", copy_answer_out_us),
    COST("copy_request_same_us", copy_request_same_us),
    COST("copy_answer_same_us", copy_answer_same_us),
    COST("send_request_us", send_request_us),
    COST("recv_request_us", recv_request_us),
    COST("send_answer_us", send_answer_us),
    COST("recv_answer_us", recv_answer_us),
    COST_OTHER("recv_request_wake_other_us", recv_wake_us),
    COST("epoll_ready_us", epoll_us),
    COST("eventfd_write_wake_same_us", write_same_us),
    COST("sleep_same_us", sleep_same_us),
    COST_OTHER("eventfd_write_busy_other_us", write_busy_us),
    COST("thread_create_us", thread_create_us),
    COST("thread_start_mean_us", thread_start_us),
    COST("thread_processor_us", thread_processor_us),
    COST("thread_in_row_us", thread_in_row_us),
    COST("thread_in_row_processor_us", thread_in_row_processor_us),
    COST("thread_create_same_us", thread_create_same_us),
    COST("thread_start_same_mean_us", thread_start_same_us),
    COST("thread_processor_same_us", thread_processor_same_us),
    {"result", "throughput_per_s", TRUE, FALSE, 1e-6, 1e12, G_STRUCT_OFFSET(CardCase, throughput_per_s)},
    {"result/latency_us", "median", TRUE, FALSE, 1e-6, 1e12, G_STRUCT_OFFSET(CardCase, latency_median_us)},
    {"result", "wakes_per_request", FALSE, FALSE, 0, 1e6, G_STRUCT_OFFSET(CardCase, wakes_per_request)},
};

const char *
card_design_word(CardDesign design)
{
    return design_words[design];
}

/* What its design needs: slots; and what needs two processors where it used two. */
static gboolean
check_design(const CardCase *card, GError **error)
{
    const CardCosts *costs = &card->costs;
    const struct {
        const char *key;
        double us;
    } copies[] = {{"copy_request_in_us", costs->copy_request_in_us},
                  {"copy_request_out_us", costs->copy_request_out_us},
                  {"copy_answer_in_us", costs->copy_answer_in_us},
                  {"copy_answer_out_us", costs->copy_answer_out_us}};
    const gboolean has_slots = card->design == CARD_DESIGN_SLOTS || card->design == CARD_DESIGN_THREADS;

    if (has_slots && card->inputs.slots < 1)
        return case_wrong(card->path, "/case/slots: is 0, expected 1 or more of this design", error);
    if (card->design == CARD_DESIGN_HOST || card->place == CARD_PLACE_ONE || card->processors < 2)
        return TRUE;
    if (costs->wakes->len == 0)
        return case_wrong(card->path,
                          "/costs/wake_other_by_gap: is missing or empty, expected it of a case on two processors",
                          error);
    if (isnan(costs->write_busy_us))
        return case_wrong(card->path,
                          "/costs/eventfd_write_busy_other_us: is missing, expected it of a case on two processors",
                          error);
    if (card->design == CARD_DESIGN_STREAM)
        return !isnan(costs->recv_wake_us) ||
               case_wrong(card->path,
                          "/costs/recv_request_wake_other_us: is missing, expected it of a stream on two processors",
                          error);
    for (gsize i = 0; i < G_N_ELEMENTS(copies); i++)
        if (isnan(copies[i].us)) {
            g_autofree char *fault = g_strdup_printf(
                "/costs/%s: is missing, expected it of a case with slots on two processors", copies[i].key);
            return case_wrong(card->path, fault, error);
        }
    return TRUE;
}

static gboolean
read_costs(CardCase *card, const cJSON *root, GError **error)
{
    const cJSON *costs = case_child(root, "costs");

    if (!cJSON_IsObject(costs))
        return case_wrong(card->path, "/costs: is missing, expected what each stage costs", error);
    if (!case_numbers_of(card->path, numbers, G_N_ELEMENTS(numbers), root, card, error))
        return FALSE;
    card->costs.wakes = case_wakes_read(card->path, costs, error);
    return card->costs.wakes && check_design(card, error);
}

static gboolean
read_words(CardCase *card, const cJSON *root, GError **error)
{
    const cJSON *disturbed = case_child(root, "disturbed");
    const char *cipher = case_text(case_child(root, "case"), "cipher");
    const int design = case_word_read(card->path, root, "/design", design_words, error);
    const int place =
        design < 0 ? -1 : case_word_read(card->path, case_child(root, "case"), "/case/processors", place_words, error);

    if (place < 0)
        return FALSE;
    if (!cipher || !*cipher || cipher[strspn(cipher, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return case_wrong(card->path, "/case/cipher: is missing or no cipher, expected a word such as \"sm4\"", error);
    if (!cJSON_IsBool(disturbed))
        return case_wrong(card->path, "/disturbed: is missing or neither true nor false, expected one of them", error);
    card->cipher = g_strdup(cipher);
    card->design = (CardDesign)design;
    card->place = (CardPlace)place;
    card->disturbed = cJSON_IsTrue(disturbed);
    return TRUE;
}

CardCase *
card_case_parse(const char *path, const cJSON *root, GError **error)
{
    g_autoptr(CardCase) card = g_new0(CardCase, 1);

    card->path = g_filename_display_name(path);
    if (!case_id_read(card->path, root, &card->id, error) || !read_words(card, root, error) ||
        !read_costs(card, root, error))
        return NULL;
    return g_steal_pointer(&card);
}

CardCase *
card_case_read(const char *path, GError **error)
{
    g_autoptr(cJSON) root = case_json_load(path, error);

    return root ? card_case_parse(path, root, error) : NULL;
}

void
card_case_free(CardCase *card)
{
    if (!card)
        return;
    g_clear_pointer(&card->costs.wakes, g_array_unref);
    g_free(card->path);
    g_free(card->id);
    g_free(card->cipher);
    g_free(card);
}
