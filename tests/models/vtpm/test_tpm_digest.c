#include "models/vtpm/tpm_digest.h"
#include "tests/check_main.h"

#include <string.h>

static void
check_text(TpmBank bank, const guint8 *digest, const char *expected)
{
    g_autofree char *text = tpm_digest_text(bank, digest);

    ck_assert_str_eq(text, expected);
}

/* FIPS 180-4's example. */
START_TEST(digests_are_those_of_the_standard)
{
    guint8 digest[TPM_DIGEST_MAX];

    tpm_digest(TPM_SHA1, "abc", 3, digest);
    check_text(TPM_SHA1, digest, "a9993e364706816aba3e25717850c26c9cd0d89d");
    tpm_digest(TPM_SHA256, "abc", 3, digest);
    check_text(TPM_SHA256, digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

/* What every PC shows in the registers of which firmware measured nothing but the separator, four zero bytes
 * (EV_SEPARATOR, PC Client platform firmware profile): the register comes before the digest, which of two zeros one
 * could not tell. */
START_TEST(extend_gives_the_register_of_a_separator)
{
    const guint8 separator[4] = {0};
    guint8 digest[TPM_DIGEST_MAX], pcr[TPM_DIGEST_MAX];

    for (int bank = 0; bank < TPM_N_BANKS; bank++) {
        memset(pcr, 0, sizeof pcr);
        tpm_digest((TpmBank)bank, separator, sizeof separator, digest);
        tpm_digest_extend((TpmBank)bank, pcr, digest);
        check_text((TpmBank)bank, pcr,
                   bank == TPM_SHA1 ? "b2a83b0ebf2f8374299a5b2bdfc31ea955ad7236"
                                    : "3d458cfe55cc03ea1f443f1562beec8df51c75e14a9fcf9a7234a13f198e7969");
    }
}
END_TEST

/* Of twenty zero bytes and abc's digest: computed with sha1sum. */
START_TEST(extend_hashes_the_register_before_the_digest)
{
    guint8 digest[TPM_DIGEST_MAX], pcr[TPM_DIGEST_MAX] = {0};

    tpm_digest(TPM_SHA1, "abc", 3, digest);
    tpm_digest_extend(TPM_SHA1, pcr, digest);
    check_text(TPM_SHA1, pcr, "ccd5bd41458de644ac34a2478b58ff819bef5acf");
}
END_TEST

/* RFC 4231, test case 1 has a key of 20 bytes 0x0b; padded with zeros to the block it is the same key of 32 bytes. */
START_TEST(a_signature_is_hmac)
{
    guint8 key[TPM_SHA256_BYTES] = {0}, signature[TPM_SHA256_BYTES];

    memset(key, 0x0b, 20);
    tpm_digest_signed(key, "Hi There", 8, signature);
    check_text(TPM_SHA256, signature, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tpm_digest");

    tcase_add_test(tcase, digests_are_those_of_the_standard);
    tcase_add_test(tcase, extend_gives_the_register_of_a_separator);
    tcase_add_test(tcase, extend_hashes_the_register_before_the_digest);
    tcase_add_test(tcase, a_signature_is_hmac);
    return check_main("tpm_digest", tcase, NULL);
}
