/* Exponential random numbers at a third of the cost of a logarithm, exactly distributed.
 *
 * Source: G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random variables", Journal of Statistical
 * Software 5(8), 2000. The area under exp(-x) is covered by n layers of equal area v, the lowest with the tail beyond
 * r. A layer and a point in it are drawn; a point left of the next layer's edge is under the curve, which 99 % are.
 *
 * paper | here            | meaning
 * n     | ZIGGURAT_LAYERS | 256
 * r     | edges[1]        | where the tail begins, 7.697…
 * v     | area            | area of each layer
 * x_i   | edges[i]        | right edge of layer i, falling to 0
 *
 * The tables are computed by ziggurat_init (no mutable globals: whoever draws has one).
 * Scope: the standard exponential; one random word per draw nearly always, 8 bits for the layer, 53 others for the
 * point.
 */
#ifndef TANDEM_MODELS_BASE_ZIGGURAT_H
#define TANDEM_MODELS_BASE_ZIGGURAT_H

#include "models/base/random.h"

#define ZIGGURAT_LAYERS 256u

typedef struct {
    double edges[ZIGGURAT_LAYERS + 1];   /* edges[0] = v / exp(-r): the lowest layer as a rectangle with its tail */
    double heights[ZIGGURAT_LAYERS + 1]; /* exp(-edges[i]) */
} Ziggurat;

void ziggurat_init(Ziggurat *ziggurat);

/* The 1 % of draws that need more than one comparison. */
double ziggurat_slow(const Ziggurat *ziggurat, RandomStream *random, guint layer, double x);

/* Exponential of mean 1. */
static inline double
ziggurat_exponential(const Ziggurat *ziggurat, RandomStream *random)
{
    const guint64 word = random_u64(random);
    const guint layer = (guint)(word & (ZIGGURAT_LAYERS - 1));
    const double x = (double)(word >> 11) * 0x1.0p-53 * ziggurat->edges[layer];

    if (G_LIKELY(x < ziggurat->edges[layer + 1]))
        return x;
    return ziggurat_slow(ziggurat, random, layer, x);
}

#endif
