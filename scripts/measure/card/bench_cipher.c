#include "bench_cipher.h"

#include "bench_case.h"
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGEST_BYTES  32
#define SM2_SIG_BYTES 79 /* a signature in DER has at most 72 bytes; one byte before it says how many */
#define RSA_BITS      2048
#define RSA_SIG_BYTES (RSA_BITS / 8)
#define KEY_BYTES     16
#define COUNTER_BYTES 16

static const struct {
    const char *name;
    const char *fetched; /* as the library calls it */
    size_t least_bytes;  /* of a request */
    size_t answer_bytes; /* 0: as many as the request has */
} KINDS[CIPHER_KINDS] = {
    [CIPHER_NONE] = {"none", NULL, 64, 0},
    [CIPHER_SM4] = {"sm4", "SM4-CTR", 64, 0},
    [CIPHER_SM3] = {"sm3", "SM3", 64, DIGEST_BYTES},
    [CIPHER_SM2_VERIFY] = {"sm2-verify", "SM2", 128, 1},
    [CIPHER_SM2_SIGN] = {"sm2-sign", "SM2", 128, 1 + SM2_SIG_BYTES},
    [CIPHER_AES] = {"aes", "AES-128-CTR", 64, 0},
    [CIPHER_RSA_SIGN] = {"rsa-sign", "RSA", 256, RSA_SIG_BYTES},
};

struct Cipher {
    CipherKind kind;
    EVP_CIPHER_CTX *block; /* owned */
    EVP_MD_CTX *digest;    /* owned */
    EVP_PKEY_CTX *key;     /* owned */
    uint8_t answer[BYTES_MAX];
};

/* Shared by all processes that are forked after cipher_prepare(). */
static EVP_PKEY *pair; /* of the public-key kind that was prepared last */
static CipherKind pair_kind = CIPHER_KINDS;
static const uint8_t KEY[KEY_BYTES] = "tandem card keys";
static const uint8_t COUNTER[COUNTER_BYTES] = {0};

static void
need(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "measure-card: OpenSSL failed: %s\n", what);
    exit(1);
}

const char *
cipher_name(CipherKind kind)
{
    return KINDS[kind].name;
}

CipherKind
cipher_find(const char *name)
{
    int kind = 0;
    while (kind < CIPHER_KINDS && strcmp(KINDS[kind].name, name) != 0)
        kind++;
    return (CipherKind)kind;
}

size_t
cipher_least_bytes(CipherKind kind)
{
    return KINDS[kind].least_bytes;
}

size_t
cipher_answer_bytes(CipherKind kind, size_t request_bytes)
{
    return KINDS[kind].answer_bytes ? KINDS[kind].answer_bytes : request_bytes;
}

static bool
has_signature(const char *name)
{
    EVP_KEYMGMT *keys = EVP_KEYMGMT_fetch(NULL, name, NULL);
    EVP_SIGNATURE *signature = EVP_SIGNATURE_fetch(NULL, name, NULL);
    bool has = keys && signature;
    EVP_KEYMGMT_free(keys);
    EVP_SIGNATURE_free(signature);
    return has;
}

static bool
has_block(const char *name)
{
    EVP_CIPHER *fetched = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_free(fetched);
    return fetched != NULL;
}

static bool
has_digest(const char *name)
{
    EVP_MD *fetched = EVP_MD_fetch(NULL, name, NULL);
    EVP_MD_free(fetched);
    return fetched != NULL;
}

const char *
cipher_lacks(CipherKind kind)
{
    const char *name = KINDS[kind].fetched;
    bool has = true;

    switch (kind) {
    case CIPHER_SM4:
    case CIPHER_AES:
        has = has_block(name);
        break;
    case CIPHER_SM3:
        has = has_digest(name);
        break;
    case CIPHER_SM2_VERIFY:
    case CIPHER_SM2_SIGN:
    case CIPHER_RSA_SIGN:
        has = has_signature(name);
        break;
    default:
        break;
    }
    return has ? NULL : name;
}

static bool
is_public(CipherKind kind)
{
    return kind == CIPHER_SM2_VERIFY || kind == CIPHER_SM2_SIGN || kind == CIPHER_RSA_SIGN;
}

bool
cipher_prepare(CipherKind kind)
{
    if (!is_public(kind) || kind == pair_kind)
        return true;
    EVP_PKEY_free(pair);
    pair_kind = kind;
    pair = kind == CIPHER_RSA_SIGN ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS)
                                   : EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    return pair != NULL;
}

static EVP_PKEY_CTX *
key_context(CipherKind kind, bool signs)
{
    EVP_PKEY_CTX *key = EVP_PKEY_CTX_new_from_pkey(NULL, pair, NULL);
    need(key && (signs ? EVP_PKEY_sign_init(key) : EVP_PKEY_verify_init(key)) == 1, "a key's context");
    if (kind == CIPHER_RSA_SIGN)
        need(EVP_PKEY_CTX_set_signature_md(key, EVP_sha256()) == 1, "RSA's digest");
    return key;
}

static EVP_CIPHER_CTX *
block_context(CipherKind kind, bool encrypts)
{
    EVP_CIPHER *fetched = EVP_CIPHER_fetch(NULL, KINDS[kind].fetched, NULL);
    EVP_CIPHER_CTX *block = EVP_CIPHER_CTX_new();
    need(fetched && block && EVP_CipherInit_ex2(block, fetched, KEY, COUNTER, encrypts, NULL) == 1,
         KINDS[kind].fetched);
    EVP_CIPHER_free(fetched);
    return block;
}

static EVP_MD_CTX *
digest_context(void)
{
    EVP_MD *fetched = EVP_MD_fetch(NULL, KINDS[CIPHER_SM3].fetched, NULL);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    need(fetched && digest && EVP_DigestInit_ex2(digest, fetched, NULL) == 1, KINDS[CIPHER_SM3].fetched);
    EVP_MD_free(fetched);
    return digest;
}

Cipher *
cipher_new(CipherKind kind)
{
    Cipher *cipher = calloc(1, sizeof *cipher);

    need(cipher != NULL, "no memory");
    cipher->kind = kind;
    if (kind == CIPHER_SM4 || kind == CIPHER_AES)
        cipher->block = block_context(kind, true);
    else if (kind == CIPHER_SM3)
        cipher->digest = digest_context();
    else if (is_public(kind))
        cipher->key = key_context(kind, kind != CIPHER_SM2_VERIFY);
    return cipher;
}

void
cipher_free(Cipher *cipher)
{
    if (!cipher)
        return;
    EVP_CIPHER_CTX_free(cipher->block);
    EVP_MD_CTX_free(cipher->digest);
    EVP_PKEY_CTX_free(cipher->key);
    free(cipher);
}

/* A length in a byte, then the signature: the form in which a request to verify carries it and sm2-sign answers. */
static void
sign_sm2(EVP_PKEY_CTX *key, const uint8_t *digest, uint8_t *signature)
{
    size_t bytes = SM2_SIG_BYTES;
    memset(signature, 0, 1 + SM2_SIG_BYTES);
    need(EVP_PKEY_sign(key, signature + 1, &bytes, digest, DIGEST_BYTES) == 1, "SM2 did not sign");
    signature[0] = (uint8_t)bytes;
}

static bool
verify_sm2(EVP_PKEY_CTX *key, const uint8_t *digest, const uint8_t *signature)
{
    return EVP_PKEY_verify(key, signature + 1, signature[0], digest, DIGEST_BYTES) == 1;
}

void
cipher_fill(CipherKind kind, uint8_t *request, size_t bytes)
{
    need(RAND_bytes(request, (int)bytes) == 1, "no random bytes");
    if (kind != CIPHER_SM2_VERIFY)
        return;
    EVP_PKEY_CTX *key = key_context(CIPHER_SM2_SIGN, true);
    sign_sm2(key, request, request + DIGEST_BYTES);
    EVP_PKEY_CTX_free(key);
}

const uint8_t *
cipher_run(Cipher *cipher, const uint8_t *request, size_t bytes)
{
    int written = 0;
    size_t signature_bytes = RSA_SIG_BYTES;

    switch (cipher->kind) {
    case CIPHER_SM4:
    case CIPHER_AES:
        need(EVP_CipherInit_ex2(cipher->block, NULL, NULL, COUNTER, -1, NULL) == 1 &&
                 EVP_CipherUpdate(cipher->block, cipher->answer, &written, request, (int)bytes) == 1,
             KINDS[cipher->kind].fetched);
        break;
    case CIPHER_SM3:
        need(EVP_DigestInit_ex2(cipher->digest, NULL, NULL) == 1 &&
                 EVP_DigestUpdate(cipher->digest, request, bytes) == 1 &&
                 EVP_DigestFinal_ex(cipher->digest, cipher->answer, NULL) == 1,
             "SM3");
        break;
    case CIPHER_SM2_VERIFY:
        cipher->answer[0] = verify_sm2(cipher->key, request, request + DIGEST_BYTES);
        break;
    case CIPHER_SM2_SIGN:
        sign_sm2(cipher->key, request, cipher->answer);
        break;
    case CIPHER_RSA_SIGN:
        need(EVP_PKEY_sign(cipher->key, cipher->answer, &signature_bytes, request, DIGEST_BYTES) == 1,
             "RSA did not sign");
        break;
    default:
        return request;
    }
    return cipher->answer;
}

static bool
deciphers_to(CipherKind kind, const uint8_t *request, size_t bytes, const uint8_t *answer)
{
    EVP_CIPHER_CTX *block = block_context(kind, false);
    uint8_t plain[BYTES_MAX];
    int written = 0;
    bool right = EVP_CipherUpdate(block, plain, &written, answer, (int)bytes) == 1 && (size_t)written == bytes &&
                 memcmp(plain, request, bytes) == 0 && memcmp(answer, request, bytes) != 0;
    EVP_CIPHER_CTX_free(block);
    return right;
}

static bool
verifies(CipherKind kind, const uint8_t *digest, const uint8_t *answer)
{
    EVP_PKEY_CTX *key = key_context(kind, false);
    bool right = kind == CIPHER_RSA_SIGN ? EVP_PKEY_verify(key, answer, RSA_SIG_BYTES, digest, DIGEST_BYTES) == 1
                                         : answer[0] <= SM2_SIG_BYTES && verify_sm2(key, digest, answer);
    EVP_PKEY_CTX_free(key);
    return right;
}

bool
cipher_right(CipherKind kind, const uint8_t *request, size_t bytes, const uint8_t *answer)
{
    uint8_t digest[EVP_MAX_MD_SIZE];

    switch (kind) {
    case CIPHER_SM4:
    case CIPHER_AES:
        return deciphers_to(kind, request, bytes, answer);
    case CIPHER_SM3:
        return EVP_Q_digest(NULL, "SM3", NULL, request, bytes, digest, NULL) == 1 &&
               memcmp(digest, answer, DIGEST_BYTES) == 0;
    case CIPHER_SM2_VERIFY:
        return answer[0] == 1;
    case CIPHER_SM2_SIGN:
    case CIPHER_RSA_SIGN:
        return verifies(kind, request, answer);
    default:
        return memcmp(answer, request, bytes) == 0;
    }
}
