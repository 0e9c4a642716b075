#include "models/memory/dma.h"

#include <math.h>

void
dma_init(Dma *dma, const RandomStream *random)
{
    RandomStream seed = *random;

    *dma = (Dma){.rate_s = 0};
    sampler_init(&dma->sampler, &seed);
}

void
dma_set(Dma *dma, double running_s, guint64 first, guint64 pages, double rate_s)
{
    dma->first = first;
    dma->pages = pages;
    dma->rate_s = rate_s;
    dma->written_s = running_s;
}

/* Writes are many: each page decides for itself. */
static void
write_many(Dma *dma, Marks *marks, double writes)
{
    const double p = -expm1(-writes / (double)dma->pages);

    for (guint64 page = 0; page < dma->pages; page++)
        if (random_unit(&dma->sampler.random) < p)
            marks_write(marks, dma->first + page);
}

void
dma_advance(Dma *dma, Marks *marks, double running_s)
{
    double writes = dma->rate_s * (running_s - dma->written_s);

    if (!(writes > 0))
        return;
    dma->written_s = running_s;
    if (writes > (double)dma->pages) {
        write_many(dma, marks, writes);
        return;
    }
    while (sampler_next_write(&dma->sampler, &writes))
        marks_write(marks, dma->first + random_below(&dma->sampler.random, dma->pages));
}
