/* How loaded hosts are, over time: what their guests want of their processors and what they are given.
 *
 * Nobody counts unless somebody has asked (host_load_start): then every change of what runs on a host, or of what it
 * wants, ends an interval. A host is active while a guest runs there, and overloaded while what its guests want is at
 * least a share of its cores: at 1, they could use more than there is, which a counter of its use shows as 100 %.
 *
 * Scope: guests' processors; what else works for the host (ProcessorThread) is not theirs.
 */
#ifndef TANDEM_SIM_WORLD_HOST_LOAD_H
#define TANDEM_SIM_WORLD_HOST_LOAD_H

#include "sim/world/world.h"

/* Until now, since host_load_start. */
typedef struct {
    double active_s;
    double overloaded_s;
    double wanted_s, given_s; /* virtual processors' time */
    double peak;              /* most cores wanted at a time */
} HostLoad;

/* overload: share of the cores, more than 0. */
void host_load_start(World *world, double overload);
void host_load_end(World *world);
HostLoad host_load(World *world, guint host);

/* Of processors.c: who runs on the host, what it wants or what it gets has changed. */
void host_load_note(World *world, guint host);

#endif
