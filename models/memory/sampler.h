/* Exact sampling of many independent Poisson processes, in two ways that may be mixed freely.
 *
 * Few writes: sampler_next_write(). All processes share one unit-rate Poisson process that runs along the intensity
 * (expected number of writes) spent so far. Whoever advances a process spends its intensity; a write happens each time
 * the spent sum passes an Exp(1) distance. Increments of a Poisson process are independent whatever the order they are
 * asked in, so this is exact, and where no write falls it costs a comparison and no random number.
 *
 * Many writes: sampler_fill(). 64 pages at once, each with probability p: the lanes' uniform numbers are drawn digit by
 * digit (one random word is one binary digit of 64 numbers) and compared with p's digits (D. Knuth and A. Yao, "The
 * complexity of nonuniform random number generation", 1976). After SAMPLER_DIGITS digits a lane is undecided with
 * probability 2^-SAMPLER_DIGITS; each such lane draws the remaining 53 digits alone. Exact for p as a double.
 *
 * Scope: the digits come from four xoshiro256++ generators side by side, which the compiler turns into vector code;
 * only integer operations, so the same bits on every machine.
 */
#ifndef TANDEM_MODELS_MEMORY_SAMPLER_H
#define TANDEM_MODELS_MEMORY_SAMPLER_H

#include "models/base/random.h"

#include <math.h>

#define SAMPLER_LANES  8u
#define SAMPLER_DIGITS 10u /* chosen: measured optimum; 9 and 11 cost 5 to 20 % more */

typedef struct {
    RandomStream random; /* single draws */
    guint64 lanes[4][SAMPLER_LANES];
    double credit; /* intensity left until the next write, Exp(1) when drawn */
} Sampler;

/* Draws the sampler's own generators from seed, which moves on. */
void sampler_init(Sampler *sampler, RandomStream *seed);

/* Exponential of mean 1; the argument of log is in (0, 1]. */
static inline double
sampler_exponential(Sampler *sampler)
{
    return -log(1.0 - random_unit(&sampler->random));
}

/* Spends intensity (>= 0) up to the next write: TRUE for a write, with what is left to spend in *intensity; FALSE when
 * all was spent without one. while (sampler_next_write(s, &intensity)) place one write; */
static inline gboolean
sampler_next_write(Sampler *sampler, double *intensity)
{
    if (*intensity < sampler->credit) {
        sampler->credit -= *intensity;
        *intensity = 0;
        return FALSE;
    }
    *intensity -= sampler->credit;
    sampler->credit = sampler_exponential(sampler);
    return TRUE;
}

/* n_words words of independent bits, each 1 with probability p (0 … 1). */
void sampler_fill(Sampler *sampler, double p, gsize n_words, guint64 *words);

#endif
