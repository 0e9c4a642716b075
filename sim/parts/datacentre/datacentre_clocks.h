/* When counters are read and decisions are made: at common dates, or by each host's own daemons. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_CLOCKS_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_CLOCKS_H

#include "sim/parts/datacentre/datacentre_world.h"

/* Starts the actors, from now on. */
void datacentre_clocks_start(DatacentreWorld *own);

#endif
