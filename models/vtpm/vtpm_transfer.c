#include "models/vtpm/vtpm_transfer.h"

#include <string.h>

void
vtpm_transfer_expect(VtpmCopy *to, const char *purpose)
{
    to->state = VTPM_COPY_EXPECTED;
    tpm_digest(TPM_SHA256, purpose, strlen(purpose), to->nonce);
}

VtpmTransferResult
vtpm_transfer_lock(VtpmCopy *from, const guint8 nonce[TPM_SHA256_BYTES])
{
    if (from->state != VTPM_COPY_LIVE)
        return VTPM_TRANSFER_NOT_LIVE;
    from->state = VTPM_COPY_LOCKED;
    memcpy(from->nonce, nonce, sizeof from->nonce);
    return VTPM_TRANSFER_OK;
}

static void
digest_package(const guint8 nonce[TPM_SHA256_BYTES], const TpmMemory *state, guint8 digest[TPM_SHA256_BYTES])
{
    guint8 joined[2 * TPM_SHA256_BYTES];

    memcpy(joined, nonce, TPM_SHA256_BYTES);
    tpm_memory_digest(state, joined + TPM_SHA256_BYTES);
    tpm_digest(TPM_SHA256, joined, sizeof joined, digest);
}

VtpmTransferResult
vtpm_transfer_export(const VtpmCopy *from, const TpmMemory *state, VtpmPackage *package)
{
    if (from->state != VTPM_COPY_LOCKED)
        return VTPM_TRANSFER_NOT_LOCKED;
    memcpy(package->nonce, from->nonce, sizeof package->nonce);
    digest_package(from->nonce, state, package->digest);
    return VTPM_TRANSFER_OK;
}

VtpmTransferResult
vtpm_transfer_delete(VtpmCopy *from)
{
    if (from->state != VTPM_COPY_LOCKED)
        return VTPM_TRANSFER_NOT_LOCKED;
    *from = (VtpmCopy){.state = VTPM_COPY_ABSENT};
    return VTPM_TRANSFER_OK;
}

VtpmTransferResult
vtpm_transfer_import(VtpmCopy *to, const TpmMemory *state, const VtpmPackage *package)
{
    guint8 digest[TPM_SHA256_BYTES];

    if (to->state != VTPM_COPY_EXPECTED || memcmp(to->nonce, package->nonce, sizeof to->nonce) != 0)
        return VTPM_TRANSFER_NOT_EXPECTED;
    digest_package(to->nonce, state, digest);
    if (memcmp(digest, package->digest, sizeof digest) != 0)
        return VTPM_TRANSFER_DAMAGED;
    *to = (VtpmCopy){.state = VTPM_COPY_LIVE};
    return VTPM_TRANSFER_OK;
}

void
vtpm_transfer_give_up(VtpmCopy *copy)
{
    if (copy->state == VTPM_COPY_LOCKED || copy->state == VTPM_COPY_EXPECTED)
        *copy = (VtpmCopy){.state = copy->state == VTPM_COPY_LOCKED ? VTPM_COPY_LIVE : VTPM_COPY_ABSENT};
}
