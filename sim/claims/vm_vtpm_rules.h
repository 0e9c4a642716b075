/* Algorithms 1 and 2 of the VM-vTPM paper, and the three rules by which the code under its test bed ends live rounds.
 */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_RULES_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_RULES_H

#include "sim/claims/vm_vtpm_runs.h"

void vm_vtpm_rules_claim(const VmVtpmRuns *runs, ClaimSet *claims);

#endif
