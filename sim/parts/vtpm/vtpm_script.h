/* The paper's script: a VM that calls its vTPM's SHA-1 and extends a register by what comes back, again and again (Qi
 * and Meng, section 2.1, figure 10). A call that failed is made again after the usual pause. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_SCRIPT_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_SCRIPT_H

#include "sim/parts/vtpm/vtpm_service.h"

/* Where the scenario has one. */
void vtpm_script_start(VtpmService *service);

#endif
