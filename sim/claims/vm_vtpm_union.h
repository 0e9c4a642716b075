/* Tables 1 to 3 of the VM-vTPM paper, of the pages that went over the wire. */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_UNION_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_UNION_H

#include "sim/claims/vm_vtpm_runs.h"

void vm_vtpm_union_claim(const VmVtpmRuns *runs, ClaimSet *claims);

#endif
