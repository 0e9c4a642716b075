#include "sim/parts/traffic/traffic_part.h"

#include "sim/parts/traffic/traffic_keys.h"
#include "sim/world/channel.h"
#include "sim/world/outlook.h"
#include "sim/world/platform.h"

#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/host.h>

#define REPAIR_POLL_S 0.1  /* chosen: how often a flow that was cut looks whether its path is back */
#define FLOW_PIECE_S  10.0 /* chosen: a flow is sent in pieces of this long at its full rate */

typedef struct {
    World *world;
    const FlowSpec *spec;
    Channel *channel;
    double rate_Bps; /* that it can reach at most */
} Flow;

static double
flow_end_s(const FlowSpec *spec)
{
    return isnan(spec->duration_s) ? INFINITY : spec->start_s + spec->duration_s;
}

/* One piece; returns when it has arrived, was cut, or the flow's time is over. */
static void
send_piece(const Flow *flow)
{
    const double left_s = flow_end_s(flow->spec) - world_now();
    const double bytes = flow->rate_Bps * MIN(left_s, FLOW_PIECE_S) + 1;

    if (channel_send(flow->channel, bytes, left_s) == SG_ERROR_NETWORK)
        sg_actor_sleep_for(REPAIR_POLL_S);
}

static void
run_flow(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    Flow *flow = sg_actor_self_get_data();
    const guint to = world_host(flow->world, flow->spec->to);

    sg_actor_sleep_until(flow->spec->start_s);
    /* only now: SimGrid knows no routes before it runs */
    flow->rate_Bps = sg_host_get_route_bandwidth(sg_host_self(), flow->world->hosts[to].sg);
    flow->channel = channel_open(flow->world, to);
    while (world_now() < flow_end_s(flow->spec))
        send_piece(flow);
    channel_close(flow->channel);
}

/* Name of the SimGrid host that the flow sends from. (transfer full) */
static char *
source_of(const FlowSpec *spec)
{
    return isnan(spec->rate_Bps) ? g_strdup(spec->from) : g_strconcat("flow:", spec->name, NULL);
}

static void
plug(World *world)
{
    const GArray *flows = traffic_keys_of(world->scenario)->flows;

    for (guint i = 0; i < flows->len; i++) {
        const FlowSpec *spec = &g_array_index(flows, FlowSpec, i);
        g_autofree char *source = source_of(spec);
        if (!isnan(spec->rate_Bps))
            platform_add_source(world, source, spec->from, spec->rate_Bps);
    }
}

static void
start_flow(World *world, const FlowSpec *spec)
{
    /* lives as long as the world: its actor may be cut off at the end */
    Flow *flow = g_new0(Flow, 1);
    g_autofree char *source = source_of(spec);
    g_autofree char *name = g_strconcat("flow ", spec->name, NULL);

    flow->world = world;
    flow->spec = spec;
    g_ptr_array_add(part_of_world(world, &traffic_part), flow);
    world_start_actor(name, sg_host_by_name(source), run_flow, flow, TRUE);
}

static void
start(World *world)
{
    const GArray *flows = traffic_keys_of(world->scenario)->flows;

    part_set_world(world, &traffic_part, g_ptr_array_new_with_free_func(g_free));
    for (guint i = 0; i < flows->len; i++)
        start_flow(world, &g_array_index(flows, FlowSpec, i));
}

static gboolean
may_send(World *world, const Path *path)
{
    const GArray *flows = traffic_keys_of(world->scenario)->flows;
    const double now_s = world_now();

    for (guint i = 0; i < flows->len; i++) {
        const FlowSpec *spec = &g_array_index(flows, FlowSpec, i);
        const guint from = world_host(world, spec->from), to = world_host(world, spec->to);
        if (spec->start_s <= now_s && now_s < flow_end_s(spec) && from != to &&
            path_shares_cable(path, path_between(world, from, to)))
            return TRUE;
    }
    return FALSE;
}

static void
foresee(World *world)
{
    const GArray *flows = traffic_keys_of(world->scenario)->flows;

    for (guint i = 0; i < flows->len; i++) {
        const FlowSpec *spec = &g_array_index(flows, FlowSpec, i);
        const guint from = world_host(world, spec->from), to = world_host(world, spec->to);
        outlook_add_path(world, from, to, spec->start_s);
        if (isfinite(flow_end_s(spec)))
            outlook_add_path(world, from, to, flow_end_s(spec));
    }
}

static void
forget(World *world)
{
    GPtrArray *flows = part_of_world(world, &traffic_part);

    g_clear_pointer(&flows, g_ptr_array_unref);
}

const Part traffic_part = {"traffic",          .keys = &traffic_keys, .plug = plug,    .start = start,
                           .foresee = foresee, .may_send = may_send,  .forget = forget};
