/* The part of the world that tells of hosts, guests and migrations as a whole: of a data centre, not of each VM.
 *
 * Sources: A. Beloglazov and R. Buyya, "Optimal online deterministic algorithms and adaptive heuristics for energy and
 * performance efficient dynamic consolidation of virtual machines in cloud data centers", CCPE 24(13), 2012, section
 * 4.2, for SLATAH, PDM and SLAV.
 */
#ifndef TANDEM_SIM_PARTS_FLEET_FLEET_PART_H
#define TANDEM_SIM_PARTS_FLEET_FLEET_PART_H

#include "sim/world/part.h"

extern const Part fleet_part;

#endif
