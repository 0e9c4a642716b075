#include "tests/fuzz/trial.h"

#include "sim/scenario/json_text.h"
#include "tests/check_main.h"

#include <string.h>

/* ' for " */
static Trial
try(const char *text)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    g_autoptr(cJSON) scenario = cJSON_Parse(json);

    ck_assert_ptr_nonnull(scenario);
    return trial_run(scenario);
}

#define ENDS(outcome_, text)                                                                                           \
    do {                                                                                                               \
        g_auto(Trial) trial = try(text);                                                                               \
        ck_assert_msg(trial.outcome == (outcome_), "%s", trial.what);                                                  \
    } while (0)

START_TEST(a_scenario_that_is_right_holds)
{
    ENDS(TRIAL_HELD, "{'name': 's', 'hosts': [{'name': 'a'}], 'guests': [{'name': 'g', 'host': 'a'}]}");
}
END_TEST

START_TEST(what_check_refuses_is_refused)
{
    ENDS(TRIAL_REFUSED, "{'name': 's', 'hosts': []}");
}
END_TEST

/* The literal reading of the patent loses bytes, which is found out: an invariant that does not hold. */
START_TEST(a_violated_invariant_is_a_finding_of_a_kind)
{
    g_auto(Trial) trial =
        try("{'name': 's', 'hosts': [{'name': 'a'}, {'name': 'b'}], 'links': [{'name': 'l', 'ends': ['a', 'b']}],"
            " 'guests': [{'name': 'g', 'host': 'a', 'memory': '4MiB'}, {'name': 'h', 'host': 'b', 'memory': '4MiB'}],"
            " 'sockets': [{'name': 'c', 'from': 'g', 'to': 'h', 'application': 'bulk', 'reading': 'literal', 'stop': "
            "'1s'}], 'timeline': [{'at': '0.3s', 'do': 'migrate', 'vm': 'g', 'to': 'b', 'hypervisor': 'ideal'}]}");

    ck_assert_int_eq(trial.outcome, TRIAL_FAILED);
    ck_assert_msg(strstr(trial.kind, "at # s: socket c:"), "%s", trial.kind);
}
END_TEST

/* A vTPM whose script pauses for less than the clock's grain. */
START_TEST(a_clock_that_stands_still_is_a_finding)
{
    g_auto(Trial) trial =
        try("{'name': 's', 'hosts': [{'name': 'a'}], 'guests': [{'name': 'g', 'host': 'a', 'memory': '4MiB'}],"
            " 'vtpms': [{'name': 't', 'vm': 'g', 'service_time': '0s', 'script': {'interval': '1e-15s'}}],"
            " 'run_until': '1s'}");

    ck_assert_int_eq(trial.outcome, TRIAL_FAILED);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("trial");

    tcase_add_test(tcase, a_scenario_that_is_right_holds);
    tcase_add_test(tcase, what_check_refuses_is_refused);
    tcase_add_test(tcase, a_violated_invariant_is_a_finding_of_a_kind);
    tcase_add_test(tcase, a_clock_that_stands_still_is_a_finding);
    return check_main("trial", tcase, NULL);
}
