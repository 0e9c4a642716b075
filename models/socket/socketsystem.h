/* A system of sockets between VMs: what it is and what a message costs on it. The eight of the patent's background and
 * the invention are data: configs/sockets/.
 *
 * Source: CN101859263A [0007] (copies, switches), [0009] (levels), [0010] (transparency), [0011] (migration), [0022]
 * (kernel patch); measured round trips: netperf TCP_RR over netfront/netback 3515/s and over XenLoop ported to
 * Linux 5.4 7627/s on one machine (PIVOT 2022, i5-2400). Parameters and their sources: docs/models/socket.md.
 *
 * One message one way costs
 *   path_s                     protocol stack or module, notification, wake-up of the receiving VM
 * + tcp_s                      TCP only: what TCP does more than UDP at both ends
 * + ack_s                      TCP only: the acknowledgment is a packet of its own on the same path
 * + copies × bytes              the first at copy_in_per_byte_s, the others at copy_out_per_byte_s: the receiver finds
 * in another processor's cache what the sender has in its own
 * + packet_s × (packets - 1)   packets of packet_bytes; the first is in path_s
 * Fitted: path_s of netback and of XenLoop, each on its TCP_RR. Everything else is derived or chosen; UDP_RR is
 * predicted.
 *
 * Scope: an idle machine; the CPU's share and the contention of many VMs belong to the world.
 */
#ifndef TANDEM_MODELS_SOCKET_SOCKETSYSTEM_H
#define TANDEM_MODELS_SOCKET_SOCKETSYSTEM_H

#include "models/socket/conn.h"

typedef enum {
    SOCKETSYSTEM_NETWORK,    /* the ordinary path, no second one */
    SOCKETSYSTEM_BELOW_IP,   /* packets, after the whole protocol stack */
    SOCKETSYSTEM_SOCKET,     /* between the socket layer and TCP/IP */
    SOCKETSYSTEM_APPLICATION /* a library */
} SocketSystemLevel;

typedef enum { SOCKETSYSTEM_TCP, SOCKETSYSTEM_UDP } SocketSystemProtocol;

typedef struct {
    const char *name;
    SocketSystemLevel level;
    gboolean transparent;  /* runs an application written for sockets unchanged */
    gboolean migratable;   /* a connection survives its VM's migration */
    gboolean kernel_patch; /* of the guest */
    guint8 copies;   /* of every byte, one way: the first is the sender's, the second the receiver's, more are made
                        on the way */
    guint8 switches; /* between guest and VMM for a message that wakes its receiver, one way */
    double path_s, tcp_s, ack_s;
    guint64 packet_bytes; /* 0: no packets */
    double packet_s;
    double stack_s;  /* of path_s: the protocol stack, both ends */
    double wake_s;   /* of path_s: notification and wake-up of the receiving VM */
    double notify_s; /* of wake_s: registering and injecting an event */
    double build_s;  /* building, or reclaiming, a control block with its buffers */
    double copy_in_per_byte_s, copy_out_per_byte_s;
    double sender_share;        /* of what both ends do for a message besides notification, wake-up and copies */
    double notify_awake_s;      /* of a peer that has joined the queue and does not sleep yet */
    double handover_s;          /* more of a send while the receiver is awake: what both touch is in its cache */
    double handover_per_byte_s; /* what a receive takes while the sender is awake, where that is more than its fixed
                                   part: then each message is fetched from the sender's cache, and not many at a time */
    double ack_work_s;    /* more of a send when the receiver has received since the last one: the acknowledgment */
    double queue_s;       /* joining the queue of sleepers, before looking again */
    gboolean notify_once; /* a sleeper's peer notifies it once; else with each message until it has woken, as the
                             patent's wording has it: it looks at the queue, which the interrupt's handling empties */
} SocketSystem;

double socketsystem_one_way_s(const SocketSystem *system, SocketSystemProtocol protocol, guint64 bytes);

/* Request/response of equal messages, one at a time, per second. */
double socketsystem_rr_per_s(const SocketSystem *system, SocketSystemProtocol protocol, guint64 bytes);

/* Of one byte, its copies on the way between the two ends. */
double socketsystem_copy_between_s(const SocketSystem *system);

/* path_s such that TCP_RR of one byte gives this rate. */
double socketsystem_fit_path_s(const SocketSystem *system, double tcp_rr_per_s);

/* The same costs for the steps of models/socket/conn.h. What wakes a VM is split into
 * notification and wake-up, so that a stream that never sleeps does not pay for them; packets after the first are paid
 * by the byte. The TCP steps cost what the network path does (netback): CONN_WORK_TCP_IN and …_OUT the two ends,
 * CONN_WORK_TCP_FLIGHT everything between the stacks but the wire, which is the world's. */
void socketsystem_conn_costs(const SocketSystem *system, const SocketSystem *network, ConnCosts *costs);

#endif
