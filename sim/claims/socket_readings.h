/* What the patent of sockets between VMs can be read to say (reading.h; docs/models/socket.md, "Three readings"). */
#ifndef TANDEM_SIM_CLAIMS_SOCKET_READINGS_H
#define TANDEM_SIM_CLAIMS_SOCKET_READINGS_H

#include "sim/output/files.h"

/* Runs them and takes readings.csv. They are a batch of their own, for the literal reading breaks invariants, as it
 * must. */
gboolean socket_readings_take(FileSet *files, guint workers, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
