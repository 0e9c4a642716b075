/* Measured cases of two processes that talk: read, refused, and turned into scenarios. */
#include "sim/validate/case_folder.h"
#include "sim/validate/case_json.h"
#include "sim/validate/socket_judge.h"
#include "sim/validate/socket_predict.h"
#include "tests/sim/validate/case_changes.h"

#include <math.h>

#define CASES TANDEM_SOURCE_DIR "/tests/data/sockets"
#define CASE  CASES "/ring-round-trip-1024.json"

static const CaseChange refused[] = {
    {"", "id", NULL, "/id: is missing, expected the case's name"},
    {"", "design", "'rings'", "/design: is the text \"rings\", expected one of ring, tcp, unix"},
    {"case", "workload", NULL, "/case/workload: is missing, expected one of round-trip, stream"},
    {"case", "processors", "'2'", "/case/processors: is the text \"2\", expected one of all, pinned, 1"},
    {"case", "bytes", "0", "/case/bytes: is 0, expected 1 to"},
    {"case", "buffer_bytes", "null", "/case/buffer_bytes: is missing, expected it of a ring"},
    {"", "costs", NULL, "/costs: is missing, expected what each stage costs"},
    {"costs", "moving_by_size", "[]", "/costs/moving_by_size: is missing or empty, expected what each size costs"},
    {"costs", "moving_by_size", "[{'bytes': 64}, {'bytes': 64}]", "/costs/moving_by_size/1/bytes: is not above"},
    {"costs", "moving_by_size", "[{'bytes': 64, 'send_other_us': -1}]",
     "/costs/moving_by_size/0/send_other_us: is -1, expected 0 to"},
    {"costs", "moving_by_size", "[{'bytes': 64, 'send_other_us': 1}]",
     "/costs/moving_by_size: lacks what a send, a receive or a sleeper costs"},
    {"", "disturbed", NULL, "/disturbed: is missing or neither true nor false"},
    {"result", "messages_per_s", "0", "/result/messages_per_s: is 0, expected"},
    {"result/latency_us", "median", "null", "/result/latency_us/median: is missing, expected it of round trips"},
};

START_TEST(a_case_that_lacks_something_is_refused_in_one_line)
{
    g_autofree char *path = case_changed(CASE, refused[_i].part, refused[_i].key, refused[_i].value);
    g_autofree char *words = g_strdup_printf("validate %s", folder);
    g_autofree char *says = g_strdup_printf("case.json: %s", refused[_i].says);

    program_expect(2, says, words);
}
END_TEST

/* ---- what is counted ---- */

typedef struct {
    SocketDesign design;
    double bytes, measured, predicted;
    gboolean disturbed;
    const char *left_out;
} Made;

static GArray *
predictions_of(const Made *made, guint n, SocketCase *cases)
{
    GArray *predictions = g_array_new(FALSE, TRUE, sizeof(CasePrediction));

    for (guint i = 0; i < n; i++) {
        cases[i] = (SocketCase){.id = (char *)"x",
                                .design = made[i].design,
                                .workload = SOCKET_STREAM,
                                .bytes = made[i].bytes,
                                .disturbed = made[i].disturbed};
        const Comparison rate = {made[i].measured, made[i].predicted, 0, 0,
                                 100 * (made[i].predicted / made[i].measured - 1)};
        const CasePrediction prediction = {
            .of = &cases[i],
            .id = cases[i].id,
            .disturbed = made[i].disturbed,
            .left_out = made[i].left_out,
            .measures = {[CASE_RATE] = rate, [CASE_LATENCY] = {NAN, NAN, NAN, NAN, NAN}}};
        g_array_append_val(predictions, prediction);
    }
    return predictions;
}

START_TEST(order_and_shape_are_counted_of_what_is_alike)
{
    static const Made made[] = {
        {SOCKET_DESIGN_RING, 64, 100, 110, FALSE, NULL},
        {SOCKET_DESIGN_RING, 128, 100, 40, FALSE, NULL},    /* twice the bytes a second, and fewer are predicted */
        {SOCKET_DESIGN_TCP, 64, 50, 60, FALSE, NULL},       /* below the ring, and is */
        {SOCKET_DESIGN_TCP, 128, 50, 60, FALSE, NULL},      /* below, and is above; more bytes, and is so */
        {SOCKET_DESIGN_UNIX, 64, 1000, 1, TRUE, NULL},      /* disturbed */
        {SOCKET_DESIGN_UNIX, 128, 1000, 1, FALSE, "polls"}, /* not predicted */
    };
    SocketCase cases[G_N_ELEMENTS(made)];
    g_autoptr(GArray) predictions = predictions_of(made, G_N_ELEMENTS(made), cases);
    const CaseShare order = socket_judge_order(predictions), shape = socket_judge_shape(predictions);
    const CaseErrors all = socket_judge_errors(predictions, SOCKET_DESIGNS, SOCKET_STREAM, CASE_RATE);

    ck_assert_uint_eq(order.n, 2);
    ck_assert_uint_eq(order.right, 1);
    ck_assert_uint_eq(shape.n, 2);
    ck_assert_uint_eq(shape.right, 1);
    ck_assert_uint_eq(all.n, 4);
    ck_assert_double_eq_tol(all.worst, 60, 1e-9);
    ck_assert_uint_eq(socket_judge_errors(predictions, SOCKET_DESIGNS, SOCKET_STREAM, CASE_LATENCY).n, 0);
}
END_TEST

/* ---- predictions ---- */

static CasePrediction
predicted(const char *id, const char *setting)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseFolder) cases = case_folder_of(CASES);
    g_autoptr(GPtrArray) one = case_of_id(cases, CASE_SOCKETS, id);
    const char *const settings[] = {setting, NULL};
    g_autoptr(GArray) predictions = socket_predict(one, settings, 1, 0, &error);
    ck_assert_msg(predictions, "%s", error ? error->message : "");
    return g_array_index(predictions, CasePrediction, 0);
}

/* What the prediction of a case hangs on: with another value it is off by such a factor. */
static const struct {
    const char *id, *setting;
    double least, most; /* of what is predicted without, over what is predicted with it */
} needed[] = {
    {"ring-round-trip-1024", "/sockets/0/system/path=50us", 0, 0.5},
    {"ring-stream-1024-b16384", "/sockets/0/buffer=1MiB", 1.5, 40},
    {"ring-stream-256", "/sockets/0/call=8KiB", 0, 0.9},
    {"ring-stream-64", "/sockets/0/system/handover=0us", 1.2, 20},
    {"ring-stream-64", "/sockets/0/system/handover_rate=1Tbps", 1.2, 20},
    {"unix-stream-4096", "/sockets/0/system/notify_awake=5us", 0, 0.85},
    {"tcp-stream-4096", "/sockets/0/system/ack_work=0us", 1.2, 2},
    {"unix-stream-4096", "/sockets/0/system/queue=0us", 0, 0.9},
    {"unix-stream-64", "/sockets/0/receive=64B", 0, 0.9},
};

START_TEST(each_mechanism_is_needed)
{
    const double ratio = predicted(needed[_i].id, needed[_i].setting).measures[CASE_RATE].predicted /
                         predicted(needed[_i].id, NULL).measures[CASE_RATE].predicted;

    ck_assert_msg(ratio >= needed[_i].least && ratio <= needed[_i].most, "%s with %s: %g times", needed[_i].id,
                  needed[_i].setting, ratio);
}
END_TEST

START_TEST(a_stream_on_one_processor_is_left_out_and_said)
{
    g_autofree char *path = case_changed(CASES "/ring-stream-4096.json", "case", "processors", "'1'");
    g_auto(Ended) ended = program_run("validate %s", folder);

    ck_assert_int_eq(ended.status, 0);
    ck_assert_msg(strstr(ended.out, "not predicted: both on one processor"), "%s", ended.out);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("socket_case");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_case_that_lacks_something_is_refused_in_one_line, 0, (int)G_N_ELEMENTS(refused));
    tcase_add_test(tcase, order_and_shape_are_counted_of_what_is_alike);
    tcase_add_loop_test(tcase, each_mechanism_is_needed, 0, (int)G_N_ELEMENTS(needed));
    tcase_add_test(tcase, a_stream_on_one_processor_is_left_out_and_said);
    return check_main("socket_case", tcase, NULL);
}
