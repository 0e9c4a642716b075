/* Runs of two VMs on one host with one connection, for claims about sockets between VMs. */
#ifndef TANDEM_SIM_CLAIMS_SOCKET_RUNS_H
#define TANDEM_SIM_CLAIMS_SOCKET_RUNS_H

#include "sim/run/batch.h"

#define SOCKET_RUNS_PAPER "inter-vm-sockets"

typedef struct {
    const char *profile;     /* of the system */
    const char *network;     /* what carries TCP; NULL: netback */
    gboolean udp;            /* the same path without TCP's work and acknowledgments */
    const char *application; /* "request-response", "bulk" */
    const char *buffer;      /* "64KiB" */
    guint bytes;             /* of a message */
    const char *receive;     /* what a receive asks for; NULL: a message */
} SocketPair;

/* The run's index, or G_MAXUINT with error set. */
guint socket_runs_add_pair(Batch *batch, const SocketPair *pair, GError **error);

#endif
