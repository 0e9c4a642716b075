/* Reading counters, and what is made of them: loads, energy, what is lost. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_READ_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_READ_H

#include "sim/parts/datacentre/datacentre_world.h"

/* All VMs and hosts, now. */
void datacentre_read(DatacentreWorld *own);
/* The VMs that are on the host of this number, and it. */
void datacentre_read_host(DatacentreWorld *own, guint host);

/* What a decision looks at; stays where it is until it is cleared. */
typedef struct {
    const DatacentreWorld *own;
    ConsolidationHost *hosts; /* owned */
    ConsolidationVm *vms;     /* owned */
    GArray *numbers;          /* owned, of guint: of each of vms, its place in DatacentreWorld.vms */
    ConsolidationView view;
} DatacentreSight;

void datacentre_look(DatacentreWorld *own, DatacentreSight *sight);
void datacentre_sight_clear(DatacentreSight *sight);

/* The number of a world's host among those that are watched; -1: it is not. */
gint datacentre_host(const DatacentreWorld *own, guint host);

#endif
