/* What vTPMs give: metrics, commands.csv, lines of the summary, tracks. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_RESULTS_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_RESULTS_H

#include "sim/output/trace.h"
#include "sim/parts/vtpm/vtpm_service.h"

extern const Record *const vtpm_records[]; /* ends with NULL */

/* vtpms: of VtpmService. */
void vtpm_results_collect(const GPtrArray *vtpms, Result *result);
/* A track of commands for each. */
void vtpm_results_trace(const GPtrArray *vtpms, Trace *trace);

/* What is wrong with a vTPM's commands at the end of a run: they are in order, and as many are done as it says. NULL:
 * nothing. (transfer full) */
char *vtpm_results_fault(const GArray *commands, guint64 calls_done, double run_end_s);

#endif
