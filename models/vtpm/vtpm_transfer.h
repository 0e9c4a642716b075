/* How one instance's state is handed from host to host so that there is never a second one.
 *
 * After Berger et al., vTPM: Virtualizing the Trusted Platform Module (USENIX Security 2006), section on migration: the
 * destination makes an empty instance and a nonce; the source locks its instance to that nonce, exports it encrypted,
 * with a digest over state and nonce, and deletes it; the destination takes what bears its nonce and whose digest is
 * right, and only then serves.
 *
 *   copy       of the destination                     of the source
 *   ABSENT     nothing, or refused                    deleted: nothing can be read any more
 *   EXPECTED   has made a nonce, holds no state
 *   LIVE       serves                                 serves
 *   LOCKED                                            serves nobody; may go on if the transfer is given up
 *
 * A package fits one nonce, and a nonce is used up by the package that fits it: a second import of one package (a
 * fork), and one of an older package (a rollback), are refused wherever they are tried.
 *
 * The paper's text is not at hand; what its steps cost is the caller's business, and assumed there.
 */
#ifndef TANDEM_MODELS_VTPM_VTPM_TRANSFER_H
#define TANDEM_MODELS_VTPM_VTPM_TRANSFER_H

#include "models/vtpm/tpm.h"

typedef enum { VTPM_COPY_ABSENT, VTPM_COPY_EXPECTED, VTPM_COPY_LIVE, VTPM_COPY_LOCKED } VtpmCopyState;

/* One host's copy. */
typedef struct {
    VtpmCopyState state;
    guint8 nonce[TPM_SHA256_BYTES]; /* EXPECTED: made; LOCKED: locked to */
} VtpmCopy;

/* What goes over the network beside the state. */
typedef struct {
    guint8 nonce[TPM_SHA256_BYTES];
    guint8 digest[TPM_SHA256_BYTES]; /* over the nonce and the state */
} VtpmPackage;

typedef enum {
    VTPM_TRANSFER_OK,
    VTPM_TRANSFER_NOT_LIVE,     /* there is nothing to lock */
    VTPM_TRANSFER_NOT_LOCKED,   /* nothing to export, or to delete */
    VTPM_TRANSFER_NOT_EXPECTED, /* nobody here waits for a package, or for another one */
    VTPM_TRANSFER_DAMAGED       /* the state is not the one that was exported */
} VtpmTransferResult;

/* At the destination. purpose: makes the nonce; no two transfers have the same. */
void vtpm_transfer_expect(VtpmCopy *to, const char *purpose);
/* At the source. */
VtpmTransferResult vtpm_transfer_lock(VtpmCopy *from, const guint8 nonce[TPM_SHA256_BYTES]);
VtpmTransferResult vtpm_transfer_export(const VtpmCopy *from, const TpmMemory *state, VtpmPackage *package);
VtpmTransferResult vtpm_transfer_delete(VtpmCopy *from);
/* At the destination: the copy is live if the state is that of the package. */
VtpmTransferResult vtpm_transfer_import(VtpmCopy *to, const TpmMemory *state, const VtpmPackage *package);
/* It was given up: a locked copy is live again, an expected one is gone. */
void vtpm_transfer_give_up(VtpmCopy *copy);

#endif
