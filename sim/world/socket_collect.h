/* The sockets' numbers as a Result: socket.NAME.… metrics, sockets.csv and socket-paths.csv. */
#ifndef TANDEM_SIM_WORLD_SOCKET_COLLECT_H
#define TANDEM_SIM_WORLD_SOCKET_COLLECT_H

#include "sim/output/result.h"
#include "sim/world/world.h"

/* Adds nothing when the scenario has no sockets. */
void socket_collect(const World *world, Result *result);

#endif
