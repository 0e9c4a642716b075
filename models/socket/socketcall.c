#include "models/socket/socketcall.h"

#include <math.h>

/* One that cannot migrate has no second path to change over to: who begins apart stays on TCP. */
void
socketcall_init(SocketCall *call, const SocketSystem *system, const SocketSystem *network, gboolean one_group,
                const guint hosts[2])
{
    *call = (SocketCall){system, network, one_group, {hosts[0], hosts[1]}, FALSE};
    if (system->level == SOCKETSYSTEM_NETWORK || (!system->migratable && hosts[0] != hosts[1]))
        call->one_group = FALSE;
}

gboolean
socketcall_is_apart(const SocketCall *call)
{
    return call->host[0] != call->host[1];
}

gboolean
socketcall_is_over_memory(const SocketCall *call)
{
    return call->one_group && !socketcall_is_apart(call);
}

void
socketcall_move(SocketCall *call, const guint hosts[2])
{
    const gboolean moved = hosts[0] != call->host[0] || hosts[1] != call->host[1];

    call->broken = call->broken || (moved && socketcall_is_over_memory(call) && !call->system->migratable); /* [0011] */
    call->host[0] = hosts[0];
    call->host[1] = hosts[1];
}

double
socketcall_one_way_s(const SocketCall *call, guint64 bytes, double wire_latency_s, double wire_rate_Bps)
{
    if (call->broken)
        return INFINITY;
    if (socketcall_is_over_memory(call))
        return socketsystem_one_way_s(call->system, SOCKETSYSTEM_TCP, bytes);
    const double wire_s = socketcall_is_apart(call) ? wire_latency_s + (double)bytes / wire_rate_Bps : 0;
    return socketsystem_one_way_s(call->network, SOCKETSYSTEM_TCP, bytes) + wire_s;
}
