#include "sim/validate/card_case.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"
#include "sim/validate/case_json.h"

#include <math.h>
#include <string.h>

#define US_MOST      1e9
#define GAP_LEAST_US 0.001
#define COUNT_MOST   64.0 /* clients, requests under way, slots: what the script measures at most */
#define BYTES_MOST   16384.0
#define POINTS_MOST  64

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

/* A curve of the costs: a list of objects, each with these numbers. */
typedef struct {
    const char *key, *at, *us, *more_us; /* more_us NULL: there is none */
    gsize offset;
} Curve;

static const Curve curves[] = {
    {"wake_other_by_gap", "gap_us", "eventfd_write_us", "median_us", G_STRUCT_OFFSET(CardCase, costs.wakes)},
};

const char *
card_design_word(CardDesign design)
{
    return design_words[design];
}

/* One of the words, as its place among them; -1: an error says what was expected. */
static int
read_word(const CardCase *card, const cJSON *object, const char *pointer, const char *const *words, GError **error)
{
    const cJSON *item = case_child(object, strrchr(pointer, '/') + 1);

    for (int i = 0; words[i]; i++)
        if (cJSON_IsString(item) && g_str_equal(item->valuestring, words[i]))
            return i;
    g_autofree char *found = item ? wording_value(item) : g_strdup("missing");
    g_autofree char *choice = wording_choice(cJSON_IsString(item) ? item->valuestring : "", words);
    g_autofree char *fault = g_strdup_printf("%s: is %s, %s", pointer, found, choice);
    (void)case_wrong(card->path, fault, error);
    return -1;
}

static gboolean
read_point(const cJSON *item, const Curve *curve, CardPoint *point, char **fault)
{
    const CaseNumber of_point[] = {
        {NULL, curve->at, TRUE, FALSE, GAP_LEAST_US, US_MOST, G_STRUCT_OFFSET(CardPoint, at)},
        {NULL, curve->us, TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(CardPoint, us)},
        {NULL, curve->more_us, TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(CardPoint, more_us)},
    };

    return case_numbers_read(of_point, curve->more_us ? 3 : 2, item, point, fault);
}

/* A curve that is not there is empty: what would be told by it is not predicted. */
static gboolean
read_curve(CardCase *card, const cJSON *costs, const Curve *curve, GError **error)
{
    GArray *points = g_array_new(FALSE, TRUE, sizeof(CardPoint));
    const cJSON *list = case_child(costs, curve->key);
    double last = -INFINITY;

    G_STRUCT_MEMBER(GArray *, card, curve->offset) = points;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next) {
        CardPoint point = {0};
        g_autofree char *fault = NULL;
        g_autofree char *where = g_strdup_printf("/costs/%s/%u", curve->key, points->len);
        gboolean well = read_point(item, curve, &point, &fault);
        if (well && (point.at <= last || points->len >= POINTS_MOST)) {
            fault =
                g_strdup_printf("/%s: is not above the one before, or there are more than %d", curve->at, POINTS_MOST);
            well = FALSE;
        }
        if (!well) {
            g_autofree char *whole = g_strconcat(where, fault, NULL);
            return case_wrong(card->path, whole, error);
        }
        last = point.at;
        g_array_append_val(points, point);
    }
    return TRUE;
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
    g_autofree char *fault = NULL;
    const cJSON *costs = case_child(root, "costs");

    if (!cJSON_IsObject(costs))
        return case_wrong(card->path, "/costs: is missing, expected what each stage costs", error);
    if (!case_numbers_read(numbers, G_N_ELEMENTS(numbers), root, card, &fault))
        return case_wrong(card->path, fault, error);
    for (gsize i = 0; i < G_N_ELEMENTS(curves); i++)
        if (!read_curve(card, costs, &curves[i], error))
            return FALSE;
    return check_design(card, error);
}

static gboolean
read_words(CardCase *card, const cJSON *root, GError **error)
{
    const cJSON *disturbed = case_child(root, "disturbed");
    const char *cipher = case_text(case_child(root, "case"), "cipher");
    const int design = read_word(card, root, "/design", design_words, error);
    const int place =
        design < 0 ? -1 : read_word(card, case_child(root, "case"), "/case/processors", place_words, error);

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
