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
