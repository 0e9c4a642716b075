/* A software TPM: what its commands do to its state, which is in its memory and nowhere else.
 *
 * Source: TPM 2.0 Library, parts 1 and 3 (TPM2_PCR_Extend, _PCR_Read, _Quote, _Create and _Unseal of a sealed object,
 * _NV_Increment, _NV_Read, _GetRandom, _Hash, _Startup); TPM 1.2 Main part 3 (TPM_Extend, TPM_PCRRead, TPM_Quote, …).
 * Qi and Meng, section 2.1 and figure 10: "a script calls the vTPM's SHA1 again and again".
 *
 *   here              TPM 2.0                                    kept in
 *   seed              the primary seeds, of which all keys are   permanent area
 *   EK, AK            endorsement and attestation key: who it is derived from the seed
 *   PCR[bank][n]      24 registers in each bank                  volatile area
 *   clock             commands that were carried out             volatile area
 *   resets            resetCount: starts that lost the PCRs      permanent area
 *   counter           NV counters, which never go down           NV area
 *
 * A TPM 1.2 has the SHA-1 bank only; there its EK and AIK take the place of EK and AK, and its counters of NV counters.
 *
 * Keys are identities: a digest of the seed that nobody else can make. A signature is an HMAC of the key, and who
 * checks one is given the key itself (TpmKey), where a real verifier has its public half and its certificate.
 *
 * Scope: no sessions, hierarchies, authorisation values or locality; one register selection of one bank; sealed objects
 * are loaded by being given. One command at a time is the caller's business.
 */
#ifndef TANDEM_MODELS_VTPM_TPM_H
#define TANDEM_MODELS_VTPM_TPM_H

#include "models/vtpm/tpm_digest.h"
#include "models/vtpm/tpm_memory.h"

#define TPM_PCRS     24u /* PC Client profile */
#define TPM_COUNTERS 16u /* chosen: NV counters that can be defined */

typedef enum { TPM_1_2, TPM_2_0 } TpmGeneration;

typedef enum {
    TPM_OK,
    TPM_NO_PCR,        /* no such register, or bank */
    TPM_NOT_DEFINED,   /* no such counter */
    TPM_POLICY_FAILED, /* the registers are not as they were when it was sealed */
    TPM_FOREIGN        /* sealed by another TPM, or by this one with another seed */
} TpmResult;
const char *tpm_result_text(TpmResult result);

typedef struct {
    TpmGeneration generation;
    TpmMemory *memory; /* owned; all its state */
} Tpm;

/* What a key is known by, and makes signatures with. */
typedef struct {
    guint8 name[TPM_SHA256_BYTES];
    guint8 secret[TPM_SHA256_BYTES];
} TpmKey;

typedef struct {
    TpmBank bank;
    guint32 pcrs; /* bit n: register n */
} TpmSelection;

/* TPM2B_ATTEST of type ST_ATTEST_QUOTE. */
typedef struct {
    TpmSelection selection;
    guint8 pcr_digest[TPM_SHA256_BYTES]; /* SHA-256 of the selected registers, one after the other */
    guint8 nonce[TPM_SHA256_BYTES];      /* the challenge (qualifyingData) */
    guint64 clock;
    guint32 resets;
    guint8 signer[TPM_SHA256_BYTES]; /* name of the key */
    guint8 signature[TPM_SHA256_BYTES];
} TpmQuote;

typedef struct {
    TpmSelection selection;
    guint8 policy[TPM_SHA256_BYTES];    /* the registers' digest when it was sealed */
    guint8 masked[TPM_SHA256_BYTES];    /* the secret, which only the TPM can read */
    guint8 integrity[TPM_SHA256_BYTES]; /* of the three above, by the TPM's storage key */
} TpmSealed;

/* The sizes of swtpm's blobs. nv_bytes: what guests may store; 0: as much as TPM_COUNTERS need. */
void tpm_area_bytes(TpmGeneration generation, gsize nv_bytes, gsize bytes[TPM_N_AREAS]);
/* Manufactured and started: its seed is derived from identity, all registers are zero. */
void tpm_init(Tpm *tpm, TpmGeneration generation, gsize page_bytes, gsize nv_bytes, const char *identity);
void tpm_clear(Tpm *tpm);
/* TPM2_Startup(CLEAR) after a power-on: registers and clock are lost, the seed and the counters stay. */
void tpm_startup(Tpm *tpm);
/* How many banks there are: those below. */
guint tpm_banks(const Tpm *tpm);

/* digests: one for each bank that there is, TPM_DIGEST_MAX apart. */
TpmResult tpm_extend(Tpm *tpm, guint pcr, const guint8 digests[][TPM_DIGEST_MAX]);
TpmResult tpm_read_pcr(const Tpm *tpm, TpmBank bank, guint pcr, guint8 *value);
/* SHA-256 of the selected registers, one after the other, of a bank's values. */
void tpm_selected_digest(const TpmSelection *selection, const guint8 pcrs[TPM_PCRS][TPM_DIGEST_MAX],
                         guint8 digest[TPM_SHA256_BYTES]);
/* The same of the TPM's own. TPM_NO_PCR: one is not there, or none is selected. */
TpmResult tpm_pcr_digest(const Tpm *tpm, const TpmSelection *selection, guint8 digest[TPM_SHA256_BYTES]);
guint64 tpm_extends(const Tpm *tpm); /* since it was started */
guint32 tpm_resets(const Tpm *tpm);

/* The attestation key. */
void tpm_attestation_key(const Tpm *tpm, TpmKey *key);
/* From now on it has another attestation key, which its host's hardware TPM vouches for; the seed stays. */
void tpm_rebind(Tpm *tpm);
TpmResult tpm_quote(Tpm *tpm, const TpmSelection *selection, const guint8 nonce[TPM_SHA256_BYTES], TpmQuote *quote);
/* Whether the key made it. */
gboolean tpm_quote_is_signed(const TpmQuote *quote, const TpmKey *key);
TpmResult tpm_seal(Tpm *tpm, const TpmSelection *selection, const guint8 secret[TPM_SHA256_BYTES], TpmSealed *sealed);
TpmResult tpm_unseal(Tpm *tpm, const TpmSealed *sealed, guint8 secret[TPM_SHA256_BYTES]);

/* Defines it, at 0, the first time. TPM_NOT_DEFINED: there are TPM_COUNTERS only. */
TpmResult tpm_increment(Tpm *tpm, guint counter, guint64 *value);
TpmResult tpm_read_counter(const Tpm *tpm, guint counter, guint64 *value);
/* A hash chain over the seed: each call gives others. */
void tpm_random(Tpm *tpm, guint8 *bytes, gsize length);

/* Call number call (1, 2, …) of the VM's script: the digest of "vm_name/call" in every bank, then extends the script's
 * register. digest: of the SHA-1 bank. */
void tpm_run_script_call(Tpm *tpm, const char *vm_name, guint64 call, guint8 digest[TPM_SHA1_BYTES]);
/* The digests of that call in the first so many banks. */
void tpm_script_digests(const char *vm_name, guint64 call, guint n_banks, guint8 digests[][TPM_DIGEST_MAX]);
/* Register 0 of a TPM 1.2, as the paper's script; 16, which is for tests (PC Client profile), of a TPM 2.0. */
guint tpm_script_pcr(const Tpm *tpm);
/* Whether that register is that of a TPM which did calls 1 … calls in order and nothing else. */
gboolean tpm_matches_script(const Tpm *tpm, const char *vm_name, guint64 calls);

#endif
