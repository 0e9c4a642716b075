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
    case WORKLOAD_CURVE:
        return serial->workload.rate_pages_s;
    default:
        return 0;
    }
}

static guint64
draw_of_classes(const Workload *workload, RandomStream *random)
{
    double left = random_unit(random);
    guint64 first = 0;
    gsize i = 0;

    for (; i + 1 < workload->n_classes && left >= workload->classes[i].share; i++) {
        left -= workload->classes[i].share;
        first += workload->classes[i].pages;
    }
    return first + random_below(random, workload->classes[i].pages);
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
    case WORKLOAD_CURVE:
        return draw_of_classes(workload, random);
    default:
        return random_below(random, workload->pages);
    }
}

guint64
serial_count(Serial *serial, Sampler *sampler, double expected)
{
    if (serial->workload.kind != WORKLOAD_SWEEP)
        return random_poisson(&sampler->random, expected);
    const double whole = floor(serial->part + expected);
    serial->part += expected - whole;
    return (guint64)whole;
}

guint64
serial_page(Serial *serial, Sampler *sampler)
{
    return serial->workload.first_page + draw_page(serial, &sampler->random);
}

/* A sweep's writes are one unit apart, a random workload's an exponential distance; a sum of these is minus the
 * logarithm of a product, of which sixteen factors of at least 2^-53 cannot vanish. */
double
serial_distance(Serial *serial, Sampler *sampler, guint64 n)
{
    double distance = 0, product = 1;

    if (serial->workload.kind == WORKLOAD_SWEEP) {
        distance = (double)n - serial->part;
        serial->part = 0;
        return distance;
    }
    for (guint64 i = 1; i <= n; i++) {
        product *= 1.0 - random_unit(&sampler->random);
        if (i % 16 == 0 || i == n) {
            distance -= log(product);
            product = 1;
        }
    }
    return distance;
}
