/* Figures of one run, of the tables beside its result.json: pages per round, the steps of its migrations over time, and
 * how long vTPM commands took. What the run does not have is not drawn. */
#ifndef TANDEM_SIM_FIGURES_RUN_FIGURE_H
#define TANDEM_SIM_FIGURES_RUN_FIGURE_H

#include "sim/figures/figure.h"

/* Draws into folder/figures; the names drawn are appended to drawn. */
gboolean run_figure_draw(const char *folder, Language language, GPtrArray *drawn, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
