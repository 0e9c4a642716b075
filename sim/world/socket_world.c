#include "sim/world/socket_world.h"

#include "sim/world/channel.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/invariant.h"
#include "sim/world/outlook.h"
#include "sim/world/socket_collect.h"

#include <math.h>
#include <simgrid/actor.h>

#define FINISH_POLL_S                                                                                                  \
    10e-3 /* chosen: how often a connection that the run waits for is looked at while it is on one host */

/* ---- making ---- */

static void
read_sizes(SocketStream *stream)
{
    const GArray *messages = stream->spec->messages;
    double sum = 0, so_far = 0;

    stream->sizes = g_new(guint64, messages->len);
    stream->cumulated = g_new(double, messages->len);
    for (guint i = 0; i < messages->len; i++)
        sum += g_array_index(messages, MessageSpec, i).weight;
    for (guint i = 0; i < messages->len; i++) {
        const MessageSpec *message = &g_array_index(messages, MessageSpec, i);
        so_far += message->weight;
        stream->sizes[i] = (guint64)message->bytes;
        stream->cumulated[i] = so_far / sum;
    }
}

static void
read_load(SocketStream *stream)
{
    const SocketSpec *spec = stream->spec;
    static const SocketRunApplication applications[] = {SOCKETRUN_BULK, SOCKETRUN_REQUEST, SOCKETRUN_BURSTY};
    const gboolean pauses = spec->application != SOCKET_BULK;

    read_sizes(stream);
    stream->load = (SocketRunLoad){
        .application = applications[spec->application],
        .sizes = stream->sizes,
        .cumulated = stream->cumulated,
        .n_sizes = spec->messages->len,
        .answer_bytes = isnan(spec->answer_bytes) || spec->application != SOCKET_REQUEST_RESPONSE
                            ? G_MAXUINT64
                            : (guint64)spec->answer_bytes,
        .nonblocking = !spec->blocking,
        .start_s = spec->start_s,
        .stop_s = isnan(spec->stop_s) ? INFINITY : spec->stop_s,
        .messages = spec->count > 0 ? (guint64)spec->count : G_MAXUINT64,
        .burst = spec->application == SOCKET_BURSTY ? (guint64)spec->burst : 1,
        .pause_s = pauses ? spec->pause_s : 0,
    };
}

static const GuestSpec *
guest_of(const Domain *domain)
{
    const GArray *guests = domain->world->scenario->guests;

    for (guint i = 0; i < guests->len; i++)
        if (g_str_equal(g_array_index(guests, GuestSpec, i).name, domain->name))
            return &g_array_index(guests, GuestSpec, i);
    g_assert_not_reached();
}

static SocketRunSetting
setting_of(const SocketStream *stream, guint number)
{
    const SocketSpec *spec = stream->spec;
    SocketRunSetting setting = {
        .system = &stream->system,
        .network = &stream->network,
        .retransmit_s = spec->retransmit_s,
        .number = number,
        .conn = {.buffer_bytes = (guint64)spec->buffer_bytes,
                 .tcp_bytes = (guint64)spec->tcp_bytes,
                 .segment_bytes = (guint64)spec->tcp_bytes,
                 .literal = spec->reading == READING_LITERAL ? CONN_LITERAL : 0,
                 .listening = spec->listening},
    };

    for (int i = 0; i < 2; i++) {
        const GuestSpec *guest = guest_of(stream->ends[i]);
        setting.host[i] = domain_host(stream->ends[i]);
        setting.conn.key[i] = (guint64)guest->group_key;
        setting.conn.gid[i] = guest->group > 0 ? (guint32)guest->group : G_MAXUINT32 - 2 - (guint32)i;
    }
    return setting;
}

static void
add_connection(SocketStream *stream, guint number)
{
    SocketConnection *connection = g_new0(SocketConnection, 1);
    const SocketRunSetting setting = setting_of(stream, number);
    g_autofree char *name = g_strdup_printf("%s %u", stream->name, number);

    connection->stream = stream;
    connection->run = socketrun_new(&setting, &stream->load, &stream->key, &stream->log, stream->world->seed, name);
    g_ptr_array_add(stream->connections, connection);
}

static void
free_carrier(SocketCarrier *carrier)
{
    if (!carrier)
        return;
    sg_sem_destroy(carrier->changed);
    g_free(carrier);
}

static void
free_connection(gpointer data)
{
    SocketConnection *connection = data;

    socketrun_free(connection->run);
    for (int flow = 0; flow < 2; flow++)
        free_carrier(connection->carriers[flow]);
    if (connection->changed)
        sg_sem_destroy(connection->changed);
    g_free(connection);
}

static void
join_domain(Domain *domain, SocketStream *stream)
{
    if (!domain->sockets)
        domain->sockets = g_ptr_array_new();
    g_ptr_array_add(domain->sockets, stream);
}

static void
add_stream(World *world, const SocketSpec *spec, gboolean back, const char *suffix)
{
    SocketStream *stream = g_new0(SocketStream, 1);
    RandomStream random;

    stream->world = world;
    stream->spec = spec;
    stream->name = g_strconcat(spec->name, suffix, NULL);
    stream->ends[back] = world_domain(world, spec->from);
    stream->ends[!back] = world_domain(world, spec->to);
    stream->running[0] = stream->running[1] = TRUE;
    stream->system = socket_spec_system(spec->system);
    stream->network = socket_spec_system(spec->network);
    read_load(stream);
    random_init(&random, world->seed, "stream hash", stream->name);
    streamhash_key_init(&stream->key, random_u64(&random));
    socketlog_init(&stream->log, 0);
    stream->connections = g_ptr_array_new_with_free_func(free_connection);
    for (guint i = 0; i < (guint)spec->connections; i++)
        add_connection(stream, i + 1);
    for (int i = 0; i < 2; i++)
        join_domain(stream->ends[i], stream);
    g_ptr_array_add(world->sockets, stream);
}

/* A connection takes an actor with a stack; a few more are the world's own. */
static gboolean
check_room(const World *world, GError **error)
{
    const GArray *sockets = world->scenario->sockets;
    const guint64 most = guard_actors_max();
    guint64 connections = 0;

    for (guint i = 0; i < sockets->len; i++) {
        const SocketSpec *spec = &g_array_index(sockets, SocketSpec, i);
        const gboolean both = spec->application != SOCKET_REQUEST_RESPONSE && spec->direction == SOCKET_BOTH;
        connections += (guint64)spec->connections * (both ? 2 : 1);
        if (connections <= most)
            continue;
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_TOO_LARGE,
                    "/sockets/%u/connections: %" G_GUINT64_FORMAT
                    " connections with those before, expected at most %" G_GUINT64_FORMAT
                    ", as many as this process can hold (ulimit -v, vm.max_map_count)",
                    i, connections, most);
        return FALSE;
    }
    return TRUE;
}

static void free_stream(gpointer data);

static gboolean
create(World *world, GError **error)
{
    world->sockets = g_ptr_array_new_with_free_func(free_stream);
    if (!check_room(world, error))
        return FALSE;
    for (guint i = 0; i < world->scenario->sockets->len; i++) {
        const SocketSpec *spec = &g_array_index(world->scenario->sockets, SocketSpec, i);
        const gboolean one_way = spec->application != SOCKET_REQUEST_RESPONSE;
        if (!one_way || spec->direction != SOCKET_BACKWARD)
            add_stream(world, spec, FALSE, "");
        if (one_way && spec->direction != SOCKET_FORWARD)
            add_stream(world, spec, TRUE, spec->direction == SOCKET_BOTH ? ".back" : "");
    }
    return TRUE;
}

static void
free_stream(gpointer data)
{
    SocketStream *stream = data;

    g_ptr_array_unref(stream->connections);
    socketlog_clear(&stream->log);
    g_free(stream->sizes);
    g_free(stream->cumulated);
    g_free(stream->name);
    g_free(stream);
}

/* ---- waiting: a semaphore, as in vtpm_service.c ---- */

static void
wait_at_most(sg_sem_t changed, gboolean *waiting, double at_most_s)
{
    guard_pass();
    *waiting = TRUE;
    if (isinf(at_most_s))
        sg_sem_acquire(changed);
    else
        (void)sg_sem_acquire_timeout(changed, at_most_s);
    *waiting = FALSE;
}

static void
wake(sg_sem_t changed, gboolean *waiting)
{
    if (!*waiting)
        return;
    *waiting = FALSE;
    sg_sem_release(changed);
}

/* ---- the wire ---- */

/* Sends a batch from where its sender is to where its receiver is, and again after TCP's time-outs. FALSE: TCP gives
 * up. A batch whose VMs have met meanwhile need not cross. */
static gboolean
carry(const SocketCarrier *carrier, double bytes)
{
    const SocketStream *stream = carrier->connection->stream;
    World *world = stream->world;

    for (guint tries = 0; tries <= SOCKETRUN_RETRIES; tries++) {
        const guint from = domain_host(stream->ends[carrier->flow]);
        const guint to = domain_host(stream->ends[!carrier->flow]);
        if (from == to)
            return TRUE;
        const Path *path = path_between(world, from, to);
        sg_actor_set_host(sg_actor_self(), world->hosts[from].sg);
        Channel *channel = channel_open(world, to);
        path_begin_transfer(world, path);
        const sg_error_t error = channel_send(channel, MAX(bytes, 1), INFINITY);
        path_end_transfer(world, path);
        channel_close(channel);
        if (error == SG_OK)
            return TRUE;
        guard_pass();
        sg_actor_sleep_for(MIN(ldexp(stream->spec->retransmit_s, (int)tries), SOCKETWIRE_TIMEOUT_S));
    }
    return FALSE;
}

static void
run_carrier(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    SocketCarrier *carrier = sg_actor_self_get_data();
    SocketConnection *connection = carrier->connection;
    guint64 bytes;

    for (;;) {
        while (!socketrun_wire_take(connection->run, carrier->flow, &bytes))
            wait_at_most(carrier->changed, &carrier->waiting, INFINITY);
        if (carry(carrier, (double)bytes))
            socketrun_wire_arrived(connection->run, carrier->flow, world_now());
        else
            socketrun_give_up(connection->run, SOCKETRUN_TIMED_OUT, world_now());
        wake(connection->changed, &connection->waiting);
    }
}

static void
call_carrier(SocketConnection *connection, int flow)
{
    const SocketStream *stream = connection->stream;
    SocketCarrier *carrier = connection->carriers[flow];

    if (carrier) {
        wake(carrier->changed, &carrier->waiting);
        return;
    }
    carrier = g_new0(SocketCarrier, 1);
    *carrier = (SocketCarrier){connection, flow, FALSE, sg_sem_init(0)};
    connection->carriers[flow] = carrier;
    world_start_actor(stream->name, stream->world->hosts[domain_host(stream->ends[flow])].sg, run_carrier, carrier,
                      TRUE);
}

/* ---- one connection ---- */

static gboolean
is_awaited(const SocketStream *stream)
{
    return stream->spec->count > 0 || !isnan(stream->spec->stop_s);
}

/* How long nobody needs to look at the connection. */
static double
rest_s(const SocketConnection *connection)
{
    const double now_s = world_now();

    if (socketrun_is_coupled(connection->run))
        return MAX(socketrun_next_s(connection->run) - now_s, 0);
    if (connection->stream->load.start_s > now_s)
        return connection->stream->load.start_s - now_s;
    return is_awaited(connection->stream) ? FINISH_POLL_S : INFINITY;
}

static void
run_connection(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    SocketConnection *connection = sg_actor_self_get_data();
    SocketRun *run = connection->run;

    for (;;) {
        socketrun_advance(run, world_now() + ENGINE_PRECISION_S);
        for (int flow = 0; flow < 2; flow++)
            if (socketrun_wire_waits(run, flow))
                call_carrier(connection, flow);
        if (socketrun_is_over(run) || (is_awaited(connection->stream) && socketrun_is_stuck(run)))
            return;
        wait_at_most(connection->changed, &connection->waiting, rest_s(connection));
    }
}

static void
start(World *world)
{
    for (guint i = 0; i < world->sockets->len; i++) {
        SocketStream *stream = g_ptr_array_index(world->sockets, i);
        for (guint k = 0; k < stream->connections->len; k++) {
            SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            connection->changed = sg_sem_init(0);
            world_start_actor(stream->name, world->hosts[0].sg, run_connection, connection, !is_awaited(stream));
        }
    }
}

/* ---- what happens to the VMs ---- */

static void
check_bytes(const SocketStream *stream, const SocketRun *run)
{
    invariant_check(stream->world, INVARIANT_SOCKET_BYTES, socketrun_bytes_are_right(run),
                    "socket %s: bytes were lost, repeated or reordered", stream->name);
}

static void
change_side(const SocketStream *stream, int side, gboolean running)
{
    const Domain *domain = stream->ends[side];

    for (guint i = 0; i < stream->connections->len; i++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, i);
        SocketRun *run = connection->run;
        socketrun_advance(run, world_now());
        if (domain_is_lost(domain))
            socketrun_give_up(run, SOCKETRUN_LOST, world_now());
        else if (running)
            socketrun_resume(run, side, domain_host(domain), world_now());
        else
            socketrun_stop(run, side, world_now());
        check_bytes(stream, run);
    }
}

static void
notice(Domain *domain)
{
    for (guint i = 0; domain->sockets && i < domain->sockets->len; i++) {
        SocketStream *stream = g_ptr_array_index(domain->sockets, i);
        const int side = stream->ends[0] == domain ? 0 : 1;
        const gboolean running = domain_is_running(domain);
        if (running == stream->running[side] && !domain_is_lost(domain))
            continue;
        stream->running[side] = running;
        change_side(stream, side, running);
    }
}

static void
wake_domain(Domain *domain)
{
    for (guint i = 0; domain->sockets && i < domain->sockets->len; i++) {
        const SocketStream *stream = g_ptr_array_index(domain->sockets, i);
        for (guint k = 0; k < stream->connections->len; k++) {
            SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            wake(connection->changed, &connection->waiting);
        }
    }
}

static void
advance_all(const SocketStream *stream)
{
    for (guint i = 0; i < stream->connections->len; i++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, i);
        socketrun_advance(connection->run, world_now());
    }
}

void
socket_world_migration(const Domain *domain, const char *name, gboolean begins)
{
    g_autofree char *label = g_strconcat(begins ? "during." : "after.", name, NULL);

    for (guint i = 0; domain->sockets && i < domain->sockets->len; i++) {
        SocketStream *stream = g_ptr_array_index(domain->sockets, i);
        stream->migrating += begins ? 1u : 0u;
        stream->migrating -= begins ? 0u : 1u;
        advance_all(stream);
        if (begins || stream->migrating == 0)
            socketlog_period(&stream->log, world_now(), label);
    }
}

/* ---- who plans ahead asks ---- */

/* When the time line sends one end elsewhere, the stream may take other ways from then on. */
static void
foresee_stream(World *world, const SocketStream *stream, const ActionSpec *action)
{
    g_autoptr(GArray) first = outlook_possible_hosts(stream->ends[0]);
    g_autoptr(GArray) second = outlook_possible_hosts(stream->ends[1]);

    outlook_add_paths(world, first, second, action->at_s);
    outlook_add_paths(world, second, first, action->at_s);
}

static void
foresee(World *world)
{
    const GArray *timeline = world->scenario->timeline;

    for (guint i = 0; i < timeline->len; i++) {
        const ActionSpec *action = &g_array_index(timeline, ActionSpec, i);
        if (action->kind != ACTION_MIGRATE)
            continue;
        const Domain *guest = world_domain(world, action->guest);
        for (guint k = 0; guest->sockets && k < guest->sockets->len; k++)
            foresee_stream(world, g_ptr_array_index(guest->sockets, k), action);
    }
}

static gboolean
is_over(const SocketStream *stream)
{
    for (guint i = 0; i < stream->connections->len; i++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, i);
        if (!socketrun_is_over(connection->run))
            return FALSE;
    }
    return TRUE;
}

/* Where the domain is, and where it goes. */
static guint
hosts_of(const Domain *domain, guint hosts[2])
{
    hosts[0] = domain_host(domain);
    hosts[1] = domain->destination;
    return domain->migrating ? 2 : 1;
}

static gboolean
stream_may_send(World *world, const SocketStream *stream, const Path *path)
{
    guint first[2], second[2];
    const guint n_first = hosts_of(stream->ends[0], first), n_second = hosts_of(stream->ends[1], second);

    for (guint i = 0; i < n_first; i++)
        for (guint k = 0; k < n_second; k++)
            if (first[i] != second[k] && (path_shares_cable(path, path_between(world, first[i], second[k])) ||
                                          path_shares_cable(path, path_between(world, second[k], first[i]))))
                return TRUE;
    return FALSE;
}

/* From where the VMs are or, while they migrate, where they go. */
static gboolean
may_send(World *world, const Path *path)
{
    for (guint i = 0; i < world->sockets->len; i++) {
        const SocketStream *stream = g_ptr_array_index(world->sockets, i);
        if (stream_may_send(world, stream, path) && !is_over(stream))
            return TRUE;
    }
    return FALSE;
}

/* ---- the end ---- */

static void
judge(const SocketStream *stream, const SocketRun *run)
{
    const gboolean clean = socketrun_outcome(run) != SOCKETRUN_CLOSED || socketrun_is_reclaimed(run);

    check_bytes(stream, run);
    invariant_check(stream->world, INVARIANT_SOCKET_END, clean && !socketrun_is_stuck(run), "socket %s: %s",
                    stream->name, clean ? "both ends wait for ever" : "buffers or control blocks are left");
}

static void
finish(World *world)
{
    for (guint i = 0; i < world->sockets->len; i++) {
        SocketStream *stream = g_ptr_array_index(world->sockets, i);
        advance_all(stream);
        socketlog_end(&stream->log, world_now());
        for (guint k = 0; k < stream->connections->len; k++) {
            const SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            socketrun_close_account(connection->run, world_now());
            judge(stream, connection->run);
        }
    }
}

static void
collect(World *world, Result *result)
{
    socket_collect(world, result);
}

static void
forget(World *world)
{
    g_clear_pointer(&world->sockets, g_ptr_array_unref);
}

const Part socket_part = {
    "socket",           .create = create,     .start = start,   .notice = notice,   .wake = wake_domain,
    .foresee = foresee, .may_send = may_send, .finish = finish, .collect = collect, .forget = forget};
