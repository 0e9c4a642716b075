#include "models/base/random.h"

#include <math.h>
#include <string.h>

void
random_init(RandomStream *stream, guint64 seed, const char *purpose, const char *entity)
{
    g_return_if_fail(stream && purpose && entity);

    g_autofree char *name = g_strdup_printf("%" G_GUINT64_FORMAT "/%s/%s", seed, purpose, entity);
    g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;

    g_checksum_update(sha, (const guchar *)name, -1);
    g_checksum_get_digest(sha, digest, &length);
    for (int i = 0; i < 4; i++) {
        guint64 word;
        memcpy(&word, digest + 8 * i, sizeof word);
        stream->s[i] = GUINT64_FROM_LE(word);
    }
}

guint64
random_below(RandomStream *stream, guint64 bound)
{
    g_return_val_if_fail(bound > 0, 0);

    unsigned __int128 product = (unsigned __int128)random_u64(stream) * bound;
    if ((guint64)product < bound) {
        const guint64 threshold = -bound % bound;
        while ((guint64)product < threshold)
            product = (unsigned __int128)random_u64(stream) * bound;
    }
    return (guint64)(product >> 64);
}

double
random_exponential(RandomStream *stream, double mean)
{
    return -mean * log1p(-random_unit(stream));
}

double
random_normal(RandomStream *stream)
{
    const double radius = sqrt(-2.0 * log1p(-random_unit(stream)));
    return radius * cos(2.0 * G_PI * random_unit(stream));
}

/* Inversion by sequential search: expected mean + 1 steps. */
static guint64
poisson_small(RandomStream *stream, double mean)
{
    double term = exp(-mean);
    double sum = term;
    const double u = random_unit(stream);
    guint64 k = 0;

    /* the tail beyond k = 200 is below 2^-53 for every mean < 10, so rounding cannot loop for ever */
    while (u >= sum && k < 200) {
        k++;
        term *= mean / (double)k;
        sum += term;
    }
    return k;
}

/* PTRS: W. Hörmann, "The transformed rejection method for generating Poisson random variables", 1993, algorithm PTRS.
 */
static guint64
poisson_large(RandomStream *stream, double mean)
{
    const double log_mean = log(mean);
    const double b = 0.931 + 2.53 * sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double inv_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double v_r = 0.9277 - 3.6224 / (b - 2.0);

    for (;;) {
        const double u = random_unit(stream) - 0.5;
        const double v = random_unit(stream);
        const double us = 0.5 - fabs(u);
        const double k = floor((2.0 * a / us + b) * u + mean + 0.43);

        if (us >= 0.07 && v <= v_r)
            return (guint64)k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        if (log(v) + log(inv_alpha) - log(a / (us * us) + b) <= -mean + k * log_mean - lgamma(k + 1.0))
            return (guint64)k;
    }
}

guint64
random_poisson(RandomStream *stream, double mean)
{
    g_return_val_if_fail(mean >= 0 && isfinite(mean), 0);

    if (mean == 0)
        return 0;
    return mean < 10 ? poisson_small(stream, mean) : poisson_large(stream, mean);
}

/* Inversion by sequential search: expected n p + 1 steps. */
static guint64
binomial_small(RandomStream *stream, guint64 n, double p)
{
    const double odds = p / (1 - p);
    double u = random_unit(stream), term = exp((double)n * log1p(-p));
    guint64 k = 0;

    /* as in poisson_small: no mean < 10 has more than 2^-53 beyond k = 200 */
    while (u >= term && k < MIN(n, 200)) {
        u -= term;
        k++;
        term *= odds * (double)(n - k + 1) / (double)k;
    }
    return k;
}

/* log k! less its Stirling approximation ln sqrt(2 pi) + (k + 1/2) ln(k + 1) - (k + 1). */
static double
stirling_rest(double k)
{
    static const double rests[] = {0.08106146679532726,  0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
                                   0.01664469118982119,  0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
                                   0.009255462182712733, 0.008330563433362871};
    const double square = (k + 1) * (k + 1);

    return k < 10 ? rests[(int)k] : (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

/* ln of P(k) / P(m), m the mode; r = p / (1 - p). */
static double
binomial_log_ratio(double n, double m, double k, double r)
{
    return (m + 0.5) * log((m + 1) / (r * (n - m + 1))) + (n + 1) * log((n - m + 1) / (n - k + 1)) +
           (k + 0.5) * log(r * (n - k + 1) / (k + 1)) + stirling_rest(m) + stirling_rest(n - m) - stirling_rest(k) -
           stirling_rest(n - k);
}

/* BTRS: W. Hörmann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46, 1993; n p >= 10, p <=
 * 1/2.
 */
static guint64
binomial_large(RandomStream *stream, double n, double p)
{
    const double root = sqrt(n * p * (1 - p));
    const double b = 1.15 + 2.53 * root;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double v_r = 0.92 - 4.2 / b;

    for (;;) {
        const double u = random_unit(stream) - 0.5;
        const double v = random_unit(stream);
        const double us = 0.5 - fabs(u);
        const double k = floor((2.0 * a / us + b) * u + n * p + 0.5);

        if (us >= 0.07 && v <= v_r)
            return (guint64)k;
        if (k < 0 || k > n)
            continue;
        const double alpha = (2.83 + 5.1 / b) * root;
        if (log(v * alpha / (a / (us * us) + b)) <= binomial_log_ratio(n, floor((n + 1) * p), k, p / (1 - p)))
            return (guint64)k;
    }
}

guint64
random_binomial(RandomStream *stream, guint64 n, double p)
{
    g_return_val_if_fail(p >= 0 && p <= 1, 0);

    if (p > 0.5)
        return n - random_binomial(stream, n, 1 - p);
    if (n == 0 || p == 0)
        return 0;
    return (double)n * p < 10 ? binomial_small(stream, n, p) : binomial_large(stream, (double)n, p);
}
