/* What becomes of a TPM 2.0 and of its guest's trust chain when it moves, as programs of the guest and a verifier see
 * it. */
#include "tests/sim/world/worlds.h"

#define METHOD(method) "/timeline/0/method=" method
#define TPM(keys)      "/vtpms/0/tpm={" keys "}"
#define VERIFIER(keys) "/verifiers=[{\"name\": \"v\", \"vtpm\": \"tpm\", \"interval\": \"100ms\"" keys "}]"
#define IDLE_SCRIPT    "/vtpms/0/script/interval=10s"
#define MANAGERS(a, b) "/vtpm_managers=[{\"host\": \"a\", " a "}, {\"host\": \"b\", " b "}]"

static double
verdicts(const Result *result, const char *verdict)
{
    g_autofree char *name = g_strconcat("verifier.v.", verdict, NULL);

    return worlds_number(result, name);
}

/* Every challenge has one end, and the gap is at least that of one challenge. */
static void
check_sums(const Result *result)
{
    ck_assert_double_eq(verdicts(result, "challenges"), verdicts(result, "accepted") + verdicts(result, "stale") +
                                                            verdicts(result, "refused") +
                                                            verdicts(result, "unanswered"));
    ck_assert_double_ge(verdicts(result, "attestation_gap_s"), 0.1 - 1e-6);
}

START_TEST(a_state_that_is_kept_answers_every_challenge)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, TPM(""), VERIFIER(""));

    check_sums(result);
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "tpm.tpm.state", "kept");
    ck_assert_double_ge(verdicts(result, "accepted"), 28);
    ck_assert_double_eq(verdicts(result, "accepted"), verdicts(result, "challenges"));
    /* the stop lies between two quotes */
    ck_assert_double_ge(verdicts(result, "attestation_gap_s"), worlds_number(result, "migration.vm.downtime_s"));
    ck_assert_double_le(verdicts(result, "attestation_gap_s"), worlds_number(result, "migration.vm.downtime_s") + 0.2);
}
END_TEST

/* From the vTPM's stop at the beginning of the push to the VM's arrival nobody answers. */
START_TEST(a_vtpm_that_goes_at_the_push_leaves_the_verifier_without_answers)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"), TPM(""), VERIFIER(", \"patience\": \"50ms\""));

    check_sums(result);
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_ge(verdicts(result, "unanswered"), 5);
    ck_assert_double_ge(verdicts(result, "attestation_gap_s"), worlds_number(result, "vtpm.tpm.unavailable_s") +
                                                                   worlds_number(result, "migration.vm.downtime_s"));
}
END_TEST

/* Checked 150 ms after it was taken, while the guest moves: with hosts in the log it is seen, without it is not. */
START_TEST(a_quote_of_before_the_move_is_stale_where_hosts_are_measured)
{
    g_autoptr(Result) told = WORLDS_RUN(WORLDS_BASE, TPM("\"arrival\": \"extend\""),
                                        VERIFIER(", \"check_after\": \"450ms\", \"start\": \"33ms\""));
    g_autoptr(Result) kept =
        WORLDS_RUN(WORLDS_BASE, TPM(""), VERIFIER(", \"check_after\": \"450ms\", \"start\": \"33ms\""));

    check_sums(told);
    ck_assert_double_eq(verdicts(told, "stale"), 1);
    ck_assert_double_eq(verdicts(told, "refused"), 0);
    ck_assert_double_eq(verdicts(kept, "stale"), 0);
    ck_assert_double_eq(verdicts(kept, "accepted"), verdicts(kept, "challenges"));
    ck_assert_ptr_nonnull(strstr(result_table(told, "attestations.csv"), ",a,"));
    ck_assert_ptr_nonnull(strstr(result_table(told, "attestations.csv"), ",moved"));
}
END_TEST

START_TEST(a_new_key_is_refused_until_it_is_known)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, TPM("\"arrival\": \"rebind\", \"rebind_time\": \"500ms\""), VERIFIER(""));

    check_sums(result);
    ck_assert_double_ge(verdicts(result, "refused_unknown_key"), 4);
    ck_assert_double_le(verdicts(result, "refused_unknown_key"), 5);
    ck_assert_double_eq(verdicts(result, "refused"), verdicts(result, "refused_unknown_key"));
    ck_assert_double_ge(verdicts(result, "attestation_gap_s"), 0.5);
}
END_TEST

START_TEST(a_fresh_tpm_has_lost_registers_keys_and_what_was_sealed)
{
    g_autoptr(Result) result = WORLDS_RUN(
        WORLDS_BASE,
        TPM("\"state\": \"fresh\", \"callers\": [{\"name\": \"disk\", \"command\": \"unseal\", \"interval\": \"100ms\"}]"),
        VERIFIER(""));

    check_sums(result);
    ck_assert_word(result, "tpm.tpm.state", "lost");
    ck_assert_double_gt(verdicts(result, "refused_unknown_key"), 5);
    ck_assert_double_gt(worlds_number(result, "tpm_caller.tpm.disk.refused"), 5);
    ck_assert_word(result, "tpm_caller.tpm.disk.refusal", "sealed by another TPM");
}
END_TEST

START_TEST(a_vtpm_that_stays_behind_answers_nobody)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, METHOD("vm"), TPM(""), VERIFIER(", \"patience\": \"200ms\""), IDLE_SCRIPT);

    check_sums(result);
    ck_assert_word(result, "vtpm.tpm.place", "apart");
    ck_assert_double_gt(verdicts(result, "unanswered"), 3);
    ck_assert_double_gt(verdicts(result, "attestation_gap_s"), 1);
}
END_TEST

static const struct {
    const char *settings[3];
    const char *outcome;
} refusals[] = {
    {{TPM(""), MANAGERS("\"policy\": \"x\"", "\"policy\": \"y\"")}, "other-policy"},
    {{TPM(""), MANAGERS("\"policy\": \"x\"", "\"policy\": \"x\"")}, "completed"},
    {{TPM(""), MANAGERS("\"policy\": \"x\"", "\"hardware_tpm\": false")}, "no-hardware-tpm"},
    {{TPM(""), MANAGERS("\"hardware_tpm\": false", "\"hardware_tpm\": false")}, "completed"},
    {{TPM("\"state_version\": 2"), MANAGERS("\"state_version\": 2", "\"state_version\": 1")}, "state-version"},
    {{TPM("\"state_version\": 2"), MANAGERS("\"state_version\": 2", "\"state_version\": 2")}, "completed"},
    {{TPM("\"state\": \"shared\"")}, "vtpm-lock-held"},
    {{TPM("\"state\": \"shared\", \"lock_release\": \"10ms\"")}, "completed"},
};

START_TEST(a_destination_that_cannot_have_it_refuses)
{
    g_autoptr(Result) result = worlds_run(
        WORLDS_BASE, (const char *const[]){refusals[_i].settings[0], VERIFIER(""), refusals[_i].settings[1], NULL});

    ck_assert_word(result, "migration.vm.outcome", refusals[_i].outcome);
    ck_assert_word(result, "vtpm.tpm.place", "with-vm");
    ck_assert_double_eq(verdicts(result, "accepted"), verdicts(result, "challenges"));
}
END_TEST

#define BOUND_ON(host, uuid)                                                                                           \
    "/vtpm_managers=[{\"host\": \"" host                                                                               \
    "\", \"hardware_tpm\": false, \"bindings\": [{\"vm\": \"vm\", \"uuid\": \"" uuid "\"}]}]"

/* Definition 3: the destination has the VM with another vTPM. It is asked when everything has arrived: the pair has
 * been stopped, goes on at the source with what it had there, and its calls are answered. */
START_TEST(a_destination_that_has_the_vm_with_another_vtpm_sends_both_back)
{
    static const char *const methods[] = {METHOD("joint"), METHOD("concatenated")};

    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(Result) result =
            WORLDS_RUN(WORLDS_BASE, methods[i], TPM("\"transfer\": {}"), VERIFIER(""), BOUND_ON("b", "left-behind"));
        ck_assert_word(result, "migration.vm.outcome", "other-pair");
        ck_assert_word(result, "domain.vm.host", "a");
        ck_assert_word(result, "domain.tpm.host", "a");
        ck_assert_word(result, "vtpm.tpm.place", "with-vm");
        ck_assert_double_gt(worlds_number(result, "migration.vm.stopped_s"), 0.05);
        ck_assert_double_eq(verdicts(result, "accepted"), verdicts(result, "challenges"));
    }
}
END_TEST

/* It is the association of both that is asked: not of a VM that comes alone, nor of one that another host has so; of
 * two that come one after the other, the second one is sent back. */
START_TEST(whoever_comes_alone_is_not_asked_and_the_second_one_is)
{
    g_autoptr(Result) alone = WORLDS_RUN(WORLDS_BASE, METHOD("vm"), BOUND_ON("b", "left-behind"));
    g_autoptr(Result) elsewhere = WORLDS_RUN(WORLDS_BASE, BOUND_ON("c", "left-behind"));
    g_autoptr(Result) second = WORLDS_RUN(WORLDS_BASE, METHOD("vm-then-vtpm"), BOUND_ON("b", "left-behind"));

    ck_assert_word(alone, "migration.vm.outcome", "completed");
    ck_assert_word(elsewhere, "migration.vm.outcome", "completed");
    ck_assert_word(second, "migration.vm.outcome", "other-pair");
    ck_assert_word(second, "migration.vm.vm.outcome", "completed");
    ck_assert_word(second, "domain.vm.host", "b");
    ck_assert_word(second, "domain.tpm.host", "a");
}
END_TEST

/* What the manager was told is the pair that comes. */
START_TEST(a_binding_that_names_the_vms_own_vtpm_is_none)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/vtpms/0/uuid=its-own", BOUND_ON("b", "its-own"));

    ck_assert_word(result, "migration.vm.outcome", "completed");
}
END_TEST

/* A lock that is handed over late, and the steps of the transfer, lengthen the stop by what they take. */
START_TEST(what_the_hand_over_costs_is_downtime)
{
    g_autoptr(Result) plain = WORLDS_RUN(WORLDS_BASE, TPM(""));
    g_autoptr(Result) locked = WORLDS_RUN(WORLDS_BASE, TPM("\"state\": \"shared\", \"lock_release\": \"70ms\""));
    /* 20 KiB twice over 8 Mb/s, and over 4 Mb/s, on either side */
    g_autoptr(Result) handed = WORLDS_RUN(
        WORLDS_BASE,
        TPM("\"generation\": \"2.0\", \"transfer\": {\"nonce\": \"40ms\", \"lock\": \"3ms\", \"delete\": \"4ms\","
            " \"encrypt_rate\": \"8Mbps\", \"digest_rate\": \"4Mbps\"}"));
    const double plain_s = worlds_number(plain, "migration.vm.downtime_s");
    const double state_s = 24 * 1024 / 1e6 + 24 * 1024 / 0.5e6;

    ck_assert_number(locked, "migration.vm.downtime_s", plain_s + 0.07, 2e-3);
    ck_assert_number(handed, "migration.vm.downtime_s", plain_s + 0.007 + 2 * state_s, 5e-3);
}
END_TEST

/* A quote of 100 ms, and a program that asks for one all the time: whoever comes waits for the other. */
START_TEST(one_command_is_carried_out_at_a_time)
{
    g_autoptr(Result) result = WORLDS_RUN(
        WORLDS_BASE, IDLE_SCRIPT, "/timeline=[]",
        TPM("\"callers\": [{\"name\": \"p\", \"command\": \"quote\", \"interval\": \"1us\"},"
            " {\"name\": \"q\", \"command\": \"hash\", \"interval\": \"300ms\"}], \"quote_time\": \"100ms\""));

    ck_assert_number(result, "tpm_caller.tpm.p.latency_max_s", 0.102, 1e-3);
    ck_assert_double_gt(worlds_number(result, "tpm_caller.tpm.q.latency_max_s"), 0.05);
    ck_assert_double_le(worlds_number(result, "tpm_caller.tpm.q.latency_max_s"), 0.1041); /* both others before it */
    ck_assert_double_le(worlds_number(result, "tpm_caller.tpm.p.done") * 0.1 +
                            worlds_number(result, "tpm_caller.tpm.q.done") * 2e-3,
                        3 + 0.1);
}
END_TEST

START_TEST(a_lost_manager_serves_nobody_and_takes_nobody)
{
    g_autoptr(Result) source =
        WORLDS_RUN(WORLDS_BASE, TPM(""), VERIFIER(", \"patience\": \"100ms\""),
                   "/timeline=[{\"at\": \"1s\", \"do\": \"fail-vtpm-manager\", \"host\": \"a\"}]");
    g_autoptr(Result) destination =
        WORLDS_RUN(WORLDS_BASE, TPM(""), VERIFIER(""),
                   "/timeline=[{\"at\": \"1s\", \"do\": \"fail-vtpm-manager\", \"host\": \"b\"},"
                   "{\"at\": \"1.1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\", \"method\": \"joint\"}]");

    ck_assert_double_gt(verdicts(source, "unanswered"), 5);
    ck_assert_double_gt(worlds_number(source, "vtpm.tpm.unavailable_s"), 1.9);
    ck_assert_word(destination, "migration.vm.outcome", "no-vtpm-manager");
    ck_assert_double_eq(verdicts(destination, "accepted"), verdicts(destination, "challenges"));
}
END_TEST

/* ---- faults at a thousand moments ---- */

enum { MOMENTS = 200 }; /* TANDEM_MOMENTS=1000 for all that the model was accepted with */

/* After "at". */
static const char *const faults[] = {
    "\"do\": \"fail-link\", \"link\": \"lb\"",        "\"do\": \"fail-host\", \"host\": \"a\"",
    "\"do\": \"fail-host\", \"host\": \"b\"",         "\"do\": \"fail-vtpm-manager\", \"host\": \"a\"",
    "\"do\": \"fail-vtpm-manager\", \"host\": \"b\"",
};

/* Whether it stands beside its VM, under a manager that was not lost. */
static gboolean
serves(const Result *result, guint fault)
{
    const char *lost_manager = fault == 3 ? "a" : fault == 4 ? "b" : "";

    return g_str_equal(worlds_word(result, "vtpm.tpm.place"), "with-vm") &&
           !g_str_equal(worlds_word(result, "domain.vm.host"), lost_manager);
}

/* The verdict of the last challenge. */
static gboolean
last_is_accepted(const Result *result)
{
    const char *table = result_table(result, "attestations.csv");

    return g_str_has_suffix(table, ",accepted\n") || g_str_has_suffix(table, ",accepted");
}

/* Of worlds with every method that moves both: a quote verifies at the end, or the outcome says that it cannot. */
START_TEST(a_quote_verifies_after_every_fault_or_the_outcome_says_that_it_cannot)
{
    static const char *const methods[] = {METHOD("joint"), METHOD("concatenated"), METHOD("vm-then-vtpm"),
                                          METHOD("vtpm-then-vm")};
    const char *wanted = g_getenv("TANDEM_MOMENTS");
    const guint n = wanted ? (guint)atoi(wanted) : MOMENTS;
    Run *runs = g_new0(Run, n);
    guint verified = 0, lost = 0;

    for (guint i = 0; i < n; i++) {
        const double at_s = 0.9 + 1.6 * i / n;
        g_autofree char *fault =
            g_strdup_printf("/timeline/-={\"at\": \"%.4fs\", %s}", at_s, faults[i % G_N_ELEMENTS(faults)]);
        const char *const settings[] = {
            methods[i / G_N_ELEMENTS(faults) % G_N_ELEMENTS(methods)],
            TPM("\"transfer\": {\"nonce\": \"20ms\", \"lock\": \"10ms\", \"delete\": \"20ms\"},"
                " \"callers\": [{\"name\": \"c\", \"command\": \"increment\", \"interval\": \"30ms\"}]"),
            VERIFIER(", \"patience\": \"150ms\""),
            fault,
            "/run_until=5s",
            NULL};
        runs[i] = (Run){.scenario = worlds_load(WORLDS_BASE, settings, NULL), .seed = i};
    }
    run_all(runs, n, 0);
    for (guint i = 0; i < n; i++) {
        ck_assert_msg(runs[i].result, "fault %u: %s", i, runs[i].error);
        g_autofree char *violation = result_violation(runs[i].result);
        ck_assert_msg(!violation, "fault %u: %s", i, violation);
        const gboolean accepted = last_is_accepted(runs[i].result);
        ck_assert_msg(accepted == serves(runs[i].result, i % G_N_ELEMENTS(faults)),
                      "fault %u: %s, but the last quote was%s accepted", i,
                      worlds_word(runs[i].result, "vtpm.tpm.place"), accepted ? "" : " not");
        verified += accepted;
        lost += !accepted;
        result_free(runs[i].result);
        scenario_free((Scenario *)(gpointer)runs[i].scenario);
    }
    ck_assert_uint_gt(verified, n / 4);
    ck_assert_uint_gt(lost, n / 10);
    g_free(runs);
}
END_TEST

static const struct {
    const char *settings[3], *message;
} bad[] = {
    {{VERIFIER("")}, "/verifiers/0/vtpm: \"tpm\" has no \"tpm\", expected one that can be challenged"},
    {{TPM("\"attestation_key\": false"), VERIFIER("")},
     "/verifiers/0/vtpm: \"tpm\" has no attestation key, expected one that signs quotes"},
    {{TPM("\"attestation_key\": false, \"callers\": [{\"name\": \"q\", \"command\": \"quote\"}]")},
     "/vtpms/0/tpm/attestation_key: a caller asks for quotes, expected a key to sign them"},
    {{TPM("\"callers\": [{\"name\": \"s\", \"command\": \"seal\", \"register\": 24}]")},
     "/vtpms/0/tpm/callers/0/register: is 24, expected at most 23"},
    {{TPM("\"callers\": [{\"name\": \"s\", \"interval\": \"0s\"}]")}, "/vtpms/0/tpm/callers/0/interval: "},
    {{TPM(""), "/verifiers=[{\"name\": \"v\", \"vtpm\": \"tpm\", \"interval\": \"0s\"}]"}, "/verifiers/0/interval: "},
    {{TPM("\"nv\": \"100KiB\""), "/vtpms/0/memory=64KiB"},
     "/vtpms/0/memory: holds 65536 B, expected at least the state's 122880 B"},
    {{TPM("\"lock_release\": \"1s\"")},
     "/vtpms/0/tpm/lock_release: the state has no lock, expected \"state\": \"shared\""},
    {{"/vtpm_managers=[{\"host\": \"a\"}, {\"host\": \"a\"}]"},
     "/vtpm_managers/1/host: \"a\" has a manager already, expected one of each host"},
    {{"/verifiers=[{\"name\": \"v\", \"vtpm\": \"nobody\"}]"}, "/verifiers/0/vtpm: "},
    {{"/vtpms=[]", BOUND_ON("b", "x")}, "/vtpm_managers/0/bindings/0/vm: \"vm\" has no vTPM, expected a VM with one"},
    {{"/vtpm_managers=[{\"host\": \"b\", \"bindings\": [{\"vm\": \"vm\", \"uuid\": \"x\"}, {\"vm\": \"vm\", \"uuid\": \"y\"}]}]"},
     "/vtpm_managers/0/bindings/1/vm: \"vm\" is bound already, expected one of each VM"},
};

START_TEST(bad_keys_are_refused_in_a_line)
{
    g_autoptr(GError) error = NULL;
    const char *const settings[] = {bad[_i].settings[0], bad[_i].settings[1], bad[_i].settings[2], NULL};
    Scenario *scenario = worlds_load(WORLDS_BASE, settings, &error);

    ck_assert_ptr_null(scenario);
    ck_assert_msg(strstr(error->message, bad[_i].message), "%s", error->message);
    ck_assert_ptr_null(strchr(error->message, '\n'));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vtpm_trust");

    tcase_add_test(tcase, a_state_that_is_kept_answers_every_challenge);
    tcase_add_test(tcase, a_vtpm_that_goes_at_the_push_leaves_the_verifier_without_answers);
    tcase_add_test(tcase, a_quote_of_before_the_move_is_stale_where_hosts_are_measured);
    tcase_add_test(tcase, a_new_key_is_refused_until_it_is_known);
    tcase_add_test(tcase, a_fresh_tpm_has_lost_registers_keys_and_what_was_sealed);
    tcase_add_test(tcase, a_vtpm_that_stays_behind_answers_nobody);
    tcase_add_loop_test(tcase, a_destination_that_cannot_have_it_refuses, 0, G_N_ELEMENTS(refusals));
    tcase_add_test(tcase, a_destination_that_has_the_vm_with_another_vtpm_sends_both_back);
    tcase_add_test(tcase, whoever_comes_alone_is_not_asked_and_the_second_one_is);
    tcase_add_test(tcase, a_binding_that_names_the_vms_own_vtpm_is_none);
    tcase_add_test(tcase, what_the_hand_over_costs_is_downtime);
    tcase_add_test(tcase, one_command_is_carried_out_at_a_time);
    tcase_add_test(tcase, a_lost_manager_serves_nobody_and_takes_nobody);
    tcase_add_test(tcase, a_quote_verifies_after_every_fault_or_the_outcome_says_that_it_cannot);
    tcase_add_loop_test(tcase, bad_keys_are_refused_in_a_line, 0, G_N_ELEMENTS(bad));
    return check_main("vtpm_trust", tcase, NULL);
}
