#include "models/memory/zipf.h"

#include <math.h>

double
zipf_weight(double exponent, guint64 k)
{
    return pow((double)k + 1.0, -exponent);
}

/* Integral of x^-exponent from 1 to x; the form without cancellation at exponent 1. */
static double
integral(double exponent, double x)
{
    const double y = (1.0 - exponent) * log(x);

    return fabs(y) < 1e-8 ? log(x) * (1.0 + 0.5 * y) : expm1(y) / (1.0 - exponent);
}

/* The x at which integral() is `area`. */
static double
integral_inverse(double exponent, double area)
{
    const double y = (1.0 - exponent) * area;

    if (y <= -1.0) /* rounding at the far end of a heavy head */
        return G_MAXDOUBLE;
    return fabs(y) < 1e-8 ? exp(area * (1.0 - 0.5 * y)) : exp(log1p(y) / (1.0 - exponent));
}

/* Integral of x^-exponent over [a, b]; by the ratio, so that neighbouring bounds lose nothing. */
static double
integral_between(double exponent, double a, double b)
{
    const double ratio = log1p((b - a) / a);
    const double y = (1.0 - exponent) * ratio;
    const double mean = fabs(y) < 1e-8 ? 1.0 + 0.5 * y : expm1(y) / y;

    return pow(a, 1.0 - exponent) * ratio * mean;
}

/* Euler-Maclaurin end terms at x: f/2 is added by the caller, here B2/2! f', B4/4! f''', B6/6! f'''''. */
static double
end_terms(double s, double x, double f)
{
    const double d1 = -s * f / x;
    const double d3 = d1 * (s + 1) * (s + 2) / (x * x);
    const double d5 = d3 * (s + 3) * (s + 4) / (x * x);

    return d1 / 12.0 - d3 / 720.0 + d5 / 30240.0;
}

double
zipf_sum(double exponent, guint64 first, guint64 end)
{
    double sum = 0;

    while (first < end && first < ZIPF_DIRECT)
        sum += zipf_weight(exponent, first++);
    if (first >= end)
        return sum;
    const double a = (double)first + 1.0, b = (double)end;
    const double f_a = pow(a, -exponent), f_b = pow(b, -exponent);
    return sum + integral_between(exponent, a, b) + 0.5 * (f_a + f_b) + end_terms(exponent, b, f_b) -
           end_terms(exponent, a, f_a);
}

ZipfRange
zipf_range(double exponent, guint64 first, guint64 end)
{
    return (ZipfRange){exponent, first, end, zipf_weight(exponent, first), zipf_weight(exponent, end - 1)};
}

/* Rejection-inversion. The first page's share of the area is cut to its weight, so that it is always accepted. */
static guint64
draw_steep(RandomStream *random, const ZipfRange *range)
{
    const double exponent = range->exponent, a = (double)range->first + 1.0, b = (double)range->end;
    const double low = integral(exponent, a + 0.5) - pow(a, -exponent);
    const double high = integral(exponent, b + 0.5);

    for (;;) {
        const double area = high - random_unit(random) * (high - low);
        const double k = CLAMP(floor(integral_inverse(exponent, area) + 0.5), a, b);
        if (k <= a || area >= integral(exponent, k + 0.5) - pow(k, -exponent))
            return (guint64)k - 1;
    }
}

static gboolean
is_flat(const ZipfRange *range)
{
    return range->most <= 2 * range->least;
}

guint64
zipf_draw(RandomStream *random, const ZipfRange *range)
{
    if (!is_flat(range))
        return draw_steep(random, range);
    for (;;) {
        const guint64 k = range->first + random_below(random, range->end - range->first);
        const double v = random_unit(random) * range->most;
        if (v < range->least || v < zipf_weight(range->exponent, k))
            return k;
    }
}

/* Rejection under the constant most - least. The weights are convex: they lie below the chord from the first page's
 * bound to the last page and above the tangent at the last page, which between them leave hardly any case open. */
static guint64
draw_excess_flat(RandomStream *random, const ZipfRange *range)
{
    const double pages = (double)(range->end - range->first), span = range->most - range->least;
    const double chord = span / (pages - 1), tangent = range->exponent * range->least / (double)range->end;

    for (;;) {
        const guint64 i = random_below(random, range->end - range->first);
        const double v = random_unit(random) * span, from_end = pages - 1 - (double)i;
        if (v > chord * from_end)
            continue;
        if (v < tangent * from_end || v < zipf_weight(range->exponent, range->first + i) - range->least)
            return range->first + i;
    }
}

guint64
zipf_draw_excess(RandomStream *random, const ZipfRange *range)
{
    /* so far out that the difference vanishes in a double */
    if (range->end - range->first < 2 || range->most <= range->least)
        return range->first + random_below(random, range->end - range->first);
    if (is_flat(range))
        return draw_excess_flat(random, range);
    for (;;) {
        const guint64 k = draw_steep(random, range);
        const double weight = zipf_weight(range->exponent, k);
        if (random_unit(random) * weight < weight - range->least)
            return k;
    }
}
