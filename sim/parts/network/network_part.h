/* The network between guests and those who ask them: what clients see of a guest that moves.
 *
 * The model (models/network/clientnet.h) is advanced when a guest changes, and at the end; no actor runs for it.
 * Another part that has clients of its own asks it here, with SimGrid's clock as the date.
 */
#ifndef TANDEM_SIM_PARTS_NETWORK_NETWORK_PART_H
#define TANDEM_SIM_PARTS_NETWORK_NETWORK_PART_H

#include "sim/world/part.h"

extern const Part network_part;

/* A place is the number of a host, or of a switch of the client network behind the hosts. NULL: the usual place of
 * clients, the first switch; where there is none, it does not matter. The name exists (a key refers to it). */
guint network_place(const World *world, const char *name);

/* Clients of the guest are at that place: it counts as found after a move when they find it. */
void network_add_client(World *world, guint place, const Domain *guest);

/* Whether a frame that somebody at that place sends now comes to the guest: it runs, and the network leads to its host.
 * TRUE: the guest answers, and the bridges on the answer's way learn. In a scenario without client network: whether it
 * runs. */
gboolean network_delivers(World *world, guint place, const Domain *guest);

/* The first date after now at which that may change although no guest changes; INFINITY: none is known. */
double network_next_change_s(World *world, guint place, const Domain *guest);

/* From a client to a guest and back; 0 in a scenario without client network. */
double network_rtt_s(const World *world);

#endif
