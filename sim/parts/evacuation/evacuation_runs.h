/* The evacuations that the time line asks for, before they begin: their names, and who may come to be where. */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_RUNS_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_RUNS_H

#include "sim/parts/evacuation/evacuation_world.h"

/* own->runs: one for each word of the time line; what it may do is noted at the domains. */
void evacuation_runs_make(EvacuationWorld *own);

#endif
