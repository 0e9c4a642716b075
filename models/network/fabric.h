/* Bridges in a tree: switches, and the hosts at their ports, each of which bridges its own guests.
 *
 * Source: IEEE 802.1D-2004, 7.7 (frame forwarding): a frame goes on through the port that the table gives for its
 * destination, never back through the one by which it came, and through all others when the table gives none. In a tree
 * it can therefore reach a node only along the one way there, and does so when each bridge of that way sends it on in
 * that direction. A node's port is called by the neighbour behind it; its guests are behind the port of its own number.
 *
 * Scope: no ring (the spanning tree protocol, which breaks rings, takes its time nowhere), no VLANs, no bonds: one
 * cable between two nodes. Frames take no time within the fabric (mac_table.h has the delay of learning).
 */
#ifndef TANDEM_MODELS_NETWORK_FABRIC_H
#define TANDEM_MODELS_NETWORK_FABRIC_H

#include "models/network/mac_table.h"

typedef struct Fabric Fabric;

/* So many nodes that nothing joins. Each is to be given a table before frames are sent. */
Fabric *fabric_new(guint nodes);
void fabric_free(Fabric *fabric);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fabric, fabric_free)

void fabric_set_table(Fabric *fabric, guint node, double ageing_s, double delay_s);
/* A cable between two nodes. FALSE: it would close a ring, and is not there. */
gboolean fabric_join(Fabric *fabric, guint one, guint other) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a way leads from one to the other. */
gboolean fabric_connects(const Fabric *fabric, guint one, guint other);

/* A frame from the address, which is at node `at`, to everybody who is joined with it: all of these learn. */
void fabric_broadcast(Fabric *fabric, guint address, guint at, double now_s);
/* The same to one who is at node `to`: those on the way learn. */
void fabric_unicast(Fabric *fabric, guint address, guint at, guint to, double now_s);

/* Whether a frame to the address, sent at node `from`, comes out at the guests' port of node `to`. */
gboolean fabric_reaches(Fabric *fabric, guint address, guint from, guint to, double now_s);
/* Whether a bridge on the way to it sends the frame everywhere. */
gboolean fabric_floods(Fabric *fabric, guint address, guint from, guint to, double now_s);
/* The first date after now_s at which fabric_reaches may change by itself. */
double fabric_next_change_s(Fabric *fabric, guint address, guint from, guint to, double now_s);
/* The address is at that node no longer: its own bridge forgets the port. */
void fabric_depart(Fabric *fabric, guint address, guint node);

#endif
