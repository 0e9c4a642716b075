/* A software TPM as far as the paper's workload uses it: SHA-1 on request, and a platform configuration register.
 *
 * Source: Qi and Meng, section 2.1 and figure 10: "a script calls the vTPM's SHA1 again and again"; TPM 1.2 Main part
 * 3, TPM_Extend: PCR := SHA1(PCR || digest).
 *
 * The digests are really computed, so that a state that was lost, repeated or taken from the wrong instance shows:
 * after n calls the register is a pure function of the VM's name and n.
 * Scope: one PCR; no keys, no NV storage, no authorisation sessions.
 */
#ifndef TANDEM_MODELS_VTPM_TPM_H
#define TANDEM_MODELS_VTPM_TPM_H

#include <glib.h>

#define TPM_SHA1_BYTES 20

typedef struct {
    guint8 pcr[TPM_SHA1_BYTES]; /* all zero after power-on */
    guint64 extends;
} Tpm;

void tpm_init(Tpm *tpm);
/* TPM_SHA1: the digest of data. */
void tpm_sha1(const guint8 *data, gsize length, guint8 digest[TPM_SHA1_BYTES]);
/* TPM_Extend. */
void tpm_extend(Tpm *tpm, const guint8 digest[TPM_SHA1_BYTES]);

/* Call number call (1, 2, …) of the VM's script: SHA-1 of "vm_name/call", then extends the PCR with it. */
void tpm_run_script_call(Tpm *tpm, const char *vm_name, guint64 call, guint8 digest[TPM_SHA1_BYTES]);
/* Whether the PCR is that of a TPM which did calls 1 … calls in order and nothing else. */
gboolean tpm_matches_script(const Tpm *tpm, const char *vm_name, guint64 calls);
/* Lower-case hex of a digest. (transfer full) */
char *tpm_digest_text(const guint8 digest[TPM_SHA1_BYTES]);

#endif
