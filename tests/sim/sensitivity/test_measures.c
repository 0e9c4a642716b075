/* The numbers behind claims, on their way from a world to a study. */
#include "sim/sensitivity/findings.h"
#include "tests/check_main.h"

#include <math.h>

static Findings *
some_findings(void)
{
    g_autoptr(ClaimSet) claims = claims_new();

    claims_add_value(claims, "value", "s", ROLE_CALIBRATED, "s", 10, 10.1, 0.02, "w");
    claims_add_range(claims, "range", "s", ROLE_PREDICTED, "ms", 1, 5, 2, 6, "w");
    claims_add_range(claims, "point", "s", ROLE_PREDICTED, "", 0, 1, 0.5, 0.5, "w");
    claims_add_statement(claims, "words", "s", ROLE_EXACT, "a", "a", TRUE, "w");
    claims_add_statement(claims, "ratio", "s", ROLE_PREDICTED, "faster", "x2.8, x1.0", FALSE, "w");
    claims_add_measure(claims, "requests", "times", 2.8123456789012345);
    claims_add_measure(claims, "stream", "times", 1.0);
    claims_add_prediction(claims, "downtime", "s", 0.29);
    return findings_from_claims(claims);
}

static void
expect_finding(const Findings *findings, const char *id, ClaimRole role, double value, Verdict verdict)
{
    const Finding *finding = findings_find(findings, id);

    ck_assert_msg(finding, "no %s", id);
    ck_assert_int_eq(finding->role, role);
    ck_assert_int_eq(finding->verdict, verdict);
    ck_assert(isnan(value) ? isnan(finding->value) : finding->value == value);
}

static void
expect_all(const Findings *findings)
{
    ck_assert_uint_eq(findings->list->len, 8);
    expect_finding(findings, "value", ROLE_CALIBRATED, 10.1, VERDICT_PASS);
    expect_finding(findings, "range.least", ROLE_PREDICTED, 2, VERDICT_FAIL);
    expect_finding(findings, "range.most", ROLE_PREDICTED, 6, VERDICT_FAIL);
    expect_finding(findings, "point", ROLE_PREDICTED, 0.5, VERDICT_PASS);
    expect_finding(findings, "words", ROLE_EXACT, NAN, VERDICT_PASS);
    expect_finding(findings, "ratio.requests", ROLE_PREDICTED, 2.8123456789012345, VERDICT_FAIL);
    expect_finding(findings, "ratio.stream", ROLE_PREDICTED, 1, VERDICT_FAIL);
    expect_finding(findings, "downtime", ROLE_PREDICTED, 0.29, VERDICT_NONE);
    ck_assert_str_eq(findings_find(findings, "ratio.stream")->claim, "ratio");
}

START_TEST(every_number_of_a_claim_is_a_finding_with_the_claims_verdict)
{
    g_autoptr(Findings) findings = some_findings();

    expect_all(findings);
    ck_assert_ptr_null(findings_find(findings, "ratio"));
}
END_TEST

/* To the last bit: a change is the difference of two numbers that are nearly equal. */
START_TEST(findings_arrive_as_they_were_sent)
{
    g_autoptr(Findings) findings = some_findings();
    g_autofree char *packed = findings_pack(findings);
    g_autoptr(Findings) arrived = findings_unpack(packed);

    expect_all(arrived);
}
END_TEST

/* Two cases that are 10 % high and 10 % low have mean 1; a case passes within the bar of its counter. */
START_TEST(cases_are_held_to_the_bars_and_their_mean_is_of_measured)
{
    CaseFile one = {.id = "one", .completed = TRUE}, two = {.id = "two", .completed = TRUE};
    CaseFile never = {.id = "never", .completed = FALSE};
    g_autoptr(GArray) predictions = g_array_new(FALSE, TRUE, sizeof(Prediction));
    Prediction rows[3] = {{.file = &one, .completed = 1, .seeds = 1},
                          {.file = &two, .completed = 1, .seeds = 1},
                          {.file = &never, .seeds = 1}};

    for (int i = 0; i < 3; i++) {
        for (int c = 0; c < N_COUNTERS; c++)
            rows[i].counters[c] = (Comparison){NAN, NAN, NAN, NAN, NAN};
        g_array_append_val(predictions, rows[i]);
    }
    g_array_index(predictions, Prediction, 0).counters[COUNTER_TOTAL] = (Comparison){1000, 1100, 1100, 1100, 10};
    g_array_index(predictions, Prediction, 1).counters[COUNTER_TOTAL] = (Comparison){1000, 900, 900, 900, -10};
    g_array_index(predictions, Prediction, 0).counters[COUNTER_DOWNTIME] = (Comparison){100, 110, 110, 110, 10};
    g_autoptr(Findings) findings = findings_from_predictions(predictions);
    expect_finding(findings, "mean-total_ms", ROLE_PREDICTED, 1, VERDICT_NONE);
    expect_finding(findings, "one.total_ms", ROLE_PREDICTED, 1100, VERDICT_FAIL);         /* above 6 % */
    expect_finding(findings, "one.downtime_ms", ROLE_PREDICTED, 110, VERDICT_PASS);       /* within 25 % */
    expect_finding(findings, "median-error-total_ms", ROLE_PREDICTED, NAN, VERDICT_FAIL); /* above 2 % */
    expect_finding(findings, "median-error-downtime_ms", ROLE_PREDICTED, NAN, VERDICT_PASS);
    expect_finding(findings, "never.ends", ROLE_PREDICTED, NAN, VERDICT_PASS);
    expect_finding(findings, "one.ends", ROLE_PREDICTED, NAN, VERDICT_PASS);
    ck_assert_ptr_null(findings_find(findings, "one.pages")); /* nobody measured it */
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("measures");

    tcase_add_test(tcase, every_number_of_a_claim_is_a_finding_with_the_claims_verdict);
    tcase_add_test(tcase, findings_arrive_as_they_were_sent);
    tcase_add_test(tcase, cases_are_held_to_the_bars_and_their_mean_is_of_measured);
    return check_main("measures", tcase, NULL);
}
