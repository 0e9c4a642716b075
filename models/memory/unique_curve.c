#include "models/memory/unique_curve.h"

#include <math.h>

#define SWEEPS 4000u /* chosen: a hundred times what ten points and sixteen rates need */

typedef struct {
    guint n;
    double tau_s[WORKLOAD_CLASSES_MOST];
    double pages[WORKLOAD_CLASSES_MOST];
} Mixture;

static Mixture
grid_over(const UniquePoint *points, guint n_points)
{
    const double first_s = points[0].interval_s / 4, last_s = 8 * points[n_points - 1].interval_s;
    const guint doublings = (guint)ceil(log2(last_s / first_s));
    Mixture mixture = {.n = MIN(doublings + 1, WORKLOAD_CLASSES_MOST)};

    for (guint j = 0; j < mixture.n; j++)
        mixture.tau_s[j] = first_s * pow(last_s / first_s, (double)j / (mixture.n - 1));
    return mixture;
}

/* One class after the other is set to what meets the points best while the others stay as they are. Each point's error
 * is relative to it. */
static void
fit(Mixture *mixture, const UniquePoint *points, guint n_points)
{
    double left[UNIQUE_CURVE_POINTS_MOST];                        /* of each point, relative: what the mixture lacks */
    double seen[WORKLOAD_CLASSES_MOST][UNIQUE_CURVE_POINTS_MOST]; /* share of a class's pages that a point counts */

    for (guint i = 0; i < n_points; i++)
        left[i] = 1;
    for (guint j = 0; j < mixture->n; j++)
        for (guint i = 0; i < n_points; i++)
            seen[j][i] = -expm1(-points[i].interval_s / mixture->tau_s[j]);
    for (guint sweep = 0; sweep < SWEEPS; sweep++)
        for (guint j = 0; j < mixture->n; j++) {
            double along = 0, square = 0;
            for (guint i = 0; i < n_points; i++) {
                const double part = seen[j][i] / points[i].pages;
                along += part * left[i];
                square += part * part;
            }
            const double pages = MAX(mixture->pages[j] + along / square, 0), more = pages - mixture->pages[j];
            mixture->pages[j] = pages;
            for (guint i = 0; i < n_points; i++)
                left[i] -= more * seen[j][i] / points[i].pages;
        }
}

guint
unique_curve_classes(const UniquePoint *points, guint n_points, WorkloadClass *classes, double *rate_pages_s)
{
    g_return_val_if_fail(n_points > 0 && n_points <= UNIQUE_CURVE_POINTS_MOST, 0);
    Mixture mixture = grid_over(points, n_points);
    guint n = 0;

    fit(&mixture, points, n_points);
    *rate_pages_s = 0;
    for (guint j = 0; j < mixture.n; j++) {
        const double pages = round(mixture.pages[j]);
        if (pages < 1)
            continue;
        classes[n++] = (WorkloadClass){.pages = (guint64)pages, .share = pages / mixture.tau_s[j]};
        *rate_pages_s += pages / mixture.tau_s[j];
    }
    for (guint k = 0; k < n; k++)
        classes[k].share /= *rate_pages_s;
    return n;
}

double
unique_curve_pages(const WorkloadClass *classes, guint n_classes, double rate_pages_s, double interval_s)
{
    double pages = 0;

    for (guint k = 0; k < n_classes; k++)
        pages +=
            (double)classes[k].pages * -expm1(-rate_pages_s * classes[k].share / (double)classes[k].pages * interval_s);
    return pages;
}
