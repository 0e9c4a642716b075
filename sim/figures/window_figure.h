/* The figure of a maintenance window: of a sweep over an evacuation that has a deadline. Over one parameter, with a
 * line for each value of another: in which share of the runs the host was empty in time, how long it took, and the
 * downtime that 95 % of the VMs do not exceed. */
#ifndef TANDEM_SIM_FIGURES_WINDOW_FIGURE_H
#define TANDEM_SIM_FIGURES_WINDOW_FIGURE_H

#include "sim/figures/sweep_view.h"

/* One for each evacuation of the sweep that has a deadline: "window-NAME", in folder/figures; its name is added to
 * drawn. */
gboolean window_figure_draw(const SweepView *view, const char *folder, Language language, GPtrArray *drawn,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
