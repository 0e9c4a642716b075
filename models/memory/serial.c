#include "models/memory/serial.h"

#include <math.h>

void
serial_init(Serial *serial, const Workload *workload)
{
    g_return_if_fail(serial && workload);

    *serial = (Serial){.workload = *workload};
    if (workload->kind == WORKLOAD_ZIPF)
        serial->zipf = zipf_range(workload->exponent, 0, workload->pages);
}

void
serial_skip(Serial *serial, double seconds)
{
    const double writes = serial->workload.rate_pages_s * seconds;

    if (serial->workload.kind != WORKLOAD_SWEEP)
        return;
    serial->swept = (guint64)writes;
    serial->part = writes - floor(writes);
}

double
serial_rate(const Serial *serial)
{
    switch (serial->workload.kind) {
    case WORKLOAD_UNIFORM:
    case WORKLOAD_HOT_COLD:
    case WORKLOAD_ZIPF:
    case WORKLOAD_SWEEP:
        return serial->workload.rate_pages_s;
    default:
        return 0;
    }
}

/* Of the working set. */
static guint64
draw_page(Serial *serial, RandomStream *random)
{
    const Workload *workload = &serial->workload;

    switch (workload->kind) {
    case WORKLOAD_ZIPF:
        return zipf_draw(random, &serial->zipf);
    case WORKLOAD_SWEEP:
        return serial->swept++ % workload->pages;
    case WORKLOAD_HOT_COLD:
        if (random_unit(random) < workload->hot_share)
            return random_below(random, workload->hot_pages);
        return workload->hot_pages + random_below(random, workload->pages - workload->hot_pages);
    default:
        return random_below(random, workload->pages);
    }
}

/* A sweep's writes are one unit apart, a random workload's an exponential distance. */
static gboolean
spend(Serial *serial, Sampler *sampler, double *writes)
{
    if (serial->workload.kind != WORKLOAD_SWEEP)
        return sampler_next_write(sampler, writes);
    const double need = 1 - serial->part;
    if (*writes < need) {
        serial->part += *writes;
        *writes = 0;
        return FALSE;
    }
    *writes -= need;
    serial->part = 0;
    return TRUE;
}

gboolean
serial_next(Serial *serial, Sampler *sampler, double *writes, guint64 *page)
{
    if (!spend(serial, sampler, writes))
        return FALSE;
    *page = serial->workload.first_page + draw_page(serial, &sampler->random);
    return TRUE;
}
