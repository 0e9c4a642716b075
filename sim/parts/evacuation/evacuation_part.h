/* Hosts that are evacuated: every VM is sent elsewhere by a request for a migration, a few at a time, in the order and
 * to the places that models/evacuation/evacuation.h says.
 *
 * An evacuated host stays closed to other evacuations, from its evacuation's begin to the end of the run. The earlier
 * one of two evacuations is asked first when a migration ends.
 */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_PART_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_PART_H

#include "sim/world/part.h"

extern const Part evacuation_part;

#endif
