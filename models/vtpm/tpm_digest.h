/* Digests of a TPM's PCR banks, really computed, so that a state that was lost, repeated or taken from the wrong
 * instance shows. FIPS 180-4. */
#ifndef TANDEM_MODELS_VTPM_TPM_DIGEST_H
#define TANDEM_MODELS_VTPM_TPM_DIGEST_H

#include <glib.h>

typedef enum { TPM_SHA1, TPM_SHA256, TPM_N_BANKS } TpmBank;

#define TPM_SHA1_BYTES   20
#define TPM_SHA256_BYTES 32
#define TPM_DIGEST_MAX   TPM_SHA256_BYTES

/* 20 or 32. */
gsize tpm_digest_bytes(TpmBank bank);
/* Of data; tpm_digest_bytes() long. */
void tpm_digest(TpmBank bank, gconstpointer data, gsize length, guint8 *digest);
/* The digests of a text in the first so many banks, TPM_DIGEST_MAX apart. */
void tpm_digests(const char *text, guint n_banks, guint8 digests[][TPM_DIGEST_MAX]);
/* HMAC of SHA-256 (RFC 2104), which only who knows the secret can make: what stands for a signature. */
void tpm_digest_signed(const guint8 secret[TPM_SHA256_BYTES], gconstpointer data, gsize length,
                       guint8 signature[TPM_SHA256_BYTES]);
/* Extend: register := digest(register || digest); TPM 1.2 Main part 3, TPM_Extend; TPM 2.0 part 1, "PCR Extend". */
void tpm_digest_extend(TpmBank bank, guint8 *pcr, const guint8 *digest);
/* Lower-case hex. (transfer full) */
char *tpm_digest_text(TpmBank bank, const guint8 *digest);

#endif
