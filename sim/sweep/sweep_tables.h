/* points.csv and summary.csv out of a campaign's journal: in the order of the points, whatever order they ran in.
 *
 *     points.csv    point,repeat,seed,<parameters>,status,message,<metrics>       a row per run
 *     summary.csv   point,<parameters>,runs,ok,<metric>.mean,.sd,.ci95_low,.ci95_high,.n …   a row per point
 *                   <flag>.share      of those runs that have the flag, in how many it holds, from 0 to 1
 *                   <outcome>.words   of a word that says how something ended: "completed 3; gave-up 2"
 *
 * Columns of metrics are the union over all runs, in the order in which they come up along the points. A metric that a
 * run does not have, or that is not known of it, is an empty cell. The summary is over runs with status ok; n counts
 * the runs of which the metric is known; an interval needs two.
 */
#ifndef TANDEM_SIM_SWEEP_SWEEP_TABLES_H
#define TANDEM_SIM_SWEEP_SWEEP_TABLES_H

#include "sim/sweep/journal.h"
#include "sim/sweep/plan.h"

/* Writes both whole or not at all, a row at a time. */
gboolean sweep_tables_write(const Plan *plan, Journal *journal, const char *folder, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
