#include "models/application/appload.h"

#include <math.h>

double
appload_rate(const AppLoad *load)
{
    double rate_per_s = 0;

    switch (load->kind) {
    case APP_LOAD_STEADY:
        return load->rate_per_s;
    case APP_LOAD_BURSTS:
        return load->rate_per_s * load->burst_s / (load->burst_s + load->lull_s);
    case APP_LOAD_RATES:
        for (gsize i = 0; i < load->n_rates; i++)
            rate_per_s = MAX(rate_per_s, load->rates[i].rate_per_s);
        return rate_per_s;
    case APP_LOAD_NONE:
    case APP_LOAD_CLOSED:
        return 0;
    }
    g_assert_not_reached();
}

/* ---- stretches of one rate ---- */

static void
begin_stretch_of_burst(AppArrivals *arrivals, const Ziggurat *ziggurat)
{
    const AppLoad *load = arrivals->load;
    const double mean_s = arrivals->bursting ? load->burst_s : load->lull_s;

    arrivals->rate_per_s = arrivals->bursting ? load->rate_per_s : 0;
    arrivals->until_s += mean_s * ziggurat_exponential(ziggurat, &arrivals->random);
}

static void
begin_stretch_of_rates(AppArrivals *arrivals)
{
    const AppLoad *load = arrivals->load;

    arrivals->rate_per_s = arrivals->next_rate > 0 ? load->rates[arrivals->next_rate - 1].rate_per_s : 0;
    arrivals->until_s = arrivals->next_rate < load->n_rates ? load->rates[arrivals->next_rate].at_s : INFINITY;
    arrivals->next_rate++;
}

static void
next_stretch(AppArrivals *arrivals, const Ziggurat *ziggurat)
{
    if (arrivals->load->kind == APP_LOAD_BURSTS) {
        arrivals->bursting = !arrivals->bursting;
        begin_stretch_of_burst(arrivals, ziggurat);
    } else {
        begin_stretch_of_rates(arrivals);
    }
}

/* ---- arrivals ---- */

void
appload_begin(AppArrivals *arrivals, const AppLoad *load, const RandomStream *random, const Ziggurat *ziggurat)
{
    *arrivals = (AppArrivals){.load = load, .random = *random, .rate_per_s = load->rate_per_s, .until_s = INFINITY};
    if (load->kind == APP_LOAD_RATES)
        begin_stretch_of_rates(arrivals);
    if (load->kind != APP_LOAD_BURSTS)
        return;
    arrivals->until_s = load->start_s;
    arrivals->bursting = random_unit(&arrivals->random) < load->burst_s / (load->burst_s + load->lull_s);
    begin_stretch_of_burst(arrivals, ziggurat);
}

double
appload_next_s(AppArrivals *arrivals, double now_s, const Ziggurat *ziggurat)
{
    const AppLoad *load = arrivals->load;
    double gap = load->constant ? 1 : ziggurat_exponential(ziggurat, &arrivals->random);

    while (TRUE) {
        const double at_s = arrivals->rate_per_s > 0 ? now_s + gap / arrivals->rate_per_s : INFINITY;
        if (at_s < arrivals->until_s || isinf(arrivals->until_s))
            return at_s < load->stop_s ? at_s : INFINITY;
        if (arrivals->until_s >= load->stop_s)
            return INFINITY;
        gap -= MAX(arrivals->until_s - now_s, 0) * arrivals->rate_per_s;
        now_s = MAX(arrivals->until_s, now_s);
        next_stretch(arrivals, ziggurat);
    }
}
