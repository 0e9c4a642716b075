#include "models/socket/socketsystem.h"

/* All in seconds, one way. M: from memory of the XenLoop paper's table, another machine; D: arithmetic. */
#define STACK_S        12.6e-6 /* M, D: native loopback UDP_RR 39623/s, half a round trip: both ends of the stack */
#define TCP_S          3.02e-6 /* M, D: native loopback TCP_RR 31969/s against UDP_RR 39623/s, half the difference */
#define NETBACK_ACK_S  16.6e-6 /* M, D: netback UDP_STREAM 710 Mb/s in packets of 1472 B: one packet's service time */
#define XENLOOP_ACK_S  0.4e-6  /* chosen: one more entry in a FIFO that is being read anyway */
#define MODULE_S       1.0e-6  /* chosen: call analysis, control block look-up, counters, both ends */
#define NETBACK_PATH_S 122.627e-6                 /* fitted: TCP_RR 3515/s */
#define XENLOOP_PATH_S 62.136e-6                  /* fitted: TCP_RR 7627/s */
#define WAKE_S         (XENLOOP_PATH_S - STACK_S) /* D: notification and wake-up of the other VM, no stack */
#define LIBRARY_S      0.5e-6                     /* chosen: a message-passing library's matching, both ends */
#define COPY_S         0.2e-9                     /* chosen: 5 GB/s, one core copying between two caches */

/* How WAKE_S divides: chosen, a hypercall with event injection is a few microseconds, the rest is scheduling. */
#define NOTIFY_S 5.0e-6

/* Chosen: granting and mapping, or giving back, two buffers of 64 KiB: 32 pages at about 1.5 us. */
#define BUILD_S 50e-6

#define MTU_PAYLOAD 1448 /* Ethernet's 1500 less IP and TCP headers with timestamps */

/* Copies: [0007], two ways of communication: three copies over the network path, two over a shared buffer. Switches:
 * the notifying call in and back, the interrupt out and in: four; through the backend's own VM twice that. */
static const SocketSystem systems[] = {
    {"netback", SOCKETSYSTEM_NETWORK, TRUE, TRUE, FALSE, 3, 8, NETBACK_PATH_S, TCP_S, NETBACK_ACK_S, COPY_S,
     MTU_PAYLOAD, NETBACK_ACK_S},
    {"VMCI", SOCKETSYSTEM_SOCKET, FALSE, FALSE, FALSE, 2, 4, WAKE_S + MODULE_S, 0, 0, COPY_S, 0, 0},
    {"XenSocket", SOCKETSYSTEM_SOCKET, FALSE, FALSE, FALSE, 2, 4, WAKE_S + MODULE_S, 0, 0, COPY_S, 0, 0},
    {"XWay", SOCKETSYSTEM_SOCKET, TRUE, FALSE, TRUE, 2, 4, WAKE_S + MODULE_S, 0, 0, COPY_S, 0, 0},
    {"IVC", SOCKETSYSTEM_APPLICATION, FALSE, TRUE, FALSE, 2, 4, WAKE_S + LIBRARY_S, 0, 0, COPY_S, 0, 0},
    {"MMNet", SOCKETSYSTEM_BELOW_IP, TRUE, FALSE, FALSE, 2, 4, XENLOOP_PATH_S, TCP_S, XENLOOP_ACK_S, COPY_S,
     MTU_PAYLOAD, XENLOOP_ACK_S},
    {"XenLoop", SOCKETSYSTEM_BELOW_IP, TRUE, TRUE, FALSE, 2, 4, XENLOOP_PATH_S, TCP_S, XENLOOP_ACK_S, COPY_S,
     MTU_PAYLOAD, XENLOOP_ACK_S},
    {"invention", SOCKETSYSTEM_SOCKET, TRUE, TRUE, FALSE, 2, 4, WAKE_S + MODULE_S, 0, 0, COPY_S, 0, 0},
};

const SocketSystem *
socketsystem_table(gsize *rows)
{
    *rows = G_N_ELEMENTS(systems);
    return systems;
}

const SocketSystem *
socketsystem_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(systems); i++)
        if (g_str_equal(systems[i].name, name))
            return &systems[i];
    return NULL;
}

/* What depends on the size: copies and the packets after the first. */
static double
socketsystem_size_s(const SocketSystem *system, guint64 bytes)
{
    const double copied_s = system->copies * system->copy_per_byte_s * (double)bytes;
    const guint64 more_packets = system->packet_bytes > 0 && bytes > 0 ? (bytes - 1) / system->packet_bytes : 0;

    return copied_s + system->packet_s * (double)more_packets;
}

double
socketsystem_one_way_s(const SocketSystem *system, SocketSystemProtocol protocol, guint64 bytes)
{
    const double tcp_s = protocol == SOCKETSYSTEM_TCP ? system->tcp_s + system->ack_s : 0;

    return system->path_s + tcp_s + socketsystem_size_s(system, bytes);
}

double
socketsystem_rr_per_s(const SocketSystem *system, SocketSystemProtocol protocol, guint64 bytes)
{
    return 1 / (2 * socketsystem_one_way_s(system, protocol, bytes));
}

double
socketsystem_fit_path_s(const SocketSystem *system, double tcp_rr_per_s)
{
    return 1 / (2 * tcp_rr_per_s) - system->tcp_s - system->ack_s - socketsystem_size_s(system, 1);
}

/* A stream pays a packet's time by the byte. */
static double
socketsystem_packet_per_byte_s(const SocketSystem *system)
{
    return system->packet_bytes > 0 ? system->packet_s / (double)system->packet_bytes : 0;
}

/* What both ends do for a message besides notification, wake-up and copies. */
static double
socketsystem_work_s(const SocketSystem *system)
{
    return system->path_s + system->tcp_s + system->ack_s - WAKE_S;
}

/* The fallback of every system is the network path: a copy at each end and one in the backend. */
static void
socketsystem_tcp_costs(const SocketSystem *network, ConnCosts *costs)
{
    const double ends_s = STACK_S + network->tcp_s;

    costs->fixed_s[CONN_WORK_TCP_IN] = costs->fixed_s[CONN_WORK_TCP_OUT] = ends_s / 2;
    costs->fixed_s[CONN_WORK_TCP_FLIGHT] = network->path_s - STACK_S + network->ack_s;
    costs->per_byte_s[CONN_WORK_TCP_IN] = costs->per_byte_s[CONN_WORK_TCP_OUT] = network->copy_per_byte_s;
    costs->per_byte_s[CONN_WORK_TCP_FLIGHT] = network->copy_per_byte_s + socketsystem_packet_per_byte_s(network);
    costs->fixed_s[CONN_WORK_RESEND] = ends_s / 2;
    costs->per_byte_s[CONN_WORK_RESEND] = network->copy_per_byte_s;
}

void
socketsystem_conn_costs(const SocketSystem *system, ConnCosts *costs)
{
    const double per_byte_s = system->copy_per_byte_s + socketsystem_packet_per_byte_s(system) / 2;

    *costs = (ConnCosts){.switch_s = NOTIFY_S / 2}; /* a notification is two switches */
    costs->fixed_s[CONN_WORK_COPY_IN] = costs->fixed_s[CONN_WORK_COPY_OUT] = socketsystem_work_s(system) / 2;
    costs->per_byte_s[CONN_WORK_COPY_IN] = costs->per_byte_s[CONN_WORK_COPY_OUT] = per_byte_s;
    costs->fixed_s[CONN_WORK_HANDLE] = WAKE_S - 2 * NOTIFY_S;
    costs->fixed_s[CONN_WORK_BUILD] = BUILD_S;
    costs->fixed_s[CONN_WORK_RECLAIM] = BUILD_S;
    socketsystem_tcp_costs(socketsystem_find("netback"), costs);
}

void
socketsystem_bulk_costs(const SocketSystem *system, guint64 buffer_bytes, BulkCosts *costs)
{
    *costs = (BulkCosts){.in_s = socketsystem_work_s(system) / 2,
                         .out_s = socketsystem_work_s(system) / 2,
                         .per_byte_s = system->copy_per_byte_s + socketsystem_packet_per_byte_s(system) / 2,
                         .notify_s = NOTIFY_S,
                         .wake_s = WAKE_S - NOTIFY_S,
                         .buffer_bytes = buffer_bytes};
}
