/* The receiver's running hash of a stream: every byte, in order, at a cost per run and not per byte.
 *
 * Purpose: a simulator does not carry the bytes; it knows their positions. Give the byte at position i the value g^i in
 * the field of 2^61 - 1 elements and hash what arrives as a polynomial in x: h := h x + value. A run [from, from + L)
 * then has the closed form g^from (g^L - x^L) / (g - x), so that taking a run costs a few multiplications, the cut into
 * messages does not matter, and a byte lost, repeated or moved changes the result (for unequal streams of n bytes
 * equality has a chance of about n / 2^61 over the choice of x).
 * Source: Karp and Rabin, "Efficient randomized pattern-matching algorithms", IBM J. Res. Dev. 31(2), 1987 (polynomial
 * fingerprints); the closed form is the finite geometric series.
 *
 * Scope: detects faults of the simulation; not a cryptographic hash.
 */
#ifndef TANDEM_MODELS_SOCKET_STREAMHASH_H
#define TANDEM_MODELS_SOCKET_STREAMHASH_H

#include <glib.h>

#define STREAMHASH_BITS 48 /* chosen: runs up to 2^48 bytes */

typedef struct {
    guint64 g_power[STREAMHASH_BITS]; /* g^(2^k) */
    guint64 x_power[STREAMHASH_BITS];
    guint64 inverse; /* of g - x */
} StreamHashKey;

typedef struct {
    guint64 hash, bytes;
    guint64 next, next_power;           /* the position after the last run and g to it */
    guint64 length, g_length, x_length; /* of the last run, for streams of equal messages */
} StreamHash;

void streamhash_key_init(StreamHashKey *key, guint64 seed);
void streamhash_init(StreamHash *hash);

/* The bytes [from, to) arrived, to - from < 2^48. */
void streamhash_take(const StreamHashKey *key, StreamHash *hash, guint64 from, guint64 to);

/* The hash of the first n bytes of the stream, in order, once each. */
guint64 streamhash_expected(const StreamHashKey *key, guint64 n);

#endif
