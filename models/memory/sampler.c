#include "models/memory/sampler.h"

#include "models/memory/bitmap.h"

#include <string.h>

/* Four 64-bit words that the compiler keeps in vector registers of whatever width there is. */
typedef guint64 Lanes __attribute__((vector_size(SAMPLER_LANES * sizeof(guint64))));

void
sampler_init(Sampler *sampler, RandomStream *seed)
{
    g_return_if_fail(sampler && seed);

    for (guint i = 0; i < 4; i++)
        sampler->random.s[i] = random_u64(seed);
    for (guint i = 0; i < 4; i++)
        for (guint lane = 0; lane < SAMPLER_LANES; lane++)
            sampler->lanes[i][lane] = random_u64(seed);
    sampler->credit = sampler_exponential(sampler);
}

/* xoshiro256++, as random_u64(), four generators at once. */
static inline __attribute__((always_inline)) void
lanes_draw(Lanes s[4], Lanes *result)
{
    const Lanes sum = s[0] + s[3];
    const Lanes t = s[1] << 17;

    *result = ((sum << 23) | (sum >> 41)) + s[0];
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
}

/* The digits of SAMPLER_LANES words, from the last to the first: below = "the lane's digits from here on are less than
 * p's", equal = "they are the same". With v the complement of the lane's digit, below is the majority of v, p's digit
 * and the below of the digits after it. No branch on a digit, since p changes from call to call. */
static inline __attribute__((always_inline)) void
lanes_compare(Lanes s[4], guint digits, Lanes *below, Lanes *equal)
{
    *below = (Lanes){0};
    *equal = ~(Lanes){0};
    for (guint i = 0; i < SAMPLER_DIGITS; i++) {
        const Lanes digit = (Lanes){0} - (guint64)((digits >> i) & 1);
        Lanes v;
        lanes_draw(s, &v);
        *below = (v & *below) | (digit & (v | *below));
        *equal &= v ^ digit;
    }
}

/* Lanes whose first digits equal p's: one draw each against p's remaining digits. */
static guint64
decide(Sampler *sampler, guint64 undecided, double rest)
{
    guint64 below = 0;

    while (undecided) {
        const guint bit = bitmap_take(&undecided);
        below |= (guint64)(random_unit(&sampler->random) < rest) << bit;
    }
    return below;
}

void
sampler_fill(Sampler *sampler, double p, gsize n_words, guint64 *words)
{
    g_return_if_fail(p >= 0 && p <= 1);

    if (p >= 1) {
        memset(words, 0xff, n_words * sizeof *words);
        return;
    }
    const double scaled = p * (1u << SAMPLER_DIGITS); /* exact: a power of two */
    const guint digits = (guint)scaled;
    const double rest = scaled - digits;
    Lanes s[4];

    memcpy(s, sampler->lanes, sizeof s);
    for (gsize w = 0; w < n_words; w += SAMPLER_LANES) {
        Lanes below, equal;
        lanes_compare(s, digits, &below, &equal);
        for (guint lane = 0; lane < SAMPLER_LANES && w + lane < n_words; lane++)
            words[w + lane] = below[lane] | decide(sampler, equal[lane], rest);
    }
    memcpy(sampler->lanes, s, sizeof s);
}
