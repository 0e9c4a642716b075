#include "models/base/ziggurat.h"

#include <math.h>

/* Area of a layer when the tail begins at r, and where the uppermost layer would end: 1 at the r that we look for. */
static double
top_height(double r, double *area)
{
    double x = r;

    *area = r * exp(-r) + exp(-r);
    for (guint i = 2; i < ZIGGURAT_LAYERS; i++) {
        const double height = exp(-x) + *area / x;
        if (height >= 1)
            return 2; /* r is too small: the layers are too thick */
        x = -log(height);
    }
    return exp(-x) + *area / x;
}

void
ziggurat_init(Ziggurat *ziggurat)
{
    double low = 5, high = 10, area;

    for (int i = 0; i < 100; i++) {
        const double middle = (low + high) / 2;
        if (top_height(middle, &area) > 1)
            low = middle;
        else
            high = middle;
    }
    top_height(high, &area);
    ziggurat->edges[0] = area / exp(-high);
    ziggurat->edges[1] = high;
    for (guint i = 2; i < ZIGGURAT_LAYERS; i++)
        ziggurat->edges[i] = -log(exp(-ziggurat->edges[i - 1]) + area / ziggurat->edges[i - 1]);
    ziggurat->edges[ZIGGURAT_LAYERS] = 0;
    for (guint i = 0; i <= ZIGGURAT_LAYERS; i++)
        ziggurat->heights[i] = exp(-ziggurat->edges[i]);
}

double
ziggurat_slow(const Ziggurat *ziggurat, RandomStream *random, guint layer, double x)
{
    for (;;) {
        /* the tail has no memory: r and another exponential */
        if (layer == 0)
            return ziggurat->edges[1] + random_exponential(random, 1);
        const double low = ziggurat->heights[layer], high = ziggurat->heights[layer + 1];
        if (low + random_unit(random) * (high - low) < exp(-x))
            return x;
        layer = (guint)random_below(random, ZIGGURAT_LAYERS);
        x = random_unit(random) * ziggurat->edges[layer];
        if (x < ziggurat->edges[layer + 1])
            return x;
    }
}
