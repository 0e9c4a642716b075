#include "sim/world/flow.h"

#include "sim/world/channel.h"
#include "sim/world/platform.h"

#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/comm.h>
#include <simgrid/host.h>

#define REPAIR_POLL_S 0.1  /* chosen: how often a flow that was cut looks whether its path is back */
#define FLOW_PIECE_S  10.0 /* chosen: a flow is sent in pieces of this long at its full rate */

typedef struct {
    const FlowSpec *spec;
    Channel channel;
    double rate_Bps; /* that it can reach at most */
} Flow;

static double
flow_end_s(const FlowSpec *spec)
{
    return isnan(spec->duration_s) ? INFINITY : spec->start_s + spec->duration_s;
}

/* One piece; returns when it has arrived, was cut, or the flow's time is over. */
static void
send_piece(Flow *flow)
{
    static char payload;
    const double left_s = flow_end_s(flow->spec) - world_now();
    sg_comm_t comm =
        sg_mailbox_put_async(flow->channel.mailbox, &payload, (long)(flow->rate_Bps * MIN(left_s, FLOW_PIECE_S)) + 1);
    const sg_error_t error = isinf(left_s) ? sg_comm_wait(comm) : sg_comm_wait_for(comm, left_s);

    if (error == SG_ERROR_NETWORK)
        sg_actor_sleep_for(REPAIR_POLL_S);
}

static void
run_flow(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    Flow *flow = sg_actor_self_get_data();

    sg_actor_sleep_until(flow->spec->start_s);
    while (world_now() < flow_end_s(flow->spec))
        send_piece(flow);
    channel_close(&flow->channel);
}

static void
start_flow(World *world, const FlowSpec *spec)
{
    /* lives as long as the world: its actor may be cut off at the end */
    Flow *flow = g_new0(Flow, 1);
    g_autofree char *source = platform_flow_source(spec);
    g_autofree char *name = g_strconcat("flow ", spec->name, NULL);
    sg_host_t from = sg_host_by_name(source);

    flow->spec = spec;
    channel_open(&flow->channel, world, world_host(world, spec->to));
    flow->rate_Bps = sg_host_get_route_bandwidth(from, world->hosts[world_host(world, spec->to)].sg);
    g_ptr_array_add(world->flows, flow);
    sg_actor_t actor = sg_actor_init(name, from);
    sg_actor_set_data(actor, flow);
    sg_actor_start(actor, run_flow, 0, NULL);
    sg_actor_daemonize(actor);
}

void
flow_free(gpointer flow)
{
    g_free(flow);
}

void
flow_start_all(World *world)
{
    for (guint i = 0; i < world->scenario->flows->len; i++)
        start_flow(world, &g_array_index(world->scenario->flows, FlowSpec, i));
}
