#include "models/vtpm/tpm.h"

#include <string.h>

void
tpm_init(Tpm *tpm)
{
    memset(tpm, 0, sizeof *tpm);
}

void
tpm_sha1(const guint8 *data, gsize length, guint8 digest[TPM_SHA1_BYTES])
{
    g_autoptr(GChecksum) sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    gsize digest_length = TPM_SHA1_BYTES;

    g_checksum_update(sha1, data, (gssize)length);
    g_checksum_get_digest(sha1, digest, &digest_length);
}

void
tpm_extend(Tpm *tpm, const guint8 digest[TPM_SHA1_BYTES])
{
    guint8 joined[2 * TPM_SHA1_BYTES];

    memcpy(joined, tpm->pcr, TPM_SHA1_BYTES);
    memcpy(joined + TPM_SHA1_BYTES, digest, TPM_SHA1_BYTES);
    tpm_sha1(joined, sizeof joined, tpm->pcr);
    tpm->extends++;
}

void
tpm_run_script_call(Tpm *tpm, const char *vm_name, guint64 call, guint8 digest[TPM_SHA1_BYTES])
{
    g_autofree char *text = g_strdup_printf("%s/%" G_GUINT64_FORMAT, vm_name, call);

    tpm_sha1((const guint8 *)text, strlen(text), digest);
    tpm_extend(tpm, digest);
}

gboolean
tpm_matches_script(const Tpm *tpm, const char *vm_name, guint64 calls)
{
    Tpm reference;
    guint8 digest[TPM_SHA1_BYTES];

    if (tpm->extends != calls)
        return FALSE;
    tpm_init(&reference);
    for (guint64 call = 1; call <= calls; call++)
        tpm_run_script_call(&reference, vm_name, call, digest);
    return memcmp(reference.pcr, tpm->pcr, TPM_SHA1_BYTES) == 0;
}

char *
tpm_digest_text(const guint8 digest[TPM_SHA1_BYTES])
{
    GString *text = g_string_sized_new(2 * TPM_SHA1_BYTES + 1);

    for (int i = 0; i < TPM_SHA1_BYTES; i++)
        g_string_append_printf(text, "%02x", digest[i]);
    return g_string_free(text, FALSE);
}
