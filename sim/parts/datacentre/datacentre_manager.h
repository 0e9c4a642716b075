/* The manager: what was decided is carried out, one migration after the other; hosts are woken and put to sleep. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_MANAGER_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_MANAGER_H

#include "sim/parts/datacentre/datacentre_world.h"

/* Carries out all moves that have been decided and not been begun; then hosts that are to leave sleep. Blocks the
 * calling actor meanwhile. */
void datacentre_manage(DatacentreWorld *own);

#endif
