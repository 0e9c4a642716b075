/* Applications in guests: what their clients feel while the guests are moved. */
#ifndef TANDEM_SIM_PARTS_APPLICATION_APPLICATION_PART_H
#define TANDEM_SIM_PARTS_APPLICATION_APPLICATION_PART_H

#include "sim/world/part.h"

extern const Part application_part;

#endif
