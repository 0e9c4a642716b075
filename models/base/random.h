/* Random streams: one master seed, one independent stream per (purpose, entity).
 *
 * A stream's state is the SHA-256 of "seed/purpose/entity", so that adding an entity never moves the numbers of
 * another, and the same scenario gives the same numbers on every machine. The generator is xoshiro256++ (Blackman and
 * Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021).
 *
 * Scope: not for cryptography. Streams of different names are independent as far as SHA-256 outputs are.
 */
#ifndef TANDEM_MODELS_BASE_RANDOM_H
#define TANDEM_MODELS_BASE_RANDOM_H

#include <glib.h>

typedef struct {
    guint64 s[4];
} RandomStream;

/* purpose: what the numbers are for ("dirty", "arrivals"); entity: whose they are ("vm1"). Neither may be NULL. */
void random_init(RandomStream *stream, guint64 seed, const char *purpose, const char *entity);

/* Uniform over all 64-bit words; inlined because page sampling draws billions. */
static inline guint64
random_u64(RandomStream *stream)
{
    guint64 *s = stream->s;
    const guint64 sum = s[0] + s[3];
    const guint64 result = ((sum << 23) | (sum >> 41)) + s[0];
    const guint64 t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

/* Uniform in [0, 1), 53 bits. */
static inline double
random_unit(RandomStream *stream)
{
    return (double)(random_u64(stream) >> 11) * 0x1.0p-53;
}

/* Uniform in 0 … bound-1 without bias (Lemire 2019); bound > 0. */
guint64 random_below(RandomStream *stream, guint64 bound);

/* Exponential with the given mean (any unit, >= 0). */
double random_exponential(RandomStream *stream, double mean);

/* Standard normal (Box-Muller; one of the pair is thrown away so that a stream's use is a pure sequence). */
double random_normal(RandomStream *stream);

/* Successes in n independent trials of probability p (0 … 1): inversion while fewer than 10 are expected, else
 * Hörmann's transformed rejection BTRD (1993). Exact. */
guint64 random_binomial(RandomStream *stream, guint64 n, double p);

/* A trial that succeeds with probability 1 - exp(-x), prepared for many draws: the rarer of success and failure. */
typedef struct {
    double p;        /* <= 1/2 */
    double log_rest; /* ln (1 - p) */
    gboolean fails;  /* p is failure's */
} RandomTrial;

/* x >= 0. */
RandomTrial random_trial(double x);
/* Of n of them, as random_binomial. */
guint64 random_successes(RandomStream *stream, guint64 n, const RandomTrial *trial);

/* The place, 1 … n, of the k-th of m things that lie in n places, all choices of these alike; 1 <= k <= m <= n: a
 * negative hypergeometric number. Rejection for log-concave laws (Devroye 1987), from the logarithms of factorials:
 * exact to these, 1e-7 of a probability. */
guint64 random_place(RandomStream *stream, guint64 n, guint64 m, guint64 k);

/* Poisson with the given mean >= 0: inversion below 10, Hörmann's transformed rejection PTRS (1993) above. Exact. */
guint64 random_poisson(RandomStream *stream, double mean);

#endif
