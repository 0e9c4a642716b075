/*
 * The ciphers that a request may ask for, by the distribution's OpenSSL 3 (EVP), in the place of a card.
 *
 * A cipher takes a request of some bytes and gives an answer: as many bytes (sm4, aes in counter mode, so that any size
 * goes), a digest (sm3), a verdict (sm2-verify), a signature (sm2-sign, rsa-sign). Signatures are of a digest that
 * stands at the request's start, as a card takes it; the rest of the request is carried along only.
 */
#ifndef BENCH_CIPHER_H
#define BENCH_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    CIPHER_NONE,
    CIPHER_SM4,
    CIPHER_SM3,
    CIPHER_SM2_VERIFY,
    CIPHER_SM2_SIGN,
    CIPHER_AES,
    CIPHER_RSA_SIGN,
    CIPHER_KINDS
} CipherKind;

typedef struct Cipher Cipher; /* one for each thread that works at a time */

const char *cipher_name(CipherKind kind);

/* CIPHER_KINDS when there is none of that name. */
CipherKind cipher_find(const char *name);

/* The smallest request, in bytes, that carries what the cipher needs. */
size_t cipher_least_bytes(CipherKind kind);

size_t cipher_answer_bytes(CipherKind kind, size_t request_bytes);

/* NULL when the library has it, else the name under which the library was asked for it. */
const char *cipher_lacks(CipherKind kind);

/* Makes the keys of the kind, once, before processes fork that have to share them. False: the library failed. */
bool cipher_prepare(CipherKind kind);

/* (transfer full) cipher_free. Ends the process when the library fails, as cipher_run does. */
Cipher *cipher_new(CipherKind kind);
void cipher_free(Cipher *cipher);

/* Fills a request that the cipher understands. */
void cipher_fill(CipherKind kind, uint8_t *request, size_t bytes);

/* The answer, cipher_answer_bytes() long; it lives in the cipher, or is the request itself, until the next run. */
const uint8_t *cipher_run(Cipher *cipher, const uint8_t *request, size_t bytes);

/* Whether that is the right answer to the request, found by another way than cipher_run's own contexts. */
bool cipher_right(CipherKind kind, const uint8_t *request, size_t bytes, const uint8_t *answer);

#endif
