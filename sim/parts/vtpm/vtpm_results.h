/* What vTPMs give: metrics and commands.csv. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_RESULTS_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_RESULTS_H

#include "sim/output/record.h"
#include "sim/parts/vtpm/vtpm_service.h"

extern const Record *const vtpm_records[]; /* ends with NULL */

/* vtpms: of VtpmService. */
void vtpm_results_collect(const GPtrArray *vtpms, Result *result);

/* What is wrong with a vTPM's commands at the end of a run: they are in order, and as many are done as it says. NULL:
 * nothing. (transfer full) */
char *vtpm_results_fault(const GArray *commands, guint64 calls_done, double run_end_s);

#endif
