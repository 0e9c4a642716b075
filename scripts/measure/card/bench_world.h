/*
 * What the processes of one repeat share: its times, each client's slots and counts, and the bells.
 *
 * One memfd, mapped before they fork, so that all see it at one address, as VMs see one ivshmem region.
 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "bench_case.h"
#include "common/bench_bell.h"
#include "common/bench_latency.h"
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* What a client counts; it alone writes. */
typedef struct {
    alignas(LINE_BYTES) atomic_uint_least64_t answers; /* since it began; others read it meanwhile */
    uint64_t requests;
    uint64_t checked;    /* answers that were compared with the right one */
    uint64_t wrong;      /* of them */
    Latencies latencies; /* within the measured time */
} Tally;

typedef enum { SLOT_FREE, SLOT_READY, SLOT_DONE } SlotState;

typedef struct {
    alignas(LINE_BYTES) atomic_uint state; /* SlotState */
    uint32_t bytes;                        /* of what lies in it: a request, then its answer */
    alignas(LINE_BYTES) uint8_t data[];
} Slot;

typedef struct {
    Bell bell; /* of the client */
    Tally tally;
    int socket; /* the client's end of a stream */
    int served; /* the service's end */
} Seat;

typedef struct {
    Case what;
    size_t answer_bytes;
    uint8_t request[BYTES_MAX];             /* the same for all, filled once */
    atomic_uint ready;                      /* processes that wait for the start */
    atomic_uint stop;                       /* for services in shared memory; streams end with their clients */
    atomic_uint_least64_t start_ns, end_ns; /* of what is measured; 0: not yet known */
    Bell services[CLIENTS_MAX];             /* of the service threads */
    Seat seats[CLIENTS_MAX];
    size_t slot_bytes, mapped_bytes;
    int fd;
    alignas(4096) uint8_t slots[];
} World;

/* (transfer full) world_free, or NULL when the system has no room. */
World *world_new(const Case *what);
void world_free(World *world);

/* How many service threads wait at a bell. */
int world_services(const World *world);

Slot *world_slot(World *world, int client, uint64_t number);

/* Says that the process is ready, and waits until the times are known. */
void world_wait(World *world);

/* Counts an answer that came at `now_ns` to what was asked at `asked_ns`. */
void tally_add(Tally *tally, const World *world, uint64_t asked_ns, uint64_t now_ns);

/* Compares an answer. The first of a client, and its last, are. */
void tally_check(Tally *tally, const World *world, const uint8_t *answer);

#endif
