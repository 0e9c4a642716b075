/* The time line of a run, of the tables in its folder: lanes of marks (what lasts) and of curves on one axis. The
 * page's script (resources/timeline.js) draws it; the same stands in tables for who reads without.
 *
 * Scope: shows tables that are there. Of more marks or points in a lane than a screen has room for, neighbours become
 * one, and the page says so.
 */
#ifndef TANDEM_SIM_REPORT_TIME_AXIS_H
#define TANDEM_SIM_REPORT_TIME_AXIS_H

#include "sim/report/page.h"

/* end_s: of the run. Nothing when no table has anything to show. */
void time_axis_append(Page *page, double end_s);

#endif
