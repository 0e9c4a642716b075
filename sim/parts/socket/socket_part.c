#include "sim/parts/socket/socket_part.h"

#include "sim/parts/socket/socket_results.h"
#include "sim/parts/socket/socket_stream.h"
#include "sim/world/channel.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/invariant.h"
#include "sim/world/outlook.h"
#include "sim/world/table_check.h"
#include "sim/world/timeline.h"

#include <math.h>
#include <simgrid/actor.h>

#define FINISH_POLL_S                                                                                                  \
    10e-3 /* chosen: how often a connection that the run waits for is looked at while it is on one host */

#define STAND_POLL_S 0.1 /* chosen: the same, while one end stands */

/* What the part keeps for the world; a domain has the list of its streams. */
typedef struct {
    GPtrArray *streams;    /* owned, of owned SocketStream, as in the scenario */
    GPtrArray *of_domains; /* owned, of owned lists of borrowed SocketStream */
} SocketWorld;

static const Invariant invariant_socket_bytes = {
    "socket_bytes", "every byte of a connection arrives once and in order: the receiver's hash"};
static const Invariant invariant_socket_end = {
    "socket_end", "nobody waits for ever, and a connection that has ended leaves nothing behind"};

static const GPtrArray *
streams_of_world(const World *world)
{
    return ((const SocketWorld *)part_of_world(world, &socket_part))->streams;
}

/* NULL: it has none. */
static const GPtrArray *
streams_of(const Domain *domain)
{
    return part_of_domain(domain, &socket_part);
}

/* ---- making ---- */

static void
join_domain(Domain *domain, SocketStream *stream)
{
    GPtrArray *streams = part_of_domain(domain, &socket_part);

    if (!streams) {
        SocketWorld *own = part_of_world(domain->world, &socket_part);
        streams = g_ptr_array_new();
        g_ptr_array_add(own->of_domains, streams);
        part_set_domain(domain, &socket_part, streams);
    }
    g_ptr_array_add(streams, stream);
}

static void
add_stream(World *world, const SocketSpec *spec, gboolean back, const char *suffix)
{
    SocketWorld *own = part_of_world(world, &socket_part);
    SocketStream *stream = socket_stream_new(world, spec, back, suffix);

    for (int i = 0; i < 2; i++)
        join_domain(stream->ends[i], stream);
    g_ptr_array_add(own->streams, stream);
}

/* A connection takes an actor with a stack; a few more are the world's own. */
static gboolean
check_room(const World *world, GError **error)
{
    const GArray *sockets = socket_keys_of(world->scenario)->sockets;
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

static gboolean
create(World *world, GError **error)
{
    const GArray *sockets = socket_keys_of(world->scenario)->sockets;
    SocketWorld *own = g_new(SocketWorld, 1);

    own->streams = g_ptr_array_new_with_free_func(socket_stream_free);
    own->of_domains = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    part_set_world(world, &socket_part, own);
    if (!check_room(world, error))
        return FALSE;
    if (sockets->len > 0) {
        invariant_add(world, &invariant_socket_bytes);
        invariant_add(world, &invariant_socket_end);
    }
    for (guint i = 0; i < sockets->len; i++) {
        const SocketSpec *spec = &g_array_index(sockets, SocketSpec, i);
        const gboolean one_way = spec->application != SOCKET_REQUEST_RESPONSE;
        if (!one_way || spec->direction != SOCKET_BACKWARD)
            add_stream(world, spec, FALSE, "");
        if (one_way && spec->direction != SOCKET_FORWARD)
            add_stream(world, spec, TRUE, spec->direction == SOCKET_BOTH ? ".back" : "");
    }
    return TRUE;
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

static gboolean
end_stands(const Domain *domain)
{
    return !domain_is_running(domain) && !domain->migrating;
}

/* One end's guest is stopped, gone or not created yet. */
static gboolean
stands(const SocketStream *stream)
{
    return end_stands(stream->ends[0]) || end_stands(stream->ends[1]);
}

/* And will be, as far as the time line goes: the run does not wait for such a connection, which stays open. */
static gboolean
stands_for_ever(const SocketStream *stream)
{
    return stands(stream) && timeline_is_over(stream->world);
}

/* The same while both ends run, or move. */
static double
undisturbed_s(const SocketConnection *connection)
{
    const double now_s = world_now();

    if (socketrun_is_coupled(connection->run))
        return MAX(socketrun_next_s(connection->run) - now_s, 0);
    if (connection->stream->load.start_s > now_s)
        return connection->stream->load.start_s - now_s;
    return is_awaited(connection->stream) ? FINISH_POLL_S : INFINITY;
}

/* How long nobody needs to look at the connection. */
static double
rest_s(const SocketConnection *connection)
{
    const gboolean may_end = is_awaited(connection->stream) && stands(connection->stream);
    const double rest_s = undisturbed_s(connection);

    return may_end ? MIN(rest_s, STAND_POLL_S) : rest_s;
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
        if (socketrun_is_over(run) ||
            (is_awaited(connection->stream) && (socketrun_is_stuck(run) || stands_for_ever(connection->stream))))
            return;
        wait_at_most(connection->changed, &connection->waiting, rest_s(connection));
    }
}

/* ---- what happens to the VMs ---- */

static void
check_bytes(const SocketStream *stream, const SocketRun *run)
{
    invariant_check(stream->world, &invariant_socket_bytes, socketrun_bytes_are_right(run),
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
        if (domain_is_gone(domain))
            socketrun_give_up(run, SOCKETRUN_LOST, world_now());
        else if (running)
            socketrun_resume(run, side, domain_host(domain), world_now());
        else
            socketrun_stop(run, side, world_now());
        check_bytes(stream, run);
    }
}

/* Guests that are created later. */
static void
wait_for_guests(SocketStream *stream)
{
    for (int side = 0; side < 2; side++) {
        if (domain_is_running(stream->ends[side]))
            continue;
        stream->running[side] = FALSE;
        change_side(stream, side, FALSE);
    }
}

static void
start(World *world)
{
    const GPtrArray *streams = streams_of_world(world);

    for (guint i = 0; i < streams->len; i++) {
        SocketStream *stream = g_ptr_array_index(streams, i);
        wait_for_guests(stream);
        for (guint k = 0; k < stream->connections->len; k++) {
            SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            connection->changed = sg_sem_init(0);
            world_start_actor(stream->name, world->hosts[0].sg, run_connection, connection, !is_awaited(stream));
        }
    }
}

static void
notice(Domain *domain)
{
    const GPtrArray *streams = streams_of(domain);

    for (guint i = 0; streams && i < streams->len; i++) {
        SocketStream *stream = g_ptr_array_index(streams, i);
        const int side = stream->ends[0] == domain ? 0 : 1;
        const gboolean running = domain_is_running(domain);
        if (running == stream->running[side] && !domain_is_gone(domain))
            continue;
        stream->running[side] = running;
        change_side(stream, side, running);
    }
}

static void
wake_domain(Domain *domain)
{
    const GPtrArray *streams = streams_of(domain);

    for (guint i = 0; streams && i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        for (guint k = 0; k < stream->connections->len; k++) {
            SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            wake(connection->changed, &connection->waiting);
        }
    }
}

/* A connection of the announced reading leaves shared memory before its VM is stopped. A peer that stands still can do
 * nothing about it; it will notice afterwards, as in the safe reading. */
static double
drain(Domain *domain)
{
    const GPtrArray *streams = streams_of(domain);
    double again_s = NAN;

    for (guint i = 0; streams && i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        const int side = stream->ends[0] == domain ? 0 : 1;
        for (guint k = 0; stream->running[!side] && k < stream->connections->len; k++) {
            const SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            if (!socketrun_announce(connection->run, side, world_now()) && isfinite(socketrun_next_s(connection->run)))
                again_s = fmax(again_s, socketrun_next_s(connection->run));
        }
    }
    return again_s;
}

static void
withdraw(const SocketStream *stream, int side)
{
    for (guint k = 0; k < stream->connections->len; k++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, k);
        socketrun_withdraw(connection->run, side, world_now());
    }
}

/* A new period of its sockets begins. */
static void
note_migration(const Domain *domain, const char *name, gboolean begins)
{
    const GPtrArray *streams = streams_of(domain);
    g_autofree char *label = g_strconcat(begins ? "during." : "after.", name, NULL);

    for (guint i = 0; streams && i < streams->len; i++) {
        SocketStream *stream = g_ptr_array_index(streams, i);
        stream->migrating += begins ? 1u : 0u;
        stream->migrating -= begins ? 0u : 1u;
        socket_stream_advance(stream);
        if (!begins)
            withdraw(stream, stream->ends[0] == domain ? 0 : 1);
        if (begins || stream->migrating == 0)
            socketlog_period(&stream->log, world_now(), label);
    }
}

static void
migration_began(Domain *domain, const char *name)
{
    note_migration(domain, name, TRUE);
}

static void
migration_ended(Domain *domain, const char *name)
{
    note_migration(domain, name, FALSE);
}

/* ---- who plans ahead asks ---- */

/* When one end goes elsewhere, the stream may take other ways from then on. */
static void
foresee_change(Domain *domain, double at_s)
{
    const GPtrArray *streams = streams_of(domain);

    for (guint i = 0; streams && i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        g_autoptr(GArray) first = outlook_possible_hosts(stream->ends[0]);
        g_autoptr(GArray) second = outlook_possible_hosts(stream->ends[1]);
        outlook_add_paths(domain->world, first, second, at_s);
        outlook_add_paths(domain->world, second, first, at_s);
    }
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
    const GPtrArray *streams = streams_of_world(world);

    for (guint i = 0; i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        if (stream_may_send(world, stream, path) && !socket_stream_is_over(stream))
            return TRUE;
    }
    return FALSE;
}

/* ---- the end ---- */

static void
check_end(const SocketStream *stream, const SocketRun *run)
{
    const gboolean clean = socketrun_outcome(run) != SOCKETRUN_CLOSED || socketrun_is_reclaimed(run);

    check_bytes(stream, run);
    invariant_check(stream->world, &invariant_socket_end, clean && !socketrun_is_stuck(run), "socket %s: %s",
                    stream->name, clean ? "both ends wait for ever" : "buffers or control blocks are left");
}

static void
finish(World *world)
{
    const GPtrArray *streams = streams_of_world(world);

    for (guint i = 0; i < streams->len; i++) {
        SocketStream *stream = g_ptr_array_index(streams, i);
        socket_stream_advance(stream);
        socketlog_end(&stream->log, world_now());
        for (guint k = 0; k < stream->connections->len; k++) {
            const SocketConnection *connection = g_ptr_array_index(stream->connections, k);
            socketrun_close_account(connection->run, world_now());
            check_end(stream, connection->run);
        }
    }
}

static void
check_tables(World *world)
{
    const GPtrArray *streams = streams_of_world(world);

    for (guint i = 0; i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        table_check_note(world, "socket", stream->name, socket_results_fault(&stream->log, world_now()));
    }
}

static void
collect(World *world, Result *result)
{
    socket_results_collect(streams_of_world(world), result);
}

static void
trace(World *world, Trace *to)
{
    socket_results_trace(streams_of_world(world), to);
}

static void
forget(World *world)
{
    SocketWorld *own = part_of_world(world, &socket_part);

    if (!own)
        return;
    g_ptr_array_unref(own->of_domains);
    g_ptr_array_unref(own->streams);
    g_free(own);
}

const Part socket_part = {"socket",
                          .keys = &socket_keys,
                          .create = create,
                          .start = start,
                          .notice = notice,
                          .wake = wake_domain,
                          .drain = drain,
                          .migration_began = migration_began,
                          .migration_ended = migration_ended,
                          .foresee_change = foresee_change,
                          .may_send = may_send,
                          .finish = finish,
                          .check_tables = check_tables,
                          .collect = collect,
                          .records = socket_records,
                          .trace = trace,
                          .forget = forget};
