#include "models/vtpm/verifier.h"
#include "tests/check_main.h"

#include <string.h>

enum { HOST_PCR = 11 };

static const TpmSelection selection = {TPM_SHA256, 1u << 4 | 1u << HOST_PCR};

/* A guest that has booted on host a and is known to the verifier. */
typedef struct {
    Tpm tpm;
    EventLog *log;
    Verifier verifier;
} Rig;

static void
setup(Rig *rig)
{
    tpm_init(&rig->tpm, TPM_2_0, 4096, 0, "tpm");
    rig->log = event_log_new();
    event_log_measure(rig->log, &rig->tpm, 4, "boot loader");
    event_log_measure(rig->log, &rig->tpm, HOST_PCR, "a");
    verifier_init(&rig->verifier, "verifier", &selection);
    verifier_enrol(&rig->verifier, &rig->tpm);
}

static void
teardown(Rig *rig)
{
    tpm_clear(&rig->tpm);
    event_log_free(rig->log);
}

static TpmQuote
answer(Rig *rig)
{
    guint8 nonce[TPM_SHA256_BYTES];
    TpmQuote quote;

    verifier_challenge(&rig->verifier, nonce);
    ck_assert_int_eq(tpm_quote(&rig->tpm, &selection, nonce, &quote), TPM_OK);
    return quote;
}

static AttestVerdict
check(Rig *rig, const TpmQuote *quote, const char *host)
{
    const LogEvidence evidence = event_log_evidence(rig->log, &selection, HOST_PCR);

    return verifier_check(&rig->verifier, quote, &evidence, host);
}

static AttestVerdict
challenged(Rig *rig, const char *host)
{
    const TpmQuote quote = answer(rig);

    return check(rig, &quote, host);
}

START_TEST(a_true_log_is_accepted_again_and_again)
{
    Rig rig;

    setup(&rig);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_ACCEPTED);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_ACCEPTED);
    event_log_measure(rig.log, &rig.tpm, HOST_PCR, "b");
    ck_assert_int_eq(challenged(&rig, "b"), ATTEST_ACCEPTED);
    ck_assert(event_log_agrees(rig.log, &rig.tpm));
    teardown(&rig);
}
END_TEST

START_TEST(a_log_that_lacks_or_adds_an_event_is_refused)
{
    Rig rig;

    setup(&rig);
    event_log_note(rig.log, 4, "never measured");
    ck_assert(!event_log_agrees(rig.log, &rig.tpm));
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_LOG_MISMATCH);
    teardown(&rig);
    setup(&rig);
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];
    tpm_digests("never logged", TPM_N_BANKS, digests);
    tpm_extend(&rig.tpm, 4, digests);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_LOG_MISMATCH);
    teardown(&rig);
}
END_TEST

START_TEST(a_quote_answers_one_challenge_once)
{
    Rig rig;

    setup(&rig);
    const TpmQuote old = answer(&rig);
    ck_assert_int_eq(check(&rig, &old, "a"), ATTEST_ACCEPTED);
    ck_assert_int_eq(check(&rig, &old, "a"), ATTEST_STALE_NONCE);
    (void)answer(&rig);
    ck_assert_int_eq(check(&rig, &old, "a"), ATTEST_STALE_NONCE);
    teardown(&rig);
}
END_TEST

/* Taken before the move, checked after it. */
START_TEST(a_quote_of_the_host_before_is_seen_where_hosts_are_measured)
{
    Rig rig;

    setup(&rig);
    const TpmQuote before = answer(&rig);
    ck_assert_int_eq(check(&rig, &before, "b"), ATTEST_MOVED);
    teardown(&rig);
    tpm_init(&rig.tpm, TPM_2_0, 4096, 0, "tpm");
    rig.log = event_log_new();
    event_log_measure(rig.log, &rig.tpm, 4, "boot loader");
    verifier_init(&rig.verifier, "verifier", &selection);
    verifier_enrol(&rig.verifier, &rig.tpm);
    const TpmQuote silent = answer(&rig);
    ck_assert_int_eq(check(&rig, &silent, "b"), ATTEST_ACCEPTED);
    teardown(&rig);
}
END_TEST

START_TEST(a_fresh_a_bound_and_a_foreign_tpm_are_unknown)
{
    Rig rig;

    setup(&rig);
    tpm_rebind(&rig.tpm);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_UNKNOWN_KEY);
    verifier_enrol(&rig.verifier, &rig.tpm);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_ACCEPTED);
    tpm_clear(&rig.tpm);
    tpm_init(&rig.tpm, TPM_2_0, 4096, 0, "fresh");
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_UNKNOWN_KEY);
    teardown(&rig);
}
END_TEST

/* An older state answers: the clock stands where it was. */
START_TEST(an_older_state_is_a_rollback)
{
    Rig rig;

    setup(&rig);
    TpmMemory *older = tpm_memory_copy(rig.tpm.memory);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_ACCEPTED);
    tpm_memory_free(rig.tpm.memory);
    rig.tpm.memory = older;
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_ROLLED_BACK);
    teardown(&rig);
}
END_TEST

START_TEST(a_tpm_that_was_started_again_has_lost_its_registers)
{
    Rig rig;

    setup(&rig);
    tpm_startup(&rig.tpm);
    ck_assert_int_eq(challenged(&rig, "a"), ATTEST_RESTARTED);
    teardown(&rig);
}
END_TEST

START_TEST(each_verdict_has_a_word)
{
    for (int i = 0; i < ATTEST_N_VERDICTS; i++)
        ck_assert_ptr_nonnull(attest_verdict_word((AttestVerdict)i));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("verifier");

    tcase_add_test(tcase, a_true_log_is_accepted_again_and_again);
    tcase_add_test(tcase, a_log_that_lacks_or_adds_an_event_is_refused);
    tcase_add_test(tcase, a_quote_answers_one_challenge_once);
    tcase_add_test(tcase, a_quote_of_the_host_before_is_seen_where_hosts_are_measured);
    tcase_add_test(tcase, a_fresh_a_bound_and_a_foreign_tpm_are_unknown);
    tcase_add_test(tcase, an_older_state_is_a_rollback);
    tcase_add_test(tcase, a_tpm_that_was_started_again_has_lost_its_registers);
    tcase_add_test(tcase, each_verdict_has_a_word);
    return check_main("verifier", tcase, NULL);
}
