/* Figures of a sweep: a metric over one parameter, a line per value of another, its intervals as bands; a point per row
 * where a zip steps both; and a heat map when both are numbers. Parameters of other axes stay at their first value,
 * which the figure says. */
#ifndef TANDEM_SIM_FIGURES_SWEEP_FIGURE_H
#define TANDEM_SIM_FIGURES_SWEEP_FIGURE_H

#include "sim/figures/figure.h"

typedef struct {
    const char *metric;      /* NULL: the first that ends in total_s, else the first */
    const char *x;           /* NULL: the first parameter */
    const char *by;          /* NULL: the first of another axis, else what is zipped to x, if there is any */
    gboolean chooses_scales; /* FALSE: x is logarithmic where its axis is */
    gboolean log_x, log_y;
    Language language;
} SweepFigureOptions;

/* Reads folder/manifest.json and summary.csv; draws into folder/figures; the names drawn are appended to drawn. */
gboolean sweep_figure_draw(const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
