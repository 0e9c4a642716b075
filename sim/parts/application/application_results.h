/* What applications give: metrics, applications.csv, application-series.csv, lines of the summary, counters. */
#ifndef TANDEM_SIM_PARTS_APPLICATION_APPLICATION_RESULTS_H
#define TANDEM_SIM_PARTS_APPLICATION_APPLICATION_RESULTS_H

#include "sim/parts/application/application_world.h"

extern const Record *const application_records[]; /* ends with NULL */

void application_results_collect(const ApplicationWorld *own, Result *result);
void application_results_trace(const ApplicationWorld *own, Trace *trace);

/* What is wrong with an application's numbers at the end of a run: each request has ended once or waits, and the bins
 * have them all. NULL: nothing. (transfer full) */
char *application_results_fault(const Application *application);

#endif
