/* Measured cases of a shared crypto service: read, refused, and turned into scenarios. */
#include "sim/validate/card_judge.h"
#include "sim/validate/card_predict.h"
#include "sim/validate/case_folder.h"
#include "tests/sim/validate/case_changes.h"

#include <math.h>

#define CASES TANDEM_SOURCE_DIR "/tests/data/cards"
#define CASE  CASES "/slots-sm4-4096-n4-w1.json"

static char *
changed_case(const char *part, const char *key, const char *value)
{
    return case_changed(CASE, part, key, value);
}

static CardCase *
read_changed(const char *part, const char *key, const char *value, GError **error)
{
    g_autofree char *path = changed_case(part, key, value);

    return card_case_read(path, error);
}

static const CaseChange refused[] = {
    {"", "id", NULL, "/id: is missing, expected the case's name"},
    {"", "design", "'slot'", "/design: is the text \"slot\", expected one of slots, threads, stream, host"},
    {"", "design", NULL, "/design: is missing"},
    {"case", "processors", "'2'", "/case/processors: is the text \"2\", expected one of all, pinned, 1"},
    {"case", "cipher", NULL, "/case/cipher: is missing or no cipher, expected a word"},
    {"case", "clients", "0", "/case/clients: is 0, expected 1 to 64"},
    {"case", "clients", "1.5", "/case/clients: is 1.5, expected a whole number"},
    {"case", "slots", NULL, "/case/slots: is missing, expected a number"},
    {"", "costs", NULL, "/costs: is missing, expected what each stage costs"},
    {"costs", "cipher_us", NULL, "/costs/cipher_us: is missing, expected a number"},
    {"costs", "cipher_us", "-1", "/costs/cipher_us: is -1, expected 0 to 1e+09"},
    {"case", "cipher", "'sm\\n4'", "/case/cipher: is missing or no cipher"},
    {"", "disturbed", NULL, "/disturbed: is missing or neither true nor false"},
    {"", "disturbed", "'yes'", "/disturbed: is missing or neither true nor false"},
    {"costs", "copy_answer_in_us", "null", "/costs/copy_answer_in_us: is missing"},
    {"costs", "eventfd_write_busy_other_us", NULL, "/costs/eventfd_write_busy_other_us: is missing"},
    {"costs", "wake_other_by_gap", "[{'gap_us': 0, 'eventfd_write_us': 1, 'median_us': 1}]",
     "/costs/wake_other_by_gap/0/gap_us: is 0, expected 0.001 to 1e+09"},
    {"costs", "wake_other_by_gap", NULL, "/costs/wake_other_by_gap: is missing or empty"},
    {"costs", "wake_other_by_gap", "[{'gap_us': 5, 'eventfd_write_us': 1}]",
     "/costs/wake_other_by_gap/0/median_us: is missing, expected a number"},
    {"result", "throughput_per_s", "0", "/result/throughput_per_s: is 0, expected"},
    {"result/latency_us", "median", NULL, "/result/latency_us/median: is missing"},
};

START_TEST(a_case_that_lacks_something_is_refused_in_one_line)
{
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(read_changed(refused[_i].part, refused[_i].key, refused[_i].value, &error));
    ck_assert_msg(strstr(error->message, "case.json: ") && strstr(error->message, refused[_i].says), "%s",
                  error->message);
    ck_assert_ptr_null(strchr(error->message, '\n'));
}
END_TEST

START_TEST(a_folder_may_hold_both_kinds_and_knows_no_other)
{
    g_autofree char *words = g_strdup_printf("validate %s --seeds 1", folder);
    g_autofree char *qemu = NULL;

    g_free(changed_case("", "id", "'mine'"));
    ck_assert(g_file_get_contents(TANDEM_SOURCE_DIR "/tests/data/validation/cap-00.json", &qemu, NULL, NULL));
    program_write(folder, "qemu.json", qemu);
    g_auto(Ended) ended = program_run("%s", words);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    ck_assert_ptr_nonnull(strstr(ended.out, "plain, QEMU 7.2 under tcg"));
    ck_assert_ptr_nonnull(strstr(ended.out, "\n\ncard: 1 cases of a shared crypto service\n"));
    ck_assert_ptr_nonnull(strstr(ended.out, "\nmine "));
    g_free(changed_case("", "kind", "'cards'"));
    program_expect(
        2, "case.json: /kind: there is nothing to predict \"cards\" with, expected one of plain, card, socket", words);
}
END_TEST

START_TEST(a_world_that_answers_nobody_predicts_nothing)
{
    g_autofree char *words = g_strdup_printf("validate %s --seeds 1 --set '/card_sessions=[]'", folder);

    g_free(changed_case("", "id", "'mine'"));
    program_expect(2, "case.json: /costs: nobody is answered in the world that they make", words);
}
END_TEST

/* Made-up cases that differ in design and clients only, with these answers per second, measured and predicted. */
typedef struct {
    CardDesign design;
    double clients, measured, predicted;
    gboolean disturbed;
} Made;

static GArray *
predictions_of(const Made *made, guint n, CardCase *cases)
{
    GArray *predictions = g_array_new(FALSE, TRUE, sizeof(CasePrediction));

    for (guint i = 0; i < n; i++) {
        cases[i] = (CardCase){.id = (char *)"x",
                              .cipher = (char *)"sm4",
                              .design = made[i].design,
                              .inputs = {.clients = made[i].clients},
                              .disturbed = made[i].disturbed};
        const Comparison rate = {made[i].measured, made[i].predicted, 0, 0,
                                 100 * (made[i].predicted / made[i].measured - 1)};
        const CasePrediction prediction = {.of = &cases[i],
                                           .id = cases[i].id,
                                           .disturbed = made[i].disturbed,
                                           .measures = {[CASE_RATE] = rate, [CASE_LATENCY] = rate}};
        g_array_append_val(predictions, prediction);
    }
    return predictions;
}

START_TEST(order_and_shape_are_counted_of_what_is_alike)
{
    static const Made made[] = {
        {CARD_DESIGN_SLOTS, 1, 100, 100, FALSE},   {CARD_DESIGN_SLOTS, 4, 200, 190, FALSE}, /* up, and is */
        {CARD_DESIGN_SLOTS, 16, 198, 150, FALSE},                                           /* level, and falls */
        {CARD_DESIGN_STREAM, 1, 50, 120, FALSE},   /* below slots, and is above */
        {CARD_DESIGN_STREAM, 4, 60, 130, FALSE},   /* below, and is; up, and is */
        {CARD_DESIGN_THREADS, 4, 204, 100, FALSE}, /* as many as slots: says nothing of these; above stream, and is not
                                                    */
        {CARD_DESIGN_HOST, 1, 500, 1, FALSE},      /* shares nothing */
        {CARD_DESIGN_THREADS, 16, 1000, 1, TRUE},  /* disturbed */
    };
    CardCase cases[G_N_ELEMENTS(made)];
    g_autoptr(GArray) predictions = predictions_of(made, G_N_ELEMENTS(made), cases);
    const CaseShare order = card_judge_order(predictions), shape = card_judge_shape(predictions);
    const CaseErrors shared = card_judge_errors(predictions, CARD_DESIGNS, CASE_RATE);

    ck_assert_uint_eq(order.n, 3);
    ck_assert_uint_eq(order.right, 1);
    ck_assert_uint_eq(shape.n, 3);
    ck_assert_uint_eq(shape.right, 2);
    ck_assert_uint_eq(shared.n, 6);
    ck_assert_double_eq_tol(shared.worst, 140, 1e-9);
    ck_assert_uint_eq(card_judge_errors(predictions, CARD_DESIGN_HOST, CASE_LATENCY).n, 1);
}
END_TEST

/* Requests per second of one committed case. */
static double
predicted(const char *id, const char *setting)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseFolder) cases = case_folder_of(CASES);
    g_autoptr(GPtrArray) one = case_of_id(cases, CASE_CARDS, id);
    const char *const settings[] = {setting, NULL};
    g_autoptr(GArray) predictions = card_predict(one, settings, 1, 0, &error);
    ck_assert_msg(predictions, "%s", error ? error->message : "");
    return g_array_index(predictions, CasePrediction, 0).measures[CASE_RATE].predicted;
}

/* What the prediction of a case hangs on: without it, it is off by this factor at least. */
static const struct {
    const char *id, *setting;
    double least, most; /* of what is predicted without, over what is predicted with it */
} needed[] = {
    {"slots-sm2-verify-256-n1-w1", "/cards/0/processor_halts_after=0s", 1.1, 2},
    {"slots-sm4-4096-n1-w1", "/card_paths/0/stations/2/notify=0us", 1.05, 1.5},
    {"slots-sm4-4096-n1-w1", "/card_paths/0/stations/3/wake=0us", 1.02, 1.5},
    {"slots-sm4-4096-n1-w1-poll50", "/card_paths/0/stations/2/poll=0us", 0.5, 0.95},
    {"threads-sm4-4096-n4-w1", "/cards/0/processor_switch=0us", 1.1, 1.6},
    {"threads-sm4-4096-n4-w1", "/card_paths/0/stations/2/notify_queued=20us", 0.5, 0.95},
};

START_TEST(each_mechanism_is_needed)
{
    const double ratio = predicted(needed[_i].id, needed[_i].setting) / predicted(needed[_i].id, NULL);

    ck_assert_msg(ratio >= needed[_i].least && ratio <= needed[_i].most, "%s with %s: %g times", needed[_i].id,
                  needed[_i].setting, ratio);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("card_case");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_case_that_lacks_something_is_refused_in_one_line, 0, (int)G_N_ELEMENTS(refused));
    tcase_add_test(tcase, a_folder_may_hold_both_kinds_and_knows_no_other);
    tcase_add_test(tcase, a_world_that_answers_nobody_predicts_nothing);
    tcase_add_loop_test(tcase, each_mechanism_is_needed, 0, (int)G_N_ELEMENTS(needed));
    tcase_add_test(tcase, order_and_shape_are_counted_of_what_is_alike);
    return check_main("card_case", tcase, NULL);
}
