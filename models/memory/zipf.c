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

guint64
zipf_draw(RandomStream *random, double exponent, guint64 first, guint64 end)
{
    const double a = (double)first + 1.0, b = (double)end;
    /* the first page's share of the area is cut to its weight, so that it is always accepted (section 3 there) */
    const double low = integral(exponent, a + 0.5) - pow(a, -exponent);
    const double high = integral(exponent, b + 0.5);

    for (;;) {
        const double area = high - random_unit(random) * (high - low);
        const double k = CLAMP(floor(integral_inverse(exponent, area) + 0.5), a, b);
        if (k == a || area >= integral(exponent, k + 0.5) - pow(k, -exponent))
            return (guint64)k - 1;
    }
}

guint64
zipf_draw_excess(RandomStream *random, double exponent, guint64 first, guint64 end)
{
    const double least = zipf_weight(exponent, end - 1);
    const double most = zipf_weight(exponent, first);

    if (most <= least) /* so far out that the difference vanishes in a double */
        return first + random_below(random, end - first);
    for (;;) {
        /* steep: thin draws of the law itself; flat: plain rejection. Either accepts at least a quarter. */
        const gboolean steep = most > 2 * least;
        const guint64 k = steep ? zipf_draw(random, exponent, first, end) : first + random_below(random, end - first);
        const double weight = zipf_weight(exponent, k);
        if (random_unit(random) * (steep ? weight : most - least) < weight - least)
            return k;
    }
}
