/* The scenario's sockets in the world: who advances each connection, what its VMs' migrations do to it, and its bytes
 * on the wire.
 *
 * Each connection (models/socket/socketrun.h) has an actor that advances it. While its VMs are on one host that is
 * nothing but its own calendar, and the actor sleeps until somebody needs to know; while they are apart the actor
 * follows it date by date, and a second actor for each direction carries TCP's batches over SimGrid, where they contend
 * with everything else. A cut cable or a stopped VM costs TCP's time-outs.
 */
#ifndef TANDEM_SIM_PARTS_SOCKET_SOCKET_PART_H
#define TANDEM_SIM_PARTS_SOCKET_SOCKET_PART_H

#include "sim/world/part.h"

extern const Part socket_part;

#endif
