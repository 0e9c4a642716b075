#include "models/socket/streamhash.h"

#define PRIME ((1ull << 61) - 1)

static inline guint64
streamhash_multiply(guint64 a, guint64 b)
{
    const unsigned __int128 product = (unsigned __int128)a * b;
    guint64 r = (guint64)(product & PRIME) + (guint64)(product >> 61);

    r = (r & PRIME) + (r >> 61);
    return r >= PRIME ? r - PRIME : r;
}

static inline guint64
streamhash_add(guint64 a, guint64 b)
{
    const guint64 r = a + b;
    return r >= PRIME ? r - PRIME : r;
}

static inline guint64
streamhash_subtract(guint64 a, guint64 b)
{
    return a >= b ? a - b : a + PRIME - b;
}

static guint64
streamhash_power(const guint64 *powers, guint64 exponent)
{
    guint64 r = 1;

    for (; exponent; exponent &= exponent - 1)
        r = streamhash_multiply(r, powers[g_bit_nth_lsf((gulong)exponent, -1)]);
    return r;
}

/* By Fermat: a^(p - 2). */
static guint64
streamhash_inverse(guint64 a)
{
    guint64 r = 1;

    for (guint64 exponent = PRIME - 2; exponent; exponent >>= 1) {
        if (exponent & 1)
            r = streamhash_multiply(r, a);
        a = streamhash_multiply(a, a);
    }
    return r;
}

/* splitmix64's finaliser: spreads the seed over the field */
static guint64
streamhash_spread(guint64 z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % (PRIME - 3) + 2;
}

void
streamhash_key_init(StreamHashKey *key, guint64 seed)
{
    guint64 g = streamhash_spread(seed + 0x9E3779B97F4A7C15u);
    guint64 x = streamhash_spread(seed + 2 * 0x9E3779B97F4A7C15u);

    if (x == g)
        x = g == 2 ? 3 : g - 1;
    key->inverse = streamhash_inverse(streamhash_subtract(g, x));
    for (int i = 0; i < STREAMHASH_BITS; i++) {
        key->g_power[i] = g;
        key->x_power[i] = x;
        g = streamhash_multiply(g, g);
        x = streamhash_multiply(x, x);
    }
}

void
streamhash_init(StreamHash *hash)
{
    *hash = (StreamHash){.next_power = 1, .g_length = 1, .x_length = 1};
}

void
streamhash_take(const StreamHashKey *key, StreamHash *hash, guint64 from, guint64 to)
{
    const guint64 length = to - from;

    g_return_if_fail(from <= to && length >> STREAMHASH_BITS == 0 && from >> STREAMHASH_BITS == 0);

    if (length != hash->length) {
        hash->length = length;
        hash->g_length = streamhash_power(key->g_power, length);
        hash->x_length = streamhash_power(key->x_power, length);
    }
    const guint64 g_from = from == hash->next ? hash->next_power : streamhash_power(key->g_power, from);
    const guint64 series = streamhash_multiply(streamhash_subtract(hash->g_length, hash->x_length), key->inverse);

    hash->hash = streamhash_add(streamhash_multiply(hash->hash, hash->x_length), streamhash_multiply(g_from, series));
    hash->next = to;
    hash->next_power = streamhash_multiply(g_from, hash->g_length);
    hash->bytes += length;
}

guint64
streamhash_expected(const StreamHashKey *key, guint64 n)
{
    StreamHash hash;

    streamhash_init(&hash);
    streamhash_take(key, &hash, 0, n);
    return hash.hash;
}
