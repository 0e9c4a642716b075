/* Listings of a host's domains, as `xl list` prints them: rows of domains.csv. */
#ifndef TANDEM_SIM_WORLD_LISTING_H
#define TANDEM_SIM_WORLD_LISTING_H

#include "sim/output/record.h"
#include "sim/world/world.h"

extern const Record listing_record;

/* Appends to world->listings what is on the host now; nothing of a host that is lost. when: "before mig-vm1", … */
void listing_append_host(World *world, const char *when, guint host);

#endif
