/* Applications that call each other over a socket between their guests: a call and its answer take the time of a
 * message over the path that the two guests have at that date, which the graph is told as it changes.
 */
#include "sim/parts/application/application_world.h"

#include "sim/world/domain.h"
#include "sim/world/path.h"

#include <math.h>
#include <simgrid/actor.h>

struct ApplicationSocketCall {
    World *world;
    const ApplicationOverSpec *spec; /* borrowed */
    AppGraph *graph;
    guint caller, number; /* in the graph, and among its calls */
    Domain *ends[2];      /* who calls, who is called */
    SocketSystem system, network;
    SocketCall call;
};

static double
one_way_s(const ApplicationSocketCall *call, double bytes, guint sender)
{
    const guint from = domain_host(call->ends[sender]), to = domain_host(call->ends[!sender]);

    if (from == to)
        return socketcall_one_way_s(&call->call, (guint64)bytes, 0, INFINITY);
    const Path *path = path_between(call->world, from, to);
    return socketcall_one_way_s(&call->call, (guint64)bytes, path->latency_s, path->rate_Bps);
}

static void
tell_graph(const ApplicationSocketCall *call)
{
    appgraph_set_way(call->graph, call->caller, call->number, world_now(),
                     one_way_s(call, call->spec->request_bytes, 0), one_way_s(call, call->spec->answer_bytes, 1));
}

static void
look(ApplicationSocketCall *call)
{
    const guint hosts[2] = {domain_host(call->ends[0]), domain_host(call->ends[1])};

    if (hosts[0] == call->call.host[0] && hosts[1] == call->call.host[1])
        return;
    socketcall_move(&call->call, hosts);
    tell_graph(call);
}

void
application_sockets_look(const ApplicationWorld *own, const Domain *domain)
{
    for (guint i = 0; i < own->socket_calls->len; i++) {
        ApplicationSocketCall *call = g_ptr_array_index(own->socket_calls, i);
        if (call->ends[0] == domain || call->ends[1] == domain)
            look(call);
    }
}

/* SimGrid knows its routes when the world runs. */
static void
run_first_look(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const ApplicationWorld *own = sg_actor_self_get_data();

    for (guint i = 0; i < own->socket_calls->len; i++)
        tell_graph(g_ptr_array_index(own->socket_calls, i));
}

void
application_sockets_start(ApplicationWorld *own)
{
    if (own->socket_calls->len > 0)
        world_start_actor("calls over sockets", own->world->hosts[0].sg, run_first_look, own, TRUE);
}

void
application_sockets_add(ApplicationWorld *own, const Application *caller, const Application *callee,
                        const ApplicationOverSpec *spec)
{
    const ScenarioSpec *scenario = own->world->scenario;
    const SocketSpec *socket = socket_keys_find(scenario, spec->socket);
    const gint64 groups[2] = {scenario_guest(scenario, socket->from)->group,
                              scenario_guest(scenario, socket->to)->group};
    const guint hosts[2] = {domain_host(caller->domain), domain_host(callee->domain)};
    ApplicationSocketCall *call = g_new0(ApplicationSocketCall, 1);

    *call = (ApplicationSocketCall){.world = own->world,
                                    .spec = spec,
                                    .graph = caller->graph,
                                    .caller = caller->index,
                                    .ends = {caller->domain, callee->domain},
                                    .system = socket_keys_system(socket->system),
                                    .network = socket_keys_system(socket->network)};
    socketcall_init(&call->call, &call->system, &call->network, groups[0] > 0 && groups[0] == groups[1], hosts);
    call->number = appgraph_add_call(caller->graph, caller->index, callee->index, 0);
    g_ptr_array_add(own->socket_calls, call);
}
