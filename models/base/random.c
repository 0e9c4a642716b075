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
binomial_small(RandomStream *stream, guint64 n, double p, double log_rest)
{
    const double odds = p / (1 - p);
    double u = random_unit(stream), term = exp((double)n * log_rest);
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

/* A binomial law as BTRD sees it; m is its mode. */
typedef struct {
    double n, p, m, r, npq;
} Binomial;

/* ln of P(k) / P(m); step 3.3 and 3.4. */
static double
binomial_log_ratio(const Binomial *law, double k)
{
    const double n = law->n, m = law->m, r = law->r;

    return (m + 0.5) * log((m + 1) / (r * (n - m + 1))) + (n + 1) * log((n - m + 1) / (n - k + 1)) +
           (k + 0.5) * log(r * (n - k + 1) / (k + 1)) + stirling_rest(m) + stirling_rest(n - m) - stirling_rest(k) -
           stirling_rest(n - k);
}

/* Whether v <= P(k) / P(m). Near the mode by the quotients of neighbours, elsewhere by bounds of the logarithm. */
static gboolean
binomial_accepts(const Binomial *law, double k, double v)
{
    const double distance = fabs(k - law->m), nr = (law->n + 1) * law->r;
    double f = 1;

    if (distance <= 15) { /* step 3.1 */
        for (double i = law->m + 1; i <= k; i++)
            f *= nr / i - law->r;
        for (double i = k + 1; i <= law->m; i++)
            v *= nr / i - law->r;
        return v <= f;
    }
    /* step 3.2 */
    const double log_v = log(v), t = -distance * distance / (2 * law->npq);
    const double rho = distance / law->npq * (((distance / 3 + 0.625) * distance + 1.0 / 6) / law->npq + 0.5);
    return log_v < t - rho || (log_v <= t + rho && log_v <= binomial_log_ratio(law, k));
}

/* BTRD: W. Hörmann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46, 1993; n p >= 10, p <=
 * 1/2.
 */
static guint64
binomial_large(RandomStream *stream, double n, double p)
{
    const Binomial law = {n, p, (double)(guint64)((n + 1) * p), p / (1 - p), n * p * (1 - p)};
    const double root = sqrt(law.npq);
    const double b = 1.15 + 2.53 * root, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5;
    const double alpha = (2.83 + 5.1 / b) * root, v_r = 0.92 - 4.2 / b;

    for (;;) {
        double u, v = random_unit(stream);

        if (v <= 0.86 * v_r) { /* step 1: 86 % of a rectangle is under the curve wherever it is */
            u = v / v_r - 0.43;
            return (guint64)((2 * a / (0.5 - fabs(u)) + b) * u + c);
        }
        if (v >= v_r) { /* step 2 */
            u = random_unit(stream) - 0.5;
        } else {
            u = v / v_r - 0.93;
            u = (u < 0 ? -0.5 : 0.5) - u;
            v = random_unit(stream) * v_r;
        }
        const double us = 0.5 - fabs(u), k = (2 * a / us + b) * u + c;
        if (!(k >= 0 && k < n + 1)) /* step 3 */
            continue;
        if (binomial_accepts(&law, floor(k), v * alpha / (a / (us * us) + b)))
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
    return (double)n * p < 10 ? binomial_small(stream, n, p, log1p(-p)) : binomial_large(stream, (double)n, p);
}

RandomTrial
random_trial(double x)
{
    if (x <= G_LN2)
        return (RandomTrial){.p = -expm1(-x), .log_rest = -x};
    const double failure = exp(-x);
    return (RandomTrial){.p = failure, .log_rest = log1p(-failure), .fails = TRUE};
}

guint64
random_successes(RandomStream *stream, guint64 n, const RandomTrial *trial)
{
    if (n == 0)
        return 0;
    const guint64 rarer = (double)n * trial->p < 10 ? binomial_small(stream, n, trial->p, trial->log_rest)
                                                    : binomial_large(stream, (double)n, trial->p);

    return trial->fails ? n - rarer : rarer;
}

/* ln of (x - 1 over k - 1) (n - x over m - k): but for a constant, of the probability that the k-th of m things lies in
 * place x of n. */
static double
log_place(double n, double m, double k, double x)
{
    return lgamma(x) - lgamma(x - k + 1) + lgamma(n - x + 1) - lgamma(n - x - m + k + 1);
}

/* L. Devroye, "A simple generator for discrete log-concave distributions", Computing 39, 1987: with the mode at 0, a
 * law with p(0) = P lies below P min(1, exp(1 - P |x|)). w is 1 + P/2, for x is rounded. */
static double
draw_below_hat(RandomStream *stream, double most, double *hat)
{
    const double w = 1 + most / 2;
    const double v = random_unit(stream) * (1 + w);
    const double tail = v < w ? 0 : random_exponential(stream, 1);
    const double x = (v < w ? v : w + tail) / most;

    *hat = exp(-tail);
    return round(random_u64(stream) & 1 ? x : -x);
}

guint64
random_place(RandomStream *stream, guint64 n, guint64 m, guint64 k)
{
    g_return_val_if_fail(1 <= k && k <= m && m <= n, k);
    const double places = (double)n, things = (double)m, kth = (double)k, last = places - things + kth;

    if (m == n)
        return k;
    if (m == 1)
        return 1 + random_below(stream, n);
    const double mode = CLAMP(ceil((kth - 1) * places / (things - 1)), kth, last);
    const double log_mode = log_place(places, things, kth, mode);
    const double log_all = lgamma(kth) + lgamma(things - kth + 1) - lgamma(things + 1) + lgamma(places + 1) -
                           lgamma(places - things + 1); /* ln of (n over m) (k - 1)! (m - k)! */
    const double most = MIN(exp(log_mode - log_all), 1);

    for (;;) {
        double hat;
        const double x = mode + draw_below_hat(stream, most, &hat), u = random_unit(stream);
        if (x >= kth && x <= last && u * hat <= exp(log_place(places, things, kth, x) - log_mode))
            return (guint64)x;
    }
}
