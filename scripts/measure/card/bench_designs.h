/*
 * The three designs and the reference: what a service process does and what a client process does.
 *
 * Each function is a process's whole work: it says that it is ready (world_wait), works, and returns. A client asks
 * until the measured time has ended and then waits for what is under way; a service ends when it is told, or with its
 * clients.
 */
#ifndef BENCH_DESIGNS_H
#define BENCH_DESIGNS_H

#include "bench_world.h"

/* Shared memory: one service thread for all clients (slots) or one for each (threads). */
void slots_serve(World *world);
void slots_ask(World *world, int client);

/* A stream socket for each client, and a thread for each request, as the paper's scheme over vsock. */
void stream_serve(World *world);
void stream_ask(World *world, int client);

/* The reference: a process that calls the cipher itself, one request at a time. */
void host_ask(World *world, int client);

#endif
