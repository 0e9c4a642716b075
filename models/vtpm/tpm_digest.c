#include "models/vtpm/tpm_digest.h"

#include <string.h>

static const struct {
    GChecksumType type;
    gsize bytes;
} banks[TPM_N_BANKS] = {
    [TPM_SHA1] = {G_CHECKSUM_SHA1, TPM_SHA1_BYTES},
    [TPM_SHA256] = {G_CHECKSUM_SHA256, TPM_SHA256_BYTES},
};

gsize
tpm_digest_bytes(TpmBank bank)
{
    return banks[bank].bytes;
}

void
tpm_digest(TpmBank bank, gconstpointer data, gsize length, guint8 *digest)
{
    g_autoptr(GChecksum) sum = g_checksum_new(banks[bank].type);
    gsize bytes = banks[bank].bytes;

    g_checksum_update(sum, data, (gssize)length);
    g_checksum_get_digest(sum, digest, &bytes);
}

void
tpm_digests(const char *text, guint n_banks, guint8 digests[][TPM_DIGEST_MAX])
{
    for (guint bank = 0; bank < n_banks; bank++)
        tpm_digest((TpmBank)bank, text, strlen(text), digests[bank]);
}

void
tpm_digest_signed(const guint8 secret[TPM_SHA256_BYTES], gconstpointer data, gsize length,
                  guint8 signature[TPM_SHA256_BYTES])
{
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, secret, TPM_SHA256_BYTES);
    gsize bytes = TPM_SHA256_BYTES;

    g_hmac_update(hmac, data, (gssize)length);
    g_hmac_get_digest(hmac, signature, &bytes);
    g_hmac_unref(hmac);
}

void
tpm_digest_extend(TpmBank bank, guint8 *pcr, const guint8 *digest)
{
    const gsize bytes = banks[bank].bytes;
    guint8 joined[2 * TPM_DIGEST_MAX];

    memcpy(joined, pcr, bytes);
    memcpy(joined + bytes, digest, bytes);
    tpm_digest(bank, joined, 2 * bytes, pcr);
}

char *
tpm_digest_text(TpmBank bank, const guint8 *digest)
{
    GString *text = g_string_sized_new(2 * TPM_DIGEST_MAX + 1);

    for (gsize i = 0; i < banks[bank].bytes; i++)
        g_string_append_printf(text, "%02x", digest[i]);
    return g_string_free(text, FALSE);
}
