/* Measured cases of TCP's timers: read, refused, turned into scenarios, and predicted. */
#include "sim/validate/case_folder.h"
#include "sim/validate/case_json.h"
#include "sim/validate/tcp_predict.h"
#include "tests/sim/validate/case_changes.h"

#include <math.h>

#define CASES TANDEM_SOURCE_DIR "/tests/data/tcp"
#define CASE  CASES "/segment-probe-3500.json"

static const CaseChange refused[] = {
    {"", "id", NULL, "/id: is missing, expected the case's name"},
    {"case", "sent", "'fin'", "/case/sent: is the text \"fin\", expected one of segment, syn"},
    {"case", "tail_loss_probe", "1", "/case/tail_loss_probe: is missing or neither true nor false"},
    {"case", "blackout_s", "0", "/case/blackout_s: is 0, expected 0.001 to"},
    {"case", "tick_us", NULL, "/case/tick_us: "},
    {"case", "retries", "1.5", "/case/retries: "},
    {"result", "felt_s", "null", "/result/felt_s: "},
    {"result", "again_s", "[]", "/result/again_s: is missing or empty"},
    {"result", "again_s", "[0.2, 0.2]", "/result/again_s/1: is not above the one before"},
    {"result", "again_s", "['soon']", "/result/again_s/0: is not above the one before"},
};

START_TEST(a_case_that_lacks_something_is_refused_in_one_line)
{
    g_autofree char *path = case_changed(CASE, refused[_i].part, refused[_i].key, refused[_i].value);
    g_autofree char *words = g_strdup_printf("validate %s", folder);
    g_autofree char *says = g_strdup_printf("case.json: %s", refused[_i].says);

    program_expect(2, says, words);
}
END_TEST

static GArray *
predict(const char *path, const char *setting)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseFolder) cases = case_folder_of(path);
    const char *const settings[] = {setting, NULL};
    GArray *predictions = tcp_predict(cases->of[CASE_TCP], settings, 1, 0, &error);

    ck_assert_msg(predictions, "%s", error ? error->message : "");
    /* their cases go with the folder: only numbers are looked at */
    for (guint i = 0; i < predictions->len; i++)
        g_array_index(predictions, TcpPrediction, i).of = NULL;
    return predictions;
}

/* 5 % is the bar for a ladder, met where the kernel's minimum is its own; a lower one makes half a granule of the
 * timers' wheel a greater part of a step, so that one step in fifty or so is further off, but none 8 %. */
START_TEST(each_step_is_predicted_from_the_settings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseFolder) cases = case_folder_of(CASES);
    g_autoptr(GArray) predictions = tcp_predict(cases->of[CASE_TCP], NULL, 1, 0, &error);

    ck_assert_ptr_nonnull(predictions);
    ck_assert_uint_eq(predictions->len, 50);
    for (guint i = 0; i < predictions->len; i++) {
        const TcpPrediction *one = &g_array_index(predictions, TcpPrediction, i);
        const double bar = one->of->rto_min_ms < 200 ? 8 : 5;
        ck_assert_msg(fabs(one->felt_s.error) <= 5, "%s: felt %g %%", one->of->id, one->felt_s.error);
        for (guint k = 0; k < one->again_s->len; k++)
            ck_assert_msg(fabs(g_array_index(one->again_s, Comparison, k).error) <= bar, "%s: step %u", one->of->id,
                          k + 1);
    }
    ck_assert_double_le(tcp_predict_errors(predictions, TCP_CASE_SEGMENT).median, 2);
    ck_assert_double_le(tcp_predict_errors(predictions, TCP_CASE_SYN).median, 2);
}
END_TEST

/* Without what the kernel does a step is off by more than 4 %; with it this case is, by 1 %. */
static const char *const needed[] = {
    "/client_network/probes/0/tcp/tail_loss_probe=false",
    "/client_network/probes/0/tcp/rto_min=300ms",
    "/client_network/probes/0/tcp/rto_max=1s",
    "/client_network/probes/0/tcp/tick=10ms",
};

START_TEST(each_rule_is_needed)
{
    g_autofree char *path = case_changed(CASE, "", "none", NULL);
    g_autoptr(GArray) with = predict(folder, NULL);
    g_autoptr(GArray) without = predict(folder, needed[_i]);
    const TcpPrediction *one = &g_array_index(with, TcpPrediction, 0);
    const TcpPrediction *other = &g_array_index(without, TcpPrediction, 0);
    double worst = fabs(other->felt_s.predicted / one->felt_s.predicted - 1);

    for (guint k = 0; k < one->again_s->len; k++)
        worst = fmax(worst, fabs(g_array_index(other->again_s, Comparison, k).predicted /
                                     g_array_index(one->again_s, Comparison, k).predicted -
                                 1));
    ck_assert_double_gt(worst, 0.04);
}
END_TEST

START_TEST(files_hold_each_step)
{
    g_autofree char *words = g_strdup_printf("validate %s --out %s/out", CASES, folder);
    g_auto(Ended) ended = program_run("%s", words);
    g_autofree char *file = g_strconcat(folder, "/out/validation-tcp.csv", NULL);
    g_autofree char *csv = NULL;

    ck_assert_int_eq(ended.status, 0);
    ck_assert_ptr_nonnull(strstr(ended.out, "steps of SYNs: median error "));
    ck_assert(g_file_get_contents(file, &csv, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(csv, "segment-probe-3500,segment,3.5,6,"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tcp_case");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_case_that_lacks_something_is_refused_in_one_line, 0, (int)G_N_ELEMENTS(refused));
    tcase_add_test(tcase, each_step_is_predicted_from_the_settings);
    tcase_add_loop_test(tcase, each_rule_is_needed, 0, (int)G_N_ELEMENTS(needed));
    tcase_add_test(tcase, files_hold_each_step);
    return check_main("tcp_case", tcase, NULL);
}
