/* The data of the VM-vTPM paper's figures. */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_FIGURES_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_FIGURES_H

#include "sim/claims/vm_vtpm_runs.h"
#include "sim/output/files.h"

/* The runs were prepared with figures. */
void vm_vtpm_figures_take(const VmVtpmRuns *runs, FileSet *files);

#endif
