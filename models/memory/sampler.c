#include "models/memory/sampler.h"

#include "models/memory/bitmap.h"

#include <string.h>

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

/* The comparison of a word's 64 uniform numbers with p, from p's last digit to the first: `below` holds "the digits
 * from here on are less than p's", `equal` "they are the same". With v the complement of a lane's digit, below is the
 * majority of v, p's digit and the below of the digits after it. No branch on a digit, since p changes from call to
 * call. */
#define COMPARE_DIGIT(v, digit, below, equal)                                                                          \
    do {                                                                                                               \
        (below) = ((v) & (below)) | ((digit) & ((v) | (below)));                                                       \
        (equal) &= (v) ^ (digit);                                                                                      \
    } while (0)

/* The same for words of 2 * (lanes of Vector) generators from `from` on, with xoshiro256++ as in random_u64(). Written
 * out for two vectors at a time, which is what hides the generators' latency. One body for all widths of vector: the
 * lanes' streams do not depend on it, so every machine gets the same bits, at its own speed. */
#define DEFINE_COMPARE(name, Vector, attribute)                                                                        \
    attribute static void name(guint64 lanes[4][SAMPLER_LANES], guint from, guint digits, guint64 *below,              \
                               guint64 *equal)                                                                         \
    {                                                                                                                  \
        const guint width = sizeof(Vector) / sizeof(guint64);                                                          \
        Vector s[4][2], less[2] = {{0}}, same[2] = {~(Vector){0}, ~(Vector){0}};                                       \
        _Pragma("GCC unroll 8") for (guint i = 0; i < 8; i++)                                                          \
            memcpy(&s[i / 2][i % 2], lanes[i / 2] + from + i % 2 * width, sizeof(Vector));                             \
        for (guint i = 0; i < SAMPLER_DIGITS; i++) {                                                                   \
            const Vector digit = (Vector){0} - (guint64)((digits >> i) & 1);                                           \
            _Pragma("GCC unroll 2") for (guint k = 0; k < 2; k++)                                                      \
            {                                                                                                          \
                const Vector sum = s[0][k] + s[3][k], t = s[1][k] << 17;                                               \
                const Vector v = ((sum << 23) | (sum >> 41)) + s[0][k];                                                \
                s[2][k] ^= s[0][k];                                                                                    \
                s[3][k] ^= s[1][k];                                                                                    \
                s[1][k] ^= s[2][k];                                                                                    \
                s[0][k] ^= s[3][k];                                                                                    \
                s[2][k] ^= t;                                                                                          \
                s[3][k] = (s[3][k] << 45) | (s[3][k] >> 19);                                                           \
                COMPARE_DIGIT(v, digit, less[k], same[k]);                                                             \
            }                                                                                                          \
        }                                                                                                              \
        _Pragma("GCC unroll 8") for (guint i = 0; i < 8; i++)                                                          \
            memcpy(lanes[i / 2] + from + i % 2 * width, &s[i / 2][i % 2], sizeof(Vector));                             \
        _Pragma("GCC unroll 2") for (guint k = 0; k < 2; k++)                                                          \
        {                                                                                                              \
            memcpy(below + from + k * width, &less[k], sizeof(Vector));                                                \
            memcpy(equal + from + k * width, &same[k], sizeof(Vector));                                                \
        }                                                                                                              \
    }

typedef guint64 Vector16 __attribute__((vector_size(16)));
DEFINE_COMPARE(compare_baseline, Vector16, )

#ifdef __x86_64__
typedef guint64 Vector32 __attribute__((vector_size(32)));
DEFINE_COMPARE(compare_avx2, Vector32, __attribute__((target("avx2"))))
DEFINE_COMPARE(compare_avx512, Vector32, __attribute__((target("avx2,avx512f,avx512vl"))))
#endif

/* SAMPLER_LANES words at once, with the widest vectors the processor has. */
static void
compare_lanes(guint64 lanes[4][SAMPLER_LANES], guint digits, guint64 *below, guint64 *equal)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512vl")) {
        compare_avx512(lanes, 0, digits, below, equal);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        compare_avx2(lanes, 0, digits, below, equal);
        return;
    }
#endif
    compare_baseline(lanes, 0, digits, below, equal);
    compare_baseline(lanes, SAMPLER_LANES / 2, digits, below, equal);
}

/* One word, from the scalar generator. */
static void
compare_word(RandomStream *random, guint digits, guint64 *below, guint64 *equal)
{
    guint64 less = 0, same = ~G_GUINT64_CONSTANT(0);

    for (guint i = 0; i < SAMPLER_DIGITS; i++) {
        const guint64 v = random_u64(random);
        const guint64 digit = -(guint64)((digits >> i) & 1);
        COMPARE_DIGIT(v, digit, less, same);
    }
    *below = less;
    *equal = same;
}

/* Lanes whose first digits equal p's: one draw each against p's remaining digits. Rare, so out of the way. */
static G_GNUC_NO_INLINE guint64
decide(RandomStream *random, guint64 undecided, double rest)
{
    guint64 below = 0;

    while (undecided) {
        const guint bit = bitmap_take(&undecided);
        below |= (guint64)(random_unit(random) < rest) << bit;
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
    guint64 equal[SAMPLER_LANES];
    gsize w = 0;

    for (; w + SAMPLER_LANES <= n_words; w += SAMPLER_LANES) {
        compare_lanes(sampler->lanes, digits, words + w, equal);
        for (gsize i = 0; i < SAMPLER_LANES; i++)
            if (G_UNLIKELY(equal[i]))
                words[w + i] |= decide(&sampler->random, equal[i], rest);
    }
    for (; w < n_words; w++) { /* what is left over from a full set of vectors */
        compare_word(&sampler->random, digits, words + w, equal);
        words[w] |= decide(&sampler->random, equal[0], rest);
    }
}
