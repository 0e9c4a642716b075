/* A run's time line as Chrome trace events, which Perfetto (ui.perfetto.dev) and chrome://tracing open.
 *
 * Source of the format: "Trace Event Format", Google, the JSON object form. Tracks ("threads") are grouped:
 *   VMs, vTPMs       states of each domain's instance on each host, and a vTPM's commands
 *   migrations       steps, rounds, and counters of pages and throughput
 *   links            what the scenario cuts and repairs
 *   crypto cards     a slice per station with its means as arguments, and counters of each session's rate and latency
 *   sockets          the path of each connection, when nothing is received, and counters of throughput
 *
 * Scope: made from a result's tables after the run. Of many commands every k-th is shown, and those that failed; of
 *   a session's many batches every k-th. Sockets' tables are bounded already (socketlog.h).
 */
#ifndef TANDEM_SIM_OUTPUT_TRACE_H
#define TANDEM_SIM_OUTPUT_TRACE_H

#include "sim/output/result.h"

enum {
    TRACE_MAX_SLICES = 20000
}; /* chosen, per track of commands and per counter: 3 MB, and more than a screen shows */

/* resolved: the scenario that the result is of. (transfer full) */
char *trace_json(const Result *result, const cJSON *resolved);

#endif
