/* What the client network gives: numbers of clients, a table of what they waited for, and one of guests' moves. */
#ifndef TANDEM_SIM_PARTS_NETWORK_NETWORK_RESULTS_H
#define TANDEM_SIM_PARTS_NETWORK_NETWORK_RESULTS_H

#include "sim/output/trace.h"
#include "sim/parts/network/network_keys.h"
#include "sim/world/world.h"

extern const Record *const network_records[];

/* Guests and probes of the model are numbered as in the scenario. The run has ended. */
void network_results_collect(const World *world, const ClientNet *net, Result *result);
void network_results_trace(const World *world, const ClientNet *net, Trace *trace);

/* What the client's numbers and waits do not agree in, or NULL. (transfer full) */
char *network_results_fault(const ProbeSeen *seen, ProbeKind kind, double run_end_s);

#endif
