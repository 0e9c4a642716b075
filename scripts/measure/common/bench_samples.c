#include "common/bench_samples.h"

#include <math.h>
#include <stdlib.h>

static double clock_cost_ns;
static double share = 1;

void
samples_set_share(double of_budgets)
{
    share = of_budgets;
}

double
samples_budget_s(double budget_s)
{
    return budget_s * share;
}

void
samples_start(Samples *samples, double budget_s)
{
    samples->n = 0;
    samples->until_ns = clock_ns() + (uint64_t)(samples_budget_s(budget_s) * 1e9);
}

bool
samples_more(const Samples *samples)
{
    return samples->n == 0 || (samples->n < SAMPLES_MAX && clock_ns() < samples->until_ns);
}

void
samples_add_us(Samples *samples, double us)
{
    if (samples->n < SAMPLES_MAX)
        samples->us[samples->n++] = us > 0 ? us : 0;
}

void
samples_add_ns(Samples *samples, uint64_t ns)
{
    samples_add_us(samples, ((double)ns - clock_cost_ns) / 1e3);
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double
median_of(double *values, int n)
{
    if (n == 0)
        return 0;
    qsort(values, (size_t)n, sizeof *values, compare);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

Spread
samples_spread(Samples *samples)
{
    Spread spread = {.median_us = median_of(samples->us, samples->n)};
    int kept = samples->n - samples->n / 100;
    double sum = 0, squares = 0;

    if (samples->n == 0)
        return spread;
    for (int i = 0; i < kept; i++)
        sum += samples->us[i];
    spread.mean_us = sum / kept;
    for (int i = 0; i < kept; i++)
        squares += (samples->us[i] - spread.mean_us) * (samples->us[i] - spread.mean_us);
    spread.sd_us = kept > 1 ? sqrt(squares / (kept - 1)) : 0;
    spread.p90_us = samples->us[(samples->n * 9) / 10];
    return spread;
}

/* Of 101 batches the middle one: a batch of 200 reads is shorter than what disturbs it. */
double
samples_calibrate(void)
{
    enum { BATCHES = 101, READS = 200 };
    double batch_ns[BATCHES];

    for (int i = 0; i < BATCHES; i++) {
        uint64_t start = clock_ns();
        for (int j = 0; j < READS - 1; j++)
            (void)clock_ns();
        batch_ns[i] = (double)(clock_ns() - start) / READS;
    }
    clock_cost_ns = median_of(batch_ns, BATCHES);
    return clock_cost_ns / 1e3;
}
