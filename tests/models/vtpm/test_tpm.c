#include "models/vtpm/tpm.h"
#include "tests/check_main.h"

#include <string.h>

enum { PAGE = 4096 };

static Tpm
made(TpmGeneration generation, const char *identity)
{
    Tpm tpm;

    tpm_init(&tpm, generation, PAGE, 0, identity);
    return tpm;
}

/* The digest of four zero bytes (EV_SEPARATOR), in every bank. */
static void
extend_separator(Tpm *tpm, guint pcr)
{
    const guint8 separator[4] = {0};
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    for (int bank = 0; bank < TPM_N_BANKS; bank++)
        tpm_digest((TpmBank)bank, separator, sizeof separator, digests[bank]);
    ck_assert_int_eq(tpm_extend(tpm, pcr, digests), TPM_OK);
}

static char *
pcr_text(const Tpm *tpm, TpmBank bank, guint pcr)
{
    guint8 value[TPM_DIGEST_MAX];

    ck_assert_int_eq(tpm_read_pcr(tpm, bank, pcr, value), TPM_OK);
    return tpm_digest_text(bank, value);
}

/* What every PC shows whose firmware measured nothing but the separator; the neighbours stay zero. */
START_TEST(extend_changes_one_register_in_every_bank)
{
    Tpm tpm = made(TPM_2_0, "tpm");

    extend_separator(&tpm, 7);
    g_autofree char *sha1 = pcr_text(&tpm, TPM_SHA1, 7);
    g_autofree char *sha256 = pcr_text(&tpm, TPM_SHA256, 7);
    g_autofree char *neighbour = pcr_text(&tpm, TPM_SHA256, 8);
    ck_assert_str_eq(sha1, "b2a83b0ebf2f8374299a5b2bdfc31ea955ad7236");
    ck_assert_str_eq(sha256, "3d458cfe55cc03ea1f443f1562beec8df51c75e14a9fcf9a7234a13f198e7969");
    ck_assert_uint_eq(strspn(neighbour, "0"), 64);
    ck_assert_uint_eq(tpm_extends(&tpm), 1);
    tpm_clear(&tpm);
}
END_TEST

START_TEST(a_tpm_1_2_has_one_bank)
{
    Tpm tpm = made(TPM_1_2, "tpm");
    guint8 value[TPM_DIGEST_MAX];

    extend_separator(&tpm, 0);
    g_autofree char *sha1 = pcr_text(&tpm, TPM_SHA1, 0);
    ck_assert_str_eq(sha1, "b2a83b0ebf2f8374299a5b2bdfc31ea955ad7236");
    ck_assert_int_eq(tpm_read_pcr(&tpm, TPM_SHA256, 0, value), TPM_NO_PCR);
    ck_assert_int_eq(tpm_read_pcr(&tpm, TPM_SHA1, TPM_PCRS, value), TPM_NO_PCR);
    tpm_clear(&tpm);
}
END_TEST

START_TEST(a_start_loses_the_registers_and_keeps_seed_and_counters)
{
    Tpm tpm = made(TPM_2_0, "tpm");
    TpmKey before, after;
    guint64 value;

    extend_separator(&tpm, 0);
    ck_assert_int_eq(tpm_increment(&tpm, 3, &value), TPM_OK);
    ck_assert_int_eq(tpm_increment(&tpm, 3, &value), TPM_OK);
    tpm_attestation_key(&tpm, &before);
    tpm_startup(&tpm);
    tpm_attestation_key(&tpm, &after);
    g_autofree char *sha256 = pcr_text(&tpm, TPM_SHA256, 0);
    ck_assert_uint_eq(strspn(sha256, "0"), 64);
    ck_assert_mem_eq(before.name, after.name, sizeof before.name);
    ck_assert_int_eq(tpm_read_counter(&tpm, 3, &value), TPM_OK);
    ck_assert_uint_eq(value, 2);
    ck_assert_uint_eq(tpm_resets(&tpm), 1);
    ck_assert_int_eq(tpm_read_counter(&tpm, 4, &value), TPM_NOT_DEFINED);
    ck_assert_int_eq(tpm_increment(&tpm, TPM_COUNTERS, &value), TPM_NOT_DEFINED);
    tpm_clear(&tpm);
}
END_TEST

/* A quote says which registers, for which challenge, and who says so; each bit of it is signed. */
START_TEST(a_quote_is_signed_by_its_tpm_over_all_that_it_says)
{
    Tpm tpm = made(TPM_2_0, "tpm"), other = made(TPM_2_0, "other");
    const TpmSelection selection = {TPM_SHA256, 1u << 0 | 1u << 7};
    const guint8 nonce[TPM_SHA256_BYTES] = {1, 2, 3};
    TpmKey key, foreign;
    TpmQuote quote, changed;

    extend_separator(&tpm, 7);
    tpm_attestation_key(&tpm, &key);
    tpm_attestation_key(&other, &foreign);
    ck_assert_int_eq(tpm_quote(&tpm, &selection, nonce, &quote), TPM_OK);
    ck_assert(tpm_quote_is_signed(&quote, &key));
    ck_assert(!tpm_quote_is_signed(&quote, &foreign));
    guint8 *parts[] = {changed.pcr_digest,        changed.nonce,
                       changed.signature,         (guint8 *)&changed.clock,
                       (guint8 *)&changed.resets, (guint8 *)&changed.selection.pcrs};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        changed = quote;
        parts[i][0] ^= 1;
        ck_assert(!tpm_quote_is_signed(&changed, &key));
    }
    ck_assert_int_eq(tpm_quote(&tpm, &(TpmSelection){TPM_SHA256, 1u << TPM_PCRS}, nonce, &quote), TPM_NO_PCR);
    ck_assert_int_eq(tpm_quote(&tpm, &(TpmSelection){TPM_SHA256, 0}, nonce, &quote), TPM_NO_PCR);
    tpm_clear(&tpm);
    tpm_clear(&other);
}
END_TEST

/* The registers' digest is that of the bytes one after the other: here of register 7 alone, computed with sha256sum. */
START_TEST(a_quote_digests_the_selected_registers)
{
    Tpm tpm = made(TPM_2_0, "tpm");
    guint8 digest[TPM_SHA256_BYTES], value[TPM_SHA256_BYTES], expected[TPM_SHA256_BYTES];

    extend_separator(&tpm, 7);
    ck_assert_int_eq(tpm_pcr_digest(&tpm, &(TpmSelection){TPM_SHA256, 1u << 7}, digest), TPM_OK);
    ck_assert_int_eq(tpm_read_pcr(&tpm, TPM_SHA256, 7, value), TPM_OK);
    tpm_digest(TPM_SHA256, value, sizeof value, expected);
    ck_assert_mem_eq(digest, expected, sizeof digest);
    tpm_clear(&tpm);
}
END_TEST

START_TEST(what_is_sealed_opens_on_the_same_tpm_in_the_same_state_only)
{
    Tpm tpm = made(TPM_2_0, "tpm"), other = made(TPM_2_0, "other");
    const guint8 secret[TPM_SHA256_BYTES] = "sealed";
    guint8 opened[TPM_SHA256_BYTES] = {0};
    TpmSealed sealed, changed;

    ck_assert_int_eq(tpm_seal(&tpm, &(TpmSelection){TPM_SHA256, 1u << 7}, secret, &sealed), TPM_OK);
    ck_assert_int_eq(tpm_unseal(&tpm, &sealed, opened), TPM_OK);
    ck_assert_mem_eq(opened, secret, sizeof opened);
    ck_assert_int_eq(tpm_unseal(&other, &sealed, opened), TPM_FOREIGN);
    changed = sealed;
    changed.policy[0] ^= 1;
    ck_assert_int_eq(tpm_unseal(&tpm, &changed, opened), TPM_FOREIGN);
    extend_separator(&tpm, 6);
    ck_assert_int_eq(tpm_unseal(&tpm, &sealed, opened), TPM_OK);
    extend_separator(&tpm, 7);
    ck_assert_int_eq(tpm_unseal(&tpm, &sealed, opened), TPM_POLICY_FAILED);
    ck_assert_int_eq(tpm_seal(&tpm, &(TpmSelection){TPM_SHA256, 1u << 30}, secret, &sealed), TPM_NO_PCR);
    tpm_clear(&tpm);
    tpm_clear(&other);
}
END_TEST

START_TEST(random_bytes_are_new_each_time_and_each_tpm_s_own)
{
    Tpm tpm = made(TPM_2_0, "tpm"), twin = made(TPM_2_0, "tpm"), other = made(TPM_2_0, "other");
    guint8 first[40], second[40], same[40], foreign[40];

    tpm_random(&tpm, first, sizeof first);
    tpm_random(&tpm, second, sizeof second);
    tpm_random(&twin, same, sizeof same);
    tpm_random(&other, foreign, sizeof foreign);
    ck_assert_mem_eq(first, same, sizeof first);
    ck_assert_mem_ne(first, second, sizeof first);
    ck_assert_mem_ne(first + 32, first, 8);
    ck_assert_mem_ne(first, foreign, sizeof first);
    tpm_clear(&tpm);
    tpm_clear(&twin);
    tpm_clear(&other);
}
END_TEST

START_TEST(a_lost_repeated_or_foreign_call_shows)
{
    Tpm good = made(TPM_2_0, "tpm"), lost = made(TPM_2_0, "tpm"), repeated = made(TPM_2_0, "tpm"),
        foreign = made(TPM_2_0, "tpm");
    guint8 digest[TPM_SHA1_BYTES];

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
    tpm_clear(&good);
    tpm_clear(&lost);
    tpm_clear(&repeated);
    tpm_clear(&foreign);
}
END_TEST

/* A page of the state that a copy has as it was gives the register as it was: nothing else remembers it. */
START_TEST(a_stale_page_is_a_stale_register)
{
    Tpm tpm = made(TPM_2_0, "tpm");
    guint8 digest[TPM_SHA1_BYTES];

    tpm_run_script_call(&tpm, "vm", 1, digest);
    Tpm arrived = {TPM_2_0, tpm_memory_copy(tpm.memory)};
    tpm_run_script_call(&tpm, "vm", 2, digest);
    tpm_memory_receive(arrived.memory, tpm.memory, 0, 1, (guint64[]){~(guint64)1}); /* all but page 0 */
    ck_assert(tpm_matches_script(&tpm, "vm", 2));
    ck_assert(tpm_matches_script(&arrived, "vm", 1));
    tpm_memory_receive(arrived.memory, tpm.memory, 0, 1, (guint64[]){1});
    ck_assert(tpm_matches_script(&arrived, "vm", 2));
    tpm_clear(&tpm);
    tpm_clear(&arrived);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tpm");

    tcase_add_test(tcase, extend_changes_one_register_in_every_bank);
    tcase_add_test(tcase, a_tpm_1_2_has_one_bank);
    tcase_add_test(tcase, a_start_loses_the_registers_and_keeps_seed_and_counters);
    tcase_add_test(tcase, a_quote_is_signed_by_its_tpm_over_all_that_it_says);
    tcase_add_test(tcase, a_quote_digests_the_selected_registers);
    tcase_add_test(tcase, what_is_sealed_opens_on_the_same_tpm_in_the_same_state_only);
    tcase_add_test(tcase, random_bytes_are_new_each_time_and_each_tpm_s_own);
    tcase_add_test(tcase, a_lost_repeated_or_foreign_call_shows);
    tcase_add_test(tcase, a_stale_page_is_a_stale_register);
    return check_main("tpm", tcase, NULL);
}
