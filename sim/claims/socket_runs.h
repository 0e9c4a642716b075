/* Runs of two VMs on one host with one connection, for claims about sockets between VMs. */
#ifndef TANDEM_SIM_CLAIMS_SOCKET_RUNS_H
#define TANDEM_SIM_CLAIMS_SOCKET_RUNS_H

#include "sim/run/batch.h"

#define SOCKET_RUNS_PAPER "inter-vm-sockets"

/* profile: of the system; application: "request-response", "bulk"; bytes: of a message. The run's index, or G_MAXUINT
 * with error set. */
guint socket_runs_add_pair(Batch *batch, const char *profile, const char *application, const char *buffer, guint bytes,
                           GError **error);

#endif
