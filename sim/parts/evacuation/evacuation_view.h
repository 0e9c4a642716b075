/* What an evacuation sees of the world: its VMs, and the hosts that may take them. */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_VIEW_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_VIEW_H

#include "sim/parts/evacuation/evacuation_world.h"

/* The evacuation begins: VMs that are on the host, in the order of the scenario, then those that are to be created
 * there. */
void evacuation_view_begin(EvacuationRun *run);
/* Looks where its VMs are, and adds those that have come since. */
void evacuation_view_look(EvacuationRun *run);

/* Its destinations as they are now: run->to->len. (transfer full) */
EvacuationPlace *evacuation_view_places(const EvacuationRun *run);
/* EvacuationView.admits; data: the run. */
gboolean evacuation_view_admits(gpointer data, guint vm, guint place);

/* Migrations of all evacuations to the host that go on. */
guint evacuation_view_incoming(const EvacuationWorld *own, guint host);
/* VMs that are on its host now, or whose vTPM is, where that goes with them. */
guint evacuation_view_count_left(const EvacuationRun *run);

#endif
