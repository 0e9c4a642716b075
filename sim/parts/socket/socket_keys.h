/* What a scenario says about sockets between VMs: the connections, what runs over them, and the system that carries
 * them. */
#ifndef TANDEM_SIM_PARTS_SOCKET_SOCKET_KEYS_H
#define TANDEM_SIM_PARTS_SOCKET_SOCKET_KEYS_H

#include "models/socket/socketsystem.h"
#include "sim/specs/scenario_spec.h"

typedef enum { NOTIFIES_UNTIL_WOKEN, NOTIFIES_ONCE } SocketNotifies;

/* models/socket/socketsystem.h as a scenario writes it. */
typedef struct {
    SocketSystemLevel level;
    gboolean transparent, migratable, kernel_patch;
    gint64 copies, switches;
    double path_s, tcp_s, ack_s;
    double copy_rate_Bps, copy_out_rate_Bps; /* out NAN: as the other */
    double packet_bytes;                     /* NAN: no packets */
    double packet_s;
    double stack_s, wake_s, notify_s, build_s;
    double sender_share, queue_s, handover_s, ack_work_s;
    double handover_rate_Bps; /* NAN: none */
    double notify_awake_s;    /* NAN: as notify */
    SocketNotifies notifies;
} SocketSystemSpec;

typedef enum { READING_SAFE, READING_LITERAL, READING_ANNOUNCED } SocketReading;

typedef enum { SOCKET_BULK, SOCKET_REQUEST_RESPONSE, SOCKET_BURSTY } SocketApplication;

typedef enum { SOCKET_FORWARD, SOCKET_BACKWARD, SOCKET_BOTH } SocketDirection;

/* One size of a mix. */
typedef struct {
    double bytes;
    double weight;
} MessageSpec;

typedef struct {
    char *name;
    char *from, *to; /* guests; from connects */
    gint64 port;     /* 0: one that is free */
    gboolean listening;
    gboolean modified; /* the application was written for the system's own calls */
    SocketSystemSpec *system;
    SocketSystemSpec *network; /* what carries TCP */
    SocketReading reading;
    double buffer_bytes, tcp_bytes;
    double call_bytes; /* NAN: half a data buffer */
    gboolean blocking;
    double retransmit_s;
    double table_message_s; /* NAN: one table for all machines */
    SocketApplication application;
    SocketDirection direction; /* BULK, BURSTY */
    GArray *messages;          /* of MessageSpec: the mix of sizes */
    double answer_bytes;       /* REQUEST_RESPONSE; NAN: as the request */
    double receive_bytes;      /* BULK, BURSTY: of a call that returns with what there is; NAN: a message, all of it */
    double pause_s;            /* REQUEST_RESPONSE: between two requests; BURSTY: between two bursts */
    gint64 burst;              /* BURSTY: messages in one */
    gint64 connections;
    double start_s, stop_s; /* stop NAN: goes on */
    gint64 count;           /* messages of each connection; 0: no limit */
} SocketSpec;

typedef struct {
    GArray *sockets; /* of SocketSpec */
} SocketKeys;

extern const FieldTable socket_table;

/* With the checks of socket_check.c. */
extern const PartKeys socket_keys;
extern const Field socket_keys_fields[];

const SocketKeys *socket_keys_of(const ScenarioSpec *scenario);
/* Of that name, which there is. */
const SocketSpec *socket_keys_find(const ScenarioSpec *scenario, const char *name);

SocketSystem socket_keys_system(const SocketSystemSpec *spec);

#endif
