/* What the clients of an application felt, from application-series.csv: median, 99th percentile and worst response time
 * over time, with the steps of the run's migrations behind them. A figure for each application. */
#ifndef TANDEM_SIM_FIGURES_RESPONSE_FIGURE_H
#define TANDEM_SIM_FIGURES_RESPONSE_FIGURE_H

#include "sim/figures/figure.h"

/* Draws into folder/figures; the names drawn are appended to drawn. assumptions: for the title; NULL: none. */
gboolean response_figure_draw(const char *folder, Language language, const char *assumptions, GPtrArray *drawn,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
