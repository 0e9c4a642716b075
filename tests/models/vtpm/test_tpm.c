#include "models/vtpm/tpm.h"
#include "tests/check_main.h"

#include <string.h>

/* FIPS 180-1's example. */
START_TEST(sha1_is_sha1)
{
    guint8 digest[TPM_SHA1_BYTES];

    tpm_sha1((const guint8 *)"abc", 3, digest);
    g_autofree char *text = tpm_digest_text(digest);
    ck_assert_str_eq(text, "a9993e364706816aba3e25717850c26c9cd0d89d");
}
END_TEST

/* PCR := SHA1(PCR || digest), from zeros: computed with sha1sum. */
START_TEST(extend_hashes_the_register_and_the_digest)
{
    Tpm tpm;
    const guint8 zeros[TPM_SHA1_BYTES] = {0};

    tpm_init(&tpm);
    tpm_extend(&tpm, zeros);
    g_autofree char *text = tpm_digest_text(tpm.pcr);
    ck_assert_str_eq(text, "b80de5d138758541c5f05265ad144ab9fa86d1db"); /* sha1 of forty zero bytes */
}
END_TEST

/* The register comes first: of two zeros one could not tell. Computed with sha1sum. */
START_TEST(extend_hashes_the_register_before_the_digest)
{
    Tpm tpm;
    guint8 digest[TPM_SHA1_BYTES];

    tpm_init(&tpm);
    tpm_sha1((const guint8 *)"abc", 3, digest);
    tpm_extend(&tpm, digest);
    g_autofree char *text = tpm_digest_text(tpm.pcr);
    ck_assert_str_eq(text, "ccd5bd41458de644ac34a2478b58ff819bef5acf"); /* of twenty zero bytes and abc's digest */
}
END_TEST

START_TEST(a_lost_repeated_or_foreign_call_shows)
{
    Tpm good, lost, repeated, foreign;
    guint8 digest[TPM_SHA1_BYTES];

    tpm_init(&good);
    tpm_init(&lost);
    tpm_init(&repeated);
    tpm_init(&foreign);
    for (guint64 call = 1; call <= 5; call++) {
        tpm_run_script_call(&good, "vm", call, digest);
        if (call != 3)
            tpm_run_script_call(&lost, "vm", call, digest);
        tpm_run_script_call(&repeated, "vm", call == 4 ? 3 : call, digest);
        tpm_run_script_call(&foreign, call == 2 ? "other" : "vm", call, digest);
    }
    ck_assert(tpm_matches_script(&good, "vm", 5));
    ck_assert(!tpm_matches_script(&good, "vm", 4));
    ck_assert(!tpm_matches_script(&lost, "vm", 5));
    ck_assert(!tpm_matches_script(&repeated, "vm", 5));
    ck_assert(!tpm_matches_script(&foreign, "vm", 5));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tpm");

    tcase_add_test(tcase, sha1_is_sha1);
    tcase_add_test(tcase, extend_hashes_the_register_and_the_digest);
    tcase_add_test(tcase, extend_hashes_the_register_before_the_digest);
    tcase_add_test(tcase, a_lost_repeated_or_foreign_call_shows);
    return check_main("tpm", tcase, NULL);
}
