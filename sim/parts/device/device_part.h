/* Devices of guests: what their state costs a stop, where they are while their guest migrates, and the pages that they
 * write by themselves. */
#ifndef TANDEM_SIM_PARTS_DEVICE_DEVICE_PART_H
#define TANDEM_SIM_PARTS_DEVICE_DEVICE_PART_H

#include "sim/world/part.h"

extern const Part device_part;

#endif
