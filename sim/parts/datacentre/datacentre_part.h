/* A data centre that decides: counters are read each interval, a policy (models/placement/) says which VMs go where,
 * hosts that were emptied sleep, and are woken when there is no room elsewhere.
 *
 * Two actors: one reads and decides, one carries the moves of a decision out, one after the other, as OpenStack Neat's
 * global manager does. While it does, further requests are refused, as there after 5 s. What the world's other
 * inhabitants do (an evacuation, the time line) is seen at the next reading; a domain that comes to be on a host that
 * sleeps wakes it at once, and a migration to one is refused.
 */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_PART_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_PART_H

#include "sim/world/part.h"

extern const Part datacentre_part;

#endif
