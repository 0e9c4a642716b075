/* What no single key of a socket or of a VM's group can tell. */
#include "sim/parts/socket/socket_keys.h"

#include "models/socket/streamhash.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"

#include <math.h>

/* Groups are joined in the scenario's order (claim 3): the first VM creates a group, the others need its key. */
static gboolean
check_groups(const ScenarioSpec *scenario, GError **error)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        if (guest->group == 0)
            continue;
        const VmGroupResult result =
            vmgroup_table_start(groups, guest->name, (guint32)guest->group, (guint64)guest->group_key);
        if (result != VMGROUP_START_FAILED)
            continue;
        g_autofree char *message = vmgroup_message(result, (guint32)guest->group);
        return reject(error,
                      "/guests/%u/group_key: %s: \"%s\" has not the key of group %" G_GINT64_FORMAT
                      ", expected that of the group's first VM",
                      i, message, guest->name, guest->group);
    }
    return TRUE;
}

static gboolean
check_ends(const GArray *sockets, guint index, GError **error)
{
    const SocketSpec *socket = &g_array_index(sockets, SocketSpec, index);

    if (g_str_equal(socket->from, socket->to))
        return reject(error, "/sockets/%u/to: is the VM that connects, expected another one", index);
    for (guint i = 0; i < index && socket->port > 0; i++) {
        const SocketSpec *other = &g_array_index(sockets, SocketSpec, i);
        if (other->port == socket->port && g_str_equal(other->to, socket->to))
            return reject(error,
                          "/sockets/%u/port: %" G_GINT64_FORMAT " of \"%s\" is in use by \"%s\", expected another one",
                          index, socket->port, socket->to, other->name);
    }
    return TRUE;
}

static double
largest_message(const SocketSpec *socket)
{
    double bytes = 0;

    for (guint i = 0; i < socket->messages->len; i++)
        bytes = MAX(bytes, g_array_index(socket->messages, MessageSpec, i).bytes);
    return bytes;
}

static gboolean
check_messages(const SocketSpec *socket, guint index, GError **error)
{
    const gboolean answers = socket->application == SOCKET_REQUEST_RESPONSE;

    for (guint i = 0; answers && i < socket->messages->len; i++)
        if (g_array_index(socket->messages, MessageSpec, i).bytes == 0)
            return reject(error, "/sockets/%u/messages/%u/size: nobody can answer a request of 0 bytes, expected more",
                          index, i);
    if (answers && socket->answer_bytes == 0)
        return reject(error, "/sockets/%u/answer: nobody notices an answer of 0 bytes, expected more", index);
    if (largest_message(socket) == 0)
        return reject(error, "/sockets/%u/messages: all are of 0 bytes, expected one that is not", index);
    if (largest_message(socket) * (double)socket->count >= ldexp(1, STREAMHASH_BITS))
        return reject(error, "/sockets/%u/count: the messages may come to more than 256 TiB, expected less", index);
    return TRUE;
}

/* An application must fit its system: [0010]. */
static gboolean
check_system(const SocketSpec *socket, guint index, GError **error)
{
    const SocketSystemSpec *system = socket->system;

    if (!system->transparent && !socket->modified)
        return reject(error,
                      "/sockets/%u/modified: the system does not run an application that was written for "
                      "sockets, expected \"modified\": true or a transparent system",
                      index);
    if (system->notify_s > system->wake_s)
        return reject(error, "/sockets/%u/system/notify: is more than \"wake\", expected less", index);
    if (system->notify_awake_s > system->notify_s) /* false where it is absent */
        return reject(error, "/sockets/%u/system/notify_awake: is more than \"notify\", expected less", index);
    if (system->wake_s > system->path_s + system->tcp_s + system->ack_s)
        return reject(error, "/sockets/%u/system/wake: is more than \"path\", expected a part of it", index);
    if (socket->network->level != SOCKETSYSTEM_NETWORK)
        return reject(error, "/sockets/%u/network/level: is no network, expected \"network\"", index);
    if (socket->network->stack_s > socket->network->path_s)
        return reject(error, "/sockets/%u/network/stack: is more than \"path\", expected a part of it", index);
    if (!isnan(socket->stop_s) && socket->stop_s < socket->start_s)
        return reject(error, "/sockets/%u/stop: is before the start, expected later", index);
    return TRUE;
}

/* A migration keeps to its VM's part of the network, so this is enough for all times. */
static gboolean
check_route(const ScenarioSpec *scenario, const Network *network, const SocketSpec *socket, guint index, GError **error)
{
    const char *from = scenario_guest(scenario, socket->from)->host;
    const char *to = scenario_guest(scenario, socket->to)->host;

    return network_connects(network, from, to) ||
           reject(error, "/sockets/%u/to: no route from \"%s\" to \"%s\", expected links that join them", index, from,
                  to);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    const GArray *sockets = socket_keys_of(scenario)->sockets;

    if (!check_groups(scenario, error))
        return FALSE;
    for (guint i = 0; i < sockets->len; i++) {
        const SocketSpec *socket = &g_array_index(sockets, SocketSpec, i);
        if (!check_ends(sockets, i, error) || !check_messages(socket, i, error) || !check_system(socket, i, error) ||
            !check_route(scenario, network, socket, i, error))
            return FALSE;
    }
    return TRUE;
}

const PartKeys socket_keys = {"socket", .fields = socket_keys_fields, .size = sizeof(SocketKeys), .check = check};
