/* What the memory tests share: logs from a seed, an oracle that simulates write by write, and chi-square bounds. */
#ifndef TANDEM_TESTS_MODELS_MEMORY_GUEST_H
#define TANDEM_TESTS_MODELS_MEMORY_GUEST_H

#include "models/memory/bitmap.h"
#include "models/memory/dirty.h"

#include <check.h>
#include <math.h>

/* Working sets that begin and end within words and regions, for each random kind. */
static const struct {
    guint64 guest_pages;
    Workload workload;
} guests[] = {
    {1300, {.kind = WORKLOAD_UNIFORM, .first_page = 37, .pages = 1201, .rate_pages_s = 1201}},
    {130, {.kind = WORKLOAD_UNIFORM, .first_page = 63, .pages = 2, .rate_pages_s = 2}},
    {2200,
     {.kind = WORKLOAD_HOT_COLD,
      .first_page = 1000,
      .pages = 1190,
      .rate_pages_s = 900,
      .hot_pages = 50,
      .hot_share = 0.8}},
    {400, {.kind = WORKLOAD_HOT_COLD, .pages = 400, .rate_pages_s = 300, .hot_pages = 399, .hot_share = 0.5}},
    {2500, {.kind = WORKLOAD_ZIPF, .first_page = 1000, .pages = 1500, .rate_pages_s = 1500, .exponent = 1}},
    {1100, {.kind = WORKLOAD_ZIPF, .first_page = 5, .pages = 1060, .rate_pages_s = 4000, .exponent = 0.6}},
    {3000, {.kind = WORKLOAD_ZIPF, .first_page = 10, .pages = 2900, .rate_pages_s = 9000, .exponent = 1.7}},
    /* its first region soon is all dirty, the second is not */
    {2048, {.kind = WORKLOAD_HOT_COLD, .pages = 2048, .rate_pages_s = 9000, .hot_pages = 1024, .hot_share = 0.95}},
};
#define N_GUESTS ((int)G_N_ELEMENTS(guests))

static inline RandomStream
guest_random(guint64 seed)
{
    RandomStream random;

    random_init(&random, seed, "dirty", "test");
    return random;
}

/* A log of this guest, its workload begun at time 0. */
static inline DirtyLog *
guest_log(guint64 pages, guint64 seed, const Workload *workload)
{
    const RandomStream random = guest_random(seed);
    DirtyLog *log = dirty_new(pages, &random, 0);

    dirty_set_workload(log, 0, workload);
    return log;
}

/* The share of writes that goes to page k of the working set, straight from the definition. */
static inline double
guest_share(const Workload *workload, guint64 k)
{
    double sum = 0;

    switch (workload->kind) {
    case WORKLOAD_UNIFORM:
        return 1.0 / (double)workload->pages;
    case WORKLOAD_HOT_COLD:
        return k < workload->hot_pages ? workload->hot_share / (double)workload->hot_pages
                                       : (1 - workload->hot_share) / (double)(workload->pages - workload->hot_pages);
    default: /* Zipf */
        for (guint64 i = 0; i < workload->pages; i++)
            sum += pow((double)i + 1, -workload->exponent);
        return pow((double)k + 1, -workload->exponent) / sum;
    }
}

/* Shares of all pages of the working set. (transfer full) */
static inline double *
guest_shares(const Workload *workload)
{
    double *shares = g_new(double, workload->pages);
    const double first = guest_share(workload, 0);

    for (guint64 k = 0; k < workload->pages; k++)
        shares[k] = workload->kind == WORKLOAD_ZIPF ? first * pow((double)k + 1, -workload->exponent)
                                                    : guest_share(workload, k);
    return shares;
}

/* The oracle: every write of [0, t_s) one by one, each page chosen by searching the cumulated shares. */
static inline void
guest_simulate(const Workload *workload, const double *shares, RandomStream *random, double t_s, guint64 *bits)
{
    for (double t = random_exponential(random, 1 / workload->rate_pages_s); t < t_s;
         t += random_exponential(random, 1 / workload->rate_pages_s)) {
        double u = random_unit(random);
        guint64 k = 0;
        while (k + 1 < workload->pages && u >= shares[k])
            u -= shares[k++];
        bitmap_set(bits, workload->first_page + k);
    }
}

/* Above this a chi-square of so many degrees is rarer than about 1e-6 (Wilson-Hilferty). */
static inline double
chi_square_bound(double degrees)
{
    const double z = 4.75, c = 2 / (9 * degrees);
    return degrees * pow(1 - c + z * sqrt(c), 3);
}

/* Sum over independent cells of (observed - mean)^2 / variance; cells of little variance are pooled. */
typedef struct {
    double sum, degrees, rest, rest_variance;
} ChiSquare;

static inline void
chi_square_add(ChiSquare *chi, double difference, double variance)
{
    if (variance < 5) {
        chi->rest += difference;
        chi->rest_variance += variance;
        return;
    }
    chi->sum += difference * difference / variance;
    chi->degrees++;
}

static inline void
chi_square_assert(ChiSquare chi, const char *what)
{
    if (chi.rest_variance > 0) {
        chi.sum += chi.rest * chi.rest / MAX(chi.rest_variance, 1);
        chi.degrees++;
    }
    ck_assert_msg(chi.sum < chi_square_bound(chi.degrees), "%s: chi-square %g of %g degrees", what, chi.sum,
                  chi.degrees);
}

/* The closed form: a page of rate r is dirty after t with probability 1 - e^(-rt). (transfer full) */
static inline double *
guest_probabilities(const Workload *workload, double t_s)
{
    double *p = guest_shares(workload);

    for (guint64 k = 0; k < workload->pages; k++)
        p[k] = -expm1(-p[k] * workload->rate_pages_s * t_s);
    return p;
}

#endif
