/* What each way to move a VM with its vTPM costs, all at the prices of the paper's test bed: a table of what was
 * measured in the runs, and one of what each costs over the cheapest. */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_METHODS_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_METHODS_H

#include "sim/claims/claim.h"
#include "sim/claims/vm_vtpm_runs.h"

/* Mean, least and greatest as cells, empty when one of the runs did not complete. */
void vm_vtpm_append_spread(GString *csv, const Spread *spread);

/* Takes methods.csv and methods-prices.csv. */
void vm_vtpm_methods_take(const VmVtpmRuns *runs, FileSet *files);

#endif
