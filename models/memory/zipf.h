/* Zipf's law over pages 0 … n-1: weight(k) = (k + 1)^-exponent, sums of it and draws from it, without a table.
 *
 * Sums: the first ZIPF_DIRECT terms one by one, the rest by the Euler-Maclaurin formula with three correction terms
 * (relative error below 1e-12 for exponents up to 5). Draws: rejection-inversion, W. Hörmann and G. Derflinger,
 * "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6(3), 1996, which is
 * exact on any range and accepts nearly always.
 *
 * Scope: exponent > 0, up to 2^40 pages.
 */
#ifndef TANDEM_MODELS_MEMORY_ZIPF_H
#define TANDEM_MODELS_MEMORY_ZIPF_H

#include "models/base/random.h"

#define ZIPF_DIRECT 64u /* chosen: makes the Euler-Maclaurin remainder vanish beside double's precision */

/* Pages [first, end), not empty, with bounds on their weights. */
typedef struct {
    double exponent;
    guint64 first, end;
    double most;  /* no page's weight is above it */
    double least; /* the last page's weight */
} ZipfRange;

double zipf_weight(double exponent, guint64 k);

/* Sum of the weights of [first, end). */
double zipf_sum(double exponent, guint64 first, guint64 end);

/* The range with its tightest bounds. */
ZipfRange zipf_range(double exponent, guint64 first, guint64 end);

/* A page of the range with probability proportional to its weight. */
guint64 zipf_draw(RandomStream *random, const ZipfRange *range);

/* A page of the range with probability proportional to its weight's excess over the last page's. */
guint64 zipf_draw_excess(RandomStream *random, const ZipfRange *range);

#endif
