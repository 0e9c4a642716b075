#include "sim/parts/socket/socket_stream.h"

#include "sim/world/domain.h"

#include <math.h>

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
    static const SocketAppKind applications[] = {SOCKETAPP_BULK, SOCKETAPP_REQUEST, SOCKETAPP_BURSTY};
    const gboolean pauses = spec->application != SOCKET_BULK;

    read_sizes(stream);
    stream->load = (SocketAppLoad){
        .application = applications[spec->application],
        .sizes = stream->sizes,
        .cumulated = stream->cumulated,
        .n_sizes = spec->messages->len,
        .answer_bytes = isnan(spec->answer_bytes) || spec->application != SOCKET_REQUEST_RESPONSE
                            ? G_MAXUINT64
                            : (guint64)spec->answer_bytes,
        .receive_bytes = isnan(spec->receive_bytes) || spec->application == SOCKET_REQUEST_RESPONSE
                             ? 0
                             : (guint64)spec->receive_bytes,
        .nonblocking = !spec->blocking,
        .start_s = spec->start_s,
        .stop_s = isnan(spec->stop_s) ? INFINITY : spec->stop_s,
        .messages = spec->count > 0 ? (guint64)spec->count : G_MAXUINT64,
        .burst = spec->application == SOCKET_BURSTY ? (guint64)spec->burst : 1,
        .pause_s = pauses ? spec->pause_s : 0,
    };
}

static SocketRunSetting
setting_of(const SocketStream *stream, guint number)
{
    const SocketSpec *spec = stream->spec;
    SocketRunSetting setting = {
        .system = &stream->system,
        .network = &stream->network,
        .retransmit_s = spec->retransmit_s,
        .message_s = spec->table_message_s,
        .number = number,
        .call_bytes = isnan(spec->call_bytes) ? 0 : (guint64)spec->call_bytes,
        .conn = {.buffer_bytes = (guint64)spec->buffer_bytes,
                 .tcp_bytes = (guint64)spec->tcp_bytes,
                 .segment_bytes = (guint64)spec->tcp_bytes,
                 .literal = spec->reading == READING_LITERAL ? CONN_LITERAL : 0,
                 .listening = spec->listening,
                 .announced = spec->reading == READING_ANNOUNCED,
                 .per_machine = !isnan(spec->table_message_s)},
    };

    for (int i = 0; i < 2; i++) {
        const GuestSpec *guest = scenario_guest(stream->world->scenario, stream->ends[i]->name);
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

SocketStream *
socket_stream_new(World *world, const SocketSpec *spec, gboolean back, const char *suffix)
{
    SocketStream *stream = g_new0(SocketStream, 1);
    RandomStream random;

    stream->world = world;
    stream->spec = spec;
    stream->name = g_strconcat(spec->name, suffix, NULL);
    stream->ends[back] = world_domain(world, spec->from);
    stream->ends[!back] = world_domain(world, spec->to);
    stream->running[0] = stream->running[1] = TRUE;
    stream->system = socket_keys_system(spec->system);
    stream->network = socket_keys_system(spec->network);
    read_load(stream);
    random_init(&random, world->seed, "stream hash", stream->name);
    streamhash_key_init(&stream->key, random_u64(&random));
    socketlog_init(&stream->log, 0);
    stream->connections = g_ptr_array_new_with_free_func(free_connection);
    for (guint i = 0; i < (guint)spec->connections; i++)
        add_connection(stream, i + 1);
    return stream;
}

void
socket_stream_free(gpointer data)
{
    SocketStream *stream = data;

    g_ptr_array_unref(stream->connections);
    socketlog_clear(&stream->log);
    g_free(stream->sizes);
    g_free(stream->cumulated);
    g_free(stream->name);
    g_free(stream);
}

gboolean
socket_stream_is_over(const SocketStream *stream)
{
    for (guint i = 0; i < stream->connections->len; i++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, i);
        if (!socketrun_is_over(connection->run))
            return FALSE;
    }
    return TRUE;
}

void
socket_stream_advance(const SocketStream *stream)
{
    for (guint i = 0; i < stream->connections->len; i++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, i);
        socketrun_advance(connection->run, world_now());
    }
}
