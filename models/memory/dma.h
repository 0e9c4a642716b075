/* A device that writes pages of its guest's memory by itself.
 *
 * It writes at a rate of its own while the guest is not stopped, whatever share of the processors the guest is given:
 * auto-converge does not slow it down. Each page of its buffer is written alike and independently of the others (a
 * Poisson process), as by a network card whose receive buffers are picked by the traffic.
 *
 * Scope: writes only; a write dirties one whole page.
 */
#ifndef TANDEM_MODELS_MEMORY_DMA_H
#define TANDEM_MODELS_MEMORY_DMA_H

#include "models/memory/marks.h"
#include "models/memory/sampler.h"

typedef struct {
    guint64 first, pages; /* its buffer */
    double rate_s;        /* of all of it, writes a second; 0: it writes nothing */
    double written_s;     /* up to when its writes are known, in time during which the guest was not stopped */
    Sampler sampler;
} Dma;

/* It writes nothing yet. random is copied. */
void dma_init(Dma *dma, const RandomStream *random);
/* From running_s on. The pages must be the guest's. */
void dma_set(Dma *dma, double running_s, guint64 first, guint64 pages, double rate_s);
/* Marks its writes up to running_s. Cost: the smaller of the number of writes and that of its pages. */
void dma_advance(Dma *dma, Marks *marks, double running_s);

#endif
