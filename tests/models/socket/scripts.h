/* The scripts and settings that the explorer's tests share: a few bytes, buffers of two. */
#ifndef TANDEM_TESTS_SOCKET_SCRIPTS_H
#define TANDEM_TESTS_SOCKET_SCRIPTS_H

#include "tests/models/socket/explore.h"

#define SEND(position)                                                                                                 \
    {                                                                                                                  \
        CONN_CALL_SEND, position, FALSE, FALSE                                                                         \
    }
#define RECEIVE(position)                                                                                              \
    {                                                                                                                  \
        CONN_CALL_RECEIVE, position, FALSE, FALSE                                                                      \
    }
#define POLL_SEND(position)                                                                                            \
    {                                                                                                                  \
        CONN_CALL_SEND, position, TRUE, TRUE                                                                           \
    }
#define POLL_RECEIVE(position)                                                                                         \
    {                                                                                                                  \
        CONN_CALL_RECEIVE, position, TRUE, TRUE                                                                        \
    }
#define TRY_RECEIVE(position)                                                                                          \
    {                                                                                                                  \
        CONN_CALL_RECEIVE, position, TRUE, FALSE                                                                       \
    }
#define SOME(position)                                                                                                 \
    {                                                                                                                  \
        CONN_CALL_RECEIVE_SOME, position, FALSE, TRUE                                                                  \
    }
#define CONNECT                                                                                                        \
    {                                                                                                                  \
        CONN_CALL_CONNECT, 0, FALSE, FALSE                                                                             \
    }
#define ACCEPT                                                                                                         \
    {                                                                                                                  \
        CONN_CALL_ACCEPT, 0, FALSE, FALSE                                                                              \
    }
#define CLOSE                                                                                                          \
    {CONN_CALL_CLOSE, 0, FALSE, FALSE},                                                                                \
    {                                                                                                                  \
        CONN_CALL_SHUTDOWN, 0, FALSE, FALSE                                                                            \
    }

typedef enum {
    SCRIPT_ONE,     /* one byte */
    SCRIPT_TWO,     /* two sends, one receive */
    SCRIPT_BURST,   /* more than the buffer holds, read in two parts */
    SCRIPT_STREAM,  /* five bytes through a buffer of two */
    SCRIPT_TO_END,  /* the receiver reads to the end of the stream */
    SCRIPT_ECHO,    /* there and back */
    SCRIPT_CROSSED, /* both send first, then both receive */
    SCRIPT_POLLED,  /* non-blocking, again and again */
    SCRIPT_TRY,     /* both look once whether there is something, then send, then receive */
    SCRIPT_GONE,    /* the receiver closes with a byte unread */
    SCRIPT_SOME,    /* the receiver takes what there is, again and again */
    SCRIPTS
} Script;

static const struct {
    const char *name;
    ExploreCall call[2][EXPLORE_CALLS];
} scripts[SCRIPTS] = {
    [SCRIPT_ONE] = {"one", {{CONNECT, SEND(1), CLOSE}, {ACCEPT, RECEIVE(1), CLOSE}}},
    [SCRIPT_TWO] = {"two", {{CONNECT, SEND(1), SEND(2), CLOSE}, {ACCEPT, RECEIVE(2), CLOSE}}},
    [SCRIPT_BURST] = {"burst", {{CONNECT, SEND(2), SEND(3), CLOSE}, {ACCEPT, RECEIVE(1), RECEIVE(3), CLOSE}}},
    [SCRIPT_STREAM] = {"stream", {{CONNECT, SEND(1), SEND(5), CLOSE}, {ACCEPT, RECEIVE(2), RECEIVE(5), CLOSE}}},
    [SCRIPT_TO_END] = {"to end", {{CONNECT, SEND(1), CLOSE}, {ACCEPT, RECEIVE(2), CLOSE}}},
    [SCRIPT_ECHO] = {"echo", {{CONNECT, SEND(1), RECEIVE(1), CLOSE}, {ACCEPT, RECEIVE(1), SEND(1), CLOSE}}},
    [SCRIPT_CROSSED] = {"crossed",
                        {{CONNECT, SEND(1), SEND(2), RECEIVE(2), CLOSE},
                         {ACCEPT, SEND(1), SEND(2), RECEIVE(2), CLOSE}}},
    [SCRIPT_POLLED] = {"polled", {{CONNECT, POLL_SEND(3), CLOSE}, {ACCEPT, POLL_RECEIVE(3), RECEIVE(4), CLOSE}}},
    [SCRIPT_TRY] = {"try",
                    {{CONNECT, TRY_RECEIVE(1), SEND(1), RECEIVE(1), CLOSE},
                     {ACCEPT, TRY_RECEIVE(1), SEND(1), RECEIVE(1), CLOSE}}},
    [SCRIPT_SOME] = {"some", {{CONNECT, SEND(1), SEND(5), CLOSE}, {ACCEPT, SOME(5), CLOSE}}},
    [SCRIPT_GONE] = {"gone", {{CONNECT, SEND(1), SEND(2), CLOSE}, {ACCEPT, RECEIVE(1), CLOSE}}},
};

static inline void
script_set_up(Explore *x, Script script, guint32 literal, gboolean apart, guint8 moves)
{
    *x = (Explore){
        .config = {.buffer_bytes = 2,
                   .tcp_bytes = 2,
                   .segment_bytes = 2,
                   .key = {7, 7},
                   .gid = {1, 1},
                   .literal = literal,
                   .listening = TRUE},
        .host = {0, apart ? 1 : 0},
        .moves = moves,
        .movers = 3,
        .hosts = EXPLORE_HOSTS,
        .max_states = 6000000,
    };
    memcpy(x->script, scripts[script].call, sizeof x->script);
}

#endif
