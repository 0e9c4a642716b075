/* One round of decisions: what the policy answers becomes moves for the manager. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_DECIDE_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_DECIDE_H

#include "sim/parts/datacentre/datacentre_world.h"

/* After a reading. Wakes the manager when there is something to do. */
void datacentre_decide(DatacentreWorld *own);

#endif
