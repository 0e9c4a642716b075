/* The eight systems of configs/sockets/ for tests of the models, which read no files. test_socket_profiles holds the
 * two together. */
#ifndef TANDEM_TESTS_MODELS_SOCKET_SYSTEMS_H
#define TANDEM_TESTS_MODELS_SOCKET_SYSTEMS_H

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

/* Chosen: the receiver's share is the larger, for it also goes back to its application; a system call's worth. */
#define SENDER_SHARE 0.45
#define QUEUE_S      1e-6

#define REST STACK_S, WAKE_S, NOTIFY_S, BUILD_S, COPY_S, COPY_S, SENDER_SHARE, NOTIFY_S, 0, 0, 0, QUEUE_S, FALSE

/* Copies: [0007], two ways of communication: three copies over the network path, two over a shared buffer. Switches:
 * the notifying call in and back, the interrupt out and in: four; through the backend's own VM twice that. */
static const SocketSystem systems_table[] = {
    {"netback", SOCKETSYSTEM_NETWORK, TRUE, TRUE, FALSE, 3, 8, NETBACK_PATH_S, TCP_S, NETBACK_ACK_S, MTU_PAYLOAD,
     NETBACK_ACK_S, REST},
    {"VMCI", SOCKETSYSTEM_SOCKET, FALSE, FALSE, FALSE, 2, 4, WAKE_S + MODULE_S, 0, 0, 0, 0, REST},
    {"XenSocket", SOCKETSYSTEM_SOCKET, FALSE, FALSE, FALSE, 2, 4, WAKE_S + MODULE_S, 0, 0, 0, 0, REST},
    {"XWay", SOCKETSYSTEM_SOCKET, TRUE, FALSE, TRUE, 2, 4, WAKE_S + MODULE_S, 0, 0, 0, 0, REST},
    {"IVC", SOCKETSYSTEM_APPLICATION, FALSE, TRUE, FALSE, 2, 4, WAKE_S + LIBRARY_S, 0, 0, 0, 0, REST},
    {"MMNet", SOCKETSYSTEM_BELOW_IP, TRUE, FALSE, FALSE, 2, 4, XENLOOP_PATH_S, TCP_S, XENLOOP_ACK_S, MTU_PAYLOAD,
     XENLOOP_ACK_S, REST},
    {"XenLoop", SOCKETSYSTEM_BELOW_IP, TRUE, TRUE, FALSE, 2, 4, XENLOOP_PATH_S, TCP_S, XENLOOP_ACK_S, MTU_PAYLOAD,
     XENLOOP_ACK_S, REST},
    {"invention", SOCKETSYSTEM_SOCKET, TRUE, TRUE, FALSE, 2, 4, WAKE_S + MODULE_S, 0, 0, 0, 0, REST},
};

static inline const SocketSystem *
systems_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(systems_table); i++)
        if (g_str_equal(systems_table[i].name, name))
            return &systems_table[i];
    return NULL;
}

#endif
