#include "models/socket/socketpath.h"

#include "models/socket/conn.h"

static void
take(SocketPath *path, gboolean over_memory, double now_s)
{
    path->over_memory = over_memory;
    path->since_s = now_s;
    socketlog_switch(path->log, now_s, path->number, over_memory);
}

void
socketpath_begin(SocketPath *path, const ConnState *state, double now_s)
{
    take(path, conn_over_memory(state), now_s);
}

void
socketpath_account(SocketPath *path, double now_s)
{
    *(path->over_memory ? &path->log->memory_s : &path->log->tcp_s) += now_s - path->since_s;
    path->since_s = now_s;
}

void
socketpath_watch(SocketPath *path, const ConnState *state, double now_s)
{
    const gboolean over_memory = conn_over_memory(state);

    if (over_memory == path->over_memory || state->flow[0].closed || state->flow[1].closed)
        return;
    socketpath_account(path, now_s);
    path->log->changes++;
    take(path, over_memory, now_s);
}
