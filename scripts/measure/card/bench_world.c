#include "bench_world.h"

#include "common/bench_samples.h"
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define READY_LOOK_US 200

static size_t
whole(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

static bool
open_seats(World *world)
{
    bool streams = world->what.design == DESIGN_STREAM, opened = true;

    for (int i = 0; i < CLIENTS_MAX; i++)
        world->seats[i] = (Seat){.bell.fd = -1, .socket = -1, .served = -1}, world->services[i].fd = -1;
    for (int i = 0; i < world->what.clients && opened; i++) {
        int ends[2];
        if (streams) {
            opened = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
            if (opened)
                world->seats[i].socket = ends[0], world->seats[i].served = ends[1];
            continue;
        }
        world->seats[i].bell.fd = eventfd(0, EFD_CLOEXEC);
        world->services[i].fd = eventfd(0, EFD_CLOEXEC);
        opened = world->seats[i].bell.fd >= 0 && world->services[i].fd >= 0;
    }
    return opened;
}

World *
world_new(const Case *what)
{
    size_t slot_bytes = sizeof(Slot) + whole((size_t)what->bytes > 256 ? (size_t)what->bytes : 256, LINE_BYTES);
    size_t slots = (size_t)what->clients * (size_t)what->slots;
    size_t bytes = whole(sizeof(World) + slots * slot_bytes, 4096);
    int fd = memfd_create("card", MFD_CLOEXEC);

    if (fd < 0)
        return NULL;
    World *world =
        ftruncate(fd, (off_t)bytes) == 0 ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (world == MAP_FAILED) {
        close(fd);
        return NULL;
    }
    world->what = *what;
    world->answer_bytes = cipher_answer_bytes(what->cipher, (size_t)what->bytes);
    world->slot_bytes = slot_bytes;
    world->mapped_bytes = bytes;
    world->fd = fd;
    cipher_fill(what->cipher, world->request, (size_t)what->bytes);
    if (open_seats(world))
        return world;
    world_free(world);
    return NULL;
}

static void
close_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void
world_free(World *world)
{
    for (int i = 0; i < CLIENTS_MAX; i++) {
        close_open(world->seats[i].bell.fd);
        close_open(world->services[i].fd);
        close_open(world->seats[i].socket);
        close_open(world->seats[i].served);
    }
    close(world->fd);
    munmap(world, world->mapped_bytes);
}

int
world_services(const World *world)
{
    switch (world->what.design) {
    case DESIGN_SLOTS:
        return 1;
    case DESIGN_THREADS:
        return world->what.clients;
    default:
        return 0;
    }
}

Slot *
world_slot(World *world, int client, uint64_t number)
{
    size_t slots = (size_t)world->what.slots;
    return (Slot *)(void *)(world->slots + ((size_t)client * slots + number % slots) * world->slot_bytes);
}

void
world_wait(World *world)
{
    atomic_fetch_add(&world->ready, 1);
    while (atomic_load(&world->end_ns) == 0)
        usleep(READY_LOOK_US);
}

void
tally_add(Tally *tally, const World *world, uint64_t asked_ns, uint64_t now_ns)
{
    atomic_store_explicit(&tally->answers, atomic_load_explicit(&tally->answers, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    if (now_ns < atomic_load_explicit(&world->start_ns, memory_order_relaxed) ||
        now_ns >= atomic_load_explicit(&world->end_ns, memory_order_relaxed))
        return;
    latency_add(&tally->latencies, now_ns - asked_ns);
}

void
tally_check(Tally *tally, const World *world, const uint8_t *answer)
{
    tally->checked++;
    if (!cipher_right(world->what.cipher, world->request, (size_t)world->what.bytes, answer))
        tally->wrong++;
}
