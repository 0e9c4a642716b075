/* What the sockets give: metrics, sockets.csv, socket-paths.csv, tracks. */
#ifndef TANDEM_SIM_PARTS_SOCKET_SOCKET_RESULTS_H
#define TANDEM_SIM_PARTS_SOCKET_SOCKET_RESULTS_H

#include "sim/output/trace.h"
#include "sim/parts/socket/socket_stream.h"

extern const Record *const socket_records[]; /* ends with NULL */

/* streams: of SocketStream. */
void socket_results_collect(const GPtrArray *streams, Result *result);
/* For each stream a track of its silences and a counter, for each of its connections a track of its paths. */
void socket_results_trace(const GPtrArray *streams, Trace *trace);

/* What is wrong with a socket's log at the end of a run: its time line and its periods each sum up to what it received.
 * NULL: nothing. (transfer full) */
char *socket_results_fault(const SocketLog *log, double run_end_s);

#endif
