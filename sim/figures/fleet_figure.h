/* Figures of a fleet's run: its hosts by state over time, its migrations over time, and the distribution of their total
 * times and downtimes. */
#ifndef TANDEM_SIM_FIGURES_FLEET_FIGURE_H
#define TANDEM_SIM_FIGURES_FLEET_FIGURE_H

#include "sim/figures/figure.h"

/* "fleet-hosts", "fleet-migrations" and "fleet-downtime" in folder/figures, as far as the run has what they show; their
 * names are added to drawn. assumptions: what a reader must know; NULL: nothing. */
gboolean fleet_figure_draw(const char *folder, Language language, const char *assumptions, GPtrArray *drawn,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
