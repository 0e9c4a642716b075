/* Applications in guests: what their clients feel while the guests are moved. */
#ifndef TANDEM_SIM_PARTS_APPLICATION_APPLICATION_PART_H
#define TANDEM_SIM_PARTS_APPLICATION_APPLICATION_PART_H

#include "sim/world/part.h"

extern const Part application_part;

/* Whether clients reach the domain may have changed: for whoever knows of the network between them. */
void application_part_look(const Domain *domain);

#endif
