#include "models/socket/socketsystem.h"

/* One byte's first copy, the sender's. */
static double
socketsystem_copy_in_s(const SocketSystem *system)
{
    return system->copies > 0 ? system->copy_in_per_byte_s : 0;
}

/* Its second, the receiver's. */
static double
socketsystem_copy_out_s(const SocketSystem *system)
{
    return system->copies > 1 ? system->copy_out_per_byte_s : 0;
}

double
socketsystem_copy_between_s(const SocketSystem *system)
{
    return system->copies > 2 ? (system->copies - 2) * system->copy_out_per_byte_s : 0;
}

/* What depends on the size: copies and the packets after the first. */
static double
socketsystem_size_s(const SocketSystem *system, guint64 bytes)
{
    const double copied_s =
        (socketsystem_copy_in_s(system) + socketsystem_copy_between_s(system) + socketsystem_copy_out_s(system)) *
        (double)bytes;
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
    return system->path_s + system->tcp_s + system->ack_s - system->wake_s;
}

/* The fallback of every system is the network path: a copy at each end and one in the backend. */
static void
socketsystem_tcp_costs(const SocketSystem *network, ConnCosts *costs)
{
    const double ends_s = network->stack_s + network->tcp_s;

    costs->fixed_s[CONN_WORK_TCP_IN] = costs->fixed_s[CONN_WORK_TCP_OUT] = ends_s / 2;
    costs->fixed_s[CONN_WORK_TCP_FLIGHT] = network->path_s - network->stack_s + network->ack_s;
    costs->per_byte_s[CONN_WORK_TCP_IN] = socketsystem_copy_in_s(network);
    costs->per_byte_s[CONN_WORK_TCP_OUT] = socketsystem_copy_out_s(network);
    costs->per_byte_s[CONN_WORK_TCP_FLIGHT] =
        socketsystem_copy_between_s(network) + socketsystem_packet_per_byte_s(network);
    costs->fixed_s[CONN_WORK_RESEND] = ends_s / 2;
    costs->per_byte_s[CONN_WORK_RESEND] = socketsystem_copy_in_s(network);
}

void
socketsystem_conn_costs(const SocketSystem *system, const SocketSystem *network, ConnCosts *costs)
{
    const double packet_per_byte_s = socketsystem_packet_per_byte_s(system) / 2;

    *costs = (ConnCosts){.switch_s = system->notify_s / 2}; /* a notification is two switches */
    costs->fixed_s[CONN_WORK_COPY_IN] = system->sender_share * socketsystem_work_s(system);
    costs->fixed_s[CONN_WORK_COPY_OUT] = (1 - system->sender_share) * socketsystem_work_s(system);
    costs->per_byte_s[CONN_WORK_COPY_IN] = socketsystem_copy_in_s(system) + packet_per_byte_s;
    costs->per_byte_s[CONN_WORK_COPY_OUT] = socketsystem_copy_out_s(system) + packet_per_byte_s;
    /* the interrupt's own two switches come on top, so that this may be less than nothing */
    costs->fixed_s[CONN_WORK_HANDLE] = system->wake_s - 2 * system->notify_s;
    costs->fixed_s[CONN_WORK_BUILD] = system->build_s;
    costs->fixed_s[CONN_WORK_RECLAIM] = system->build_s;
    socketsystem_tcp_costs(network, costs);
}
