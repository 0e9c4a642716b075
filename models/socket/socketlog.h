/* What one socket did, for its results: periods around migrations, a time line of bounded length, paths and costs.
 *
 * A period is what lies between two changes of the socket's migrations: before the first one, during it, after it, and
 * so on. The time line is cut into SOCKETLOG_BINS equal bins at most: when it grows beyond, bins are twice as long.
 * The connections of one socket share its log.
 *
 * Scope: bytes and messages count when the receiver has them. A stall is a time without a byte from any connection; it
 * belongs to the period in which it began.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETLOG_H
#define TANDEM_MODELS_SOCKET_SOCKETLOG_H

#include "models/base/histogram.h"

#define SOCKETLOG_BINS     512u  /* chosen: as many as a figure can show */
#define SOCKETLOG_BIN_S    1e-3  /* of the first bins; chosen: well below a downtime */
#define SOCKETLOG_SWITCHES 1000u /* changes of path that are listed one by one; all are counted */

typedef struct {
    char *label; /* owned: "before", "during.MIGRATION", "after.MIGRATION" */
    double start_s, end_s;
    guint64 bytes, memory_bytes, messages;
    double stall_s;    /* the longest */
    Histogram latency; /* one way, or the round trip of a request */
} SocketPeriod;

typedef struct {
    guint64 bytes, memory_bytes, messages;
    double latency_sum_s;
} SocketBin;

typedef struct {
    double at_s;
    guint connection;
    gboolean memory;
} SocketSwitch;

typedef struct {
    GArray *periods; /* of SocketPeriod, owned; the last one is now */
    GArray *bins;    /* of SocketBin, owned */
    double bin_s;
    GArray *switches; /* of SocketSwitch, owned; the first SOCKETLOG_SWITCHES */
    guint64 changes;  /* of path, all connections */
    double memory_s;  /* connection time over memory and over TCP */
    double tcp_s;
    guint64 bytes, memory_bytes, messages;
    guint64 copied_bytes;
    double vm_switches;
    double last_s; /* date of the last byte; < 0: none yet */
} SocketLog;

void socketlog_init(SocketLog *log, double now_s);
void socketlog_clear(SocketLog *log);

void socketlog_bytes(SocketLog *log, double now_s, guint64 bytes, gboolean memory);
void socketlog_message(SocketLog *log, double now_s, double latency_s);
void socketlog_switch(SocketLog *log, double now_s, guint connection, gboolean memory);

/* A new period begins. (label: copied) */
void socketlog_period(SocketLog *log, double now_s, const char *label);
/* The last period ends here. */
void socketlog_end(SocketLog *log, double now_s);

#endif
