#include "models/vtpm/tpm.h"

#include <stddef.h>
#include <string.h>

/* What stands in the areas. */
typedef struct {
    guint64 clock, extends;
    guint64 random_calls;
    guint8 pcr[TPM_N_BANKS][TPM_PCRS][TPM_DIGEST_MAX];
} Volatile;

typedef struct {
    guint8 seed[TPM_SHA256_BYTES];
    guint32 resets;
    guint32 bindings; /* how often it was given another attestation key */
} Permanent;

typedef struct {
    guint8 defined[TPM_COUNTERS];
    guint64 counter[TPM_COUNTERS];
} Counters;

/* Fresh blobs of swtpm 0.7.1 with libtpms 0.9, facts of docs/models/vtpm.md; a TPM 1.2's are smaller: chosen, a page.
 */
enum { VOLATILE_2_0_BYTES = 9000, PERMANENT_2_0_BYTES = 6144, AREA_1_2_BYTES = 4096 };

#define READ(tpm, area, Type, member, into)                                                                            \
    tpm_memory_read((tpm)->memory, area, offsetof(Type, member), into, sizeof *(into))
#define WRITE(tpm, area, Type, member, from)                                                                           \
    tpm_memory_write((tpm)->memory, area, offsetof(Type, member), from, sizeof *(from))

const char *
tpm_result_text(TpmResult result)
{
    static const char *const texts[] = {
        [TPM_OK] = "ok",
        [TPM_NO_PCR] = "no such register",
        [TPM_NOT_DEFINED] = "not defined",
        [TPM_POLICY_FAILED] = "the registers are not as they were when it was sealed",
        [TPM_FOREIGN] = "sealed by another TPM",
    };

    return texts[result];
}

void
tpm_area_bytes(TpmGeneration generation, gsize nv_bytes, gsize bytes[TPM_N_AREAS])
{
    const gboolean is_2_0 = generation == TPM_2_0;

    bytes[TPM_VOLATILE] = is_2_0 ? VOLATILE_2_0_BYTES : AREA_1_2_BYTES;
    bytes[TPM_PERMANENT] = is_2_0 ? PERMANENT_2_0_BYTES : AREA_1_2_BYTES;
    bytes[TPM_NV] = MAX(nv_bytes, sizeof(Counters));
}

void
tpm_init(Tpm *tpm, TpmGeneration generation, gsize page_bytes, gsize nv_bytes, const char *identity)
{
    gsize bytes[TPM_N_AREAS];
    guint8 seed[1][TPM_SHA256_BYTES];

    tpm_area_bytes(generation, nv_bytes, bytes);
    tpm->generation = generation;
    tpm->memory = tpm_memory_new(page_bytes, bytes);
    tpm_digest(TPM_SHA256, identity, strlen(identity), seed[0]);
    WRITE(tpm, TPM_PERMANENT, Permanent, seed, seed);
}

void
tpm_clear(Tpm *tpm)
{
    g_clear_pointer(&tpm->memory, tpm_memory_free);
}

void
tpm_startup(Tpm *tpm)
{
    const Volatile lost = {0};
    guint32 resets = tpm_resets(tpm) + 1;

    tpm_memory_write(tpm->memory, TPM_VOLATILE, 0, &lost, sizeof lost);
    WRITE(tpm, TPM_PERMANENT, Permanent, resets, &resets);
}

guint
tpm_banks(const Tpm *tpm)
{
    return tpm->generation == TPM_2_0 ? TPM_N_BANKS : 1;
}

static gboolean
has_pcr(const Tpm *tpm, TpmBank bank, guint pcr)
{
    return (guint)bank < tpm_banks(tpm) && pcr < TPM_PCRS;
}

/* Each command that changes the TPM moves its clock on. */
static guint64
tick(Tpm *tpm)
{
    guint64 clock;

    READ(tpm, TPM_VOLATILE, Volatile, clock, &clock);
    clock++;
    WRITE(tpm, TPM_VOLATILE, Volatile, clock, &clock);
    return clock;
}

TpmResult
tpm_extend(Tpm *tpm, guint pcr, const guint8 digests[][TPM_DIGEST_MAX])
{
    guint64 extends = tpm_extends(tpm) + 1;
    guint8 value[1][TPM_DIGEST_MAX];

    if (!has_pcr(tpm, TPM_SHA1, pcr))
        return TPM_NO_PCR;
    for (guint bank = 0; bank < tpm_banks(tpm); bank++) {
        READ(tpm, TPM_VOLATILE, Volatile, pcr[bank][pcr], value);
        tpm_digest_extend((TpmBank)bank, value[0], digests[bank]);
        WRITE(tpm, TPM_VOLATILE, Volatile, pcr[bank][pcr], value);
    }
    WRITE(tpm, TPM_VOLATILE, Volatile, extends, &extends);
    (void)tick(tpm);
    return TPM_OK;
}

TpmResult
tpm_read_pcr(const Tpm *tpm, TpmBank bank, guint pcr, guint8 *value)
{
    if (!has_pcr(tpm, bank, pcr))
        return TPM_NO_PCR;
    tpm_memory_read(tpm->memory, TPM_VOLATILE, offsetof(Volatile, pcr[bank][pcr]), value, tpm_digest_bytes(bank));
    return TPM_OK;
}

void
tpm_selected_digest(const TpmSelection *selection, const guint8 pcrs[TPM_PCRS][TPM_DIGEST_MAX],
                    guint8 digest[TPM_SHA256_BYTES])
{
    const gsize bytes = tpm_digest_bytes(selection->bank);
    guint8 values[TPM_PCRS * TPM_DIGEST_MAX];
    gsize length = 0;

    for (guint pcr = 0; pcr < TPM_PCRS; pcr++)
        if (selection->pcrs >> pcr & 1) {
            memcpy(values + length, pcrs[pcr], bytes);
            length += bytes;
        }
    tpm_digest(TPM_SHA256, values, length, digest);
}

TpmResult
tpm_pcr_digest(const Tpm *tpm, const TpmSelection *selection, guint8 digest[TPM_SHA256_BYTES])
{
    guint8 pcrs[TPM_PCRS][TPM_DIGEST_MAX];

    if (!has_pcr(tpm, selection->bank, 0) || selection->pcrs == 0 || selection->pcrs >> TPM_PCRS != 0)
        return TPM_NO_PCR;
    READ(tpm, TPM_VOLATILE, Volatile, pcr[selection->bank], &pcrs);
    tpm_selected_digest(selection, pcrs, digest);
    return TPM_OK;
}

guint64
tpm_extends(const Tpm *tpm)
{
    guint64 extends;

    READ(tpm, TPM_VOLATILE, Volatile, extends, &extends);
    return extends;
}

guint32
tpm_resets(const Tpm *tpm)
{
    guint32 resets;

    READ(tpm, TPM_PERMANENT, Permanent, resets, &resets);
    return resets;
}

/* ---- keys ---- */

/* What only a TPM with this seed has. */
static void
derive(const Tpm *tpm, const char *purpose, guint8 secret[TPM_SHA256_BYTES])
{
    guint8 seed[1][TPM_SHA256_BYTES];

    READ(tpm, TPM_PERMANENT, Permanent, seed, seed);
    tpm_digest_signed(seed[0], purpose, strlen(purpose), secret);
}

void
tpm_attestation_key(const Tpm *tpm, TpmKey *key)
{
    guint32 bindings;

    READ(tpm, TPM_PERMANENT, Permanent, bindings, &bindings);
    g_autofree char *purpose = g_strdup_printf("AK %u", bindings);
    derive(tpm, purpose, key->secret);
    tpm_digest(TPM_SHA256, key->secret, sizeof key->secret, key->name);
}

void
tpm_rebind(Tpm *tpm)
{
    guint32 bindings;

    READ(tpm, TPM_PERMANENT, Permanent, bindings, &bindings);
    bindings++;
    WRITE(tpm, TPM_PERMANENT, Permanent, bindings, &bindings);
}

/* Everything before the signature, in a fixed order of bytes. (transfer full) */
static GByteArray *
quoted_bytes(const TpmQuote *quote)
{
    GByteArray *bytes = g_byte_array_new();
    const guint32 numbers[] = {GUINT32_TO_BE((guint32)quote->selection.bank), GUINT32_TO_BE(quote->selection.pcrs),
                               GUINT32_TO_BE((guint32)(quote->clock >> 32)), GUINT32_TO_BE((guint32)quote->clock),
                               GUINT32_TO_BE(quote->resets)};

    g_byte_array_append(bytes, (const guint8 *)numbers, sizeof numbers);
    g_byte_array_append(bytes, quote->pcr_digest, sizeof quote->pcr_digest);
    g_byte_array_append(bytes, quote->nonce, sizeof quote->nonce);
    g_byte_array_append(bytes, quote->signer, sizeof quote->signer);
    return bytes;
}

static void
sign(const TpmQuote *quote, const TpmKey *key, guint8 signature[TPM_SHA256_BYTES])
{
    g_autoptr(GByteArray) bytes = quoted_bytes(quote);

    tpm_digest_signed(key->secret, bytes->data, bytes->len, signature);
}

TpmResult
tpm_quote(Tpm *tpm, const TpmSelection *selection, const guint8 nonce[TPM_SHA256_BYTES], TpmQuote *quote)
{
    TpmKey key;

    *quote = (TpmQuote){.selection = *selection};
    if (tpm_pcr_digest(tpm, selection, quote->pcr_digest) != TPM_OK)
        return TPM_NO_PCR;
    tpm_attestation_key(tpm, &key);
    memcpy(quote->nonce, nonce, sizeof quote->nonce);
    memcpy(quote->signer, key.name, sizeof quote->signer);
    quote->clock = tick(tpm);
    quote->resets = tpm_resets(tpm);
    sign(quote, &key, quote->signature);
    return TPM_OK;
}

gboolean
tpm_quote_is_signed(const TpmQuote *quote, const TpmKey *key)
{
    guint8 signature[TPM_SHA256_BYTES];

    sign(quote, key, signature);
    return memcmp(quote->signer, key->name, sizeof key->name) == 0 &&
           memcmp(quote->signature, signature, sizeof signature) == 0;
}

static void
protect(const TpmSealed *sealed, const guint8 key[TPM_SHA256_BYTES], guint8 integrity[TPM_SHA256_BYTES])
{
    guint8 bytes[8 + 2 * TPM_SHA256_BYTES];
    const guint32 numbers[] = {GUINT32_TO_BE((guint32)sealed->selection.bank), GUINT32_TO_BE(sealed->selection.pcrs)};

    memcpy(bytes, numbers, sizeof numbers);
    memcpy(bytes + sizeof numbers, sealed->policy, sizeof sealed->policy);
    memcpy(bytes + sizeof numbers + sizeof sealed->policy, sealed->masked, sizeof sealed->masked);
    tpm_digest_signed(key, bytes, sizeof bytes, integrity);
}

static void
mask(const guint8 key[TPM_SHA256_BYTES], const guint8 from[TPM_SHA256_BYTES], guint8 to[TPM_SHA256_BYTES])
{
    for (guint i = 0; i < TPM_SHA256_BYTES; i++)
        to[i] = from[i] ^ key[i];
}

TpmResult
tpm_seal(Tpm *tpm, const TpmSelection *selection, const guint8 secret[TPM_SHA256_BYTES], TpmSealed *sealed)
{
    guint8 key[TPM_SHA256_BYTES];

    *sealed = (TpmSealed){.selection = *selection};
    if (tpm_pcr_digest(tpm, selection, sealed->policy) != TPM_OK)
        return TPM_NO_PCR;
    derive(tpm, "storage", key);
    mask(key, secret, sealed->masked);
    protect(sealed, key, sealed->integrity);
    (void)tick(tpm);
    return TPM_OK;
}

TpmResult
tpm_unseal(Tpm *tpm, const TpmSealed *sealed, guint8 secret[TPM_SHA256_BYTES])
{
    guint8 key[TPM_SHA256_BYTES], expected[TPM_SHA256_BYTES];

    derive(tpm, "storage", key);
    protect(sealed, key, expected);
    (void)tick(tpm);
    if (memcmp(expected, sealed->integrity, sizeof expected) != 0)
        return TPM_FOREIGN;
    if (tpm_pcr_digest(tpm, &sealed->selection, expected) != TPM_OK)
        return TPM_NO_PCR;
    if (memcmp(expected, sealed->policy, sizeof expected) != 0)
        return TPM_POLICY_FAILED;
    mask(key, sealed->masked, secret);
    return TPM_OK;
}

/* ---- counters and random numbers ---- */

TpmResult
tpm_read_counter(const Tpm *tpm, guint counter, guint64 *value)
{
    guint8 defined;

    if (counter >= TPM_COUNTERS)
        return TPM_NOT_DEFINED;
    READ(tpm, TPM_NV, Counters, defined[counter], &defined);
    READ(tpm, TPM_NV, Counters, counter[counter], value);
    return defined ? TPM_OK : TPM_NOT_DEFINED;
}

TpmResult
tpm_increment(Tpm *tpm, guint counter, guint64 *value)
{
    const guint8 defined = 1;

    if (counter >= TPM_COUNTERS)
        return TPM_NOT_DEFINED;
    (void)tpm_read_counter(tpm, counter, value);
    (*value)++;
    WRITE(tpm, TPM_NV, Counters, defined[counter], &defined);
    WRITE(tpm, TPM_NV, Counters, counter[counter], value);
    (void)tick(tpm);
    return TPM_OK;
}

void
tpm_random(Tpm *tpm, guint8 *bytes, gsize length)
{
    guint8 key[TPM_SHA256_BYTES], block[TPM_SHA256_BYTES];
    guint64 calls;

    derive(tpm, "random", key);
    READ(tpm, TPM_VOLATILE, Volatile, random_calls, &calls);
    for (gsize done = 0; done < length; done += sizeof block) {
        const guint64 number = GUINT64_TO_BE(++calls);
        tpm_digest_signed(key, &number, sizeof number, block);
        memcpy(bytes + done, block, MIN(sizeof block, length - done));
    }
    WRITE(tpm, TPM_VOLATILE, Volatile, random_calls, &calls);
    (void)tick(tpm);
}

/* ---- the script ---- */

void
tpm_script_digests(const char *vm_name, guint64 call, guint n_banks, guint8 digests[][TPM_DIGEST_MAX])
{
    g_autofree char *text = g_strdup_printf("%s/%" G_GUINT64_FORMAT, vm_name, call);

    tpm_digests(text, n_banks, digests);
}

guint
tpm_script_pcr(const Tpm *tpm)
{
    return tpm->generation == TPM_2_0 ? 16 : 0;
}

void
tpm_run_script_call(Tpm *tpm, const char *vm_name, guint64 call, guint8 digest[TPM_SHA1_BYTES])
{
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX];

    tpm_script_digests(vm_name, call, tpm_banks(tpm), digests);
    (void)tpm_extend(tpm, tpm_script_pcr(tpm), digests);
    memcpy(digest, digests[TPM_SHA1], TPM_SHA1_BYTES);
}

gboolean
tpm_matches_script(const Tpm *tpm, const char *vm_name, guint64 calls)
{
    guint8 digests[TPM_N_BANKS][TPM_DIGEST_MAX], expected[TPM_N_BANKS][TPM_DIGEST_MAX] = {0};
    guint8 value[TPM_DIGEST_MAX];
    gboolean matches = tpm_extends(tpm) == calls;

    for (guint64 call = 1; matches && call <= calls; call++) {
        tpm_script_digests(vm_name, call, tpm_banks(tpm), digests);
        for (guint bank = 0; bank < tpm_banks(tpm); bank++)
            tpm_digest_extend((TpmBank)bank, expected[bank], digests[bank]);
    }
    for (guint bank = 0; matches && bank < tpm_banks(tpm); bank++) {
        (void)tpm_read_pcr(tpm, (TpmBank)bank, tpm_script_pcr(tpm), value);
        matches = memcmp(value, expected[bank], tpm_digest_bytes((TpmBank)bank)) == 0;
    }
    return matches;
}
